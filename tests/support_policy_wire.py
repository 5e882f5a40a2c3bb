"""A policy host without sockets: what a client says is handed over in memory, and what it is answered is read there."""

import asyncio
import ssl
from collections.abc import Callable
from functools import cache

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from mxproof.serve.publish.config import LimitOptions
from mxproof.serve.publish.connection import PolicyConnection
from mxproof.serve.publish.hosting import Hosted, Hosting
from mxproof.serve.publish.metrics import PublishCounts
from mxproof.serve.publish.tls import ServerCertificate
from support_publish import DOMAIN, PATH, certificate, served_text, trusting

HOST = f"mta-sts.{DOMAIN}"
LIMITS = LimitOptions(handshake_s=10.0, request_s=20.0)
REQUEST = f"GET {PATH} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()


@cache
def server_certificate(domain: str = DOMAIN) -> ServerCertificate:
    """Return what the policy host of a domain shows."""
    one = certificate(domain)
    leaf, *above = one.ders()
    key = one.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return ServerCertificate(leaf, tuple(above), key, one.leaf.not_valid_after_utc)


class MemoryClient:
    """A client of TLS whose bytes somebody else carries. It names a host, or none."""

    def __init__(self, host: str | None = HOST, context: ssl.SSLContext | None = None) -> None:
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = (context or (trusting() if host else trusting_all())).wrap_bio(
            self._incoming, self._outgoing, server_hostname=host
        )

    def shake_hands(self, server: Callable[[bytes], bytes]) -> None:
        """Shake hands with what returns its answer to some bytes, and hand over the end, too; raises ssl.SSLError."""
        while True:
            try:
                self.tls.do_handshake()
            except ssl.SSLWantReadError:
                self.hear(server(self.said()))
            else:
                self.hear(server(self.said()))
                return

    def say(self, text: bytes) -> bytes:
        """Return the bytes that carry `text`."""
        self.tls.write(text)
        return self.said()

    def said(self) -> bytes:
        """Return what is to be carried to the server."""
        return self._outgoing.read()

    def hear(self, data: bytes) -> None:
        """Take what the server sent."""
        self._incoming.write(data)

    def read(self) -> tuple[bytes, bool]:
        """Return all that was said by the server, and whether it said that this was all."""
        text = b""
        while True:
            try:
                piece = self.tls.read()
            except ssl.SSLWantReadError:
                return text, False
            except ssl.SSLZeroReturnError:
                return text, True
            if not piece:
                return text, True
            text += piece


@cache
def trusting_all() -> ssl.SSLContext:
    """Return what trusts any certificate, and names no host."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


class Wire(asyncio.Transport):
    """The server's end of a connection: it notes what is done with it."""

    def __init__(self, peer: object) -> None:
        super().__init__({"peername": peer})
        self.written = b""
        self.done: list[str] = []

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Take note of the limit."""
        self.high, self.low = high, low

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Keep what is sent; nothing is sent where there is nothing."""
        assert data
        self.written += bytes(data)

    def pause_reading(self) -> None:
        """Read no more."""
        self.done.append("paused")

    def resume_reading(self) -> None:
        """Read again."""
        self.done.append("resumed")

    def close(self) -> None:
        """End when all is sent."""
        self.done.append("closed")

    def abort(self) -> None:
        """End at once."""
        self.done.append("aborted")


class Session:
    """A client and its connection to a policy host; `hosting` may be of several."""

    def __init__(
        self,
        hosting: Hosting | None = None,
        client: MemoryClient | None = None,
        peer: object = ("192.0.2.7", 40_000),
    ) -> None:
        self.hosting = made_hosting() if hosting is None else hosting
        self.client = MemoryClient() if client is None else client
        self.wire = Wire(peer)
        self.connection = PolicyConnection(self.hosting)
        self.connection.connection_made(self.wire)

    def carried(self, data: bytes) -> bytes:
        """Hand bytes over and return what is sent then."""
        if data:
            self.connection.data_received(data)
        return self.taken()

    def taken(self) -> bytes:
        """Return what was sent since the last time."""
        sent, self.wire.written = self.wire.written, b""
        return sent

    def shake_hands(self) -> None:
        """Bring the handshake to its end; raises ssl.SSLError."""
        self.client.shake_hands(self.carried)

    def ask(self, text: bytes = REQUEST) -> tuple[bytes, bool]:
        """Say something and return all that is answered, and whether that was the last."""
        self.client.hear(self.carried(self.client.say(text)))
        return self.client.read()


def made_hosting(
    limits: LimitOptions = LIMITS, *, default_host: str = "", access_log: bool = True
) -> Hosting:
    """Return what hosts the policy of one domain."""
    hosting = Hosting(limits, PublishCounts(), access_log=access_log)
    hosting.hosted = Hosted({HOST: served_text(DOMAIN)}, {HOST: server_certificate()}, default_host)
    return hosting
