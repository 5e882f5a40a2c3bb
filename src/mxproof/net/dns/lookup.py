"""Ask DNS: over UDP, over TCP where the answer did not fit, at several resolvers, within one total deadline.

Each resolver is asked in turn, `ROUNDS` times, and each attempt has an equal share of the time that is left. An
answer that settles the question ends the search. A resolver that answered with an error is not asked again; where
none settled it, the most telling error is the answer. A question that names its transport is asked over that one
alone, so that an answer cut short over UDP is an answer of its own.
"""

import asyncio
from datetime import UTC, datetime

import msgspec

from mxproof.evidence import ANSWERED, Answer, DnsData, Kind, Outcome, Question, Transport
from mxproof.net.asking import DNS_PORT, RESOLVERS_MAX, Asking, Peer
from mxproof.net.dns.message import DNS_BYTES_MAX, DnsResult, Query, is_truncated, query, read
from mxproof.net.dns.udp import DatagramSockets
from mxproof.net.stream import PUNCTUALITY, Stream, StreamError, fault, way_to

ROUNDS = 3
ROOT = Question(Kind.SOA, ".")
"""The root zone is signed, and every validating resolver knows so."""

_SETTLED = frozenset(
    {Outcome.FOUND, Outcome.EMPTY, Outcome.NXDOMAIN, Outcome.BOGUS, Outcome.OVERSIZE, Outcome.TRUNCATED}
)
_TELLING = (
    Outcome.SERVFAIL,
    Outcome.REFUSED,
    Outcome.MALFORMED,
    Outcome.TIMEOUT,
    Outcome.CLOSED,
    Outcome.UNREACHABLE,
    Outcome.UNASKED,
)
_SILENCE = DnsResult(Outcome.UNASKED, detail="no resolver was given")


async def ask_dns(question: Question, asking: Asking, sockets: DatagramSockets) -> Answer:
    """Ask `question` of the resolvers, or of `question.server` (an address) alone."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    search = _Search(question, asking, sockets, deadline=begun + asking.look_up_s * PUNCTUALITY)
    asked = query(question)
    if asked is None:
        result = DnsResult(Outcome.UNASKED, detail="not a domain name: a label or the whole is too long")
    else:
        result = await search.run(asked)
    return Answer(
        outcome=result.outcome,
        at=datetime.now(UTC),
        data=result.data,
        ttl_s=result.ttl_s,
        elapsed_ms=round((loop.time() - begun) * 1000),
        attempts=search.attempts,
        detail=result.detail,
    )


async def validates(asking: Asking, sockets: DatagramSockets) -> tuple[bool, str]:
    """Tell whether the AD bit of the resolvers' answers may be believed, and who says so.

    Believed are resolvers declared trustworthy, and those on this machine that are seen to set the bit for the root
    zone, which is signed: on the way from anywhere else it could be forged (RFC 4035 section 4.9.3).
    """
    if asking.trust_ad is not None:
        return asking.trust_ad, "declared trusted" if asking.trust_ad else "declared untrusted"
    for peer in asking.resolvers:
        if not asking.way_to(peer).is_loopback:
            return False, f"{peer} is not on this machine, and its AD bit could be forged on the way"
    answers = await root_answers(asking, sockets)
    for peer, answer in answers.items():
        if answer.outcome is not Outcome.FOUND:
            return False, f"{peer} gave no answer about the root zone ({answer.outcome})"
        if not sets_ad(answer):
            return False, f"{peer} does not set the AD bit for the root zone, which is signed"
    return bool(answers), "on this machine, and seen to set the AD bit for the root zone"


async def root_answers(asking: Asking, sockets: DatagramSockets) -> dict[Peer, Answer]:
    """Return what each resolver by itself says of the root zone."""
    async with asyncio.TaskGroup() as group:
        tasks = {
            peer: group.create_task(
                ask_dns(ROOT, msgspec.structs.replace(asking, resolvers=(peer,)), sockets)
            )
            for peer in asking.resolvers[:RESOLVERS_MAX]
        }
    return {peer: task.result() for peer, task in tasks.items()}


def sets_ad(answer: Answer) -> bool:
    """Tell whether a response came with the AD bit set (RFC 4035 section 3.2.3)."""
    return isinstance(answer.data, DnsData) and answer.data.secure


class _Search:
    """The search for one answer; `attempts` counts the queries sent."""

    def __init__(self, question: Question, asking: Asking, sockets: DatagramSockets, deadline: float) -> None:
        self.attempts = 0
        self._question = question
        self._asking = asking
        self._sockets = sockets
        self._deadline = deadline

    async def run(self, asked: Query) -> DnsResult:
        best = _SILENCE
        unexplained: Peer | None = None
        waiting = list(self._peers()) * ROUNDS
        while waiting:
            peer = waiting.pop(0)
            result = await self._attempt(asked, peer, parts=1 + len(waiting))
            if result.outcome in _SETTLED:
                return result
            if result.outcome is not Outcome.TIMEOUT:
                waiting = [other for other in waiting if other != peer]
            best = min(best, result, key=lambda one: _TELLING.index(one.outcome))
            if best is result and not self._question.server and _is_unexplained(result):
                unexplained = peer
        if unexplained is not None:
            return await self._explained(best, asked, unexplained)
        return best

    def _peers(self) -> tuple[Peer, ...]:
        if self._question.server:
            return (Peer(self._question.server, DNS_PORT),)
        return self._asking.resolvers[:RESOLVERS_MAX]

    async def _explained(self, failure: DnsResult, asked: Query, peer: Peer) -> DnsResult:
        """Find out whether a failure is one of validation: then there is an answer with checking disabled.

        Many resolvers do not say so by an extended error; the CD bit does (RFC 4035 section 3.2.2). A failure that
        has passed in the meantime would look the same, so the question is put once more with checking.
        """
        without_checking = query(self._question, checking_disabled=True)
        assert without_checking is not None
        unchecked = await self._attempt(without_checking, peer, parts=2)
        if unchecked.outcome not in ANSWERED:
            return failure
        again = await self._attempt(asked, peer, parts=1)
        if again.outcome is not failure.outcome:
            return again if again.outcome in _SETTLED else failure
        detail = f"{failure.detail}; with checking disabled the answer is {unchecked.outcome}"
        return msgspec.structs.replace(failure, outcome=Outcome.BOGUS, detail=detail)

    async def _attempt(self, asked: Query, peer: Peer, parts: int) -> DnsResult:
        self.attempts += 1
        now = asyncio.get_running_loop().time()
        share_s = max(0.0, self._deadline - now) / parts
        attempt = _Attempt(self._question, asked, self._asking, peer)
        try:
            return await attempt.run(self._sockets, deadline=now + share_s * PUNCTUALITY)
        except StreamError as error:
            outcome, detail = error.outcome, error.detail
        except TimeoutError:
            outcome, detail = Outcome.TIMEOUT, f"no answer within {self._asking.look_up_s:g} s in all"
        except OSError as error:
            outcome, detail = fault(error)
        return DnsResult(outcome, detail=f"{peer}: {detail}")


class _Attempt:
    """One query at one resolver: over the transport asked for, or UDP and then TCP (RFC 7766 section 5)."""

    def __init__(self, question: Question, asked: Query, asking: Asking, peer: Peer) -> None:
        self._question = question
        self._asked = asked
        self._asking = asking
        self._peer = peer

    async def run(self, sockets: DatagramSockets, deadline: float) -> DnsResult:
        """Return what was answered by `deadline`, a time of the event loop; raises StreamError and OSError."""
        transport = self._question.transport
        if transport is not Transport.TCP:
            way = way_to(self._peer, self._asking)
            wire = await sockets.ask(self._asked, way, deadline)
            if transport is Transport.UDP or not is_truncated(wire):
                return read(self._question, wire, Transport.UDP)
        async with asyncio.timeout_at(deadline):
            wire = await self._over_tcp()
        return read(self._question, wire, Transport.TCP)

    async def _over_tcp(self) -> bytes:
        """Return the message behind its two bytes of length (RFC 1035 section 4.2.2), cut just above the limit."""
        received = bytearray()
        async with Stream(self._peer, self._asking) as stream:
            await stream.write(len(self._asked.wire).to_bytes(2, "big") + self._asked.wire)
            while len(received) < 2 or len(received) < 2 + min(_length(received), DNS_BYTES_MAX + 1):
                data = await stream.read()
                if not data:
                    raise StreamError(Outcome.CLOSED, "the connection ended before the answer was whole")
                received += data
        message = bytes(received[2 : 2 + _length(received)])
        if not self._asked.answered_by(message):
            raise StreamError(Outcome.MALFORMED, "the answer over TCP is to another question")
        return message


def _is_unexplained(result: DnsResult) -> bool:
    return result.data is not None and result.data.rcode == "SERVFAIL" and not result.data.extended


def _length(received: bytearray) -> int:
    return int.from_bytes(received[:2], "big")
