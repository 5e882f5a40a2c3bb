"""What senders reported of a period as text: for each sender its sessions, their trend, and each way in which they failed."""

from itertools import groupby
from typing import Final

from mxproof.explain.tlsrpt.period_told import PeriodSender, PeriodSessions, PeriodWay, ToldPeriod
from mxproof.formats.tlsrpt.found import Authenticated
from mxproof.render.text.paper import Label, Paper, Tone
from mxproof.render.text.row_standing import standing_lines
from mxproof.render.text.tls_report import more_ways

TREND_COLUMNS_MAX: Final = 30
SENDER_WAYS_SHOWN_MAX: Final = 8
PERIOD_DOMAINS_SHOWN_MAX: Final = 20

_INDENT: Final = 2
_DEEP: Final = 4
_TREND_WORDS: Final = 24
"""Room for what stands behind a trend."""
_COLUMN: Final = 14
_BLOCKS: Final = " ▁▂▃▄▅▆▇█"
_LETTERS: Final = " .:-=+*#@"
_AUTHENTICATED: Final = {
    Authenticated.VERIFIED: "signed by its sender",
    Authenticated.UNKNOWN: "whether it is from this sender is not known",
    Authenticated.UNSIGNED: "not signed: anybody may have sent it",
    Authenticated.FAILED: "no signature of this sender holds",
}


def period_text(told: ToldPeriod, paper: Paper) -> str:
    """Return a look at a period."""
    whom = told.domain or "all domains"
    lines = [paper.heading(f"TLS reports of {whom}, {told.since} to {told.until}")]
    if not told.senders:
        lines += paper.wrapped("No sender reports anything of these days.", indent=_INDENT)
        return "\n".join(lines) + "\n"
    lines += _total("signed", told.authenticated, "signed by their senders", paper)
    lines += _total("others", told.unauthenticated, "that anybody may have written", paper)
    lines += _domains(told, paper)
    for one in told.senders:
        lines += ["", *_sender(one, told, paper)]
    if told.more:
        lines += ["", *paper.wrapped("There are more senders or domains than are shown.")]
    return "\n".join(lines) + "\n"


def trend(values: list[int], paper: Paper) -> str:
    """Return the values as signs of their height, the highest as tall as there is; a zero is a blank."""
    signs = _BLOCKS if paper.unicode else _LETTERS
    most = max(values, default=0) or 1
    return "".join(signs[-(-value * (len(signs) - 1) // most)] for value in values)


def _total(label: str, sessions: PeriodSessions, words: str, paper: Paper) -> list[str]:
    if not sessions.reports:
        return []
    said = f"{_counted(sessions)} in {_number(sessions.reports, 'report')} {words}"
    tone = Tone.BAD if sessions.failure else Tone.GOOD
    return paper.hung(said, _COLUMN, Label(_INDENT, label, tone))


def _sender(one: PeriodSender, told: ToldPeriod, paper: Paper) -> list[str]:
    name = one.submitter or "unnamed sender"
    head = f"{name}, {_AUTHENTICATED[one.authenticated]}"
    lines = [paper.heading(part) for part in paper.wrapped(head, hang=_INDENT)]
    said = f"{_counted(one.sessions)} in {_number(one.sessions.reports, 'report')}"
    tone = Tone.BAD if one.sessions.failure else Tone.GOOD
    lines += paper.hung(said, _COLUMN, Label(_INDENT, "sessions", tone))
    lines += _trends(one, told, paper)
    if one.words:
        lines += paper.hung(one.words, _COLUMN, Label(_INDENT, "testing", Tone.DOUBTFUL))
    shown = one.failures if paper.verbose else one.failures[:SENDER_WAYS_SHOWN_MAX]
    for cause, ways in groupby(sorted(shown, key=lambda way: _order(way, shown)), key=lambda way: way.cause):
        lines += ["", *_cause(cause, list(ways), paper)]
    more = len(one.failures) - len(shown)
    return lines + (paper.wrapped(f"and {more_ways(more)}", indent=_DEEP) if more else [])


def _order(way: PeriodWay, ways: tuple[PeriodWay, ...]) -> tuple[int, str, int]:
    """Return where a way stands: the cause with the most sessions first, and within it the same."""
    most = max(one.count for one in ways if one.cause == way.cause)
    return -most, way.cause or "", -way.count


def _cause(cause: str | None, ways: list[PeriodWay], paper: Paper) -> list[str]:
    lines: list[str] = []
    for way in ways:
        reason = f", {way.reason}" if way.reason else ""
        where = f" at {way.receiving_mx}" if way.receiving_mx else ""
        said = f"{way.result_type}{reason}{where}, last on {way.last_day}"
        lines += paper.hung(said, _COLUMN, Label(_DEEP, f"{way.count} failed", Tone.BAD))
    first = ways[0]
    if cause is not None:
        lines += paper.hung(f"{first.title} ({cause})", _COLUMN, Label(_DEEP, "cause", Tone.STRONG))
    held = {
        (standing, way.words, way.finding): way.fix for way in ways if (standing := way.standing) is not None
    }
    for number, ((standing, words, finding), fix) in enumerate(held.items()):
        advised = fix if fix not in list(held.values())[:number] else ""
        lines += standing_lines(standing, words, finding, advised, paper)
    if held:
        return lines
    if cause is not None:
        lines += paper.hung(first.check, _COLUMN, Label(_DEEP, "look at", Tone.FAINT))
    if first.next:
        lines += paper.hung(f"`{first.next}`", _COLUMN, Label(_DEEP, "next", Tone.STRONG))
    return lines


def _trends(one: PeriodSender, told: ToldPeriod, paper: Paper) -> list[str]:
    """Return the sessions over time, and those that failed where some did; a column is some days of the period."""
    days = (told.until - told.since).days + 1
    room = min(TREND_COLUMNS_MAX, paper.width - _COLUMN - _TREND_WORDS)
    width = -(-days // room)
    columns = -(-days // width)
    sessions, failed = [0] * columns, [0] * columns
    for day in one.days:
        place = (day.day - told.since).days // width
        sessions[place] += day.success + day.failure
        failed[place] += day.failure
    each = "a day" if width == 1 else f"{width} days"
    lines = [_trend_line("trend", sessions, f"all, {each} each", paper)]
    if any(failed):
        lines.append(_trend_line("", failed, "failed", paper))
    return lines


def _trend_line(label: str, values: list[int], words: str, paper: Paper) -> str:
    drawn = trend(values, paper)
    return paper.row(Label(_INDENT, label), Label(_COLUMN, f"|{drawn}| {words}", Tone.PLAIN))


def _domains(told: ToldPeriod, paper: Paper) -> list[str]:
    """Return the domains with failures, where the look is at all of them."""
    if not told.domains:
        return []
    shown = told.domains if paper.verbose else told.domains[:PERIOD_DOMAINS_SHOWN_MAX]
    lines = ["", paper.heading("Domains with sessions that failed")]
    for one in shown:
        lines += paper.hung(one.domain, _COLUMN, Label(_INDENT, f"{one.failure} failed", Tone.BAD))
    more = len(told.domains) - len(shown)
    lines += paper.wrapped(f"and {more} more", indent=_INDENT) if more else []
    return [
        *lines,
        *paper.wrapped(f"`mxproof tlsrpt show {told.domains[0].domain}` shows one.", indent=_INDENT),
    ]


def _counted(sessions: PeriodSessions) -> str:
    least = "at least " if sessions.at_least else ""
    return f"{least}{sessions.success} passed, {least}{sessions.failure} failed"


def _number(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
