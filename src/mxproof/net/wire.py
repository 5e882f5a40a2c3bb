"""A byte stream to one peer, in the clear or under TLS, that never costs more than its limits.

The socket is read only when somebody asks for bytes, so nothing piles up here, and every byte received is counted,
those of a handshake too. TLS runs beside the socket and not upon it: so what a server pushed in the clear ahead of its
handshake is seen. Deadlines are the caller's (`outcome_of`);
a cancelled wait leaves nothing behind once the wire is closed.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager

from mxproof.evidence import Outcome, TlsData
from mxproof.net.asking import Asking, Peer
from mxproof.net.tls import Tls, TlsCutError, TlsError

READ_BYTES_MAX = 16 * 1024
WIRE_BYTES_MAX = 512 * 1024
"""All that one connection may receive: a policy or a few SMTP replies, and a handshake, with room to spare."""

PUNCTUALITY = 0.99
"""The part of a deadline that is spent waiting: a timer fires late, never early, and some work follows it."""

_FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}


class WireError(Exception):
    """The conversation cannot go on; `outcome` and `detail` are what there is to say of it."""

    def __init__(self, outcome: Outcome, detail: str) -> None:
        self.outcome = outcome
        self.detail = detail
        super().__init__(outcome, detail)


class Wire:
    """One connection. `read` returns what has come, and nothing once the peer has ended the stream in order."""

    def __init__(self, connection: socket.socket, bytes_max: int = WIRE_BYTES_MAX) -> None:
        self._socket = connection
        self._bytes_left = bytes_max
        self._tls: Tls | None = None

    @property
    def local_address(self) -> str:
        """Return this machine's address on the connection."""
        return str(self._socket.getsockname()[0])

    async def read(self) -> bytes:
        """Return at least one byte, or none at the end of the stream.

        Raises WireError at the limit of bytes, TlsError for broken TLS (TlsCutError where the connection ended without
        a close_notify alert, RFC 8446 section 6.1), OSError for the rest.
        """
        if self._tls is None:
            return await self._receive()
        while (data := self._tls.read()) is None:
            await self._exchange(self._tls)
        return data

    async def write(self, data: bytes) -> None:
        """Send all of `data`."""
        await self._send(data if self._tls is None else self._tls.written(data))

    async def start_tls(self, tls: Tls) -> None:
        """Lead the handshake of `tls` as the client, and go on under TLS.

        What ends the handshake goes out with what is said first, or before anything is waited for.
        """
        self._tls = tls
        try:
            while not tls.shake_hands():
                await self._exchange(tls)
        except TlsError:
            await self._send(tls.outgoing())  # the alert tells the peer why
            raise

    async def end(self) -> None:
        """Say that nothing more will be sent (RFC 8446 section 6.1: close_notify before closing)."""
        if self._tls is not None:
            await self._send(self._tls.ended())

    async def _exchange(self, tls: Tls) -> None:
        await self._send(tls.outgoing())
        tls.feed(await self._receive())

    async def _send(self, data: bytes) -> None:
        if data:
            await asyncio.get_running_loop().sock_sendall(self._socket, data)

    async def _receive(self) -> bytes:
        data = await asyncio.get_running_loop().sock_recv(self._socket, READ_BYTES_MAX)
        self._bytes_left -= len(data)
        if self._bytes_left < 0:
            raise WireError(Outcome.OVERSIZE, "the peer sent more than a connection may receive")
        return data


@asynccontextmanager
async def connected(peer: Peer, asking: Asking) -> AsyncIterator[socket.socket]:
    """Connect to `peer`, by the detour where there is one, and close the socket at the end in any case.

    Raises WireError where no connection came about.
    """
    way = way_to(peer, asking)
    with opened(way, socket.SOCK_STREAM) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # each write is one whole message
        try:
            await asyncio.get_running_loop().sock_connect(connection, way)
        except ConnectionResetError as error:
            raise WireError(Outcome.REFUSED, _words(error)) from None
        yield connection


def way_to(peer: Peer, asking: Asking) -> Peer:
    """Return the peer to connect to in order to reach `peer`; raises WireError where that is not to be asked.

    The families are those of the hosts asked about; a resolver is reached over whichever it has.
    """
    if peer.family not in asking.families and peer not in asking.resolvers:
        raise WireError(Outcome.UNASKED, f"IPv{peer.family} is not among the families asked")
    return asking.way_to(peer)


def opened(way: Peer, kind: socket.SocketKind) -> socket.socket:
    """Return a socket for `way` that does not block; raises WireError where the system has none."""
    try:
        connection = socket.socket(_FAMILIES[way.family], kind)
    except OSError as error:
        raise WireError(Outcome.UNREACHABLE, str(error)) from None
    connection.setblocking(False)
    return connection


async def secure(wire: Wire, server_name: str, alpn: tuple[str, ...] = ()) -> TlsData:
    """Lead the handshake on `wire` with `server_name` in SNI (RFC 8461 section 7.1, RFC 7672 section 8.1)."""
    tls = Tls(server_name, alpn)
    await wire.start_tls(tls)
    return tls.seen()


async def outcome_of(talk: Awaitable[None], timeout_s: float) -> tuple[Outcome, str]:
    """Let `talk` run, at most `timeout_s`, and tell how it ended and, if it failed, why."""
    try:
        async with asyncio.timeout(timeout_s * PUNCTUALITY):
            await talk
    except WireError as error:
        return error.outcome, error.detail
    except TimeoutError as error:
        return Outcome.TIMEOUT, error.strerror or f"not complete within {timeout_s:g} s"
    except TlsCutError as error:
        return Outcome.CLOSED, str(error)
    except TlsError as error:
        return Outcome.TLS_FAILED, str(error)
    except OSError as error:
        return fault(error)
    return Outcome.FOUND, ""


def fault(error: OSError) -> tuple[Outcome, str]:
    """Return what an error of the system says of a conversation, and its words."""
    match error:
        case ConnectionRefusedError():
            return Outcome.REFUSED, _words(error)
        case ConnectionResetError() | ConnectionAbortedError() | BrokenPipeError():
            return Outcome.CLOSED, _words(error)
        case _:
            return Outcome.UNREACHABLE, _words(error)


def _words(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__
