"""A resolver that says of every answer that it is validated: it passes questions on and sets the AD bit.

python -m bench.policyd_validating ADDRESS SERVER

What validating costs is the resolver's own affair; here only the daemon that asks it is measured.
"""

import asyncio
import sys
from typing import cast

import uvloop

DNS_PORT = 53
_AD_AT, _AD_BIT = 3, 0x20
_IDS = 65536

Address = tuple[str, int]


class Server(asyncio.DatagramProtocol):
    """The way to the server; an answer finds its client by the id that the question went on with."""

    def __init__(self) -> None:
        self.asked: dict[int, tuple[bytes, Address]] = {}
        self.clients: asyncio.DatagramTransport | None = None
        self._transport: asyncio.DatagramTransport | None = None
        self._next = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the way over."""
        self._transport = cast("asyncio.DatagramTransport", transport)

    def pass_on(self, data: bytes, client: Address) -> None:
        """Ask the server under an id of our own."""
        assert self._transport is not None, "questions come once the server is reached"
        self._next = (self._next + 1) % _IDS
        self.asked[self._next] = (data[:2], client)
        self._transport.sendto(self._next.to_bytes(2, "big") + data[2:])

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """Send the answer to who asked."""
        known = self.asked.pop(int.from_bytes(data[:2], "big"), None)
        if known is not None and self.clients is not None:
            ident, client = known
            self.clients.sendto(ident + data[2:3] + bytes([data[_AD_AT] | _AD_BIT]) + data[4:], client)


class Clients(asyncio.DatagramProtocol):
    """Those who ask."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let answers go out here."""
        self._server.clients = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """Pass a question on."""
        self._server.pass_on(data, addr)


async def main(address: str, server: str) -> None:
    """Serve until killed."""
    loop = asyncio.get_running_loop()
    _, way = await loop.create_datagram_endpoint(Server, remote_addr=(server, DNS_PORT))
    await loop.create_datagram_endpoint(lambda: Clients(way), local_addr=(address, DNS_PORT))
    print("ready", file=sys.stderr, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(sys.argv[1], sys.argv[2]))
