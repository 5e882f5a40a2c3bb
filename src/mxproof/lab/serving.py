"""Sockets of a lab: listeners on loopback whose connections, tasks and ports all end together.

A handler is a coroutine over one connection. What a client does wrong (going away, sending nonsense, taking too
long) ends that connection and nothing else; a mistake of the lab itself is raised when the lab closes, so that no
test passes over it. Every connection belongs to a task from the moment it is accepted, handshake included, so that
`Serving.close` can end them all: no more is accepted, then the tasks end, then the sockets close.
"""

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import NamedTuple, cast

LOOPBACK = "127.0.0.1"
LAB_BACKLOG = 128
LAB_CONNECTIONS_MAX = 500
SESSION_S_MAX = 120.0
CLOSE_S_MAX = 1.0
HANDSHAKE_S_MAX = 30.0
LAB_RECEIVED_BYTES_MAX = 64 * 1024

Endpoint = tuple[str, int]
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

_BIND_ATTEMPTS_MAX = 20
_NO_LINGER = struct.pack("ii", 1, 0)
_CLIENT_FAULTS = (
    OSError,
    EOFError,
    TimeoutError,
    ValueError,
)  # ValueError: a line longer than LAB_RECEIVED_BYTES_MAX


class Datagram(NamedTuple):
    """What is sent in answer to a datagram, from where that was received or from another port."""

    data: bytes
    other_source: bool = False


Receive = Callable[[bytes], Awaitable[Sequence[Datagram]]]
"""From a datagram to those that answer it."""


class Serving:
    """The open sockets and running tasks of one lab."""

    def __init__(self) -> None:
        self._sockets: list[socket.socket] = []
        self._datagrams: list[asyncio.DatagramTransport] = []
        self._listeners: list[socket.socket] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._mistakes: list[BaseException] = []

    def listen(
        self, handler: Handler, context: ssl.SSLContext | None = None, bound: socket.socket | None = None
    ) -> Endpoint:
        """Serve TCP connections with `handler`, under TLS from the first byte where a `context` is given."""
        listener = self._keep(bound or _bound(socket.SOCK_STREAM))
        listener.listen(LAB_BACKLOG)
        self._listeners.append(listener)
        asyncio.get_running_loop().add_reader(listener, self._accept, listener, handler, context)
        return _endpoint(listener)

    async def listen_datagrams(self, receive: Receive, bound: socket.socket) -> None:
        """Answer each datagram with those that `receive` makes of it, or not at all."""
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(self, receive), sock=bound)
        self._datagrams.append(transport)

    def refuse(self, bound: socket.socket | None = None) -> Endpoint:
        """Hold a port at which every connection is refused: bound, and nobody listening."""
        return _endpoint(self._keep(bound or _bound(socket.SOCK_STREAM)))

    def ignore(self, bound: socket.socket) -> Endpoint:
        """Hold a port at which datagrams arrive and nobody reads them."""
        return _endpoint(self._keep(bound))

    def swallow(self, bound: socket.socket | None = None) -> Endpoint:
        """Hold a port at which connecting never ends.

        The listener's queue is of length 0 and filled by a connection of our own, so the kernel drops every further
        SYN, as a filter would. Where a kernel queues more, a client connects and hears nothing.
        """
        listener = self._keep(bound or _bound(socket.SOCK_STREAM))
        listener.listen(0)
        self._keep(socket.create_connection(listener.getsockname()))
        return _endpoint(listener)

    def spawn(self, work: Coroutine[None, None, None]) -> None:
        """Run `work` until it ends or the lab closes."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    async def close(self) -> None:
        """End every task and close every socket; raises the first mistake of a handler."""
        for listener in self._listeners:
            asyncio.get_running_loop().remove_reader(listener)
        for transport in self._datagrams:
            transport.close()
        await asyncio.sleep(0)  # every task spawned so far begins, and so owns what it was given
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for one in self._sockets:
            one.close()
        await asyncio.sleep(0)  # the loop's transports close their sockets in its next turn
        if self._mistakes:
            raise self._mistakes[0]

    def _keep(self, one: socket.socket) -> socket.socket:
        self._sockets.append(one)
        return one

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (mistake := task.exception()) is not None:
            self._mistakes.append(mistake)

    def _accept(self, listener: socket.socket, handler: Handler, context: ssl.SSLContext | None) -> None:
        try:
            accepted, _ = listener.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return  # the client has gone again
        if len(self._tasks) < LAB_CONNECTIONS_MAX:
            accepted.setblocking(False)
            self.spawn(_connection(accepted, handler, context))
        else:
            accepted.close()


class _Connection(asyncio.StreamReaderProtocol):
    """The streams of a connection; a client may shut down its half of one in the clear, not of one under TLS.

    asyncio learns of TLS only after the handshake, and complains where the client's end came with the handshake.
    """

    secured = False

    def eof_received(self) -> bool | None:
        keep_open = super().eof_received()
        return keep_open and not self.secured


class _Datagrams(asyncio.DatagramProtocol):
    """Hand each datagram to a coroutine and send back what it returns."""

    def __init__(self, serving: Serving, receive: Receive) -> None:
        self._serving = serving
        self._receive = receive
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # the loop's own datagram transports are no subclass of the abstract one before Python 3.12
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: Endpoint) -> None:
        self._serving.spawn(self._answer(data, addr))

    async def _answer(self, data: bytes, addr: Endpoint) -> None:
        for reply in await self._receive(data):
            if reply.other_source:
                with contextlib.closing(_bound(socket.SOCK_DGRAM)) as other:
                    other.sendto(reply.data, addr)
            elif self._transport is not None and not self._transport.is_closing():
                self._transport.sendto(reply.data, addr)


def bound_pair() -> tuple[socket.socket, socket.socket]:
    """Return a TCP and a UDP socket bound to the same loopback port."""
    for _ in range(_BIND_ATTEMPTS_MAX):
        stream = _bound(socket.SOCK_STREAM)
        try:
            return stream, _bound(socket.SOCK_DGRAM, stream.getsockname()[1])
        except OSError:
            stream.close()
    raise OSError(f"no loopback port free for both TCP and UDP after {_BIND_ATTEMPTS_MAX} attempts")


def hang_up(writer: asyncio.StreamWriter) -> None:
    """End a connection with a TCP reset."""
    raw = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    writer.transport.abort()


async def reset(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take a connection and reset it at once."""
    hang_up(writer)


async def _connection(accepted: socket.socket, handler: Handler, context: ssl.SSLContext | None) -> None:
    with contextlib.suppress(*_CLIENT_FAULTS):
        async with asyncio.timeout(SESSION_S_MAX):
            reader, writer = await _streams(accepted, context)
            try:
                await handler(reader, writer)
                await _farewell(writer)
            finally:
                writer.transport.abort()


async def start_tls(writer: asyncio.StreamWriter, context: ssl.SSLContext) -> None:
    """Make the server's side of a handshake on a connection that began in the clear."""
    protocol = writer.transport.get_protocol()
    assert isinstance(protocol, _Connection)
    protocol.secured = True
    await writer.start_tls(context, ssl_handshake_timeout=HANDSHAKE_S_MAX)


async def _streams(
    accepted: socket.socket, context: ssl.SSLContext | None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Make streams of an accepted connection, after the handshake if there is one."""
    loop = asyncio.get_running_loop()
    writers: list[asyncio.StreamWriter] = []
    reader = asyncio.StreamReader(limit=LAB_RECEIVED_BYTES_MAX)
    # with this callback the streams know that they are a server's, which StreamWriter.start_tls depends on
    protocol = _Connection(reader, lambda _, writer: writers.append(writer))
    protocol.secured = context is not None
    await loop.connect_accepted_socket(lambda: protocol, accepted, ssl=context)
    return reader, writers[0]


async def _farewell(writer: asyncio.StreamWriter) -> None:
    """Close a connection and give the client a moment to read what is on its way."""
    writer.close()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(CLOSE_S_MAX):
            await writer.wait_closed()


def _bound(kind: socket.SocketKind, port: int = 0) -> socket.socket:
    one = socket.socket(socket.AF_INET, kind)
    try:
        one.setblocking(False)
        one.bind((LOOPBACK, port))
    except OSError:
        one.close()
        raise
    return one


def _endpoint(bound: socket.socket) -> Endpoint:
    host, port = bound.getsockname()
    return str(host), int(port)
