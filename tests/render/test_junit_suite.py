"""Suites of JUnit as XML: every attribute that the two schemas want, cases that are counted, and results of each kind."""

from datetime import datetime, timedelta, timezone

from mxproof.render.junit_suite import Suite, SuiteCase, suites

AT = datetime(2026, 6, 1, 14, tzinfo=timezone(timedelta(hours=2)))


def test_a_suite_without_a_case_has_every_attribute_that_is_wanted() -> None:
    assert "".join(suites([Suite("example.com", (), "All <deliver>", AT)])) == (
        '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
        '<testsuite name="example.com" package="mxproof" id="0" timestamp="2026-06-01T12:00:00" hostname="localhost"'
        ' tests="0" failures="0" errors="0" skipped="0" time="0.000">'
        "<properties></properties><system-out>All &lt;deliver&gt;</system-out><system-err></system-err></testsuite>\n"
        "</testsuites>\n"
    )


def test_cases_are_counted_by_how_they_ended_and_one_that_is_skipped_has_no_type() -> None:
    cases = (
        SuiteCase("passes"),
        SuiteCase("fails", "failure", "refused", "it refuses", "550 no"),
        SuiteCase("fails too", "failure", "at_risk", "it may"),
        SuiteCase("errs", "error", "unknown", "nobody knows"),
        SuiteCase("errs too", "error", "unknown", "nobody knows"),
        SuiteCase("errs as well", "error", "unknown", "nobody knows"),
        SuiteCase("is skipped", "skipped", "guess", "a guess"),
    )
    properties = (("software", "mxproof 1.0"), ("simulated", ""))
    whole = Suite("example.com", cases, "", AT, properties, "mail.example.net", 1.5)
    _, suite, _ = suites([whole])
    case = '<testcase name="{}" classname="example.com" time="0">{}</testcase>'
    assert suite == (
        '<testsuite name="example.com" package="mxproof" id="0" timestamp="2026-06-01T12:00:00"'
        ' hostname="mail.example.net" tests="7" failures="2" errors="3" skipped="1" time="1.500">'
        '<properties><property name="software" value="mxproof 1.0"></property></properties>'
        + case.format("passes", "")
        + case.format("fails", '<failure message="it refuses" type="refused">550 no</failure>')
        + case.format("fails too", '<failure message="it may" type="at_risk"></failure>')
        + "".join(
            case.format(name, '<error message="nobody knows" type="unknown"></error>')
            for name in ("errs", "errs too", "errs as well")
        )
        + case.format("is skipped", '<skipped message="a guess"></skipped>')
        + "<system-out></system-out><system-err></system-err></testsuite>\n"
    )
