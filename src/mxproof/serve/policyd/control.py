"""The control socket: a look-up in the same framing as Postfix's, on a socket file that only its owner can reach.

purge DESTINATION     forget what is known of it, in memory and in the store
reload -              as SIGHUP
"""

import socket
from collections.abc import Awaitable, Callable
from contextlib import closing

from mxproof.formats import ConfigError, FormatError
from mxproof.formats.postfix.netstring import print_netstring, read_netstring
from mxproof.formats.postfix.socketmap import (
    SOCKETMAP_REPLY_BYTES_MAX,
    Request,
    SocketmapReply,
    parse_reply,
    parse_request,
    print_request,
)

TIMEOUT_S = 10.0

Command = Callable[[Request], Awaitable[SocketmapReply]]


class Controller:
    """The long way of a request on the control socket."""

    def __init__(self, command: Command) -> None:
        self._command = command

    async def __call__(self, payload: bytes) -> tuple[SocketmapReply, float]:
        """Carry out one request; its reply is never given again."""
        return await self._command(parse_request(payload)), 0.0


def tell(path: str, request: Request) -> SocketmapReply:
    """Send one request to a running daemon; raises ConfigError where none answers."""
    try:
        with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as one:
            one.settimeout(TIMEOUT_S)
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
