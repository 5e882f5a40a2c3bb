"""What an operator is told of destinations, as values: the whole chain of reasons for one, a row for each of many.

These are the objects of `mxproof policyd query` and `list` with `--format json`; fields are only ever added. Their
words are in `query_text`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from fnmatch import fnmatchcase

import msgspec

from mxproof.evidence import (
    ANSWERED,
    Answer,
    DnsData,
    Evidence,
    Kind,
    NameRecord,
    Outcome,
    PolicyData,
    Question,
)
from mxproof.formats.mtasts import Mode
from mxproof.formats.postfix.next_hop import NextHop
from mxproof.formats.postfix.socketmap import SocketmapReply
from mxproof.formats.result_type import ResultType
from mxproof.judge.decision import Held, expires_at, is_live, policy_of, refresh_at, retry_at
from mxproof.judge.senders.dane import Demand
from mxproof.judge.senders.postfix import POSTFIX_MXPROOF
from mxproof.judge.senders.protection import Protection, Reason, Rules, protection
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import HostState
from mxproof.serve.policyd.override import ReadyOverride
from mxproof.serve.policyd.reply import Dialect, reply
from mxproof.store.destinations.destination import Destination

SCHEMA_VERSION = 1


class HeldPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """A policy that is remembered; `id` is None where it is not known under which id it was served."""

    mode: Mode
    id: str | None
    mx: tuple[str, ...]
    live: bool
    fetched_at: datetime
    ends_at: datetime
    refresh_at: datetime


class FailedFetch(msgspec.Struct, frozen=True, kw_only=True):
    """A fetch that failed `times` in a row, and when it may be tried again under the same id."""

    at: datetime
    times: int
    result_type: ResultType
    detail: str
    id: str | None
    retry_at: datetime


class MadeDecision(msgspec.Struct, frozen=True, kw_only=True):
    """How mail is protected and why; `kept` tells that DNS did not answer and it is the decision of before."""

    protection: Protection
    reason: Reason
    at: datetime
    detail: str
    kept: bool


class HeldState(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered of a destination at one moment; None for what is not."""

    policy: HeldPolicy | None
    failure: FailedFetch | None
    decision: MadeDecision | None


class AskedQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """One question and what came of it; `status` and `size_bytes` are of a policy, the others of a DNS answer."""

    question: str
    outcome: Outcome
    detail: str
    elapsed_ms: int
    secure: bool = False
    records: int = 0
    names: tuple[str, ...] = ()
    status: int | None = None
    size_bytes: int | None = None


class AskedHost(msgspec.Struct, frozen=True, kw_only=True):
    """What DANE demands of an MX host; `base` is the name whose TLSA records count, empty without any."""

    name: str
    state: HostState
    demand: Demand
    base: str


class Unlooked(StrEnum):
    """Why no MX host was looked at for DANE."""

    NOT_BELIEVED = "resolver-not-believed"
    MX_UNANSWERED = "mx-unanswered"
    MX_INSECURE = "mx-insecure"
    NONE = "none"


class OverrideState(msgspec.Struct, frozen=True, kw_only=True):
    """What the configuration says of the destination, whatever it publishes."""

    reply: str
    until: datetime
    reason: str
    over: bool


class QueryResult(msgspec.Struct, frozen=True, kw_only=True):
    """All that leads to the answer for one destination.

    `hosts_unlooked` says why there are no `hosts`; `replies` are what Postfix is told, by the name of its map.
    """

    schema_version: int = SCHEMA_VERSION
    destination: str
    policy_domain: str
    port: int
    asked_at: datetime
    override: OverrideState | None
    before: HeldState
    asked: tuple[AskedQuestion, ...]
    hosts: tuple[AskedHost, ...]
    hosts_unlooked: Unlooked | None
    after: HeldState
    replies: Mapping[Dialect, str]


class ListedDestination(msgspec.Struct, frozen=True, kw_only=True):
    """One destination as it is stored; `asked_at` is when mail was last sent there."""

    schema_version: int = SCHEMA_VERSION
    destination: str
    asked_at: datetime
    policy: HeldPolicy | None
    failure: FailedFetch | None
    decision: MadeDecision | None


class ListFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which destinations are wanted: those for which all that is given holds.

    `patterns` are as a shell has them; `ends_within` reckons from now and takes what has ended too.
    """

    patterns: tuple[str, ...] = ()
    modes: tuple[Mode, ...] = ()
    protections: tuple[Protection, ...] = ()
    failing: bool = False
    ends_within: timedelta | None = None


def query_result(
    hop: NextHop,
    before: Held,
    after: Held,
    evidence: Evidence,
    rules: Rules,
    override: ReadyOverride | None,
    now: datetime,
) -> QueryResult:
    """Return everything that leads to the answer for one destination."""
    ruling = protection(assemble(evidence, now), policy_of(after.policy), POSTFIX_MXPROOF, rules)
    in_force = override is not None and now < override.until
    return QueryResult(
        destination=str(hop),
        policy_domain=hop.domain,
        port=hop.port,
        asked_at=now,
        override=None if override is None else _override(override, now),
        before=held_state(before, now),
        asked=tuple(_asked(*row) for row in evidence.answers.items()),
        hosts=tuple(
            AskedHost(name=one.name, state=one.state, demand=one.demand, base=one.base)
            for one in ruling.host_demands
        ),
        hosts_unlooked=None if ruling.host_demands else _unlooked(evidence),
        after=held_state(after, now),
        replies={
            dialect: said(override.reply if in_force and override else reply(hop.domain, after, dialect))
            for dialect in Dialect
        },
    )


def wanted_destinations(
    destinations: Iterable[Destination], wanted: ListFilter, now: datetime
) -> Sequence[ListedDestination]:
    """Return those that the filter lets through, sorted by name."""
    rows = (_listed(one, now) for one in sorted(destinations, key=lambda one: one.key))
    return [row for row in rows if _is_wanted(row, wanted, now)]


def held_state(held: Held, now: datetime) -> HeldState:
    """Return what is remembered, with the moments that follow from it."""
    return HeldState(policy=_policy(held, now), failure=_failure(held), decision=_decision(held))


def said(given: SocketmapReply) -> str:
    """Return a reply as the socketmap protocol has it: the status, and the text where there is one."""
    return f"{given.status} {given.text}".rstrip()


def _listed(destination: Destination, now: datetime) -> ListedDestination:
    state = held_state(destination.held, now)
    return ListedDestination(
        destination=destination.key,
        asked_at=destination.asked_at,
        policy=state.policy,
        failure=state.failure,
        decision=state.decision,
    )


def _is_wanted(row: ListedDestination, wanted: ListFilter, now: datetime) -> bool:
    policy, decision = row.policy, row.decision
    if wanted.patterns and not any(fnmatchcase(row.destination, one.lower()) for one in wanted.patterns):
        return False
    if wanted.modes and (policy is None or policy.mode not in wanted.modes):
        return False
    if wanted.protections and (decision is None or decision.protection not in wanted.protections):
        return False
    if wanted.failing and row.failure is None:
        return False
    return wanted.ends_within is None or (policy is not None and policy.ends_at <= now + wanted.ends_within)


def _override(override: ReadyOverride, now: datetime) -> OverrideState:
    return OverrideState(
        reply=said(override.reply), until=override.until, reason=override.reason, over=now >= override.until
    )


def _policy(held: Held, now: datetime) -> HeldPolicy | None:
    memory, policy = held.policy, policy_of(held.policy)
    if memory is None or policy is None:
        return None
    return HeldPolicy(
        mode=policy.mode,
        id=memory.id,
        mx=policy.mx,
        live=is_live(memory, now),
        fetched_at=memory.fetched_at,
        ends_at=expires_at(memory),
        refresh_at=refresh_at(memory),
    )


def _failure(held: Held) -> FailedFetch | None:
    failure = held.failure
    if failure is None:
        return None
    return FailedFetch(
        at=failure.at,
        times=failure.times,
        result_type=failure.result_type,
        detail=failure.detail,
        id=failure.id,
        retry_at=retry_at(failure),
    )


def _decision(held: Held) -> MadeDecision | None:
    decision = held.decision
    if decision is None:
        return None
    return MadeDecision(
        protection=decision.protection,
        reason=decision.reason,
        at=decision.at,
        detail=decision.detail,
        kept=decision.kept,
    )


def _asked(question: Question, answer: Answer) -> AskedQuestion:
    dns = answer.data if isinstance(answer.data, DnsData) else None
    policy = answer.data if isinstance(answer.data, PolicyData) else None
    return AskedQuestion(
        question=str(question),
        outcome=answer.outcome,
        detail=answer.detail,
        elapsed_ms=answer.elapsed_ms,
        secure=dns is not None and dns.secure,
        records=0 if dns is None else len(dns.records),
        names=() if dns is None else tuple(one.name for one in dns.records if isinstance(one, NameRecord)),
        status=None if policy is None else policy.status,
        size_bytes=None if policy is None else len(policy.body),
    )


def _unlooked(evidence: Evidence) -> Unlooked:
    if not evidence.vantage.validating:
        return Unlooked.NOT_BELIEVED
    answer, data = evidence.dns(Kind.MX, evidence.domain)
    if answer.outcome not in ANSWERED:
        return Unlooked.MX_UNANSWERED
    return Unlooked.MX_INSECURE if data is None or not data.secure else Unlooked.NONE
