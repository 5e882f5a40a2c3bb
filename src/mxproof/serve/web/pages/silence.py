"""Logs that are followed: of each usual sender what comes when in a week, and what is missing since its last mail."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec

from mxproof.render.html.parts import heading, section
from mxproof.render.markup import Content, Element, element
from mxproof.render.text.silence import noticed_words, number_words, rhythm_words, span_words
from mxproof.rhythm.standing import SenderStanding
from mxproof.rhythm.week import DAYS, HOURS, HOURS_A_DAY
from mxproof.serve.web.pages.events import when

SENDERS_DRAWN_MAX: Final = 100

_COLUMN: Final = 2
_TALL: Final = 40
_DAY_NAMES: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_HOUR_S: Final = 3600


class LogSeen(msgspec.Struct, frozen=True):
    """A log that is followed: the domain whose mail it tells of, empty for more than one, and its senders that are watched."""

    name: str
    domain: str
    senders: Sequence[SenderStanding]


def silence_content(logs: Sequence[LogSeen], now: datetime) -> list[Content]:
    """Return the main part of the page of all logs."""
    content: list[Content] = [heading(1, "Silence")]
    if not logs:
        words = "No log is followed into this store. `mxproof watch follow LOG` learns who usually writes when, and rings when somebody stops."
        return [*content, element("p", words.replace("`", ""))]
    for number, log in enumerate(logs):
        whose = f"mail for {log.domain}" if log.domain else "mail of all domains"
        content.append(
            section(2, log.name, f"log-{number}", element("p", whose.capitalize(), "."), *drawn(log, now))
        )
    return content


def drawn(log: LogSeen, now: datetime, senders_max: int = SENDERS_DRAWN_MAX) -> list[Content]:
    """Return the senders of a log, each with its week, those that are silent first."""
    if not log.senders:
        return [
            element(
                "p",
                "Nobody is known well enough yet: a sender is watched once it has written ten times over two weeks.",
            )
        ]
    beyond = len(log.senders) - senders_max
    return [
        element("div", *(_sender(one, now) for one in log.senders[:senders_max]), class_="rhythms"),
        element("p", f"{beyond} more, none of which is silent.", class_="faint") if beyond > 0 else None,
    ]


def _sender(one: SenderStanding, now: datetime) -> Element:
    state = element("span", "silent", class_="word refused") if one.is_silent else None
    title = element("strong", one.known.name)
    days = element("ol", *(element("li", name) for name in _DAY_NAMES), class_="weekdays", aria_hidden="true")
    return element(
        "figure",
        element("figcaption", title, " " if state is not None else None, state, *_said(one, now)),
        _week(one, now),
        days,
        class_="rhythm",
    )


def _said(one: SenderStanding, now: datetime) -> list[Content]:
    silent_h = max(0.0, (now.timestamp() - one.last_s) / _HOUR_S)
    usual = f"{number_words(one.known.a_day)} mails a day, {rhythm_words(one.known)}; a silence is noticed after {noticed_words(one.known)}."
    last: list[Content] = ["Last mail ", when(datetime.fromtimestamp(one.last_s, UTC))]
    return [
        element("p", usual),
        element("p", *last, f", {span_words(silent_h)} ago; {number_words(one.due)} were due since."),
    ]


def _week(one: SenderStanding, now: datetime) -> Element:
    """Return the drawing: a column for each hour of the week, and over it the time since the last mail."""
    most = max(one.by_hour) or 1.0
    columns = "".join(
        f"M{hour * _COLUMN} {_TALL}v-{share:.1f}h{_COLUMN}V{_TALL}z"
        for hour, expected in enumerate(one.by_hour)
        if (share := _TALL * expected / most) >= 0.05
    )
    lines = "".join(f"M{day * HOURS_A_DAY * _COLUMN} 0v{_TALL}" for day in range(1, DAYS))
    tone = "gone silent" if one.is_silent else "gone"
    gone = "".join(
        f"M{begin * _COLUMN:.1f} 0H{end * _COLUMN:.1f}V{_TALL}H{begin * _COLUMN:.1f}z"
        for begin, end in _missing(one, now)
    )
    return element(
        "svg",
        element("title", _described(one)),
        element("path", d=gone, class_=tone) if gone else None,
        element("path", d=columns, class_="usual") if columns else None,
        element("path", d=lines, class_="days"),
        element("path", d=f"M{one.now_hour * _COLUMN:.1f} 0v{_TALL}", class_="now"),
        viewBox=f"0 0 {HOURS * _COLUMN} {_TALL}",
        preserveAspectRatio="none",
        role="img",
    )


def _missing(one: SenderStanding, now: datetime) -> list[tuple[float, float]]:
    """Return the hours of the week without a mail until now, in one or two spans."""
    if now.timestamp() - one.last_s >= HOURS * _HOUR_S:
        return [(0.0, float(HOURS))]
    if one.last_hour <= one.now_hour:
        return [(one.last_hour, one.now_hour)]
    return [(0.0, one.now_hour), (one.last_hour, float(HOURS))]


def _described(one: SenderStanding) -> str:
    """Return what the drawing shows."""
    by_day = [sum(one.by_hour[day * HOURS_A_DAY : (day + 1) * HOURS_A_DAY]) for day in range(DAYS)]
    said = ", ".join(f"{name} {number_words(mails)}" for name, mails in zip(_DAY_NAMES, by_day, strict=True))
    day, hour = divmod(int(one.last_hour), HOURS_A_DAY)
    return (
        f"Mails expected of {one.known.name} by day: {said}. Nothing came since {_DAY_NAMES[day]} {hour:02}h."
    )
