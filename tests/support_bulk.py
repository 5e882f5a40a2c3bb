"""A resolver that many questions are put to at once, and what stands for the careful look-up."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from mxproof.evidence import Answer, Kind, Outcome, Question
from mxproof.net.dns.query import section_of
from mxproof.net.dns.response import HEADER_BYTES
from support_dns import reply
from support_udp import Bound, Respond, bound

AT = datetime(2026, 11, 1, tzinfo=UTC)
CAREFUL = Answer(Outcome.FOUND, AT, detail="looked up with care")
ROOT_SECTION = section_of(Question(Kind.SOA, "."))
OPT_BYTES = 11
ANSWERING = bytes.fromhex("8180 0001 0001 0000 0001")
"""What stands behind the ID of an answer of one record with an OPT record."""
ADDRESS = bytes.fromhex("c00c 0001 0001 0000003c 0004 c0000201")


def is_root(wire: bytes) -> bool:
    """Tell whether a query is the one by which a resolver is found to be there."""
    return ROOT_SECTION is not None and wire[HEADER_BYTES:].startswith(ROOT_SECTION)


class Resolver(Bound):
    """Answers as told, counts what it is asked, and can be gone."""

    def __init__(self, respond: Respond) -> None:
        super().__init__(respond)
        self.asked: Counter[bytes] = Counter()
        self.ports: set[int] = set()
        self.is_there = True

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if not self.is_there:
            return
        self.ports.add(addr[1])
        self.asked[data[12:]] += 1
        super().datagram_received(data, addr)


def found(wire: bytes) -> Iterable[bytes]:
    """Answer with an address, put together by hand: a thousand of them take a machine that is busy no second."""
    if is_root(wire):
        return [reply(wire)]
    section = wire[HEADER_BYTES:-OPT_BYTES]
    return [wire[:2] + ANSWERING + section + ADDRESS + wire[-OPT_BYTES:]]


@asynccontextmanager
async def resolver(respond: Respond = found) -> AsyncIterator[Resolver]:
    async with bound(Resolver(respond)) as protocol:
        yield protocol


def questions(count: int) -> list[Question]:
    return [Question(Kind.A, f"d{number}.example") for number in range(count)]


class Care:
    """Stands for the careful look-up, and keeps what it was asked."""

    def __init__(self, answer: Answer = CAREFUL) -> None:
        self.asked: list[Question] = []
        self.within_s: list[float] = []
        self._answer = answer

    async def __call__(self, question: Question, within_s: float) -> Answer:
        self.asked.append(question)
        self.within_s.append(within_s)
        return self._answer
