"""What the daemon remembers of a destination, and how one look at the world changes it.

    fetch_plan(held, now)          what the survey has to bring back
    decide(domain, held, rules)    what is held from now on; its decision is what Postfix is told

A value goes in, a value comes out; time is `domain.at`. The rules of memory, RFC 8461 section by section:

| what happens | what it does to the policy that is held |
|---|---|
| a new id, or a refresh, and the fetch succeeds | replaced at once, also by mode none (sections 3.1, 5) |
| the same id | kept; refreshed after REFRESH_S, long before max_age ends (sections 3.3, 10.2) |
| the fetch fails, or the record vanishes | kept until max_age is over (section 3.3) |
| the fetch failed less than BACKOFF_S ago | not fetched again, unless the id is yet another (section 3.3) |
| DNS does not answer | kept, and so is the last decision, for DECISION_KEPT_S |
"""

from datetime import datetime, timedelta

import msgspec

from mxproof.evidence import Outcome
from mxproof.evidence.lifetime import DNS_FAILURE_S
from mxproof.formats.mtasts import STRICT, Mode, Policy
from mxproof.formats.result_type import ResultType
from mxproof.judge.senders.policy_case import taken
from mxproof.judge.senders.postfix import POSTFIX_MXPROOF
from mxproof.judge.senders.protection import Protection, Reason, Rules, Ruling, protection
from mxproof.mail.domain import MailDomain, PolicyFetch, RecordState
from mxproof.mail.fetch_state import FetchState
from mxproof.mail.memory import Memory
from mxproof.survey.outbound import FetchPlan
from mxproof.survey.reading import STS_LABEL

REFRESH_S = 86_400
"""As RFC 8461 section 3.3 suggests."""
BACKOFF_S = 300
BACKOFF_S_MAX = 3600
DECISION_KEPT_S = 86_400
"""How long a decision outlives a DNS that does not answer."""


class Failure(msgspec.Struct, frozen=True, gc=False):
    """The last fetch that failed: when, under which id of the record, how, and how often in a row."""

    at: datetime
    result_type: ResultType
    detail: str
    id: str | None = None
    times: int = 1


class Decision(msgspec.Struct, frozen=True, gc=False):
    """What is done with mail for a destination, why, and when that was found out.

    `kept` tells that DNS did not answer and the decision is the one before.
    """

    protection: Protection
    reason: Reason
    at: datetime
    detail: str = ""
    kept: bool = False


class Held(msgspec.Struct, frozen=True, gc=False):
    """All that is remembered of one destination."""

    policy: Memory | None = None
    failure: Failure | None = None
    decision: Decision | None = None


def policy_of(memory: Memory | None) -> Policy | None:
    """Return the policy that is remembered, None where its text is none by the grammar."""
    return None if memory is None else memory.policy(STRICT)


def expires_at(memory: Memory) -> datetime:
    """Return when a policy that is held ends; the daemon goes by the grammar alone."""
    return memory.ends_at(STRICT)


def is_live(memory: Memory | None, now: datetime) -> bool:
    """Tell whether a remembered policy is in force; one from the future is, for the clock must have gone wrong."""
    return memory is not None and now < expires_at(memory)


def fresh_s(held: Held, now: datetime, grace_s: float) -> float:
    """Return for how long the decision is given again without a look at the world, 0 where it is not.

    For the grace, and not past the end of the policy that it demands; where nobody answered whether there is a policy,
    no longer than such an answer is gone by. One that stands in for a better one, or decides nothing, is never fresh.
    """
    decision = held.decision
    if decision is None or decision.kept or decision.protection is Protection.UNDECIDED or now < decision.at:
        return 0.0
    unanswered = decision.reason is Reason.STS_UNANSWERED
    until = decision.at + timedelta(seconds=min(grace_s, DNS_FAILURE_S) if unanswered else grace_s)
    if decision.protection is Protection.STS:
        until = min(until, decision.at if held.policy is None else expires_at(held.policy))
    return max((until - now).total_seconds(), 0.0)


def refresh_at(memory: Memory) -> datetime:
    """Return when to fetch a policy again that still has the same id: daily, and at half of a short life."""
    life_s = (expires_at(memory) - memory.fetched_at).total_seconds()
    return memory.fetched_at + timedelta(seconds=min(REFRESH_S, life_s / 2))


def retry_at(failure: Failure) -> datetime:
    """Return when a failed fetch may be tried again: at least five minutes later (RFC 8461 section 3.3)."""
    return failure.at + timedelta(seconds=min(BACKOFF_S * 2 ** (failure.times - 1), BACKOFF_S_MAX))


def fetch_plan(held: Held, now: datetime, *, port: int = 25) -> FetchPlan:
    """Return what the survey has to bring back."""
    live = held.policy if is_live(held.policy, now) else None
    backing_off = held.failure is not None and held.failure.at <= now < retry_at(held.failure)
    due = live is not None and (now >= refresh_at(live) or live.fetched_at > now)
    return FetchPlan(
        port=port,
        known_id=None if live is None else live.id,
        shunned_id=held.failure.id if backing_off and held.failure is not None else None,
        refresh=due and not backing_off,
    )


def decide(domain: MailDomain, held: Held, rules: Rules) -> Held:
    """Return what is held of `domain` after this look at it."""
    now = domain.at
    memory, failure = _learnt(domain, held)
    ruling = protection(domain, policy_of(memory), POSTFIX_MXPROOF, rules)
    if ruling.protection is Protection.UNDECIDED and (kept := standing_in(held, memory, now)) is not None:
        return Held(memory, failure, kept)
    decision = Decision(
        protection=ruling.protection,
        reason=ruling.reason,
        at=now,
        detail=_detail(domain, ruling, failure),
    )
    return Held(memory, failure, decision)


def _learnt(domain: MailDomain, held: Held) -> tuple[Memory | None, Failure | None]:
    """Return the policy and the failure that are held from now on."""
    now = domain.at
    live = held.policy if is_live(held.policy, now) else None
    record = domain.record.strict if domain.record.state is RecordState.ONE else None
    if not fetch_plan(held, now).calls_for_fetch(None if record is None else record.id):
        return live, _still_failing(domain, held, live)
    fetches = [fetch for fetch in domain.policy_host.fetches if fetch.answer.outcome is not Outcome.UNASKED]
    known_id = record.id if record is not None else live.id if live is not None else None
    for fetch in fetches:
        if taken(fetch, POSTFIX_MXPROOF, STRICT) is not None:
            return Memory(fetch.body, now, known_id), None
    result_type, detail = _failing(domain, fetches)
    again = held.failure is not None and held.failure.id == known_id
    times = held.failure.times + 1 if again and held.failure is not None else 1
    return live, Failure(now, result_type, detail, known_id, times)


def _still_failing(domain: MailDomain, held: Held, live: Memory | None) -> Failure | None:
    """Return the failure that is held where nothing was fetched; it goes with the record it belongs to."""
    record = domain.record
    if held.failure is None or live is not None or record.state is RecordState.UNKNOWN:
        return held.failure
    same = record.strict is not None and record.strict.id == held.failure.id
    return held.failure if same else None


_FETCH_FAILURES = {
    FetchState.CERTIFICATE: ResultType.STS_WEBPKI_INVALID,
    FetchState.TLS_FAILED: ResultType.STS_WEBPKI_INVALID,
    FetchState.TLS_OUTDATED: ResultType.STS_WEBPKI_INVALID,
    FetchState.FETCHED: ResultType.STS_POLICY_INVALID,
    FetchState.OVERSIZE: ResultType.STS_POLICY_INVALID,
}


def _failing(domain: MailDomain, fetches: list[PolicyFetch]) -> tuple[ResultType, str]:
    """Return how the last fetch failed, as RFC 8460 section 4.3.2.2 calls it, and in words."""
    withheld = [fetch for fetch in domain.policy_host.fetches if fetch.state is FetchState.WITHHELD]
    if withheld and not fetches:
        last = withheld[-1]
        return ResultType.STS_POLICY_FETCH_ERROR, f"{last.address}: {last.answer.detail}"
    if not fetches:
        return ResultType.STS_POLICY_FETCH_ERROR, f"{domain.policy_host.name}: {domain.policy_host.state}"
    last = fetches[-1]
    result_type = _FETCH_FAILURES.get(last.state, ResultType.STS_POLICY_FETCH_ERROR)
    words = last.answer.detail or (f"status {last.status}" if last.status else "")
    if last.state is FetchState.TLS_OUTDATED and last.tls is not None:
        words = f"{last.tls.version}, and TLS 1.2 is the least"
    if len(last.media_types) > 1:
        words = f"several media types: {', '.join(last.media_types)}"
    if last.state is FetchState.FETCHED and last.chain is not None and last.chain.weakness:
        return ResultType.STS_WEBPKI_INVALID, f"{last.address}: {last.chain.weakness}"
    if last.state is FetchState.FETCHED and last.examination is not None:
        objections = last.examination.objections
        words = objections[0].message if objections else f"media type {last.media_type or 'missing'}"
    if last.state is FetchState.CERTIFICATE and last.chain is not None:
        words = last.chain.trust.detail or "the certificate is for another name"
    return result_type, f"{last.address}: {last.state}" + (f", {words}" if words else "")


DANE = frozenset({Protection.DANE, Protection.DANE_ONLY})


def standing_in(held: Held, memory: Memory | None, now: datetime) -> Decision | None:
    """Return the decision before this one where it may stand for it: not too old, and its policy the same."""
    before = held.decision
    if before is None or before.protection is Protection.UNDECIDED:
        return None
    if now - before.at > timedelta(seconds=DECISION_KEPT_S):
        return None
    policy = policy_of(memory)
    enforced = policy is not None and policy.mode is Mode.ENFORCE
    if before.protection not in DANE and enforced is not (before.protection is Protection.STS):
        return None
    return msgspec.structs.replace(before, kept=True)


def _detail(domain: MailDomain, ruling: Ruling, failure: Failure | None) -> str:
    match ruling.reason:
        case Reason.MX_UNANSWERED:
            return f"the MX look-up of {domain.name} failed ({domain.mx.answer.outcome})"
        case Reason.HOSTS_UNANSWERED:
            return f"the address look-ups of all MX hosts of {domain.name} failed"
        case Reason.STS_UNANSWERED if failure is None:
            answer = domain.record.answer
            words = f"the look-up of {STS_LABEL}.{domain.name} failed ({answer.outcome})"
            return f"{words}: {answer.detail}" if answer.detail else words
        case Reason.DANE_UNDECIDED:
            return f"the TLSA look-up of {', '.join(ruling.undecided())} failed"
        case _:
            return "" if failure is None else failure.detail
