"""Ask DNS at several resolvers within one total deadline.

Each resolver is asked in turn, once in each of the forms of `attempt`, and each attempt has an equal share of the time
that is left. An answer that settles the question ends the search. A resolver that answered with an error is not asked
again, but for SERVFAIL: that may pass, or mean that validation failed, and only a resolver that validates is believed
to say so. Where none settled it, the most telling error is the answer. A question that names its transport is asked
over that one alone, so that an answer cut short over UDP is an answer of its own.
"""

import asyncio
import os
from datetime import UTC, datetime

import msgspec

from mxproof.evidence import ANSWERED, Answer, DnsData, Edns, Kind, Outcome, Question, Transport
from mxproof.net.asking import DNS_PORT, RESOLVERS_MAX, TRUST_AD, Asking, Peer
from mxproof.net.dns.attempt import FORMS, Came, DnsAttempt, Form, forms_of, share_of
from mxproof.net.dns.message import DnsResult
from mxproof.net.dns.query import ID_BYTES, Fit, Query, is_writable, section_of, usual_query
from mxproof.net.dns.terse import read_tersely
from mxproof.net.dns.udp import DatagramSockets
from mxproof.net.stream import PUNCTUALITY, StreamError

PAUSE_S = 1.0
PAUSE_PART = 0.1
"""How long to wait before a SERVFAIL is asked about again, and the most of the time left that this may take: resolvers
answer so from memory for a second at least (RFC 9520 section 3.2)."""

ROOT = Question(Kind.SOA, ".")
"""The root zone is signed, and every validating resolver knows so."""

_SETTLED = frozenset({Outcome.FOUND, Outcome.EMPTY, Outcome.NXDOMAIN, Outcome.OVERSIZE, Outcome.TRUNCATED})
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
    begun = sockets.now()
    deadline = begun + asking.look_up_s(question.server) * PUNCTUALITY
    if not is_writable(question):
        result = DnsResult(Outcome.UNASKED, detail="not a domain name: a label or the whole is too long")
        return _answer(result, sockets.now() - begun)
    usual = question.edns is Edns.USUAL and question.transport is Transport.ANY and not question.server
    came = await _first_try(question, asking, sockets, (begun, deadline)) if usual else None
    if isinstance(came, DnsResult):
        return _answer(came, sockets.now() - begun, attempts=1)
    search = _Search(question, asking, sockets, deadline, came)
    result = await search.run()
    return _answer(result, sockets.now() - begun - search.waited_s, search.attempts)


def _answer(result: DnsResult, elapsed_s: float, attempts: int = 0) -> Answer:
    return Answer(
        outcome=result.outcome,
        at=datetime.now(UTC),
        data=result.data,
        ttl_s=result.ttl_s,
        elapsed_ms=round(elapsed_s * 1000),
        attempts=attempts,
        detail=result.detail,
    )


async def _first_try(
    question: Question, asking: Asking, sockets: DatagramSockets, within: tuple[float, float]
) -> DnsResult | Came | None:
    """Return what the first resolver answers to the first attempt where that is usual, or what came for the search.

    So ends nearly every search; its many steps are as much work as all else that is done in Python for an answer. None where
    the first attempt is not the usual one. `within` are the times at which the search begins and has to end.
    """
    resolvers, (now, deadline) = asking.resolvers, within
    if not resolvers or question.kind is Kind.DELEGATION:
        return None
    way, habits = asking.way_to(resolvers[0]), sockets.habits
    if habits.speaks_edns(way, now) is False or habits.sends_strays(way, now):
        return None
    section = section_of(question)
    assert section is not None, "a question that cannot be written is never put"
    query = Query(usual_query(os.urandom(ID_BYTES), section), section)
    parts = len(FORMS) * min(len(resolvers), RESOLVERS_MAX)
    try:
        wire, fit = await sockets.ask(query, way, share_of(deadline, parts, now))
    except (StreamError, TimeoutError, OSError) as error:
        return Came(query, error=error)
    result = read_tersely(question.kind, section, wire) if fit is Fit.YES else None
    if result is None:
        return Came(query, wire, fit)
    habits.saw_edns(way, sockets.now(), answered=True)
    return result


async def validates(asking: Asking, sockets: DatagramSockets) -> tuple[bool, str]:
    """Tell whether the AD bit of the resolvers' answers may be believed, and who says so.

    Believed are resolvers declared trustworthy, and those that are seen to set the bit for the root zone, which is
    signed, and are on this machine or trusted by its resolv.conf: on the way from anywhere else it could be forged (RFC
    4035 section 4.9.3).
    """
    if asking.trust_ad is not None:
        return asking.trust_ad, "declared trusted" if asking.trust_ad else "declared untrusted"
    abroad = [peer for peer in asking.resolvers if not asking.way_to(peer).is_loopback]
    for peer in abroad:
        if peer not in asking.trusted:
            words = "is not on this machine, and its AD bit could be forged on the way"
            return False, f"{peer} {words}; resolv.conf has no `options {TRUST_AD}` for it"
    answers = await root_answers(asking, sockets)
    for peer, answer in answers.items():
        if answer.outcome is not Outcome.FOUND:
            return False, f"{peer} gave no answer about the root zone ({answer.outcome})"
        if not sets_ad(answer):
            return False, f"{peer} does not set the AD bit for the root zone, which is signed"
    whence = f"trusted by `options {TRUST_AD}` of resolv.conf" if abroad else "on this machine"
    return bool(answers), f"{whence}, and seen to set the AD bit for the root zone"


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
    """The search for one answer; `attempts` counts the queries sent, `waited_s` the seconds until they could be.

    `came` is what its first attempt has come to so far, where that was begun before.
    """

    def __init__(
        self,
        question: Question,
        asking: Asking,
        sockets: DatagramSockets,
        deadline: float,
        came: Came | None,
    ) -> None:
        self.attempts = 0
        self.waited_s = 0.0
        self._question = question
        self._asking = asking
        self._sockets = sockets
        self._deadline = deadline
        self._came = came

    async def run(self) -> DnsResult:
        best = _SILENCE
        failed: Peer | None = None
        waiting = [(peer, form) for form in forms_of(self._question) for peer in self._peers()]
        while waiting:
            peer, form = waiting.pop(0)
            result = await self._attempt(peer, parts=1 + len(waiting), form=form)
            if result.outcome is Outcome.BOGUS and not self._question.server:
                result = await self._confirmed(result, peer)
            if result.outcome in _SETTLED or result.outcome is Outcome.BOGUS:
                return result
            if not _may_be_better_in_another_form(result):
                waiting = [other for other in waiting if other[0] != peer]
            best = min(best, result, key=lambda one: _TELLING.index(one.outcome))
            if best is result and not self._question.server and _is_servfail(result):
                failed = peer
        if failed is not None:
            return await self._explained(best, failed)
        return best

    def _peers(self) -> tuple[Peer, ...]:
        if self._question.server:
            return (Peer(self._question.server, DNS_PORT),)
        return self._asking.resolvers[:RESOLVERS_MAX]

    async def _confirmed(self, failure: DnsResult, peer: Peer) -> DnsResult:
        """Return `failure` to validate if it is said twice, by a resolver that is seen to validate.

        An extended error may have been passed on (RFC 8914 section 3), and one that passes is no verdict.
        """
        again = await self._attempt(peer, parts=3)
        if again.outcome is not Outcome.BOGUS:
            return again if again.outcome in _SETTLED else _unproven(failure, "it was not said again")
        if await self._validates(peer):
            return failure
        return _unproven(failure, "this resolver does not validate")

    async def _explained(self, failure: DnsResult, peer: Peer) -> DnsResult:
        """Find out whether a failure passes, and whether it is one of validation.

        Then there is an answer with checking disabled, which many resolvers do not say by an extended error (RFC 4035
        section 3.2.2). A failure that has passed in the meantime would look the same, so the question is put once more
        with checking; and a resolver that does not validate fails for other reasons.
        """
        await asyncio.sleep(min(PAUSE_S, (self._deadline - self._sockets.now()) * PAUSE_PART))
        again = await self._attempt(peer, parts=4)
        if again.outcome in _SETTLED or not _is_unexplained(again):
            return again if again.outcome in _SETTLED else failure
        unchecked = await self._attempt(peer, parts=3, checking_disabled=True)
        if unchecked.outcome not in ANSWERED or not await self._validates(peer):
            return failure
        again = await self._attempt(peer, parts=1)
        if again.outcome in _SETTLED or not _is_unexplained(again):
            return again if again.outcome in _SETTLED else failure
        detail = f"{failure.detail}; with checking disabled the answer is {unchecked.outcome}"
        return msgspec.structs.replace(failure, outcome=Outcome.BOGUS, detail=detail)

    async def _validates(self, peer: Peer) -> bool:
        """Tell whether a resolver sets the AD bit for the root zone, which is signed."""
        result = await self._attempt(peer, parts=2, question=ROOT)
        return result.outcome is Outcome.FOUND and result.data is not None and result.data.secure

    async def _attempt(
        self,
        peer: Peer,
        parts: int,
        *,
        form: Form = Form.EDNS,
        checking_disabled: bool = False,
        question: Question | None = None,
    ) -> DnsResult:
        """Make one attempt in the first of `parts` equal parts of the time that is left."""
        self.attempts += 1
        came, self._came = self._came, None
        attempt = DnsAttempt(
            question=question or self._question,
            asking=self._asking,
            sockets=self._sockets,
            peer=peer,
            deadline=share_of(self._deadline, parts, self._sockets.now()),
            form=form,
            checking_disabled=checking_disabled,
            waited=self._has_waited,
            came=came,
        )
        return await attempt.run()

    def _has_waited(self, seconds: float) -> None:
        self.waited_s += seconds


def _unproven(failure: DnsResult, words: str) -> DnsResult:
    """Return what is said to be a failure to validate as a failure of which no more is known."""
    return msgspec.structs.replace(failure, outcome=Outcome.SERVFAIL, detail=f"{failure.detail}; {words}")


def _may_be_better_in_another_form(result: DnsResult) -> bool:
    """Tell whether nothing came that a server said by itself: silence, or what somebody else may have sent."""
    return result.outcome is Outcome.TIMEOUT or (result.outcome is Outcome.MALFORMED and result.data is None)


def _is_servfail(result: DnsResult) -> bool:
    return result.data is not None and result.data.rcode == "SERVFAIL"


def _is_unexplained(result: DnsResult) -> bool:
    return result.data is not None and result.data.rcode == "SERVFAIL" and not result.data.extended
