"""What is found out when somebody is silent, and what whoever is rung up gets to read of it.

A check as the silent sender delivers, what its TLS reports of these days count, and what to do next.
"""

from datetime import UTC, datetime, timedelta, tzinfo

import msgspec

from mxproof.cli.options.asking import AskingOptions
from mxproof.evidence import Evidence
from mxproof.explain.tlsrpt.period import Period
from mxproof.formats.names import Domain
from mxproof.judge.remembering import held_beside
from mxproof.judge.report import Report
from mxproof.judge.silence import CheckedSender, NamedFinding, Reported, Silence
from mxproof.mail.assemble import assemble
from mxproof.mail.memory import Memory
from mxproof.render.text.paper import Paper
from mxproof.render.text.report import text
from mxproof.render.text.silence import alarms_text
from mxproof.render.text.silence_news import check_sentence, next_step, reports_sentences
from mxproof.rhythm.alarm import Alarm, AlarmKind
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.watch_journal import WatchJournal

_MODELS = {"Microsoft": "microsoft", "Google": "google"}
"""The models of the systems that logs are read for, by name."""
_SUBMITTERS = {"Microsoft": "microsoft.com", "Google": "google.com", "Yahoo": "yahoo"}
_REPORTS_DAYS = 3
"""Reports come a day or two after the day that they tell of."""
_OF_ONE = frozenset({AlarmKind.SENDER, AlarmKind.REPORTER})


class FoundSilence(msgspec.Struct, frozen=True):
    """A silence, and the report of the check that was made, None where none was or could be."""

    silence: Silence
    report: Report | None = None


def found_silence(
    alarm: Alarm, domain: Domain | None, asking: AskingOptions, journal: Journal
) -> FoundSilence:
    """Find out about a silence what can be found out now; of a domain that is not named nothing can."""
    if domain is None or alarm.kind not in _OF_ONE:
        return FoundSilence(Silence(alarm))
    report, unchecked = _check(domain, asking, journal)
    reports, unread = _reported(alarm, domain, journal)
    checked = None if report is None else _checked(alarm, report)
    return FoundSilence(Silence(alarm, checked, unchecked, _REPORTS_DAYS, reports, unread), report)


def notice(found: FoundSilence, zone: tzinfo | None, paper: Paper) -> str:
    """Return the whole notice; what could not be found out is said in its place."""
    silence = found.silence
    parts = [alarms_text((silence.alarm,), zone, paper)]
    if found.report is not None or silence.unchecked:
        parts.append("\n".join(paper.wrapped(check_sentence(silence))) + "\n")
        if found.report is not None:
            parts.append(text(found.report, paper))
        said = [line for one in reports_sentences(silence) for line in paper.wrapped(one)]
        parts.append("\n".join(said) + "\n")
    if silence.alarm.kind in _OF_ONE:
        parts.append("\n".join(paper.wrapped(next_step(silence.alarm))) + "\n")
    return "\n".join(parts)


def _check(domain: Domain, asking: AskingOptions, journal: Journal) -> tuple[Report | None, str]:
    from mxproof.cli.evidence_source import observe  # noqa: PLC0415 - asks only where somebody is silent
    from mxproof.cli.exit import RunError  # noqa: PLC0415 - as above
    from mxproof.cli.judged import judged  # noqa: PLC0415 - as above

    try:
        observed = observe(domain, asking)
    except RunError as error:
        return None, str(error)
    memories = (*observed.memories, *_held(observed.evidence, journal))
    return judged(observed.evidence, now=datetime.now(UTC), memories=memories), ""


def _held(evidence: Evidence, journal: Journal) -> tuple[Memory, ...]:
    """Return the policies that senders may hold from before, where the same store has the watch of the domain."""
    try:
        states = WatchJournal(journal).states([evidence.domain])
    except JournalError:
        return ()
    domain = assemble(evidence, evidence.observed_at())
    return tuple(memory for one in states for memory in held_beside(one.held.served, domain))


def _checked(alarm: Alarm, report: Report) -> CheckedSender | None:
    """Return what the check says of whoever is silent, None where no model of it is known."""
    model = _model(alarm)
    found = next((one for one in report.senders if one.id == model), None)
    if found is None:
        return None
    summaries = {one.code: one.summary for one in reversed(report.findings)}
    because = tuple(NamedFinding(code, summaries.get(code, "")) for code in found.because)
    return CheckedSender(found.id, found.name, found.outcome, because)


def _model(alarm: Alarm) -> str | None:
    """Return the model of whoever is silent: of a reporter, that of the system whose reports are named so."""
    if alarm.kind is AlarmKind.SENDER:
        return _MODELS.get(alarm.sender)
    name = alarm.sender.lower()
    return next((_MODELS.get(system) for system, word in _SUBMITTERS.items() if word in name), None)


def _reported(alarm: Alarm, domain: Domain, journal: Journal) -> tuple[tuple[Reported, ...], str]:
    last = (datetime.now(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(days=1)
    try:
        counts = journal.counts(Period(last - _REPORTS_DAYS + 1, last, domain.name))
    except JournalError as error:
        return (), str(error)
    word = _SUBMITTERS.get(alarm.sender, alarm.sender)
    return tuple(
        Reported(
            one.submitter,
            one.failure,
            one.success,
            tuple(dict.fromkeys(way.result_type for way in counts.ways if way.submitter == one.submitter)),
        )
        for one in counts.senders
        if word in one.submitter
    ), ""
