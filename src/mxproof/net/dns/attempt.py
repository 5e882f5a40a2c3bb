"""One attempt to get an answer from one server: the form of the query, and what follows from what comes back.

| what comes | what follows |
|---|---|
| the TC bit over UDP | the same over TCP (RFC 7766 section 5) |
| FORMERR, NOTIMP or BADVERS to a query with EDNS | the same without EDNS (RFC 6891 section 7) |
| a datagram in other letters than ours | the same over TCP, where nobody else can answer |
| a datagram that cannot be read | without EDNS over TCP: something on the way may have cut it, or not know the OPT record |

Where a question names its transport, it is asked over that one alone; where it names its OPT record, in no other form.
"""

import asyncio
from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

import msgspec

from mxproof.evidence import Edns, Kind, Outcome, Question, Transport
from mxproof.net.asking import Asking, Peer
from mxproof.net.dns.message import DNS_BYTES_MAX, DnsResult, is_truncated, read
from mxproof.net.dns.query import Fit, Query, query
from mxproof.net.dns.terse import read_tersely
from mxproof.net.dns.udp import DatagramSockets
from mxproof.net.stream import PUNCTUALITY, Stream, StreamError, fault, way_to


class Form(Enum):
    """How a query is put."""

    EDNS = "edns"
    PLAIN = "plain"
    """Without EDNS, for servers and ways that drop what has an OPT record (RFC 8906 section 3.2)."""
    STREAM = "stream"
    """With EDNS over TCP, for ways that drop datagrams."""


FORMS = (Form.EDNS, Form.PLAIN, Form.STREAM)


def forms_of(question: Question) -> tuple[Form, ...]:
    """Return the form of each attempt at one server, as long as there is silence."""
    return FORMS if question.edns is Edns.USUAL else (Form.EDNS,) * len(FORMS)


def _unheard(_seconds: float) -> None:
    """Let nobody hear of it."""


class Came(NamedTuple):
    """What came over UDP to a query that was sent before: a datagram and how it fits, or why there is none."""

    query: Query
    wire: bytes = b""
    fit: Fit = Fit.NO
    error: Exception | None = None


class DnsAttempt(msgspec.Struct, frozen=True):
    """One question to one server, by `deadline` at the latest, a time of the event loop.

    `waited` is told the seconds that passed until there was a connection to be had, which are none of the server's; `came`
    is what has come of the attempt so far, where it was begun elsewhere, with a query with EDNS, whatever has become known of
    the server since.
    """

    question: Question
    asking: Asking
    sockets: DatagramSockets
    peer: Peer
    deadline: float
    form: Form = Form.EDNS
    checking_disabled: bool = False
    waited: Callable[[float], None] = _unheard
    came: Came | None = None

    async def run(self) -> DnsResult:
        """Return what was answered, or why nothing was."""
        try:
            return await self._answered()
        except StreamError as error:
            outcome, detail = error.outcome, error.detail
        except TimeoutError:
            outcome, detail = (
                Outcome.TIMEOUT,
                f"no answer within {self.asking.look_up_s(self.question.server):g} s in all",
            )
        except OSError as error:
            outcome, detail = fault(error)
        return DnsResult(outcome, detail=f"{self.peer}: {detail}")

    async def _answered(self) -> DnsResult:
        way, habits = self._way, self.sockets.habits
        if self.question.edns is not Edns.USUAL:
            return await self._asked(way, edns=True)
        edns = self.came is not None or (
            self.form is not Form.PLAIN and habits.speaks_edns(way, self.sockets.now()) is not False
        )
        result = await self._asked(way, edns=edns, came=self.came)
        refused = result.refuses_edns
        if edns and refused:
            edns, result = False, await self._asked(way, edns=False)
            refused = result.refuses_edns
        if result.outcome is not Outcome.MALFORMED and not refused:
            habits.saw_edns(way, self.sockets.now(), answered=edns)
        return result

    @property
    def _way(self) -> Peer:
        return way_to(self.peer, self.asking)

    async def _asked(self, way: Peer, *, edns: bool, came: Came | None = None) -> DnsResult:
        asked = self._query(way, edns=edns) if came is None else came.query
        only = self.question.transport
        if only is Transport.TCP or (self.form is Form.STREAM and only is Transport.ANY):
            return await self._over_tcp(asked)
        if came is None:
            wire, fit = await self.sockets.ask(asked, way, self.deadline)
        elif came.error is not None:
            raise came.error
        else:
            wire, fit = came.wire, came.fit
        usual = self._usual(asked, wire) if fit is Fit.YES else None
        if usual is not None:
            return usual
        if only is Transport.UDP:
            return read(self.question, wire, Transport.UDP)
        if is_truncated(wire):
            return await self._over_tcp(asked)
        result = read(self.question, wire, Transport.UDP)
        if fit is Fit.LETTERS and self.sockets.habits.keeps_letters(way, self.sockets.now()) is not False:
            return await self._second_look(asked)
        if result.outcome is Outcome.MALFORMED:
            return await self._second_reading(way, result)
        return result

    def _usual(self, asked: Query, wire: bytes) -> DnsResult | None:
        """Read a response that has nothing unusual in it, None for any other; what leads to another zone is none."""
        if self.question.edns is not Edns.USUAL or self.question.kind is Kind.DELEGATION:
            return None
        return read_tersely(self.question.kind, asked.question, wire)

    def _query(self, way: Peer, *, edns: bool) -> Query:
        asked = query(
            self.question,
            checking_disabled=self.checking_disabled,
            edns=edns,
            letters_drawn=self.sockets.habits.sends_strays(way, self.sockets.now()),
        )
        assert asked is not None, "a question that cannot be written is never put"
        return asked

    async def _second_look(self, asked: Query) -> DnsResult:
        """Ask over TCP what came over UDP from who knows where; its failure is no silence."""
        try:
            return await self._over_tcp(asked)
        except (StreamError, OSError, TimeoutError):
            words = "the answer has the letters of the name in another case, and over TCP there is none"
            return DnsResult(Outcome.MALFORMED, detail=f"{self.peer}: {words}")

    async def _second_reading(self, way: Peer, unread: DnsResult) -> DnsResult:
        """Ask once more for what could not be read, in the form that least can go wrong with."""
        try:
            result = await self._over_tcp(self._query(way, edns=False))
        except (StreamError, OSError, TimeoutError):
            return unread
        return unread if result.refuses_edns or result.outcome is Outcome.SERVFAIL else result

    async def _over_tcp(self, asked: Query) -> DnsResult:
        """Ask over TCP: a resolver at once, and a name server in turn."""
        if not self.question.server:
            return await self._over_stream(asked, self.deadline)
        async with self.sockets.streams.turn(self._way) as waited_s:
            self.waited(waited_s)
            return await self._over_stream(asked, self.deadline + waited_s)

    async def _over_stream(self, asked: Query, deadline: float) -> DnsResult:
        """Read the message behind its two bytes of length (RFC 1035 section 4.2.2), cut just above the limit."""
        received = bytearray()
        async with asyncio.timeout_at(deadline), Stream(self.peer, self.asking) as stream:
            await stream.write(len(asked.wire).to_bytes(2, "big") + asked.wire)
            while len(received) < 2 or len(received) < 2 + min(_length(received), DNS_BYTES_MAX + 1):
                data = await stream.read()
                if not data:
                    raise StreamError(Outcome.CLOSED, "the connection ended before the answer was whole")
                received += data
        message = bytes(received[2 : 2 + _length(received)])
        match asked.fit(message):
            case Fit.NO:
                raise StreamError(Outcome.MALFORMED, "the answer over TCP is to another question")
            case Fit.LETTERS:
                self.sockets.habits.saw_letters(self._way, self.sockets.now(), kept=False)
            case _:
                pass
        return read(self.question, message, Transport.TCP)


def share_of(deadline: float, parts: int, now: float) -> float:
    """Return when the first of `parts` equal parts of the time to `deadline` ends; all are times of the event loop."""
    return now + max(0.0, deadline - now) / parts * PUNCTUALITY


def _length(received: bytearray) -> int:
    return int.from_bytes(received[:2], "big")
