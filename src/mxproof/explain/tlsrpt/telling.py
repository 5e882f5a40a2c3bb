"""From a report that was found to what is said of it: each row with its cause, and with evidence, whether it is so now."""

from collections.abc import Mapping
from datetime import datetime
from math import ceil

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.tlsrpt.enforced import enforced_words
from mxproof.explain.tlsrpt.judging_sender import model_of
from mxproof.explain.tlsrpt.policy_then import PolicyThen, policy_then
from mxproof.explain.tlsrpt.quoted_policy import quoted_policy
from mxproof.explain.tlsrpt.reporting_sender import reporting_sender
from mxproof.explain.tlsrpt.row_cause import row_cause
from mxproof.explain.tlsrpt.row_join import RowJoin, SeenDomain, join_row, worded
from mxproof.explain.tlsrpt.row_words import join_words, policy_words
from mxproof.explain.tlsrpt.sessions import sessions_of
from mxproof.explain.tlsrpt.told import ToldFailure, ToldPolicy, ToldReport, ToldSessions
from mxproof.formats.mtasts import Mode
from mxproof.formats.tlsrpt.found import FoundReport
from mxproof.formats.tlsrpt.report import FailureDetails, ReportedPolicy, TlsReport
from mxproof.judge.senders.traits import Traits

_DAY_S = 86_400
_NOBODY: Mapping[str, SeenDomain] = {}


def told(found: FoundReport, source: str, seen: Mapping[str, SeenDomain] = _NOBODY) -> ToldReport:
    """Return what is said of a report; `seen` has what was observed of domains, by name."""
    report = found.read.report
    submitter = found.reporting_domain
    sender = model_of(reporting_sender(submitter, report.organization))
    sessions = sessions_of(report.policies)
    return ToldReport(
        reporter=report.organization or submitter,
        report_id=report.id,
        begin=report.begin,
        end=report.end,
        source=source,
        authenticated=found.authenticated,
        policies=tuple(_policy(row, report, sender, _seen_of(row, report, seen)) for row in report.policies),
        repairs=found.repairs,
        submitter=submitter or None,
        contact=report.contact or None,
        sender=sender.id if sender is not None else None,
        sessions=ToldSessions(sessions.success, sessions.failure, sessions.at_least),
    )


def _seen_of(row: ReportedPolicy, report: TlsReport, seen: Mapping[str, SeenDomain]) -> SeenDomain | None:
    """Return the evidence about a row: by its domain, or by that of the MX host whose TLSA records it is about."""
    if row.domain in seen:
        return seen[row.domain]
    others = (seen[one.domain] for one in report.policies if one.domain in seen)
    hosts = (one for one in (*others, *seen.values()))
    return next(
        (one for one in hosts if any(row.domain in (host.name, host.target) for host in one.domain.hosts)),
        None,
    )


def _policy(
    row: ReportedPolicy, report: TlsReport, sender: Traits | None, seen: SeenDomain | None
) -> ToldPolicy:
    then = policy_then(row, seen.domain, seen.memories, report.end) if seen is not None else None
    failures = tuple(_failure(row, one, report, sender, seen, then) for one in row.failures)
    policy = quoted_policy(row)
    mode = policy.mode if policy is not None else None
    name = _short(sender.name) if sender is not None else report.organization or "this sender"
    refused = _a_day(row.failure, report) if mode is Mode.TESTING and row.failure else None
    sessions = _a_day(row.success + row.failure, report) if refused is not None else None
    words = policy_words(then, seen) if then is not None and seen is not None else ""
    if refused is not None and sessions is not None:
        words = f"{words} {enforced_words(refused, sessions, name, _titles(failures))}".strip()
    return ToldPolicy(
        row.type,
        row.domain,
        row.success,
        row.failure,
        failures,
        row.strings,
        mode,
        then.standing if then is not None and row.strings else None,
        then.until if then is not None else None,
        sessions,
        refused,
        words,
    )


def _failure(
    row: ReportedPolicy,
    details: FailureDetails,
    report: TlsReport,
    sender: Traits | None,
    seen: SeenDomain | None,
    then: PolicyThen | None,
) -> ToldFailure:
    joined: RowJoin | None = None
    words = fix = ""
    if seen is not None and then is not None:
        joined = join_row(row, details, then, seen, sender)
        finding = worded(seen.report, joined.finding, (details.receiving_mx, details.receiving_ip))
        words = join_words(joined, details, then, seen, report.end)
        fix = finding.fix if finding is not None else ""
    cause = joined.cause if joined is not None else row_cause(row.type, details).cause
    if joined is None and cause is not None:
        words = CATALOGUE[cause].words
    return ToldFailure(
        details.result_type,
        details.count,
        details.receiving_mx or None,
        details.sending_ip or None,
        details.reason or None,
        cause,
        joined.finding if joined is not None else None,
        details.receiving_ip or None,
        details.receiving_helo or None,
        details.additional_information or None,
        joined.standing if joined is not None else None,
        words,
        fix,
    )


def _titles(failures: tuple[ToldFailure, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(CATALOGUE[one.cause].title for one in failures if one.cause is not None))


def _a_day(count: int, report: TlsReport) -> int:
    """Return how many of `count` sessions fall on a day, rounded up; a report of no known time is one of a day."""
    days = _days(report.begin, report.end)
    return ceil(count / days)


def _days(begin: datetime | None, end: datetime | None) -> int:
    if begin is None or end is None:
        return 1
    return max(1, round((end - begin).total_seconds() / _DAY_S))


def _short(name: str) -> str:
    return name.partition(" (")[0]
