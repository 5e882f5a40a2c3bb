"""The rehearsal as a drawing: a lane a sender over time, the steps marked, and the same as a table for whoever sees none.

Texts keep their size at every width of the page, so that nothing in the drawing is scaled: places along it are parts of
its width. Whatever a colour says is said by a sign, too.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from mxproof.judge.vocabulary import Verdict
from mxproof.remedy.plan import Rehearsal
from mxproof.render.html.parts import table, verdict_word
from mxproof.render.lanes import Columns, SharedLane, columns, short_time, steps_in
from mxproof.render.markup import Content, Element, element
from mxproof.render.text.words import VERDICT_MARKS, VERDICT_WORDS, listed

COLUMNS_MAX = 8
"""As many as have room on a phone."""
_TIME_CHARACTERS = 6
_AXIS_TOP, _AXIS, _LANE, _BAR_TOP, _BAR = 12, 42, 42, 18, 16
_STEP_Y = 26


def lanes(rehearsal: Rehearsal, decides: frozenset[str], title: str, id_: str) -> Element:
    """Return a figure with the drawing and its table; `id_` is unlike that of any other figure of the page."""
    laid = columns(rehearsal, decides, COLUMNS_MAX)
    caption = element("figcaption", title)
    if not laid.lanes:
        said = element("p", "Every sender delivers throughout.", class_="delivers")
        return element("figure", caption, said, class_="rehearsal")
    more = element("p", "Lanes go on changing after the last column.", class_="faint") if laid.more else None
    return element(
        "figure", caption, _drawing(laid, title, id_), more, _as_table(laid, title), class_="rehearsal"
    )


def _drawing(laid: Columns, title: str, id_: str) -> Element:
    shown = [*laid.lanes, *_rest(laid)]
    drawn: list[Element] = [
        element("title", title, id=f"{id_}-title"),
        element("desc", _described(laid), id=f"{id_}-desc"),
        *_axis(laid, len(shown)),
    ]
    for number, lane in enumerate(shown):
        drawn += _lane(lane, len(laid.times), _AXIS + number * _LANE)
    height = str(_AXIS + len(shown) * _LANE)
    return element(
        "svg",
        *drawn,
        role="img",
        aria_labelledby=f"{id_}-title {id_}-desc",
        width="100%",
        height=height,
        class_="lanes",
    )


def _rest(laid: Columns) -> Iterator[SharedLane]:
    if laid.others:
        yield SharedLane(laid.others, (Verdict.DELIVERS,) * len(laid.times))


def _axis(laid: Columns, count: int) -> Iterator[Element]:
    """Yield when each column begins, the steps made in it, and a line down from it."""
    width = 100 / len(laid.times)
    bottom = str(_AXIS + count * _LANE - 6)
    for place, at_s in enumerate(laid.times):
        x = f"{place * width:.2f}%"
        yield element("line", x1=x, x2=x, y1="4", y2=bottom, class_="tick")
        words = "now" if at_s < 0 else short_time(at_s, _TIME_CHARACTERS)
        yield element("text", words, x=x, dx="3", y=str(_AXIS_TOP), class_="time")
        steps = steps_in(laid, place)
        if steps:
            yield element("text", f"▼ {steps}", x=x, dx="3", y=str(_STEP_Y), class_="step")


def _lane(lane: SharedLane, count: int, top: int) -> Iterator[Element]:
    width = 100 / count
    yield element("text", _named(lane.senders), x="3", y=str(top + 12), class_="name")
    place = 0
    for outcome, alike in groupby(lane.outcomes):
        length = len(list(alike))
        x, across = f"{place * width:.2f}%", f"{length * width:.2f}%"
        yield element(
            "rect", x=x, y=str(top + _BAR_TOP), width=across, height=str(_BAR), class_=f"span {outcome}"
        )
        sign = VERDICT_MARKS[outcome]
        yield element("text", sign, x=x, dx="5", y=str(top + _BAR_TOP + 12), class_="sign")
        place += length


def _named(senders: Sequence[str]) -> str:
    """Return one sender, or the first of several; the table names them all."""
    return senders[0] if len(senders) == 1 else f"{senders[0]} and {len(senders) - 1} more"


def _described(laid: Columns) -> str:
    """Return in words what the drawing shows."""
    said = []
    for lane in laid.lanes:
        turns = []
        place = 0
        for outcome, alike in groupby(lane.outcomes):
            at_s = laid.times[place]
            turns.append(f"{VERDICT_WORDS[outcome]} {'now' if at_s < 0 else 'from ' + short_time(at_s, 99)}")
            place += len(list(alike))
        said.append(f"{listed(lane.senders)}: {', '.join(turns)}.")
    if laid.others:
        said.append(f"{listed(laid.others)}: delivers throughout.")
    return " ".join(said)


def _as_table(laid: Columns, title: str) -> Element:
    heads: list[Content] = ["Senders"]
    for place, at_s in enumerate(laid.times):
        steps = steps_in(laid, place)
        at = "Now" if at_s < 0 else short_time(at_s, 99)
        heads.append(f"{at}, step {steps}" if steps else at)
    rows = [
        element(
            "tr",
            element("th", ", ".join(lane.senders), scope="row"),
            *(element("td", verdict_word(outcome)) for outcome in lane.outcomes),
        )
        for lane in (*laid.lanes, *_rest(laid))
    ]
    summary = element("summary", "The same as a table, with every sender")
    return element("details", summary, table(title, heads, rows))
