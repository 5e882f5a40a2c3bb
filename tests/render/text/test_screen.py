"""One fault fits a screen: every scenario of the lab at 80 columns and 50 lines, the command's way out included."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import pytest

from mxproof.judge.report import Report
from mxproof.judge.vocabulary import Severity, Verdict
from mxproof.lab.scenario import scenarios
from mxproof.render.text.paper import Paper
from mxproof.render.text.report import SCREEN_LINES, WAY_OUT_LINES, text
from support_scenarios import seen

EXCEPTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ns-stale-mx": "seven senders have each a bounce of their own, and both versions of the records are shown",
        **dict.fromkeys(
            (
                "tlsa-usage-wrong",
                "tlsa-root-unsent",
                "tlsa-other-name",
                "tlsa-authority-changed",
                "tlsa-renewed",
            ),
            "one to three lines more: three steps with the records of before and after, and each bounce in full",
        ),
        "mx-address-mapped": "ten addresses of one host, each of another kind",
    }
)
"""Scenarios with one error that a screen does not hold, and why."""
HEAD_LINES_MAX = 30


def lines_of(report: Report) -> list[str]:
    return text(report, Paper(unicode=True)).splitlines()


def height(report: Report) -> int:
    return len(lines_of(report)) + (WAY_OUT_LINES if report.summary.outcome is not Verdict.DELIVERS else 0)


def errors(report: Report) -> set[str]:
    return {one.code for one in report.findings if one.severity is Severity.ERROR}


@pytest.mark.parametrize("name", scenarios())
def test_one_fault_fits_a_screen_and_two_have_the_head_and_their_first_step_there(name: str) -> None:
    report = seen(name).proven()
    high = height(report)
    if len(errors(report)) <= 1:
        assert high <= SCREEN_LINES or name in EXCEPTIONS
        return
    screen = " ".join(" ".join(lines_of(report)[:SCREEN_LINES]).split())
    told = [one for one in report.findings if one.severity is Severity.ERROR]
    for finding in told:
        assert " ".join(finding.summary.split()) in screen
        assert " ".join("".join(finding.steps[:1]).split()) in screen


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_what_is_too_high_has_its_head_and_all_that_is_to_be_done_on_the_screen(name: str) -> None:
    report = seen(name).proven()
    assert height(report) > SCREEN_LINES
    assert lines_of(report).index("Senders") < HEAD_LINES_MAX


@pytest.mark.parametrize("name", scenarios())
def test_nothing_of_an_error_is_left_out_for_want_of_room(name: str) -> None:
    report = seen(name).proven()
    shown = " ".join(text(report, Paper(unicode=True)).split())
    for finding in report.findings:
        if finding.severity is not Severity.ERROR:
            continue
        assert " ".join(finding.detail.split()) in shown
        assert all(" ".join(step.split()) in shown for step in finding.steps)
