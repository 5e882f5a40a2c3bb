"""A connection that can go over to TLS, and of which everything is known that the client shows: its SNI, and why it broke off.

TLS runs over buffers in memory here, and not in the event loop, since what is wanted is what a loop keeps to itself: the name
in SNI of a handshake that failed, and the alert that the client sent.
"""

import asyncio
import ssl
from collections.abc import Mapping
from types import MappingProxyType

from mxproof.judge.senders.inference.observation import SeenTls

STREAM_READ_BYTES_MAX = 16 * 1024
STREAM_LINE_BYTES_MAX = 4 * 1024
HANDSHAKE_BYTES_MAX = 64 * 1024
FAILURE_CHARACTERS_MAX = 80


class _Named(ssl.SSLObject):
    """A connection that remembers the name in SNI."""

    named = ""


def named_context(
    context: ssl.SSLContext, by_name: Mapping[str, ssl.SSLContext] = MappingProxyType({})
) -> ssl.SSLContext:
    """Return the context, from now on one that notes the name in SNI of each connection, and goes on as `by_name` says."""

    def note(connection: ssl.SSLObject | ssl.SSLSocket, name: str | None, _: ssl.SSLContext) -> None:
        if isinstance(connection, _Named):
            connection.named = (name or "").lower()
            connection.context = by_name.get(connection.named, context)

    context.sslobject_class = _Named
    context.sni_callback = note
    return context


class WatchedStream:
    """The bytes of one connection, in the clear or under TLS; `tls` is what is known of its handshake, None without one."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._secured: ssl.SSLObject | None = None
        self._buffer = b""
        self.tls: SeenTls | None = None

    async def line(self) -> bytes:
        """Return the next line with its end, or what there is of it where the client went away or says too much."""
        while b"\n" not in self._buffer and len(self._buffer) < STREAM_LINE_BYTES_MAX:
            more = await self._read()
            if not more:
                break
            self._buffer += more
        end = self._buffer.find(b"\n") + 1 or len(self._buffer)
        found, self._buffer = self._buffer[:end], self._buffer[end:]
        return found

    async def body(self, size: int) -> bytes:
        """Return the next `size` bytes, fewer where the client goes away."""
        while len(self._buffer) < size:
            more = await self._read()
            if not more:
                break
            self._buffer += more
        found, self._buffer = self._buffer[:size], self._buffer[size:]
        return found

    async def ends_within(self, seconds: float) -> bool:
        """Wait for so long, and tell whether the client went away meanwhile; what else it says is dropped."""
        try:
            async with asyncio.timeout(seconds):
                while await self._read():
                    continue
        except TimeoutError:
            return False
        except OSError:  # it went away with something of ours unread
            return True
        return True

    async def exactly(self, size: int) -> bytes:
        """Return so many bytes of a connection in the clear; raises EOFError where it ends before."""
        return await self._reader.readexactly(size)

    async def write(self, data: bytes) -> None:
        """Send `data`."""
        if self._secured is None:
            self._writer.write(data)
        else:
            self._secured.write(data)
            self._writer.write(self._outgoing.read())
        await self._writer.drain()

    async def hello(self) -> bytes:
        """Return the first bytes of a handshake without answering them."""
        return await self._reader.read(STREAM_READ_BYTES_MAX)

    async def start_tls(self, context: ssl.SSLContext) -> bool:
        """Make the server's side of a handshake; tell whether it came about. What was said before counts no more."""
        self._buffer = b""
        secured = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        failure, received = "", 0
        while True:
            try:
                secured.do_handshake()
                break
            except ssl.SSLWantReadError:
                more = await self._flushed_then_read()
                received += len(more)
                if not more or received > HANDSHAKE_BYTES_MAX:
                    failure = "the client went away"
                    break
                self._incoming.write(more)
            except ssl.SSLError as error:
                failure = _reason(error)
                break
        self._writer.write(self._outgoing.read())
        await self._writer.drain()
        name = secured.named if isinstance(secured, _Named) else ""
        version = (secured.version() or "") if not failure else ""
        self.tls = SeenTls(name, version, failure)
        if not failure:
            self._secured = secured
        return not failure

    async def _flushed_then_read(self) -> bytes:
        self._writer.write(self._outgoing.read())
        await self._writer.drain()
        return await self._reader.read(STREAM_READ_BYTES_MAX)

    async def _read(self) -> bytes:
        """Return some bytes, none at the end; an alert of the client is the end, and is noted."""
        if self._secured is None:
            return await self._reader.read(STREAM_READ_BYTES_MAX)
        while True:
            try:
                return self._secured.read(STREAM_READ_BYTES_MAX)
            except ssl.SSLWantReadError:
                more = await self._flushed_then_read()
                if not more:
                    return b""
                self._incoming.write(more)
            except ssl.SSLZeroReturnError:
                return b""
            except ssl.SSLError as error:
                self.tls = SeenTls(
                    self.tls.server_name if self.tls else "",
                    self.tls.version if self.tls else "",
                    _reason(error),
                )
                return b""


def _reason(error: ssl.SSLError) -> str:
    """Return why a handshake failed, as OpenSSL calls it: `TLSV1_ALERT_UNKNOWN_CA` is `tlsv1 alert unknown ca`."""
    return (error.reason or "unknown").lower().replace("_", " ")[:FAILURE_CHARACTERS_MAX]
