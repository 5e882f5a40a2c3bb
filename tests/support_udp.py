"""A resolver over UDP that answers as told, and questions put to it by their number."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import TypeVar, cast

import msgspec

from mxproof.evidence import Kind, Question
from mxproof.net.asking import Peer
from mxproof.net.dns.query import Fit, Query, query
from mxproof.net.dns.udp import DatagramSockets
from support_dns import reply

SOON_S = 1.0
LATE_S = 9.0

Respond = Callable[[bytes], Iterable[bytes]]


def asked(number: int = 0) -> Query:
    """Return a query whose ID is its number: drawn ones would now and then be the same."""
    made = query(Question(Kind.A, f"{number}.example.com"))
    assert made is not None
    return msgspec.structs.replace(made, wire=number.to_bytes(2, "big") + made.wire[2:])


class Bound(asyncio.DatagramProtocol):
    """Answers as told, and knows where it is reached."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)
        self.peer = Peer(*transport.get_extra_info("sockname"))

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        for message in self.respond(data):
            self.transport.sendto(message, addr)


B = TypeVar("B", bound=Bound)


@asynccontextmanager
async def bound(protocol: B, port: int = 0) -> AsyncIterator[B]:
    """Have it answer at a port, for a block."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: protocol, local_addr=("127.0.0.1", port))
    try:
        yield protocol
    finally:
        transport.close()
        await asyncio.sleep(0)  # the socket is closed on the next turn


class Resolver(Bound):
    """Keeps each query with the port it came from, and answers as told, or later by `answer`."""

    def __init__(self, respond: Respond) -> None:
        super().__init__(respond)
        self.seen: list[tuple[bytes, int]] = []
        self._arrival = asyncio.Event()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.seen.append((data, addr[1]))
        self._arrival.set()
        super().datagram_received(data, addr)

    async def reached(self, count: int) -> None:
        while len(self.seen) < count:
            self._arrival.clear()
            await self._arrival.wait()

    def answer(self, wire: bytes, port: int) -> None:
        self.transport.sendto(reply(wire), ("127.0.0.1", port))

    def ports(self) -> list[int]:
        return [port for _, port in self.seen]


@asynccontextmanager
async def resolver(respond: Respond, port: int = 0) -> AsyncIterator[Resolver]:
    async with bound(Resolver(respond), port) as protocol:
        yield protocol


def prompt(wire: bytes) -> Iterable[bytes]:
    return [reply(wire)]


def silent(_wire: bytes) -> Iterable[bytes]:
    return []


def put(
    sockets: DatagramSockets, way: Peer, asked: Query, within_s: float = SOON_S
) -> asyncio.Task[tuple[bytes, Fit]]:
    return asyncio.create_task(sockets.ask(asked, way, asyncio.get_running_loop().time() + within_s))


def other_letters(wire: bytes) -> bytes:
    """Return an answer with every letter of the name in the other case."""
    question = wire[12 : wire.index(b"\0\0\1\0\1", 12)]
    return reply(wire).replace(question, question.swapcase())
