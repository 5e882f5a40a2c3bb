"""What a rehearsed order tells: its steps with the states between them, a lane a sender, who suffers, and the end of it."""

from collections.abc import Sequence
from itertools import pairwise

from mxproof.judge.faring import is_less_sure
from mxproof.judge.vocabulary import WORST_FIRST, Verdict
from mxproof.remedy.plan import Lane, Pause, PlannedStep, Rehearsal, SenderOutcome, Span, StepState, Suffering
from mxproof.remedy.rehearsal.edit import SERVER_RANK
from mxproof.remedy.rehearsal.order import SERVER_GAP_S, Order
from mxproof.remedy.rehearsal.protection import weakened
from mxproof.remedy.rehearsal.timeline import CacheState, Moment, Timeline
from mxproof.remedy.search.goal import Wanted

CURRENT = "current"
"""The name of a state in which no cache holds anything old."""


def restored_s(timeline: Timeline, wanted: Sequence[Wanted], waited_s: int = 0) -> int | None:
    """Return from when on every sender does what is wanted in every state, None where the last moment falls short.

    `waited_s` is what the way has for a wait of its own.
    """
    since: int | None = None
    for moment in timeline[1:]:
        if moment.from_s < waited_s and moment is not timeline[-1]:
            continue
        if all(_is_met(state, wanted) for state in moment.states):
            since = moment.from_s if since is None else since
        else:
            since = None
    return since


def _is_met(state: CacheState, wanted: Sequence[Wanted]) -> bool:
    return all(one.is_met(delivery) for one, delivery in zip(wanted, state.deliveries, strict=True))


def settled_s(order: Order) -> int:
    """Return from when on every step is made and no cache holds anything old."""
    last_s = order.schedule[-1].at_s if order.schedule else 0
    later = (then.from_s for one, then in pairwise(order.timeline) if len(one.states) > 1)
    return max(last_s, *later, 0)


def rehearsed(order: Order) -> Rehearsal:
    """Return an order as lanes, with who fares worse meanwhile than before."""
    lanes = _lanes(order.timeline)
    return Rehearsal(
        tuple(timed.at_s for timed in order.schedule),
        lanes,
        tuple(_suffering(order.timeline, lanes)),
        weakened(order.timeline),
    )


def _lanes(timeline: Timeline) -> tuple[Lane, ...]:
    senders = [delivery.id for delivery in timeline[0].states[0].deliveries]
    return tuple(Lane(sender, _spans(timeline, place)) for place, sender in enumerate(senders))


def _spans(timeline: Timeline, place: int) -> tuple[Span, ...]:
    """Return one sender's outcomes in turn, alike ones joined."""
    found: list[Span] = []
    for number, moment in enumerate(timeline):
        outcome = _worst(moment, place)
        until_s = timeline[number + 1].from_s if number + 1 < len(timeline) else None
        if found and found[-1].outcome is outcome:
            found[-1] = Span(found[-1].from_s, until_s, outcome)
        elif until_s != moment.from_s:
            found.append(Span(moment.from_s, until_s, outcome))
    return tuple(found)


def _worst(moment: Moment, place: int) -> Verdict:
    seen = {state.deliveries[place].outcome for state in moment.states}
    return next(verdict for verdict in WORST_FIRST if verdict in seen)


def _suffering(timeline: Timeline, lanes: Sequence[Lane]) -> list[Suffering]:
    decides = {one.id for one in timeline[0].states[0].deliveries if one.decides}
    found: list[Suffering] = []
    for lane in lanes:
        before = lane.spans[0].outcome
        if lane.sender in decides:
            found += (
                Suffering(lane.sender, span.outcome, span.from_s, span.until_s)
                for span in lane.spans[1:]
                if is_less_sure(before, span.outcome)
            )
    return found


def steps_of(order: Order, restored: int | None) -> tuple[PlannedStep, ...]:
    """Return the edits as steps, each with the states that may be until the next one."""
    schedule, steps = order.schedule, []
    for place, timed in enumerate(schedule):
        last = place + 1 == len(schedule)
        end_s = order.timeline[-1].from_s
        until_s = (
            max(restored if restored is not None else end_s, timed.at_s) if last else schedule[place + 1].at_s
        )
        within = [
            moment
            for moment in order.timeline[1:]
            if timed.at_s <= moment.from_s and (last or moment.from_s < until_s)
        ]
        made = timed.edit.changes
        pause = _pause(order, place, until_s)
        steps.append(PlannedStep(timed.at_s, made, until_s, pause, _states(within), made[0]))
    return tuple(steps)


def _pause(order: Order, place: int, until_s: int) -> Pause:
    """Return why the next step has its time: that of the last cache, or else of a policy that is held."""
    wait_s = until_s - order.schedule[place].at_s
    if wait_s == 0:
        return Pause.NONE
    ranks = {one.edit.rank for one in order.schedule[place : place + 2]}
    if wait_s <= SERVER_GAP_S and ranks == {SERVER_RANK} and place + 1 < len(order.schedule):
        return Pause.NEXT_SERVER
    stale = [one for one in order.timeline if one.from_s < until_s and len(one.states) > 1]
    before = [one.from_s for one in order.timeline if one.from_s < until_s]
    return Pause.TTL if stale and stale[-1].from_s == before[-1] else Pause.MAX_AGE


def _states(moments: Sequence[Moment]) -> tuple[StepState, ...]:
    """Return each state by name, with the worst that a sender does in it at any of the moments."""
    worst: dict[str, dict[str, Verdict]] = {}
    for moment in moments:
        for state in moment.states:
            seen = worst.setdefault(state_name(state), {})
            for one in state.deliveries:
                known = seen.get(one.id, one.outcome)
                seen[one.id] = min(known, one.outcome, key=WORST_FIRST.index)
    return tuple(
        StepState(name, tuple(SenderOutcome(id_, outcome) for id_, outcome in senders.items()))
        for name, senders in worst.items()
    )


def state_name(state: CacheState) -> str:
    """Return which records are still the old ones in a state."""
    return ", ".join(f"{kind} {name}" for kind, name in state.old) or CURRENT
