"""The control socket: commands to a running daemon, on a socket file that only its owner can reach.

A command is a look-up in the framing of Postfix's socketmap: its name for the map, what it is about for the key.
"""

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing

from mxproof.formats import ConfigError, FormatError
from mxproof.formats.postfix.netstring import print_netstring, read_netstring
from mxproof.formats.postfix.socketmap import (
    SOCKETMAP_REPLY_BYTES_MAX,
    SOCKETMAP_REQUEST_BYTES_MAX,
    Request,
    SocketmapReply,
    Status,
    failed,
    parse_reply,
    parse_request,
    print_reply,
    print_request,
)

CONTROL_TIMEOUT_S = 10.0
CONTROL_CONNECTIONS_MAX = 32

Command = Callable[[str], Awaitable[SocketmapReply]]
"""From what a command is about to the reply."""


class ControlServer:
    """Carries out `commands` by their names, for few connections at a time, one after another on each."""

    def __init__(self, commands: Mapping[str, Command]) -> None:
        self._commands = commands
        self._open = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer until the other side has said all, or nothing for CONTROL_TIMEOUT_S, or what is no request."""
        self._open += 1
        try:
            if self._open <= CONTROL_CONNECTIONS_MAX:
                with contextlib.suppress(OSError, TimeoutError):
                    await self._serve(reader, writer)
        except asyncio.CancelledError:
            return  # the loop ends; asyncio before Python 3.12 would tell of each connection that is open then
        finally:
            self._open -= 1
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received = b""
        while True:
            try:
                while (framed := read_netstring(received, SOCKETMAP_REQUEST_BYTES_MAX)) is None:
                    async with asyncio.timeout(CONTROL_TIMEOUT_S):
                        data = await reader.read(SOCKETMAP_REQUEST_BYTES_MAX)
                    if not data:
                        return
                    received += data
                received = received[framed.end :]
                reply = await self._reply(parse_request(framed.payload))
            except FormatError as error:
                writer.write(print_netstring(print_reply(failed(Status.PERM, str(error)))))
                return
            writer.write(print_netstring(print_reply(reply)))
            async with asyncio.timeout(CONTROL_TIMEOUT_S):
                await writer.drain()

    async def _reply(self, request: Request) -> SocketmapReply:
        command = self._commands.get(request.map)
        if command is None:
            return failed(Status.PERM, f"{request.map}: {' or '.join(self._commands)} was expected")
        return await command(request.key)


def tell(path: str, request: Request) -> SocketmapReply:
    """Send one command to a running daemon; raises ConfigError where none answers."""
    try:
        with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as one:
            one.settimeout(CONTROL_TIMEOUT_S)
            one.connect(path)
            one.sendall(print_netstring(print_request(request)))
            received = b""
            while (framed := read_netstring(received, SOCKETMAP_REPLY_BYTES_MAX)) is None:
                data = one.recv(SOCKETMAP_REPLY_BYTES_MAX)
                if not data:
                    raise ConfigError(f"{path}: the daemon hung up")
                received += data
            return parse_reply(framed.payload)
    except (FileNotFoundError, ConnectionRefusedError):
        raise ConfigError(
            f"{path}: no daemon listens there; is one running, with this admin.control?"
        ) from None
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from None
    except FormatError as error:
        raise ConfigError(f"{path}: {error}") from None
