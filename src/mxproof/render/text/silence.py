"""Senders, their rhythm and their silence as text."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from math import inf

from mxproof.render.text.paper import Label, Paper, Tone
from mxproof.rhythm.alarm import Alarm, AlarmKind
from mxproof.rhythm.notice import KnownSender

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_INDENT = 2
_NAME_MAX = 26
_ALL_DAY_H = 18
_HOURS_SHOWN_MAX = 48
_DAY_H = 24


def logs_text(mails: int, senders: int, watched: int, paper: Paper) -> str:
    """Return how much was read, and of how many senders the rhythm is known."""
    said = f"{mails} mails of {senders} senders were read; {watched} of these are watched."
    if not watched:
        said += " A sender is watched once it has written ten times over two weeks."
    return "\n".join(paper.wrapped(said)) + "\n\n"


def senders_text(known: Sequence[KnownSender], alarms_a_year: float, paper: Paper) -> str:
    """Return the senders that are watched, the busiest first, and when the silence of each would be noticed."""
    if not known:
        return ""
    name = _INDENT + 2 + min(_NAME_MAX, max(len(one.name) for one in known))
    columns = (name, name + 8, name + 26)
    lines = [paper.heading(f"Who is watched; false alarms a year: {alarms_a_year:g}")]
    lines.append(
        paper.row(
            Label(_INDENT, "sender"),
            Label(columns[0], "a day"),
            Label(columns[1], "usually"),
            Label(columns[2], "silence noticed after"),
        )
    )
    lines += [
        paper.row(
            Label(_INDENT, one.name, Tone.PLAIN),
            Label(columns[0], number_words(one.a_day), Tone.PLAIN),
            Label(columns[1], rhythm_words(one), Tone.PLAIN),
            Label(columns[2], noticed_words(one), Tone.PLAIN),
        )
        for one in sorted(known, key=lambda one: (-one.a_day, one.name))
    ]
    return "\n".join(lines) + "\n\n"


def alarms_text(alarms: Sequence[Alarm], zone: tzinfo | None, paper: Paper) -> str:
    """Return the alarms in order of time, in the local times of `zone`."""
    if not alarms:
        return "No alarm: nobody was silent beyond chance.\n"
    lines = [paper.heading("Alarms" if len(alarms) > 1 else "Alarm")]
    for one in alarms:
        since, at = one.silent_since.astimezone(zone), one.alarmed_at.astimezone(zone)
        whom = one.sender or str(one.kind)
        lines.append(
            paper.row(
                Label(_INDENT, f"{at:%Y-%m-%d %H:%M}", Tone.STRONG), Label(_INDENT + 18, whom, Tone.BAD)
            )
        )
        lines += paper.wrapped(silence_words(one, since), indent=_INDENT + 18)
        if one.kind is AlarmKind.EVERYTHING:
            lines += paper.wrapped(
                "nobody's mail came: look at this mail server, its line and its log first",
                indent=_INDENT + 18,
            )
        if one.kind is AlarmKind.REPORTS:
            lines += paper.wrapped(
                "nobody's TLS reports came: look at the _smtp._tls record, its mailbox and what takes reports in",
                indent=_INDENT + 18,
            )
    return "\n".join(lines) + "\n"


def silence_words(alarm: Alarm, since: datetime) -> str:
    """Return who was silent for how much, and how likely that is by chance; `since` is in the time zone of the reader."""
    due = number_words(alarm.expected)
    if alarm.kind in {AlarmKind.REPORTER, AlarmKind.REPORTS}:
        return f"no TLS report of a day since {since:%a %Y-%m-%d}; {due} were due; {odds_words(alarm)}"
    return f"silent, or nearly so, since {since:%a %Y-%m-%d %H:%M}; {due} mails were due; {odds_words(alarm)}"


def odds_words(alarm: Alarm) -> str:
    """Return how likely so much silence is by chance."""
    if alarm.chance <= 0.0 or 1 / alarm.chance > 1e9:
        return "chance does not do that"
    once = 1 / alarm.chance
    shown = f"{once:.0f}" if once < 100 else f"{float(f'{once:.1g}'):,.0f}".replace(",", " ")
    return f"by chance on one day in {shown}"


def number_words(value: float) -> str:
    """Return a number of mails, as exactly as it is worth."""
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}"


def noticed_words(one: KnownSender) -> str:
    """Return after how long a silence is noticed."""
    usually, at_most = span_words(one.noticed_h), span_words(one.noticed_max_h)
    return usually if usually == at_most else f"{usually}, at most {at_most}"


def span_words(hours: float) -> str:
    """Return a span of time to its greatest unit."""
    if hours == inf:
        return "never"
    if hours < 1:
        return f"{max(1, round(hours * 60))} min"
    if hours < _HOURS_SHOWN_MAX:
        return f"{round(hours)} h"
    return f"{round(hours / _DAY_H)} days"


def rhythm_words(one: KnownSender) -> str:
    """Return on which days and between which hours a sender usually writes."""
    if len(one.days) == len(_DAYS):
        days = "daily"
    elif one.days and one.days[-1] - one.days[0] == len(one.days) - 1 and len(one.days) > 1:
        days = f"{_DAYS[one.days[0]]}-{_DAYS[one.days[-1]]}"
    else:
        days = ",".join(_DAYS[day] for day in one.days[:3])
    first, last = one.hours
    if (last - first) % _DAY_H in {0, *range(_ALL_DAY_H, _DAY_H)}:
        return f"{days} 0-24"
    return f"{days} {first}-{last}"
