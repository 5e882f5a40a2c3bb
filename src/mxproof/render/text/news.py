"""News of domains that are watched, and how these stand, as text."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from mxproof.judge.difference import Course, Difference, Shift
from mxproof.judge.news import DomainNews, Weight
from mxproof.judge.settling import TurnKind
from mxproof.judge.vocabulary import WORST_FIRST
from mxproof.judge.watch_status import WatchStatus
from mxproof.render.text.difference_words import bounce_of, shift_lines, shift_title, state_words
from mxproof.render.text.paper import Label, Paper, Tone
from mxproof.render.text.silence_news import silence_sentences
from mxproof.render.text.words import SUMMARY_WORDS, VERDICT_MARKS, VERDICT_TONES, duration, listed, moment

WEIGHT_TONES = {
    Weight.ALARM: Tone.BAD,
    Weight.WARNING: Tone.DOUBTFUL,
    Weight.GOOD: Tone.GOOD,
    Weight.NOTE: Tone.PLAIN,
}
_INDENT = 2
_WORD = 14
_DOMAIN_MAX = 30
_SHIFTS_SAID_MAX = 6
_ORDER = (*WORST_FIRST, None)


def status_text(several: Sequence[WatchStatus], now: datetime, paper: Paper) -> Iterator[str]:
    """Yield how each domain stands, the worst first; where there is one, its news as well."""
    yield from standing_text(several, now, paper)
    if len(several) == 1:
        (alone,) = several
        yield "".join(news_text(one, paper) for one in alone.news) or "\nNo news yet.\n"


def standing_text(several: Sequence[WatchStatus], now: datetime, paper: Paper) -> Iterator[str]:
    """Yield how each domain stands, the worst first."""
    column = _WORD + min(_DOMAIN_MAX, max((len(one.domain) for one in several), default=0)) + 2
    for one in sorted(several, key=lambda one: (_ORDER.index(one.outcome), one.domain)):
        yield "\n".join(_status_lines(one, now, column, paper)) + "\n"


def news_text(news: DomainNews, paper: Paper) -> str:
    """Return one piece of news: since when, what changed for which sender, and what the change was."""
    head = f"{moment(news.since)}  {news.weight}"
    lines = ["", paper.row(Label(0, head, WEIGHT_TONES[news.weight]))]
    for said in news_words(news):
        lines += paper.wrapped(said, indent=_INDENT)
    if news.difference is not None:
        for shift in blamed(news.difference):
            lines += paper.wrapped(shift_title(shift), indent=_INDENT)
            lines += [paper.pasted(f"{sign} {line}", _INDENT + 2) for sign, line in shift_lines(shift)]
    return "\n".join(lines) + "\n"


def news_words(news: DomainNews) -> list[str]:
    """Return what is new, a sentence each, the gravest first."""
    if news.silence is not None:
        said = [*silence_sentences(news.kind, news.silence)]
        return [*said, f"Mail as a whole: {news.headline}"] if news.headline else said
    said = [*_senders_words(news), *_findings_words(news)] or [_kind_words(news)]
    if news.is_flapping:
        said.append("It has gone back and forth lately; the next changes are written down and not told.")
    return [*said, f"Now: {news.headline}"]


def blamed(difference: Difference) -> list[Shift]:
    """Return the facts that changed and matter to senders that fare otherwise, or else all of them, some at most."""
    concerned = {one.id for one in difference.senders}
    mattering = [one for one in difference.shifts if concerned & set(one.matters_to)]
    return (mattering or list(difference.shifts))[:_SHIFTS_SAID_MAX]


def _status_lines(one: WatchStatus, now: datetime, column: int, paper: Paper) -> list[str]:
    next_s = max(0, round((one.due_at - now).total_seconds()))
    due = f"next check in {_about(next_s)}" if next_s else "due now"
    due = "paused" if one.is_paused else due
    if one.outcome is None or one.observed_at is None:
        return [
            paper.row(
                Label(0, "not checked", Tone.UNKNOWN),
                Label(_WORD, one.domain, Tone.STRONG),
                Label(column, due),
            )
        ]
    seen = f"seen {_about(round((now - one.observed_at).total_seconds()))} ago, {due}"
    if not one.is_settled:
        seen += "; seen once, and looked at again soon"
    if one.blind_since is not None:
        seen += f"; less can be found out since {moment(one.blind_since)}"
    word = f"{VERDICT_MARKS[one.outcome]} {SUMMARY_WORDS[one.outcome]}"
    return [
        paper.row(Label(0, word, VERDICT_TONES[one.outcome]), Label(_WORD, one.domain, Tone.STRONG)),
        *paper.wrapped(one.headline or "", indent=_WORD),
        *paper.wrapped(seen, indent=_WORD),
    ]


def _senders_words(news: DomainNews) -> Iterator[str]:
    """Yield for each way in which senders fare otherwise who they are, and the bounce where there is one."""
    if news.difference is None:
        if news.kind in (TurnKind.FIRST, TurnKind.CHANGED) and news.troubled:
            yield f"{listed([one.name for one in news.troubled])}: mail is not simply delivered."
        return
    groups: dict[tuple[Course, str, str, str], list[str]] = {}
    for one in news.difference.senders:
        if one.decides:
            key = (one.course, state_words(one.before), state_words(one.after), bounce_of(one))
            groups.setdefault(key, []).append(one.name)
    for (course, before, after, bounce), names in sorted(
        groups.items(), key=lambda group: list(Course).index(group[0][0])
    ):
        said = f"{listed(names)}: {after}, where it was: {before}."
        yield said if course is not Course.WORSE or not bounce else f"{said} {bounce}"


def _findings_words(news: DomainNews) -> Iterator[str]:
    if news.difference is None:
        return
    for one in news.difference.appeared:
        if one.is_graver and one.severity in ("error", "warning"):
            yield f"New {one.severity}: {one.summary}"
    gone = [one.summary for one in news.difference.gone if one.severity in ("error", "warning")]
    if gone:
        yield f"Gone: {' '.join(gone)}"


def _kind_words(news: DomainNews) -> str:
    match news.kind:
        case TurnKind.FIRST:
            return "Watched from now on."
        case TurnKind.BLIND:
            unknown = f": {listed(news.unknowns[:3])}" if news.unknowns else ""
            return f"Less can be found out than before, time and again{unknown}. No sender is said to refuse for that."
        case TurnKind.SIGHTED:
            return "What could not be found out for some time can be again."
        case TurnKind.DETAIL:
            return "Mail fares as before, and something that leads to it changed."
        case TurnKind.SILENT:
            return "A usual sender is silent."
        case TurnKind.HEARD:
            return "Who was silent writes again."
        case TurnKind.CHANGED:
            return "Mail fares otherwise than before."


def _about(seconds: int) -> str:
    """Return a span of time to its greatest unit."""
    for unit in (86_400, 3_600, 60):
        if seconds >= unit:
            return duration(seconds // unit * unit) if unit < 86_400 else f"{seconds // unit} days"
    return f"{max(0, seconds)} s"
