"""A safe order of edits: one in which no sender ever fares worse than before the first of them.

    ordered(judge, edits) -> Order

Edits are made as early as they are safe, in the order of their ranks where several are. An edit is safe at a time if,
made then, every moment from then on is safe, were it the last edit of all; so each state between two edits is judged, and
the one after the last as well. The record waits for the policy that it announces (RFC 8461 section 8.1). What has to
pass before an edit is safe (a time to live, the max_age of a policy) is waited for. Where no edit is safe at any time,
the order that is left goes by the ranks with the longest waits, and the timeline shows who suffers and for how long.
"""

from collections.abc import Sequence

import msgspec

from mxproof.judge.faring import is_less_sure
from mxproof.remedy.judgement import Judge
from mxproof.remedy.rehearsal.edit import NAIVE_RANKS, POLICY_RANK, RECORD_RANK, SERVER_RANK, Edit, TimedEdit
from mxproof.remedy.rehearsal.timeline import Timeline, timeline

SERVER_GAP_S = 60
"""How long after one server the next is set up: they do not change in one act."""
NAIVE_GAP_S = 3600
"""How long after one edit the next follows where nobody waits for anything: as long as the work takes."""
TRIALS_MAX = 200
"""Orders that are rehearsed for one way."""


class Order(msgspec.Struct, frozen=True):
    """Edits with their times, what becomes of mail meanwhile, and whether nobody fares worse at any moment."""

    schedule: tuple[TimedEdit, ...]
    timeline: Timeline
    is_safe: bool


def ordered(judge: Judge, edits: Sequence[Edit], made: tuple[TimedEdit, ...] = ()) -> Order:
    """Return the edits in an order that is safe, if one was found; `made` are edits that have their times already."""
    schedule = made
    left = list(edits)
    trials = 0
    while left:
        timed, spent = _next(judge, schedule, left, TRIALS_MAX - trials)
        trials += spent
        if timed is None:
            return _patient(judge, schedule, left)
        schedule = (*schedule, timed)
        left.remove(timed.edit)
    return Order(schedule, timeline(judge, schedule), is_safe=True)


def naive(judge: Judge, edits: Sequence[Edit]) -> Order:
    """Return the edits as they are made who think of no cache: records first, the policy last, with no wait between."""
    by_rank = sorted(edits, key=lambda one: NAIVE_RANKS.index(one.rank))
    schedule = tuple(TimedEdit(place * NAIVE_GAP_S, one) for place, one in enumerate(by_rank))
    rehearsed = timeline(judge, schedule)
    return Order(schedule, rehearsed, is_safe=is_safe(judge, rehearsed))


def is_safe(judge: Judge, rehearsed: Timeline) -> bool:
    """Tell whether no sender that counts fares worse at any moment than at the first."""
    before = rehearsed[0].states[0].deliveries
    return not any(
        one.decides and is_less_sure(one.outcome, then.outcome)
        for moment in rehearsed[1:]
        for state in moment.states
        for one, then in zip(before, state.deliveries, strict=True)
    )


def _next(
    judge: Judge, schedule: tuple[TimedEdit, ...], left: Sequence[Edit], trials_max: int
) -> tuple[TimedEdit | None, int]:
    """Return the edit that may be made first, at the earliest time that is safe, and how many trials that took."""
    trials = 0
    unserved = any(edit.rank == POLICY_RANK for edit in left)
    ready = [edit for edit in left if not (unserved and edit.rank == RECORD_RANK)]
    for at_s in _times(judge, schedule):
        for edit in ready:
            if trials >= trials_max:
                return None, trials
            gap_s = SERVER_GAP_S if schedule and edit.rank == SERVER_RANK == schedule[-1].edit.rank else 0
            timed = TimedEdit(at_s + gap_s, edit)
            trials += 1
            if is_safe(judge, timeline(judge, (*schedule, timed))):
                return timed, trials
    return None, trials


def _times(judge: Judge, schedule: tuple[TimedEdit, ...]) -> list[int]:
    """Return the times from the last edit on at which something changes for somebody, and so an edit may become safe."""
    if not schedule:
        return [0]
    last_s = schedule[-1].at_s
    return [last_s, *(one.from_s for one in timeline(judge, schedule) if one.from_s > last_s)]


def _patient(judge: Judge, schedule: tuple[TimedEdit, ...], left: Sequence[Edit]) -> Order:
    """Return an order with every wait as long as can make a difference, though it is not safe."""
    for edit in left:
        schedule = (*schedule, TimedEdit(_patient_time(judge, schedule, edit), edit))
    return Order(schedule, timeline(judge, schedule), is_safe=False)


def _patient_time(judge: Judge, schedule: tuple[TimedEdit, ...], edit: Edit) -> int:
    """Return when nothing old is held any more: a server leaves nothing behind, nor a policy before its new id."""
    if not schedule:
        return 0
    last = schedule[-1]
    if edit.rank == RECORD_RANK and last.edit.rank == POLICY_RANK:
        return last.at_s
    gap_s = SERVER_GAP_S if edit.rank == SERVER_RANK == last.edit.rank else 0
    behind = max(
        (number for number, one in enumerate(schedule, 1) if one.edit.rank != SERVER_RANK), default=0
    )
    held_s = _times(judge, schedule[:behind])[-1] if behind else 0
    return max(held_s, last.at_s + gap_s)
