"""One fault fits a screen: every scenario of the lab at 80 columns and 50 lines, the command's way out included."""

import pytest

from mxproof.judge.report import Report
from mxproof.judge.vocabulary import Severity, Verdict
from mxproof.lab.scenario import scenarios
from mxproof.remedy.one_way import one_way
from mxproof.render.text.answer import fix_suffices
from mxproof.render.text.paper import Paper
from mxproof.render.text.report import SCREEN_LINES, WAY_OUT_LINES, rows, text
from mxproof.render.text.way_out import way_out
from support_long import some
from support_scenarios import seen

COLUMNS = 80


def lines_of(report: Report) -> list[str]:
    return text(report, Paper(unicode=True)).splitlines()


def height(report: Report) -> int:
    return rows(text(report, Paper(unicode=True)), COLUMNS) + (
        WAY_OUT_LINES if report.summary.outcome is not Verdict.DELIVERS else 0
    )


def errors(report: Report) -> set[str]:
    return {one.code for one in report.findings if one.severity is Severity.ERROR}


@pytest.fixture(scope="module", params=some(scenarios(), 6, "incident"))
def report(request: pytest.FixtureRequest) -> Report:
    """Return the report of each scenario in turn: the tests of one follow one another, and share it."""
    return seen(request.param).proven()


def test_one_fault_fits_a_screen_and_two_have_the_head_and_their_first_step_there(report: Report) -> None:
    high = height(report)
    if len(errors(report)) <= 1:
        assert high <= SCREEN_LINES
        return
    screen = " ".join(" ".join(lines_of(report)[:SCREEN_LINES]).split())
    told = [one for one in report.findings if one.severity is Severity.ERROR]
    for finding in told:
        assert " ".join(finding.summary.split()) in screen
        assert " ".join("".join(finding.steps[:1]).split()) in screen


@pytest.mark.parametrize(
    "name", ["incident", "no-starttls", "ns-stale-tlsa", "null-mx", "policy-field-twice"]
)
def test_the_way_out_takes_no_more_room_than_is_kept_for_it(name: str) -> None:
    found = seen(name)
    way = one_way(found.evidence, now=found.at, memories=found.memories)
    for found_way in (way, None):
        got = way_out(found_way, f"mxproof plan example.com --lab {name}", Paper(unicode=True))
        assert rows(got, COLUMNS) <= WAY_OUT_LINES


@pytest.mark.parametrize(
    ("name", "suffices"),
    [
        ("incident", True),
        ("tlsa-wrong", True),
        ("direct", False),
        ("null-mx", False),
        ("dnssec-bogus", False),
    ],
)
def test_the_way_out_is_the_fix_above_where_that_alone_has_every_sender_deliver(
    name: str, suffices: bool
) -> None:
    assert fix_suffices(seen(name).proven()) is suffices


def test_nothing_of_an_error_is_left_out_for_want_of_room(report: Report) -> None:
    shown = " ".join(text(report, Paper(unicode=True)).split())
    for finding in report.findings:
        if finding.severity is not Severity.ERROR:
            continue
        assert " ".join(finding.detail.split()) in shown
        assert all(" ".join(step.split()) in shown for step in finding.steps)
