"""Whether a step can be undone, and from when on: going back is a change as well, and caches hold what it takes away.

    ways_back(judge, steps, undoing) -> one WayBack for each step

A way back is judged like any step: with every step up to that one made at its time, what undoes it is made at each moment
at which something changes for somebody, until no cache and no sender holds anything older than the step. A certificate or
a set-up that was replaced is not among what is judged; who keeps a copy shows the old one again.
"""

from collections.abc import Sequence

import msgspec

from mxproof.judge.faring import is_less_sure
from mxproof.mail.change import Change
from mxproof.remedy.judgement import Judge
from mxproof.remedy.plan import PlannedStep
from mxproof.remedy.rehearsal.edit import GONE_RANK, NEW_RANK, Edit, TimedEdit
from mxproof.remedy.rehearsal.timeline import Timeline, timeline

TIMES_MAX = 12
"""Moments at which going back from one step is rehearsed."""


class WayBack(msgspec.Struct, frozen=True):
    """What becomes of mail when a step is undone, all times in seconds from the step.

    `safe_after_s` is from when on nobody fares worse for it, 0 at once, None where at no time that was tried. `suffering`
    are the senders that would, were it undone before.
    """

    safe_after_s: int | None
    suffering: tuple[str, ...]


def ways_back(
    judge: Judge, steps: Sequence[PlannedStep], undoing: Sequence[Sequence[Change]]
) -> tuple[WayBack, ...]:
    """Return for each step what becomes of mail once `undoing`, the changes that lead back from it, are made."""
    schedule: tuple[TimedEdit, ...] = ()
    found: list[WayBack] = []
    for step, back in zip(steps, undoing, strict=True):
        schedule = (*schedule, TimedEdit(step.at_s, Edit(NEW_RANK, step.changes)))
        found.append(_way_back(judge, schedule, tuple(back)) if back else WayBack(0, ()))
    return tuple(found)


def _way_back(judge: Judge, schedule: tuple[TimedEdit, ...], back: tuple[Change, ...]) -> WayBack:
    made_s = schedule[-1].at_s
    later = [one.from_s for one in timeline(judge, schedule) if one.from_s > made_s]
    safe_after_s: int | None = None
    suffering: dict[str, None] = {}
    for at_s in [made_s, *later][:TIMES_MAX]:
        undone = timeline(judge, (*schedule, TimedEdit(at_s, Edit(GONE_RANK, back))))
        worse = _worse_from(undone, at_s)
        suffering.update(dict.fromkeys(worse))
        if worse:
            safe_after_s = None
        elif safe_after_s is None:
            safe_after_s = at_s - made_s
    return WayBack(safe_after_s, tuple(suffering))


def _worse_from(rehearsed: Timeline, at_s: int) -> list[str]:
    """Return the senders that fare worse than before the first step, at some moment from `at_s` on."""
    before = rehearsed[0].states[0].deliveries
    return [
        one.id
        for place, one in enumerate(before)
        if one.decides
        and any(
            is_less_sure(one.outcome, state.deliveries[place].outcome)
            for moment in rehearsed[1:]
            if moment.from_s >= at_s
            for state in moment.states
        )
    ]
