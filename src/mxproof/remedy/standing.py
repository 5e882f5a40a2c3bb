"""A plan held against what is observed now: which step is visible where, and whether the next one may be made.

Version 1 of the contract that `mxproof plan --verify PLAN --format json` prints.

| advice | when |
|---|---|
| do not | a step was made before an earlier one, or before the wait for it was over, or a sender fares worse now than before the first step and than the plan foretells |
| wait | a step is visible at some places and not at others, or what follows it is not over, or cannot be told |
| go on | the next step may be made, or none is left |

A step is held against each place that would show it: the resolver and each name server of the zone, each address of a
policy host and of an MX host. What a later step takes back is not missed, and a step that only takes back what an earlier
one publishes is not seen to be made before that one. How long the last step has been made nobody can
see; without a word about it, it is taken to have been made just now.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from mxproof.evidence import Evidence, Kind, Question
from mxproof.judge.faring import is_less_sure
from mxproof.judge.senders import SENDERS, deliver
from mxproof.judge.vocabulary import WORST_FIRST, Verdict
from mxproof.mail.assemble import assemble
from mxproof.mail.change import (
    Change,
    PresentCertificate,
    Publish,
    ServePolicy,
    Wait,
    Withdraw,
)
from mxproof.mail.memory import SenderMemory
from mxproof.remedy.place import places
from mxproof.remedy.plan import Pause, Plan, PlannedStep, SenderOutcome
from mxproof.remedy.records import KINDS
from mxproof.survey.zone import zone_of

STANDING_VERSION = 1

Survey = Callable[[Evidence], tuple[Question, ...]]


class Advice(StrEnum):
    """Whether the next step may be made."""

    GO_ON = "go-on"
    WAIT = "wait"
    DO_NOT = "do-not"


class StandingReason(StrEnum):
    """Why."""

    READY = "ready"
    FINISHED = "finished"
    PARTLY_VISIBLE = "partly-visible"
    NOT_SEEN = "not-seen"
    """Whether a step was made cannot be told."""
    TIME = "time"
    """Caches or senders may still hold what was there before the last step."""
    OUT_OF_ORDER = "out-of-order"
    SENDER_WORSE = "sender-worse"


class SeenStep(msgspec.Struct, frozen=True):
    """Where a step is visible, where it is not, and where that could not be found out.

    `is_over` tells that a later step, which is made, took all of it back: there is nothing of it to be seen any more.
    """

    number: int
    visible: tuple[str, ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    is_over: bool = False

    @property
    def is_made(self) -> bool:
        """Tell whether it is visible wherever it could be looked for."""
        return bool(self.visible) and not self.missing


class Standing(msgspec.Struct, frozen=True):
    """How far a way has come; `next_step` None where none is left, `wait_until` None where no time is known to wait for.

    `waits_for` is what is waited for then; `worse` are senders that fare worse than before the first step.
    """

    schema_version: int
    domain: str
    judged_at: datetime
    way: int
    advice: Advice
    reason: StandingReason
    steps: tuple[SeenStep, ...]
    next_step: int | None
    wait_until: datetime | None
    waits_for: Pause
    worse: tuple[SenderOutcome, ...]


def standing(
    plan: Plan,
    number: int,
    evidence: Evidence,
    *,
    now: datetime,
    made_at: datetime | None = None,
    memories: tuple[SenderMemory, ...] = (),
) -> Standing:
    """Return how way `number` (from 1) stands; `made_at` is when the last step was made that is visible."""
    steps = plan.ways[number - 1].steps
    seen = _in_turn(steps, [_seen(evidence, steps, place) for place in range(len(steps))])
    made = max((one.number for one in seen if one.is_made), default=0)
    seen = tuple(_over(one) if _is_over(steps, place, made) else one for place, one in enumerate(seen))
    begun = max((one.number for one in seen if one.visible), default=0)
    worse = _worse(plan, _foretold(steps, made, begun), evidence, now, memories)
    until = max((made_at or now) + _wait(steps, made), _held_until(plan, number, made) or now)
    advice, reason = _advice(steps, seen, made, worse, waiting=until > now)
    return Standing(
        schema_version=STANDING_VERSION,
        domain=plan.domain,
        judged_at=now,
        way=number,
        advice=advice,
        reason=reason,
        steps=seen,
        next_step=made + 1 if made < len(steps) else None,
        wait_until=until if reason is StandingReason.TIME else None,
        waits_for=_waits_for(steps, made) if reason is StandingReason.TIME else Pause.NONE,
        worse=worse,
    )


def wanted_to_verify(plan: Plan, number: int, survey: Survey) -> Survey:
    """Return the survey that goes on to every record of the plan, at the resolver and at each name server of the zone."""
    records = [
        (KINDS[type(change.record)], change.name)
        for step in plan.ways[number - 1].steps
        for change in step.changes
        if isinstance(change, Publish | Withdraw)
    ]

    def wanted(evidence: Evidence) -> tuple[Question, ...]:
        first = survey(evidence)
        if first:
            return first
        zone = zone_of(evidence, plan.domain)
        asked = [Question(kind, name) for kind, name in records]
        asked += (
            Question(kind, name, server=server)
            for server in _servers(evidence, zone)
            for kind, name in records
            if zone is not None and f".{name}".endswith(f".{zone}")
        )
        return tuple(one for one in dict.fromkeys(asked) if one not in evidence.answers)

    return wanted


def _servers(evidence: Evidence, zone: str | None) -> tuple[str, ...]:
    """Return the addresses of the name servers that were asked for the zone."""
    asked = (
        one.server for one in evidence.answers if one.server and one.name == zone and one.kind is Kind.SOA
    )
    return tuple(dict.fromkeys(asked))


def _wait(steps: Sequence[PlannedStep], made: int) -> timedelta:
    """Return how long after the last step that is made the next one follows."""
    return timedelta(seconds=steps[made - 1].wait_until_s - steps[made - 1].at_s if made else 0)


def _held_until(plan: Plan, number: int, made: int) -> datetime | None:
    """Return until when a policy is held that a way waits for beside its steps, once all of those are made."""
    way = plan.ways[number - 1]
    ends = [one.until for one in way.changes if isinstance(one, Wait) and one.until is not None]
    return max(ends, default=None) if made == len(way.steps) else None


def _waits_for(steps: Sequence[PlannedStep], made: int) -> Pause:
    because = steps[made - 1].because if made else Pause.NONE
    return Pause.MAX_AGE if because is Pause.NONE else because


def _advice(
    steps: Sequence[PlannedStep],
    seen: Sequence[SeenStep],
    made: int,
    worse: Sequence[SenderOutcome],
    *,
    waiting: bool,
) -> tuple[Advice, StandingReason]:
    if any(_is_too_early(steps, seen, later) for later in seen):
        return Advice.DO_NOT, StandingReason.OUT_OF_ORDER
    if worse:
        return Advice.DO_NOT, StandingReason.SENDER_WORSE
    if any(one.visible and one.missing for one in seen):
        return Advice.WAIT, StandingReason.PARTLY_VISIBLE
    if waiting:
        return Advice.WAIT, StandingReason.TIME
    if made == len(seen):
        return Advice.GO_ON, StandingReason.FINISHED
    if not seen[made].missing and seen[made].unknown:
        return Advice.WAIT, StandingReason.NOT_SEEN
    return Advice.GO_ON, StandingReason.READY


def _is_too_early(steps: Sequence[PlannedStep], seen: Sequence[SeenStep], later: SeenStep) -> bool:
    """Tell whether a step is visible somewhere while an earlier one is missing that it had to follow.

    Of steps that follow one another at once a place may lag with all: each place is held against itself then.
    """
    if not later.visible:
        return False
    for one in seen[: later.number - 1]:
        at_once = steps[one.number - 1].at_s == steps[later.number - 1].at_s
        lags = one.visible and at_once and set(later.visible).isdisjoint(one.missing)
        if one.missing and not lags:
            return True
    return False


def _foretold(steps: Sequence[PlannedStep], made: int, begun: int) -> dict[str, Verdict]:
    """Return the worst that the plan foretells of each sender while steps `made` to `begun` are the last ones made.

    A step that the next one follows at once has no states of its own: those of the next one are foretold.
    """
    last = [step for step in steps[max(made - 1, 0) : begun] if step.states]
    last = last or [step for step in steps[begun:] if step.states][: 1 if begun else 0]
    found: dict[str, Verdict] = {}
    for one in (sender for step in last for state in step.states for sender in state.senders):
        found[one.id] = min(found.get(one.id, one.outcome), one.outcome, key=WORST_FIRST.index)
    return found


def _worse(
    plan: Plan,
    foretold: dict[str, Verdict],
    evidence: Evidence,
    now: datetime,
    memories: tuple[SenderMemory, ...],
) -> tuple[SenderOutcome, ...]:
    """Return the senders of the plan that fare worse now than before and than foretold; what is unknown is neither."""
    domain = assemble(evidence, now)
    known = {traits.id: traits for traits in SENDERS}
    found: list[SenderOutcome] = []
    for one in plan.before:
        if one.id not in known or one.id in plan.undecided:
            continue
        now_does = deliver(domain, known[one.id], memories).outcome
        told = Verdict.UNKNOWN not in (now_does, one.outcome)
        expected = min(one.outcome, foretold.get(one.id, one.outcome), key=WORST_FIRST.index)
        if told and is_less_sure(expected, now_does):
            found.append(SenderOutcome(one.id, now_does))
    return tuple(found)


def _seen(evidence: Evidence, steps: Sequence[PlannedStep], place: int) -> SeenStep:
    """Return where one step is visible, as far as no later one takes it back."""
    later = [change for step in steps[place + 1 :] for change in step.changes]
    every = steps[place].changes
    kept = [one for one in every if not _is_taken_back(one, later)] or list(every)
    shown: dict[str, list[bool | None]] = {}
    for change in kept:
        for where, is_there in places(evidence, change):
            shown.setdefault(where, []).append(is_there)
    return SeenStep(
        place + 1,
        tuple(where for where, found in shown.items() if all(found)),
        tuple(where for where, found in shown.items() if False in found),
        tuple(where for where, found in shown.items() if None in found and False not in found),
    )


def _is_over(steps: Sequence[PlannedStep], place: int, made: int) -> bool:
    """Tell whether steps up to number `made` took back all of an earlier one."""
    later = [change for step in steps[place + 1 : made] for change in step.changes]
    return all(_is_taken_back(change, later) for change in steps[place].changes)


def _over(one: SeenStep) -> SeenStep:
    return SeenStep(one.number, (), (), (), is_over=True)


def _in_turn(steps: Sequence[PlannedStep], seen: Sequence[SeenStep]) -> tuple[SeenStep, ...]:
    """Return the steps as they are seen; one that only undoes an earlier one is missing wherever it looks made, until that is."""
    found: list[SeenStep] = []
    for place, one in enumerate(seen):
        undone = [number for number in range(place) if _is_undone(steps[number], steps[place])]
        early = bool(undone) and not all(found[number].is_made for number in undone)
        found.append(
            msgspec.structs.replace(one, visible=(), missing=(*one.missing, *one.visible)) if early else one
        )
    return tuple(found)


def _is_undone(earlier: PlannedStep, later: PlannedStep) -> bool:
    """Tell whether all that the later step does is to withdraw what the earlier one publishes."""
    published = {(one.name, one.record) for one in earlier.changes if isinstance(one, Publish)}
    return all(isinstance(one, Withdraw) and (one.name, one.record) in published for one in later.changes)


def _is_taken_back(change: Change, later: Sequence[Change]) -> bool:
    match change:
        case Publish(name, record):
            return Withdraw(name, record) in later
        case Withdraw(name, record):
            return any(isinstance(one, Publish) and (one.name, one.record) == (name, record) for one in later)
        case ServePolicy():
            return any(isinstance(one, ServePolicy) for one in later)
        case PresentCertificate(service, host):
            return any(
                isinstance(one, PresentCertificate) and (one.service, one.host) == (service, host)
                for one in later
            )
        case _:
            return False
