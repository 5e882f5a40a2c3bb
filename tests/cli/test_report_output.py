"""Reports in the form that is asked for: what contradicts, who reads a fix, what is named as the way out, and the exit status."""

from collections.abc import Callable
from datetime import UTC, datetime

import click
import msgspec
import pytest

from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN
from mxproof.cli.options.output import OutputOptions
from mxproof.cli.report_output import Judged, check_brief, put_report, put_reports, shows_fixes
from mxproof.evidence import Evidence
from mxproof.judge.report import Report
from mxproof.judge.vocabulary import Confidence, Verdict
from support_report import fixed, half_known, incident
from support_scenarios import seen

AT = datetime(2026, 11, 3, 12, 0, 5, tzinfo=UTC)
PLAN = "mxproof plan example.com"

Written = Callable[[], str]


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Written:
    return lambda: capsys.readouterr().out


def judged(report: Report) -> Judged:
    return Judged(report, Evidence(report.domain), AT, ())


@pytest.mark.parametrize(
    ("output", "other"),
    [
        (OutputOptions(verbose=True), "--verbose"),
        (OutputOptions(format="json"), "--format json"),
        (OutputOptions(format="html", verbose=True), "--verbose"),
    ],
)
def test_verdicts_alone_contradict_the_whole_story_and_another_form(
    output: OutputOptions, other: str
) -> None:
    with pytest.raises(click.UsageError) as raised:
        check_brief(output, verdicts_alone=True)
    assert raised.value.message == f"--brief leaves out what {other} asks for; expected one of the two"
    check_brief(output, verdicts_alone=False)


def test_verdicts_alone_may_be_asked_for_as_text() -> None:
    check_brief(OutputOptions(), verdicts_alone=True)


@pytest.mark.parametrize(
    ("output", "verdicts_alone", "are_many", "shows"),
    [
        (OutputOptions(), False, False, True),
        (OutputOptions(), True, False, False),
        (OutputOptions(), False, True, False),
        (OutputOptions(verbose=True), False, True, True),
        (OutputOptions(verbose=True), True, True, False),
        (OutputOptions(format="html"), False, True, True),
        (OutputOptions(format="json"), False, False, True),
        (OutputOptions(format="nagios"), False, False, False),
    ],
)
def test_verdicts_a_table_of_many_and_a_line_of_monitoring_have_no_fix(
    output: OutputOptions, *, verdicts_alone: bool, are_many: bool, shows: bool
) -> None:
    assert shows_fixes(output, verdicts_alone=verdicts_alone, are_many=are_many) is shows


@pytest.mark.parametrize(
    ("form", "report", "status"),
    [
        ("text", fixed, DONE),
        ("text", incident, PROBLEM),
        ("text", half_known, UNKNOWN),
        ("json", incident, PROBLEM),
        ("csv", half_known, UNKNOWN),
        ("nagios", fixed, 0),
        ("nagios", incident, 2),
        ("nagios", half_known, 3),
    ],
)
def test_the_form_decides_what_the_exit_status_is_that_of(
    written: Written, form: str, report: Callable[[], Report], status: int
) -> None:
    output = msgspec.convert({"format": form}, OutputOptions)
    assert put_report(judged(report()), output, "error", verdicts_alone=False) == status
    assert written() != ""


def test_of_several_reports_the_worst_decides_and_of_none_nothing_is_known(written: Written) -> None:
    several = [judged(one) for one in (fixed(), half_known(), incident())]
    json = OutputOptions(format="json")
    assert put_reports(several, json, "error") == PROBLEM
    assert [msgspec.json.decode(line)["domain"] for line in written().splitlines()] == [
        "example.com",
        "xn--bcher-kva.example",
        "example.com",
    ]
    assert put_reports(several[:2], json, "error") == UNKNOWN
    assert put_reports([], json, "error") == UNKNOWN


@pytest.mark.parametrize(("form", "first"), [("html", "<!doctype html>"), ("markdown", "#")])
def test_html_and_markdown_have_something_of_all_before_the_reports(
    written: Written, form: str, first: str
) -> None:
    output = msgspec.convert({"format": form}, OutputOptions)
    assert put_reports([judged(fixed())], output, "error") == DONE
    assert written().lower().startswith(first)


def senders(*fates: tuple[Verdict, Confidence]) -> Report:
    """Return the report of the incident with senders that fare so."""
    report = incident()
    (one, *_) = report.senders
    return msgspec.structs.replace(
        report,
        senders=tuple(msgspec.structs.replace(one, outcome=fate, confidence=sure) for fate, sure in fates),
    )


SURE, GUESS = Confidence.DOCUMENTED, Confidence.GUESS


@pytest.mark.parametrize(
    ("report", "command"),
    [
        (senders((Verdict.DELIVERS, SURE), (Verdict.UNKNOWN, SURE)), PLAN),
        (senders((Verdict.REFUSED, GUESS), (Verdict.DELIVERS, SURE)), PLAN),
        (senders((Verdict.REFUSED, SURE)), ""),
    ],
)
def test_no_way_out_is_named_where_whoever_decides_delivers_or_no_command_shows_the_rest(
    written: Written, report: Report, command: str
) -> None:
    put_report(judged(report), OutputOptions(width=80), "error", verdicts_alone=False, plan_command=command)
    assert "Way out" not in written()


def way_out(one: Judged, written: Written) -> str:
    """Return what is written of the way out, on one line."""
    put_report(one, OutputOptions(width=80), "error", verdicts_alone=False, plan_command=PLAN)
    return " ".join(written().partition("Way out")[2].split())


def test_where_a_fix_suffices_the_way_out_is_the_fix_above(written: Written) -> None:
    found = seen("incident")
    proven = Judged(found.proven(), found.evidence, found.at, found.memories)
    assert way_out(proven, written) == f"the fix above, or another: `{PLAN}`"


def test_where_no_fix_suffices_another_way_is_looked_for(written: Written) -> None:
    found = seen("incident")
    refused = senders((Verdict.DELIVERS, SURE), (Verdict.AT_RISK, SURE))
    unproven = Judged(refused, found.evidence, found.at, found.memories)
    own = "Give mxi1.example.com and mxi2.example.com their own addresses in place of the CNAMEs."
    assert way_out(unproven, written) == f"{own} `{PLAN}`"


def test_where_all_deliver_by_the_evidence_no_way_is_named(written: Written) -> None:
    found = seen("direct")
    assert way_out(Judged(senders((Verdict.REFUSED, SURE)), found.evidence, found.at, ()), written) == ""
