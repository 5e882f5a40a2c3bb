"""The least that a socketmap server can do: read a netstring and send it back, on the loop that policyd uses.

python -m bench.policyd_echo PORT
"""

import asyncio
import sys
from typing import cast

import uvloop


class Echo(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection over."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Send back every netstring that is whole."""
        self._buffer += data
        while self._buffer:
            digits, colon, _ = self._buffer.partition(b":")
            end = len(digits) + 1 + int(digits) if colon else len(self._buffer)
            if not colon or len(self._buffer) <= end:
                return
            self._transport.write(self._buffer[: end + 1])
            self._buffer = self._buffer[end + 1 :]


async def main(port: int) -> None:
    """Serve until killed."""
    server = await asyncio.get_running_loop().create_server(Echo, "127.0.0.1", port)
    print("ready", file=sys.stderr, flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(int(sys.argv[1])))
