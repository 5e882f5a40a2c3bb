"""News of a domain that is watched: version 1 of what an alert is handed, and how loudly it is told.

Field names and order are the contract; the JSON Schema in docs/reference is generated from them.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from mxproof.judge.difference import Course, Difference
from mxproof.judge.differing import JudgedEvidence, difference
from mxproof.judge.report import Report
from mxproof.judge.settling import Turn, TurnKind
from mxproof.judge.silence import Silence
from mxproof.judge.vocabulary import Severity, Verdict
from mxproof.rhythm.alarm import AlarmKind

NEWS_VERSION = 1


class Weight(StrEnum):
    """How loudly news are told, the loudest first."""

    ALARM = "alarm"
    """A sender that delivered refuses, or may."""
    WARNING = "warning"
    """Something is worse than it was, or cannot be found out any more."""
    GOOD = "good"
    """Something is better than it was."""
    NOTE = "note"
    """It is written down, for whoever looks."""


LOUDEST_FIRST = tuple(Weight)


class TroubledSender(msgspec.Struct, frozen=True):
    """A sender that does not simply deliver, and the findings that make it."""

    id: str
    name: str
    outcome: Verdict
    because: tuple[str, ...]


class DomainNews(msgspec.Struct, frozen=True):
    """One piece of news, whole.

    `since` is when it was seen first, `headline` what it comes to now, `troubled` are the senders that decide and do not simply
    deliver. `difference` is what changed, None where there is nothing to compare with; `unknowns` are the questions that could
    not be answered. `is_flapping`: it has gone back and forth lately. `silence`, of a sender or of all, is None in other news.
    """

    schema_version: int
    domain: str
    kind: TurnKind
    weight: Weight
    course: Course
    at: datetime
    since: datetime
    headline: str
    troubled: tuple[TroubledSender, ...]
    unknowns: tuple[str, ...]
    is_flapping: bool
    difference: Difference | None
    silence: Silence | None = None


def domain_news(turn: Turn, settled: JudgedEvidence | None, seen: JudgedEvidence) -> DomainNews:
    """Return the news that a check brought; `settled` is what held before, None where nothing did or it is kept no more."""
    between = None
    if settled is not None and turn.kind in (TurnKind.CHANGED, TurnKind.DETAIL) and not turn.stays:
        between = difference(settled, seen, Severity.WARNING)
    report = seen.report
    course = _course(turn.kind, between)
    return DomainNews(
        schema_version=NEWS_VERSION,
        domain=seen.evidence.domain,
        kind=turn.kind,
        weight=_weight(turn, course, between, report),
        course=course,
        at=report.observed_at,
        since=turn.since,
        headline=report.summary.headline,
        troubled=_troubled(report),
        unknowns=tuple(one.question for one in report.unknowns),
        is_flapping=turn.is_flapping,
        difference=between,
    )


def silence_news(domain: str, silence: Silence, at: datetime, report: Report | None) -> DomainNews:
    """Return the news that somebody is silent; `report` is of the check that was made then, None where none could be."""
    kind = silence.alarm.kind
    is_mail = kind in (AlarmKind.SENDER, AlarmKind.EVERYTHING)
    return DomainNews(
        schema_version=NEWS_VERSION,
        domain=domain,
        kind=TurnKind.SILENT,
        weight=Weight.ALARM if is_mail else Weight.WARNING,
        course=Course.WORSE,
        at=at,
        since=silence.alarm.silent_since,
        headline="" if report is None else report.summary.headline,
        troubled=() if report is None else _troubled(report),
        unknowns=() if report is None else tuple(one.question for one in report.unknowns),
        is_flapping=False,
        difference=None,
        silence=silence,
    )


def heard_news(silent: DomainNews, at: datetime) -> DomainNews:
    """Return the news that whoever was silent writes again."""
    silence = None if silent.silence is None else Silence(silent.silence.alarm)
    return msgspec.structs.replace(
        silent,
        kind=TurnKind.HEARD,
        weight=Weight.GOOD,
        course=Course.BETTER,
        at=at,
        headline="",
        troubled=(),
        unknowns=(),
        silence=silence,
    )


def _troubled(report: Report) -> tuple[TroubledSender, ...]:
    return tuple(
        TroubledSender(one.id, one.name, one.outcome, one.because)
        for one in report.senders
        if one.decides and one.outcome in (Verdict.REFUSED, Verdict.AT_RISK)
    )


def _course(kind: TurnKind, between: Difference | None) -> Course:
    match kind:
        case TurnKind.BLIND:
            return Course.UNKNOWN
        case TurnKind.SIGHTED:
            return Course.BETTER
        case _:
            return between.course if between is not None else Course.SAME


def _weight(turn: Turn, course: Course, between: Difference | None, report: Report) -> Weight:
    if turn.is_quiet or turn.kind is TurnKind.DETAIL:
        return Weight.NOTE
    if turn.kind is TurnKind.BLIND:
        return Weight.WARNING
    if turn.kind is TurnKind.FIRST or between is None:
        lost = report.summary.outcome in (Verdict.REFUSED, Verdict.AT_RISK)
        return Weight.ALARM if lost else Weight.NOTE
    if any(_is_lost(one.before.outcome, one.after.outcome) for one in between.senders if one.decides):
        return Weight.ALARM
    return {Course.WORSE: Weight.WARNING, Course.BETTER: Weight.GOOD}.get(course, Weight.NOTE)


def _is_lost(before: Verdict, after: Verdict) -> bool:
    """Tell whether mail is refused that was not, or may be."""
    return after is Verdict.REFUSED is not before or (
        after is Verdict.AT_RISK and before is not Verdict.REFUSED and before is not Verdict.AT_RISK
    )
