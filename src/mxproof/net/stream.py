"""A byte stream to one peer, in the clear or under TLS, that never costs more than its limits.

The socket is read only when somebody asks for bytes, so nothing piles up here, and every byte received is counted,
those of a handshake too. TLS runs beside the socket and not upon it: so what a server pushed in the clear ahead of its
handshake is seen. Deadlines are the caller's (`outcome_of`); a cancelled wait leaves nothing behind once the stream is
closed.

The socket is watched from the first wait to the end rather than for each wait anew, and connects without the event
loop's `sock_connect`, behind which uvloop sends even an address to a thread to be looked up: together they were a
tenth of the processor time of a policy fetch.
"""

import asyncio
import errno
import os
import socket
from collections.abc import Awaitable
from types import TracebackType
from typing import Self

from mxproof.evidence import Outcome, TlsData
from mxproof.net.asking import Asking, Peer
from mxproof.net.tls import TLS_RECORD_BYTES_MAX, Tls, TlsCutError, TlsError

STREAM_BYTES_MAX = 512 * 1024
"""All that one connection may receive: a policy or a few SMTP replies, and a handshake, with room to spare."""

PROMPT_READS_MAX = 4
"""So many reads in a row may find bytes waiting before others have their turn: who floods us must not stop the clocks."""

PUNCTUALITY = 0.97
"""The part of a deadline that is spent waiting: a timer fires late, never early, and some work follows it. On a machine with four
times as much to do as processors it fired a quarter of a second late."""

_MORE: int = getattr(socket, "MSG_MORE", 0)
"""More follows, on systems that want to know (Linux)."""
_SOCKET_FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}


class StreamError(Exception):
    """The conversation cannot go on; `outcome` and `detail` are what there is to say of it."""

    def __init__(self, outcome: Outcome, detail: str) -> None:
        self.outcome = outcome
        self.detail = detail
        super().__init__(outcome, detail)


class Stream:
    """One connection, as a context manager from connecting to closing.

    `read` returns what has come, and nothing once the peer has ended the stream in order.
    """

    def __init__(self, peer: Peer, asking: Asking, bytes_max: int = STREAM_BYTES_MAX) -> None:
        """Open a socket for `peer`, by the detour where there is one; raises StreamError where there is no way."""
        self._way = way_to(peer, asking)
        self._loop = asyncio.get_running_loop()
        self._socket = opened(self._way, socket.SOCK_STREAM)
        self._number = (
            self._socket.fileno()
        )  # a socket itself is written out in words each time it is watched
        self._bytes_left = bytes_max
        self._prompt_reads = 0
        self._watched = False
        self._waiting: asyncio.Future[bytes] | None = None
        self._tls: Tls | None = None

    async def __aenter__(self) -> Self:
        """Connect; raises StreamError or OSError where no connection came about."""
        try:
            await self._connect()
        except BaseException:
            self.close()
            raise
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Close the connection."""
        self.close()

    def close(self) -> None:
        """Let go of the socket."""
        self._unwatch()
        self._socket.close()

    @property
    def local_address(self) -> str:
        """Return this machine's address on the connection."""
        return str(self._socket.getsockname()[0])

    async def read(self) -> bytes:
        """Return at least one byte, or none at the end of the stream.

        Raises StreamError at the limit of bytes, TlsError for broken TLS (TlsCutError where the connection ended without
        a close_notify alert, RFC 8446 section 6.1), OSError for the rest.
        """
        if self._tls is None:
            return await self._receive()
        while (data := self._tls.read()) is None:
            await self._exchange(self._tls)
        return data

    async def write(self, data: bytes) -> None:
        """Send all of `data`."""
        if self._tls is not None:
            while (sent := self._tls.written(data)) is None:
                await self._exchange(self._tls)
            data = sent
        if unsent := self._sent(data):
            await self._send(unsent)

    async def start_tls(self, tls: Tls) -> None:
        """Lead the handshake of `tls` as the client, and go on under TLS.

        What ends the handshake goes out with what is said first, or before anything is waited for.
        """
        self._tls = tls
        try:
            while not (await self._shaken_hands(tls) if tls.costly else tls.shake_hands()):
                await self._exchange(tls)
        except TlsError:
            await self._take_leave(tls.outgoing())  # the alert tells the peer why
            raise

    async def _shaken_hands(self, tls: Tls) -> bool:
        return await self._loop.run_in_executor(None, tls.shake_hands)

    async def end(self) -> None:
        """Say that nothing more will be sent (RFC 8446 section 6.1: close_notify before closing), to be closed right away.

        What is said goes out in one segment with the end of the connection.
        """
        if self._tls is not None:
            await self._take_leave(self._tls.ended(), _MORE)

    async def _take_leave(self, data: bytes, flags: int = 0) -> None:
        """Send the last that is sent; a peer that is gone already changes nothing in what it said before."""
        try:
            if unsent := self._sent(data, flags):
                await self._send(unsent)
        except OSError:
            pass

    async def _exchange(self, tls: Tls) -> None:
        if unsent := self._sent(tls.outgoing()):
            await self._send(unsent)
        tls.feed(await self._receive())

    async def _connect(self) -> None:
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # each write is one whole message
        try:
            self._socket.connect(self._way)
        except (BlockingIOError, InterruptedError):
            self._watch()  # before the wait, so that the loop goes on watching the socket when that is over
            await self._writable()
            number = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            # A reset is no refusal: there was a connection, and whoever reads from it meets its end.
            if number and number != errno.ECONNRESET:
                raise OSError(number, os.strerror(number)) from None

    def _sent(self, data: bytes, flags: int = 0) -> bytes:
        """Send what can be sent at once, and return what is left."""
        while data:
            try:
                data = data[self._socket.send(data, flags) :]
            except (BlockingIOError, InterruptedError):
                return data
        return data

    async def _send(self, data: bytes) -> None:
        """Send what could not be sent at once."""
        while data:
            await self._writable()
            data = self._sent(data)

    async def _writable(self) -> None:
        writable: asyncio.Future[None] = self._loop.create_future()
        self._loop.add_writer(self._number, _settle, writable)
        try:
            await writable
        finally:
            self._loop.remove_writer(self._number)

    async def _receive(self) -> bytes:
        """Return what is there already, or else what comes next.

        Not only the loop is asked: uvloop stops watching a socket that the peer has reset, and what the peer said
        before the reset is still to be read then, and the reset itself.
        """
        self._prompt_reads += 1
        if self._prompt_reads > PROMPT_READS_MAX:
            await asyncio.sleep(0)
        try:
            data = self._socket.recv(TLS_RECORD_BYTES_MAX)
        except (BlockingIOError, InterruptedError):
            self._prompt_reads = 0
            data = await self._arrival()
        self._bytes_left -= len(data)
        if self._bytes_left < 0:
            raise StreamError(Outcome.OVERSIZE, "the peer sent more than a connection may receive")
        return data

    def _arrival(self) -> asyncio.Future[bytes]:
        self._waiting = self._loop.create_future()
        self._watch()
        return self._waiting

    def _take(self) -> None:
        """Read what has come for who waits for it; while nobody does, leave it where it is."""
        waiting = self._waiting
        if waiting is None or waiting.done():
            self._unwatch()
            return
        try:
            waiting.set_result(self._socket.recv(TLS_RECORD_BYTES_MAX))
        except (BlockingIOError, InterruptedError):
            pass
        except OSError as error:
            waiting.set_exception(error)

    def _watch(self) -> None:
        if not self._watched:
            self._watched = True
            self._loop.add_reader(self._number, self._take)

    def _unwatch(self) -> None:
        if self._watched:
            self._watched = False
            self._loop.remove_reader(self._number)


def way_to(peer: Peer, asking: Asking) -> Peer:
    """Return the peer to connect to in order to reach `peer`; raises StreamError where that is not to be asked.

    The families are those of the hosts asked about; a resolver is reached over whichever it has.
    """
    if peer.family not in asking.families and peer not in asking.resolvers:
        raise StreamError(Outcome.UNASKED, f"IPv{peer.family} is not among the families asked")
    return asking.way_to(peer)


def opened(way: Peer, kind: socket.SocketKind) -> socket.socket:
    """Return a socket for `way` that does not block; raises StreamError where the system has none."""
    try:
        connection = socket.socket(_SOCKET_FAMILIES[way.family], kind)
    except OSError as error:
        raise StreamError(Outcome.UNREACHABLE, str(error)) from None
    connection.setblocking(False)
    return connection


def _settle(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


async def secure(
    stream: Stream, server_name: str, alpn: tuple[str, ...] = (), *, secret: bool = True
) -> TlsData:
    """Lead the handshake on `stream` with `server_name` in SNI (RFC 8461 section 7.1, RFC 7672 section 8.1)."""
    tls = Tls(server_name, alpn, secret=secret)
    await stream.start_tls(tls)
    return tls.seen()


async def outcome_of(talk: Awaitable[None], timeout_s: float) -> tuple[Outcome, str]:
    """Let `talk` run, at most `timeout_s`, and tell how it ended and, if it failed, why."""
    try:
        async with asyncio.timeout(timeout_s * PUNCTUALITY):
            await talk
    except StreamError as error:
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
