"""What whoever is rung up gets to read: the alarm, a check as the silent sender delivers, TLS reports of these days, what to do next."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo

from mxproof.cli.options.asking import AskingOptions
from mxproof.explain.tlsrpt.period import Period
from mxproof.formats.names import Domain
from mxproof.judge.report import Report
from mxproof.render.text.paper import Paper
from mxproof.render.text.report import text
from mxproof.render.text.silence import alarms_text
from mxproof.rhythm.alarm import Alarm, AlarmKind
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal

_MODELS = {"Microsoft": "microsoft", "Google": "google"}
"""The models of the systems that logs are read for, by name."""
_SUBMITTERS = {"Microsoft": "microsoft.com", "Google": "google.com", "Yahoo": "yahoo"}
_REPORTS_DAYS = 3
"""Reports come a day or two after the day that they tell of."""


def notice(
    alarm: Alarm,
    domain: Domain | None,
    asking: AskingOptions,
    journal: Journal,
    zone: tzinfo | None,
    paper: Paper,
) -> str:
    """Return the whole notice; what cannot be found out is said in its place."""
    parts = [alarms_text((alarm,), zone, paper)]
    if alarm.kind in {AlarmKind.SENDER, AlarmKind.REPORTER}:
        if domain is not None:
            parts.append(_checked(alarm, domain, asking, paper))
            parts.append("\n".join(_reported(alarm, domain, journal, paper)) + "\n")
        steps = f"Next: ask somebody who writes from {alarm.sender} for the bounce; `mxproof explain bounce.eml` reads it."
        parts.append("\n".join(paper.wrapped(steps)) + "\n")
    return "\n".join(parts)


def _checked(alarm: Alarm, domain: Domain, asking: AskingOptions, paper: Paper) -> str:
    from mxproof.cli.evidence_source import observe  # noqa: PLC0415 - asks only where somebody is silent
    from mxproof.cli.exit import RunError  # noqa: PLC0415 - as above
    from mxproof.cli.judged import judged  # noqa: PLC0415 - as above

    try:
        observed = observe(domain, asking)
    except RunError as error:
        return "\n".join(paper.wrapped(f"Check of {domain}: not made; {error}")) + "\n"
    report = judged(observed.evidence, now=datetime.now(UTC), memories=observed.memories)
    return "\n".join(_verdict(alarm, report, paper)) + "\n\n" + text(report, paper)


def _verdict(alarm: Alarm, report: Report, paper: Paper) -> list[str]:
    model = _model(alarm)
    found = next((one for one in report.senders if one.id == model), None)
    if found is None:
        return paper.wrapped(f"Check of {report.domain}, now; of {alarm.sender} no model is known:")
    because = f" because of {', '.join(found.because)}" if found.because else ""
    return paper.wrapped(f"Check of {report.domain}, now, as {found.name} delivers: {found.outcome}{because}")


def _model(alarm: Alarm) -> str | None:
    """Return the model of whoever is silent: of a reporter, that of the system whose reports are named so."""
    if alarm.kind is AlarmKind.SENDER:
        return _MODELS.get(alarm.sender)
    name = alarm.sender.lower()
    return next((_MODELS.get(system) for system, word in _SUBMITTERS.items() if word in name), None)


def _reported(alarm: Alarm, domain: Domain, journal: Journal, paper: Paper) -> Iterator[str]:
    last = (datetime.now(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(days=1)
    try:
        counts = journal.counts(Period(last - _REPORTS_DAYS + 1, last, domain.name))
    except JournalError as error:
        yield from paper.wrapped(f"TLS reports: {error}")
        return
    word = _SUBMITTERS.get(alarm.sender, alarm.sender)
    mine = [one for one in counts.senders if word in one.submitter]
    if not mine:
        yield from paper.wrapped(
            f"TLS reports: none from {alarm.sender} in the last {_REPORTS_DAYS} days are kept."
        )
    for one in mine:
        ways = [way.result_type for way in counts.ways if way.submitter == one.submitter]
        failed = f" ({', '.join(dict.fromkeys(ways))})" if ways else ""
        yield from paper.wrapped(
            f"TLS reports of {one.submitter}, last {_REPORTS_DAYS} days: {one.failure} sessions failed{failed}, {one.success} did not."
        )
