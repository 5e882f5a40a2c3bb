"""The rehearsal as a picture: a lane a sender over time, with the steps marked, for an order and beside it the naive one.

Time runs from left to right in columns of one width, one for each span in which nothing changes for anybody; what is
above a column is when it begins. Senders with the same lane share it, and those that deliver throughout take one line.
Every mark is a letter or sign of its own, so that nothing is lost without colour.
"""

from collections.abc import Sequence
from types import MappingProxyType

from mxproof.judge.vocabulary import Verdict
from mxproof.remedy.plan import Lane, Rehearsal
from mxproof.render.text.paper import Label, Paper
from mxproof.render.text.words import VERDICT_TONES

LEGEND = "- delivers   ! at risk   X refuses   ? unknown"

_MARKS = MappingProxyType(
    {Verdict.DELIVERS: "-", Verdict.AT_RISK: "!", Verdict.REFUSED: "X", Verdict.UNKNOWN: "?"}
)
_NAME_WIDTH = 18
_CELL_MIN = 5
_CELL_MAX = 10
_UNITS = ((86_400, "d"), (3600, "h"), (60, "m"), (1, "s"))


def picture(rehearsal: Rehearsal, decides: frozenset[str], column: int, paper: Paper) -> list[str]:
    """Return the lines of one order from `column` on; only senders that decide have lanes."""
    lanes = [lane for lane in rehearsal.lanes if lane.sender in decides]
    troubled = [lane for lane in lanes if any(span.outcome is not Verdict.DELIVERS for span in lane.spans)]
    if not troubled:
        return paper.wrapped("every sender delivers throughout", indent=column)
    room = paper.width - column - _NAME_WIDTH
    times = _times(rehearsal, troubled, room // _CELL_MIN)
    cell = min(max(room // len(times), _CELL_MIN), _CELL_MAX)
    starts = [column + _NAME_WIDTH + place * cell for place in range(len(times))]
    columns = [_column(times, at_s) for at_s in rehearsal.steps_s]
    marked = [
        _range([1 + step for step, at in enumerate(columns) if at == place]) for place in range(len(times))
    ]
    lines = [paper.row(*_labels(starts, ["now", *(_short(one, cell - 1) for one in times[1:])], cell))]
    if any(marked):
        lines.append(paper.row(Label(column, "step"), *_labels(starts, marked, cell)))
    together: dict[tuple[Verdict, ...], list[str]] = {}
    for lane in troubled:
        together.setdefault(tuple(_outcome(lane, at_s) for at_s in times), []).append(lane.sender)
    for outcomes, senders in together.items():
        lines += _lane(outcomes, senders, starts, cell, column, paper)
    if times[-1] < max(span.from_s for lane in troubled for span in lane.spans):
        lines += paper.wrapped("more follows, which --format json lists", indent=column)
    others = len(lanes) - len(troubled)
    if others:
        lines.append(
            paper.row(
                Label(column, f"the other {others}"), *_bars([Verdict.DELIVERS] * len(times), starts, cell)
            )
        )
    return lines


def _lane(
    outcomes: Sequence[Verdict],
    senders: Sequence[str],
    starts: list[int],
    cell: int,
    column: int,
    paper: Paper,
) -> list[str]:
    """Return the lane of some senders, each further one named below the first."""
    front = paper.row(Label(column, senders[0]), *_bars(outcomes, starts, cell))
    return [front, *(paper.row(Label(column, one)) for one in senders[1:])]


def _bars(outcomes: Sequence[Verdict], starts: Sequence[int], cell: int) -> list[Label]:
    return [
        Label(start, _MARKS[outcome] * (cell - 1), VERDICT_TONES[outcome])
        for start, outcome in zip(starts, outcomes, strict=True)
    ]


def _labels(starts: Sequence[int], texts: Sequence[str], cell: int) -> list[Label]:
    return [Label(start, text[: cell - 1]) for start, text in zip(starts, texts, strict=True) if text]


def _times(rehearsal: Rehearsal, lanes: Sequence[Lane], count_max: int) -> list[int]:
    """Return when the columns begin: -1 is before the first step; the steps, and whenever a lane changes.

    Where there are too many to fit, steps between which no lane changes share a column.
    """
    changing = {span.from_s for lane in lanes for span in lane.spans}
    every = sorted({-1, *changing, *rehearsal.steps_s})
    return every if len(every) <= count_max else sorted({-1, 0, *changing})[:count_max]


def _column(times: Sequence[int], at_s: int) -> int:
    return max(place for place, begins in enumerate(times) if begins <= at_s)


def _range(steps: Sequence[int]) -> str:
    """Return steps that follow one another as `2` or `2-4`, empty where there is none."""
    if not steps:
        return ""
    return str(steps[0]) if len(steps) == 1 else f"{steps[0]}-{steps[-1]}"


def _outcome(lane: Lane, at_s: int) -> Verdict:
    return next(span.outcome for span in reversed(lane.spans) if span.from_s <= at_s)


def _short(seconds: int, width: int) -> str:
    """Return a time in its largest unit and the next that is not nothing, `7d1m` or `0`; with `+` for what has no room."""
    parts = []
    for unit_s, sign in _UNITS:
        if seconds >= unit_s:
            parts.append(f"{seconds // unit_s}{sign}")
            seconds %= unit_s
    whole = "".join(parts[:2]) or "0"
    return whole if len(whole) <= width else f"{parts[0]}+"
