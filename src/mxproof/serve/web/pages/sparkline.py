"""The verdicts of days as a small drawing: what it shows is said in words, and no verdict by its colour alone."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from mxproof.judge.vocabulary import WORST_FIRST, Verdict
from mxproof.render.markup import Element, element
from mxproof.render.text.words import listed

_TALL: Final = 24
_COLUMN, _GAP = 6, 2
_HEIGHTS: Final = {Verdict.REFUSED: 24, Verdict.AT_RISK: 17, Verdict.UNKNOWN: 10, Verdict.DELIVERS: 5}
_BLANK = 1
_DAY_S: Final = 86_400
_WORDS: Final = {
    Verdict.REFUSED: "refused",
    Verdict.AT_RISK: "at risk",
    Verdict.UNKNOWN: "not found out",
    Verdict.DELIVERS: "delivered",
}


def sparkline(days: Mapping[int, Verdict], since: int, until: int) -> Element:
    """Return the drawing of the days from `since` to `until`, counted from 1970, the worst verdict of each; taller is worse."""
    drawn = [_columns(verdict, days, since, until) for verdict in (None, *WORST_FIRST)]
    width = (until - since + 1) * (_COLUMN + _GAP) - _GAP
    return element(
        "svg",
        element("title", in_words(days, since, until)),
        *drawn,
        viewBox=f"0 0 {width} {_TALL}",
        preserveAspectRatio="none",
        role="img",
        class_="spark",
    )


def _columns(verdict: Verdict | None, days: Mapping[int, Verdict], since: int, until: int) -> Element | None:
    """Return the columns of all days with this verdict as one shape, None where there is no such day."""
    height = _BLANK if verdict is None else _HEIGHTS[verdict]
    shape = "".join(
        f"M{place * (_COLUMN + _GAP)} {_TALL}v-{height}h{_COLUMN}v{height}z"
        for place, day in enumerate(range(since, until + 1))
        if days.get(day) is verdict
    )
    return element("path", d=shape, class_="blank" if verdict is None else str(verdict)) if shape else None


def in_words(days: Mapping[int, Verdict], since: int, until: int) -> str:
    """Return what the drawing shows."""
    seen = {day: verdict for day, verdict in days.items() if since <= day <= until}
    if not seen:
        return "No check yet."
    counts = Counter(seen.values())
    said = [f"{_WORDS[one]} on {_days(counts[one])}" for one in WORST_FIRST if counts[one]]
    worst = next(one for one in WORST_FIRST if counts[one])
    last = max(day for day, verdict in seen.items() if verdict is worst)
    when = "" if worst is Verdict.DELIVERS else f"; last {_WORDS[worst]} on {day_words(last)}"
    return f"Of the last {until - since + 1} days, the worst of each: {listed(said)}{when}."


def day_words(day: int) -> str:
    """Return the date of a day counted from 1970."""
    return datetime.fromtimestamp(day * _DAY_S, UTC).strftime("%Y-%m-%d")


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
