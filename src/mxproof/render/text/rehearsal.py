"""The rehearsal as a picture: a lane a sender over time, with the steps marked, for an order and beside it the naive one.

Time runs from left to right in columns of one width, one for each span in which nothing changes for anybody; what is
above a column is when it begins. Senders with the same lane share it, and those that deliver throughout take one line.
Every mark is a letter or sign of its own, so that nothing is lost without colour.
"""

from collections.abc import Sequence
from types import MappingProxyType

from mxproof.judge.vocabulary import Verdict
from mxproof.remedy.plan import Rehearsal
from mxproof.render.lanes import columns, short_time, steps_in
from mxproof.render.text.paper import Label, Paper
from mxproof.render.text.words import VERDICT_TONES

LEGEND = "- delivers   ! at risk   X refuses   ? unknown"

_MARKS = MappingProxyType(
    {Verdict.DELIVERS: "-", Verdict.AT_RISK: "!", Verdict.REFUSED: "X", Verdict.UNKNOWN: "?"}
)
_NAME_WIDTH = 18
_CELL_MIN = 5
_CELL_MAX = 10


def picture(rehearsal: Rehearsal, decides: frozenset[str], column: int, paper: Paper) -> list[str]:
    """Return the lines of one order from `column` on; only senders that decide have lanes."""
    room = paper.width - column - _NAME_WIDTH
    laid = columns(rehearsal, decides, room // _CELL_MIN)
    if not laid.lanes:
        return paper.wrapped("every sender delivers throughout", indent=column)
    times = laid.times
    cell = min(max(room // len(times), _CELL_MIN), _CELL_MAX)
    starts = [column + _NAME_WIDTH + place * cell for place in range(len(times))]
    marked = [steps_in(laid, place) for place in range(len(times))]
    lines = [paper.row(*_labels(starts, ["now", *(short_time(one, cell - 1) for one in times[1:])], cell))]
    if any(marked):
        lines.append(paper.row(Label(column, "step"), *_labels(starts, marked, cell)))
    for lane in laid.lanes:
        lines.append(paper.row(Label(column, lane.senders[0]), *_bars(lane.outcomes, starts, cell)))
        lines += (paper.row(Label(column, one)) for one in lane.senders[1:])
    if laid.more:
        lines += paper.wrapped("more follows, which --format json lists", indent=column)
    if laid.others:
        bars = _bars([Verdict.DELIVERS] * len(times), starts, cell)
        lines.append(paper.row(Label(column, f"the other {len(laid.others)}"), *bars))
    return lines


def _bars(outcomes: Sequence[Verdict], starts: Sequence[int], cell: int) -> list[Label]:
    return [
        Label(start, _MARKS[outcome] * (cell - 1), VERDICT_TONES[outcome])
        for start, outcome in zip(starts, outcomes, strict=True)
    ]


def _labels(starts: Sequence[int], texts: Sequence[str], cell: int) -> list[Label]:
    return [Label(start, text[: cell - 1]) for start, text in zip(starts, texts, strict=True) if text]
