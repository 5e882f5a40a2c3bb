"""Lanes laid out in columns: when each column begins, what a lane holds there, and which senders share one.

Time runs in columns of one width, one for each time within which nothing changes for anybody. Senders with the same
lane share it; those that deliver throughout need none.
"""

from collections.abc import Sequence

import msgspec

from mxproof.judge.vocabulary import Verdict
from mxproof.remedy.plan import Lane, Rehearsal

_UNITS = ((86_400, "d"), (3600, "h"), (60, "m"), (1, "s"))


class SharedLane(msgspec.Struct, frozen=True):
    """What some senders all do, by column."""

    senders: tuple[str, ...]
    outcomes: tuple[Verdict, ...]


class Columns(msgspec.Struct, frozen=True):
    """Lanes in columns: `times` is when each begins, -1 before the first step; `steps` is the column of each step.

    `others` deliver throughout. `more` tells that lanes go on changing after the last column.
    """

    times: tuple[int, ...]
    steps: tuple[int, ...]
    lanes: tuple[SharedLane, ...]
    others: tuple[str, ...]
    more: bool


def columns(rehearsal: Rehearsal, decides: frozenset[str], count_max: int) -> Columns:
    """Lay the lanes of the senders that decide out in at most `count_max` columns."""
    lanes = [lane for lane in rehearsal.lanes if lane.sender in decides]
    troubled = [lane for lane in lanes if any(span.outcome is not Verdict.DELIVERS for span in lane.spans)]
    times = _times(rehearsal, troubled, count_max)
    together: dict[tuple[Verdict, ...], list[str]] = {}
    for lane in troubled:
        together.setdefault(tuple(_outcome(lane, at_s) for at_s in times), []).append(lane.sender)
    last = max((span.from_s for lane in troubled for span in lane.spans), default=-1)
    return Columns(
        times=tuple(times),
        steps=tuple(_column(times, at_s) for at_s in rehearsal.steps_s),
        lanes=tuple(SharedLane(tuple(senders), outcomes) for outcomes, senders in together.items()),
        others=tuple(lane.sender for lane in lanes if lane not in troubled),
        more=times[-1] < last,
    )


def steps_in(columns_: Columns, place: int) -> str:
    """Return the steps in a column, those that follow one another as `2-4`, empty where there is none."""
    steps = [1 + step for step, at in enumerate(columns_.steps) if at == place]
    if not steps:
        return ""
    return str(steps[0]) if len(steps) == 1 else f"{steps[0]}-{steps[-1]}"


def short_time(seconds: int, width: int) -> str:
    """Return a time in its largest unit and the next that is not nothing, `7d1m` or `0`; with `+` for what has no room."""
    parts = []
    for unit_s, sign in _UNITS:
        if seconds >= unit_s:
            parts.append(f"{seconds // unit_s}{sign}")
            seconds %= unit_s
    whole = "".join(parts[:2]) or "0"
    return whole if len(whole) <= width else f"{parts[0]}+"


def _times(rehearsal: Rehearsal, lanes: Sequence[Lane], count_max: int) -> list[int]:
    """Return when the columns begin: -1 is before the first step; the steps, and whenever a lane changes.

    Where there are too many to fit, steps between which no lane changes share a column.
    """
    changing = {span.from_s for lane in lanes for span in lane.spans}
    every = sorted({-1, *changing, *rehearsal.steps_s})
    return every if len(every) <= count_max else sorted({-1, 0, *changing})[:count_max]


def _column(times: Sequence[int], at_s: int) -> int:
    return max(place for place, begins in enumerate(times) if begins <= at_s)


def _outcome(lane: Lane, at_s: int) -> Verdict:
    return next(span.outcome for span in reversed(lane.spans) if span.from_s <= at_s)
