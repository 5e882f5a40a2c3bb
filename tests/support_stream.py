"""Stream servers on loopback that follow a script, however bad their manners."""

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from enum import Enum, auto
from typing import cast

from mxproof.lab.ca import Issued
from mxproof.lab.tls import server_context
from mxproof.net.asking import Peer
from support_certificates import INTERMEDIATE, leaf

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

READ_BYTES_MAX = 4096
FLOOD_BYTES = 64 * 1024
_RESET = struct.pack("ii", 1, 0)


class Do(Enum):
    """A step of a script other than sending bytes."""

    READ_LINE = auto()
    READ_SOME = auto()
    READ_REQUEST = auto()
    """Read up to the empty line that ends an HTTP request."""
    START_TLS = auto()
    HANG = auto()
    END = auto()
    """End the TCP stream without a word of TLS."""
    RESET = auto()
    FLOOD = auto()
    """Repeat the bytes of the step before until the client has had enough."""


@asynccontextmanager
async def stream_server(handler: Handler, context: ssl.SSLContext | None = None) -> AsyncIterator[Peer]:
    """Serve `handler` on a port of loopback; at the end no connection and no task is left."""
    tasks: set[asyncio.Task[None]] = set()

    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                await handler(reader, writer)
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
        finally:
            writer.transport.abort()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(connection(reader, writer))
        tasks.add(task)

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=context)
    try:
        yield Peer("127.0.0.1", int(server.sockets[0].getsockname()[1]))
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(result, Exception):
                raise result
        await server.wait_closed()


def script(
    *steps: bytes | Do, heard: list[bytes] | None = None, tls: ssl.SSLContext | None = None
) -> Handler:
    """Return a handler that takes one step after the other and then closes; what it reads goes to `heard`."""
    log = [] if heard is None else heard

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for number, step in enumerate(steps):
            match step:
                case bytes():
                    writer.write(step)
                    await writer.drain()
                case Do.READ_LINE:
                    log.append(await reader.readuntil(b"\r\n"))
                case Do.READ_SOME:
                    log.append(await reader.read(READ_BYTES_MAX))
                case Do.READ_REQUEST:
                    log.append(await reader.readuntil(b"\r\n\r\n"))
                case Do.START_TLS:
                    await writer.start_tls(tls or certified())
                case Do.HANG:
                    await asyncio.Event().wait()
                case Do.END:
                    raw_socket(writer).shutdown(socket.SHUT_WR)
                    await asyncio.Event().wait()
                case Do.RESET:
                    _reset_at_close(raw_socket(writer))
                    writer.transport.abort()
                case Do.FLOOD:
                    await _flood(writer, cast("bytes", steps[number - 1]))

    return handler


def certified(name: str = "mx.example.com", *, only: str = "") -> ssl.SSLContext:
    """Return a server's context with a certificate for `name` and the intermediate behind it.

    Each caller has one of its own: what a test sets of its ciphers, curves and versions is not found by the next.
    """
    own = leaf((name,))
    return server_context(Issued(own.key, (own.certificate, INTERMEDIATE.certificate)), only=only)


def raw_socket(writer: asyncio.StreamWriter) -> socket.socket:
    """Return the socket below a connection."""
    return cast("socket.socket", writer.get_extra_info("socket"))


def reset(connection: socket.socket) -> None:
    """Close a connection with a reset."""
    _reset_at_close(connection)
    connection.close()


async def closed_port() -> Peer:
    """Return a port of loopback where nobody listens."""
    async with stream_server(script()) as peer:
        return peer


def _reset_at_close(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)


async def _flood(writer: asyncio.StreamWriter, data: bytes) -> None:
    block = data * (FLOOD_BYTES // len(data) + 1)
    while True:
        writer.write(block)
        await writer.drain()
