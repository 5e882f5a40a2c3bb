"""The exit status that a report calls for: the worst that is known of what decides, then what is not known."""

import pytest
from msgspec.structs import replace

from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN, status_of_report
from mxproof.judge.report import Report, Unknown
from mxproof.judge.vocabulary import Confidence, Severity, Verdict
from support_report import incident

OPEN = Unknown("TXT _mta-sts.example.com", "timeout")


def _report(
    outcome: Verdict = Verdict.DELIVERS,
    confidence: Confidence = Confidence.OBSERVED,
    severity: Severity = Severity.WARNING,
    unknowns: tuple[Unknown, ...] = (),
) -> Report:
    """Return a report with one sender and one finding."""
    whole = incident()
    sender = replace(whole.senders[0], outcome=outcome, confidence=confidence)
    finding = replace(whole.findings[0], severity=severity)
    return replace(whole, senders=(sender,), findings=(finding,), unknowns=unknowns)


@pytest.mark.parametrize(
    ("report", "want"),
    [
        (_report(), DONE),
        (_report(Verdict.REFUSED), PROBLEM),
        (_report(Verdict.AT_RISK), PROBLEM),
        (_report(Verdict.UNKNOWN), UNKNOWN),
        (_report(Verdict.REFUSED, Confidence.GUESS), DONE),
        (_report(Verdict.UNKNOWN, Confidence.GUESS), DONE),
        (_report(severity=Severity.ERROR), PROBLEM),
        (_report(unknowns=(OPEN,)), UNKNOWN),
        (_report(severity=Severity.ERROR, unknowns=(OPEN,)), PROBLEM),
        (_report(Verdict.REFUSED, unknowns=(OPEN,)), PROBLEM),
    ],
)
def test_the_worst_that_decides_comes_before_what_is_not_known(report: Report, want: int) -> None:
    assert status_of_report(report) == want


@pytest.mark.parametrize(
    ("severity", "fail_on", "want"),
    [
        (Severity.WARNING, "error", DONE),
        (Severity.WARNING, "warning", PROBLEM),
        (Severity.NOTICE, "warning", DONE),
        (Severity.NOTICE, "notice", PROBLEM),
        (Severity.ERROR, "notice", PROBLEM),
        (Severity.OK, "notice", DONE),
    ],
)
def test_a_finding_is_a_problem_from_the_severity_on_that_was_chosen(
    severity: Severity, fail_on: str, want: int
) -> None:
    assert status_of_report(_report(severity=severity), fail_on) == want
