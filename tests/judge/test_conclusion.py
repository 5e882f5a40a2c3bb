"""What a report comes to: good, a problem, or nothing that is known, by its findings and by the senders that decide."""

import msgspec
import pytest

from mxproof.judge.codes import Code
from mxproof.judge.conclusion import Conclusion, concluded, weighs
from mxproof.judge.judging import report_on
from mxproof.judge.report import Report, WordedFinding
from mxproof.judge.vocabulary import Confidence, Severity, Verdict
from support_world import collect
from support_worlds import GOOD

GOOD_REPORT = report_on(collect(GOOD), now=GOOD.at)
FINDING = GOOD_REPORT.findings[0]
ERROR, WARNING, NOTICE, OK = Severity.ERROR, Severity.WARNING, Severity.NOTICE, Severity.OK


def report(*severities: Severity, code: str = FINDING.code, **changes: object) -> Report:
    """Return the report of the good world with other findings."""
    findings = tuple(msgspec.structs.replace(FINDING, severity=one, code=code) for one in severities)
    return msgspec.structs.replace(GOOD_REPORT, findings=findings, **changes)


def faring(outcome: Verdict, confidence: Confidence = Confidence.DOCUMENTED) -> Report:
    """Return the report of the good world in which one sender fares so, and is known so well."""
    first, *others = GOOD_REPORT.senders
    one = msgspec.structs.replace(first, outcome=outcome, confidence=confidence)
    return report(senders=(one, *others))


def test_a_world_with_nothing_wrong_ends_well() -> None:
    assert concluded(GOOD_REPORT) is Conclusion.GOOD
    assert concluded(report()) is Conclusion.GOOD


@pytest.mark.parametrize(
    ("severity", "fail_on", "is_problem"),
    [
        (ERROR, ERROR, True),
        (WARNING, ERROR, False),
        (ERROR, WARNING, True),
        (WARNING, WARNING, True),
        (NOTICE, WARNING, False),
        (NOTICE, NOTICE, True),
        (OK, NOTICE, False),
        (OK, OK, False),
        (NOTICE, OK, True),
    ],
)
def test_a_finding_is_a_problem_from_the_severity_on_that_was_named(
    severity: Severity, fail_on: Severity, *, is_problem: bool
) -> None:
    assert weighs(severity, fail_on) is is_problem
    want = Conclusion.PROBLEM if is_problem else Conclusion.GOOD
    assert concluded(report(OK, severity), fail_on) is want


@pytest.mark.parametrize(
    ("outcome", "want"),
    [
        (Verdict.DELIVERS, Conclusion.GOOD),
        (Verdict.REFUSED, Conclusion.PROBLEM),
        (Verdict.AT_RISK, Conclusion.PROBLEM),
        (Verdict.UNKNOWN, Conclusion.UNKNOWN),
    ],
)
def test_a_sender_that_decides_ends_it_and_one_that_rests_on_a_guess_does_not(
    outcome: Verdict, want: Conclusion
) -> None:
    assert concluded(faring(outcome)) is want
    assert concluded(faring(outcome, Confidence.GUESS)) is Conclusion.GOOD


def test_what_could_not_be_found_out_is_told_only_where_nothing_wrong_was_seen() -> None:
    unknowns = ("what could not be asked",)
    assert concluded(report(unknowns=unknowns)) is Conclusion.UNKNOWN
    assert concluded(report(ERROR, unknowns=unknowns)) is Conclusion.PROBLEM


def test_without_a_resolver_nothing_is_known_whatever_was_found() -> None:
    silent: WordedFinding = msgspec.structs.replace(FINDING, code=Code.RESOLVER_UNANSWERED, severity=ERROR)
    both = msgspec.structs.replace(GOOD_REPORT, findings=(*report(ERROR).findings, silent))
    assert concluded(both) is Conclusion.UNKNOWN
