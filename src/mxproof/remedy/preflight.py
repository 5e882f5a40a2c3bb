"""A planned state before it exists: what every sender does today, once it is made, and at every moment between.

Version 1 of the contracts that `mxproof preflight --format json` and `mxproof whatif --format json` print; times are
seconds from when the state is made.

    preflight(state, evidence, now, ...) -> Preflight       through time, all changes made in one act
    what_if(state, evidence, now, ...) -> WhatIf            before and after alone

A preflight rehearses the change as a zone repository publishes it: all at once, while caches hold old records and senders
old policies. Where somebody fares worse from that, the same changes are looked at step by step, for an order in which
nobody does.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from mxproof.evidence import Evidence
from mxproof.judge.faring import is_protected_more
from mxproof.judge.report import Delivery
from mxproof.judge.senders import SENDERS, Traits
from mxproof.judge.vocabulary import WORST_FIRST, Security, Verdict
from mxproof.mail.change import Change
from mxproof.mail.memory import SenderMemory
from mxproof.remedy.apply import Applied, Assumption
from mxproof.remedy.full_ttl import with_full_ttls
from mxproof.remedy.judgement import SECONDARY_LAG_S, Judge
from mxproof.remedy.plan import Pause, PlannedStep, Rehearsal, Suffering
from mxproof.remedy.planned import PlannedState, planned
from mxproof.remedy.rehearsal.bridge import bridged
from mxproof.remedy.rehearsal.edit import NEW_RANK, Edit, TimedEdit, edits
from mxproof.remedy.rehearsal.order import Order, is_safe
from mxproof.remedy.rehearsal.telling import rehearsed, steps_of
from mxproof.remedy.rehearsal.timeline import Moment, Timeline, timeline
from mxproof.survey import inbound

PREFLIGHT_VERSION = 1
WHATIF_VERSION = 1


class PlannedSender(msgspec.Struct, frozen=True):
    """What one sender does in one state: how its session is protected, the finding codes behind it, and its last bounce.

    `decides` is False for a sender that rests on a guess: it is shown, and nothing hangs on it.
    """

    sender: str
    name: str
    outcome: Verdict
    security: Security | None
    because: tuple[str, ...]
    bounce: str | None
    decides: bool


class Worsening(msgspec.Struct, frozen=True):
    """A sender that fares worse for a while than today; `until_s` None where it lasts.

    `until` is what ends it: caches that hold old records (`ttl`) or a policy that senders hold (`max-age`).
    """

    sender: str
    name: str
    outcome: Verdict
    from_s: int
    until_s: int | None
    until: Pause
    because: tuple[str, ...]
    bounce: str | None


class Weakening(msgspec.Struct, frozen=True):
    """A sender that delivers before and after, and less protected than before."""

    sender: str
    before: Security | None
    after: Security | None


class Preflight(msgspec.Struct, frozen=True):
    """What a planned state does to every sender that decides; `order` are steps in which nobody fares worse, if there are."""

    schema_version: int
    domain: str
    judged_at: datetime
    changes: tuple[Change, ...]
    before: tuple[PlannedSender, ...]
    after: tuple[PlannedSender, ...]
    worse: tuple[Worsening, ...]
    weaker: tuple[Weakening, ...]
    rehearsal: Rehearsal
    order: tuple[PlannedStep, ...]
    assumed: tuple[Assumption, ...]
    unseen: tuple[str, ...]


class WhatIf(msgspec.Struct, frozen=True):
    """What every sender does before some changes and after them, once nothing old is held any more."""

    schema_version: int
    domain: str
    judged_at: datetime
    changes: tuple[Change, ...]
    before: tuple[PlannedSender, ...]
    after: tuple[PlannedSender, ...]
    assumed: tuple[Assumption, ...]
    unseen: tuple[str, ...]


def what_if(
    state: PlannedState,
    evidence: Evidence,
    *,
    now: datetime,
    memories: tuple[SenderMemory, ...] = (),
    senders: Sequence[Traits] = SENDERS,
) -> WhatIf:
    """Judge a planned state by itself."""
    made = planned(state, evidence)
    judge = Judge(made.evidence, now, memories, senders)
    before, after = judge.after(()), judge.after(made.changes)
    return WhatIf(
        WHATIF_VERSION,
        evidence.domain,
        now,
        made.changes,
        tuple(map(_state, before.deliveries)),
        tuple(map(_state, after.deliveries)),
        (*made.assumed, *after.applied.assumed),
        _unseen(after.applied),
    )


def preflight(
    state: PlannedState,
    evidence: Evidence,
    *,
    now: datetime,
    memories: tuple[SenderMemory, ...] = (),
    senders: Sequence[Traits] = SENDERS,
    lag_s: int = SECONDARY_LAG_S,
) -> Preflight:
    """Judge a planned state at every moment from when all of it is made in one act."""
    made = planned(state, with_full_ttls(evidence))
    judge = Judge(made.evidence, now, memories, senders, lag_s)
    before, after = judge.after(()), judge.after(made.changes)
    schedule = (TimedEdit(0, Edit(NEW_RANK, made.changes)),) if made.changes else ()
    at_once = timeline(judge, schedule)
    order = Order(schedule, at_once, is_safe(judge, at_once))
    told = rehearsed(order)
    lasting = any(one.until_s is None for one in told.suffering)
    return Preflight(
        schema_version=PREFLIGHT_VERSION,
        domain=evidence.domain,
        judged_at=now,
        changes=made.changes,
        before=tuple(map(_state, before.deliveries)),
        after=tuple(map(_state, after.deliveries)),
        worse=tuple(_worsening(one, at_once) for one in told.suffering),
        weaker=tuple(_weaker(before.deliveries, after.deliveries)),
        rehearsal=told,
        order=() if order.is_safe or lasting else _safe_steps(judge, made.changes),
        assumed=(*made.assumed, *after.applied.assumed),
        unseen=_unseen(after.applied),
    )


def _state(delivery: Delivery) -> PlannedSender:
    return PlannedSender(
        delivery.id,
        delivery.name,
        delivery.outcome,
        delivery.security,
        delivery.because,
        _bounce(delivery),
        delivery.decides,
    )


def _bounce(delivery: Delivery) -> str | None:
    bounce = delivery.bounce
    return None if bounce is None else bounce.final or bounce.transient or None


def _unseen(applied: Applied) -> tuple[str, ...]:
    """Return the questions that nobody asked in the planned state, and those that got no answer."""
    silent = inbound.unanswered(applied.evidence)
    return tuple(dict.fromkeys(map(str, (*applied.unseen, *silent))))


def _worsening(one: Suffering, at_once: Timeline) -> Worsening:
    """Return a time of suffering with why: what the sender says in a state in which it fares so."""
    deliveries = [
        delivery
        for moment in at_once[1:]
        if one.from_s <= moment.from_s and (one.until_s is None or moment.from_s < one.until_s)
        for state in moment.states
        for delivery in state.deliveries
        if delivery.id == one.sender and delivery.outcome is one.outcome
    ]
    because = tuple(dict.fromkeys(code for delivery in deliveries for code in delivery.because))
    bounces = (bounce for delivery in deliveries if (bounce := _bounce(delivery)) is not None)
    return Worsening(
        one.sender,
        deliveries[0].name,
        one.outcome,
        one.from_s,
        one.until_s,
        _end(one, at_once),
        because,
        next(bounces, None),
    )


def _end(one: Suffering, at_once: Timeline) -> Pause:
    """Return what ends it: caches, if fewer combinations are held from then on, and else a policy."""
    if one.until_s is None:
        return Pause.NONE
    place = next(number for number, moment in enumerate(at_once) if moment.from_s == one.until_s)
    return Pause.TTL if _held(at_once[place]) < _held(at_once[place - 1]) else Pause.MAX_AGE


def _held(moment: Moment) -> int:
    return len(moment.states)


def _weaker(before: Sequence[Delivery], after: Sequence[Delivery]) -> Iterator[Weakening]:
    for one, then in zip(before, after, strict=True):
        both = one.outcome is then.outcome is Verdict.DELIVERS and one.decides
        if both and is_protected_more(then, one):
            yield Weakening(one.id, one.security, then.security)


def _safe_steps(judge: Judge, changes: Sequence[Change]) -> tuple[PlannedStep, ...]:
    """Return steps in which nobody fares worse at any moment, none where no such order was found."""
    order = bridged(judge, edits(changes))
    return steps_of(order, None) if order.is_safe else ()


def worst_after(one: Preflight | WhatIf) -> Verdict:
    """Return the worst that a sender that decides does once all is made."""
    outcomes = {state.outcome for state in one.after if state.decides}
    return next((verdict for verdict in WORST_FIRST if verdict in outcomes), Verdict.DELIVERS)
