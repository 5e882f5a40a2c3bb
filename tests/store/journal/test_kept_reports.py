"""Single reports in lists and in full: which are about a domain, which of a period failed, and whose failures are whose."""

from datetime import datetime, timedelta

import msgspec
import pytest
from sqlalchemy import update

from mxproof.formats.tlsrpt.found import Authenticated
from mxproof.formats.tlsrpt.report import FailureDetails, ReportedPolicy, TlsReport
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.kept_reports import (
    FAILURES_READ_MAX,
    REPORTS_SEARCHED_MAX,
    ReportedFailure,
    ReportJournal,
)
from mxproof.store.journal.schema import REPORT
from support_journal import AT, altered, arrival, report, with_counts
from support_tlsrpt import SOUND

HOUR = timedelta(hours=1)
EXPIRED, UNREACHED = (
    FailureDetails(kind, count) for kind, count in (("certificate-expired", 3), ("tlsa-invalid", 5))
)


def of_two_domains(**fields: object) -> TlsReport:
    """Return a report about two domains, each of which failed in a way of its own."""
    (policy,) = SOUND.policies
    each = (("a.example", EXPIRED), ("b.example", UNREACHED))
    policies = tuple(
        msgspec.structs.replace(policy, domain=name, failure=one.count, failures=(one,)) for name, one in each
    )
    return altered(policies=policies, **fields)


def ended(at: datetime, name: str, failure: int = 1, domain: str = "a.example") -> TlsReport:
    return with_counts(5, failure, domain, id=name, begin=at - 24 * HOUR, end=at)


def test_of_a_report_about_two_domains_each_has_its_own_failures(journal: Journal) -> None:
    journal.keep([arrival(report(of_two_domains()))])
    reports = ReportJournal(journal)
    of_each = {name: reports.lines(name)[0] for name in ("a.example", "b.example")}
    assert {
        name: [(one.result_type, one.count) for one in line.failures] for name, line in of_each.items()
    } == {
        "a.example": [("certificate-expired", 3)],
        "b.example": [("tlsa-invalid", 5)],
    }
    assert {name: (line.domains, line.sessions.failure) for name, line in of_each.items()} == {
        "a.example": (("a.example",), 3),
        "b.example": (("b.example",), 5),
    }
    (whole,) = reports.lines()
    assert (whole.domains, whole.sessions.success, whole.sessions.failure) == (
        ("a.example", "b.example"),
        14,
        8,
    )
    assert whole.failures == (
        ReportedFailure(of_each["b.example"].failures[0].cause, "tlsa-invalid", 5),
        ReportedFailure(of_each["a.example"].failures[0].cause, "certificate-expired", 3),
    ), "what failed most comes first"
    assert reports.lines("c.example") == []


def test_what_failed_most_comes_first_whatever_it_is(journal: Journal) -> None:
    reports = ReportJournal(journal)
    for place, counts in enumerate(((3, 5), (5, 3), (4, 4))):
        failures = tuple(
            FailureDetails(kind, count)
            for kind, count in zip(("certificate-expired", "tlsa-invalid"), counts, strict=True)
        )
        journal.keep([arrival(report(altered(id=str(place), policies=(_failed(failures),))))])
        (line, *_) = reports.lines()
        told = [(one.count, one.cause, one.result_type) for one in line.failures]
        assert told == sorted(told, key=lambda one: (-one[0], *one[1:]))
        assert [count for count, *_ in told] == sorted(counts, reverse=True)


def _failed(failures: tuple[FailureDetails, ...]) -> ReportedPolicy:
    return ReportedPolicy("sts", "example.com", 1, sum(one.count for one in failures), failures=failures)


def test_what_ended_last_is_the_latest_whenever_it_came(journal: Journal) -> None:
    for name, hours in (("second", 2), ("third", 3), ("first", 1), ("third again", 3)):
        journal.keep([arrival(report(ended(AT.replace(microsecond=0) + hours * HOUR, name)))])
    found = ReportJournal(journal).failed("a.example", AT, AT + 4 * HOUR)
    assert [one.report_id for one in found] == ["third again", "third", "second", "first"]


def test_of_several_reports_each_has_its_own_policies_and_failures(journal: Journal) -> None:
    other = altered(
        id="other",
        policies=(
            ReportedPolicy(
                "no-policy-found", "a.example", 1, 2, failures=(FailureDetails("starttls-not-supported", 2),)
            ),
        ),
    )
    journal.keep([arrival(report(of_two_domains()), report(other))])
    lines = {one.report_id: one for one in ReportJournal(journal).lines("a.example")}
    assert {name: (one.sessions.success, one.sessions.failure) for name, one in lines.items()} == {
        SOUND.id: (7, 3),
        "other": (1, 2),
    }
    assert [(one.result_type, one.count) for one in lines["other"].failures] == [
        ("starttls-not-supported", 2)
    ]


def test_lists_go_on_below_a_number(journal: Journal) -> None:
    for number in range(3):
        journal.keep([arrival(report(altered(id=str(number))))])
    reports = ReportJournal(journal)
    first = reports.lines(lines_max=2)
    assert [one.report_id for one in first] == ["2", "1"]
    rest = reports.lines("example.com", older_than=first[-1].number)
    assert [one.report_id for one in rest] == ["0"]


def test_the_failures_of_a_period_are_those_of_reports_that_end_in_it(journal: Journal) -> None:
    begin, end = AT.replace(microsecond=0), AT.replace(microsecond=0) + HOUR
    second = timedelta(seconds=1)
    found = [
        ended(begin - second, "before"),
        ended(begin, "first"),
        ended(end - second, "last"),
        ended(end, "after"),
        ended(begin + second, "well", failure=0),
        ended(begin + second, "other", domain="b.example"),
    ]
    journal.keep([arrival(*map(report, found))])
    lines = ReportJournal(journal).failed("a.example", begin, end)
    assert [one.report_id for one in lines] == ["last", "first"]
    assert [one.report_id for one in ReportJournal(journal).failed("a.example", begin, end, 1)] == ["last"]


def test_a_report_of_no_known_time_failed_when_it_came(journal: Journal) -> None:
    journal.keep([arrival(report(altered(begin=None, end=None)))])
    reports = ReportJournal(journal)
    (line,) = reports.failed("example.com", AT, AT + HOUR)
    assert (line.begin, line.end, line.at) == (None, None, AT)
    assert reports.failed("example.com", AT - HOUR, AT) == []
    journal.keep([arrival(report())])
    (known,) = reports.lines(lines_max=1)
    assert known.at == SOUND.end


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("EXAMPLE inc", True),
        ("sender.example", True),
        (SOUND.id.lower(), True),
        ("other", False),
        ("%", False),
        ("example_inc", False),
    ],
)
def test_a_report_is_found_by_its_id_and_by_who_made_it(journal: Journal, text: str, is_found: bool) -> None:
    journal.keep([arrival(report())])
    assert bool(ReportJournal(journal).named(text, 5)) is is_found


def test_a_report_is_read_in_full_with_each_policys_failures(journal: Journal) -> None:
    found = of_two_domains()
    journal.keep([arrival(report(altered(id="other")), report(found, Authenticated.VERIFIED))])
    reports = ReportJournal(journal)
    number = next(one.number for one in reports.lines() if one.report_id == found.id)
    kept = reports.report(number)
    assert kept is not None
    assert kept.found.read.report == found
    assert (kept.found.authenticated, kept.source, kept.received_at) == (Authenticated.VERIFIED, "a test", AT)
    assert kept.domains == ("a.example", "b.example")
    assert reports.report(number + 100) is None


@pytest.mark.parametrize(
    ("organization", "contact", "want"),
    [
        ("Example Inc.", "tls@sender.example", "Example Inc."),
        ("", "tls@sender.example", "sender.example"),
        ("", "", "unnamed sender"),
    ],
)
def test_who_made_a_report_is_named_as_well_as_it_can_be(
    journal: Journal, organization: str, contact: str, want: str
) -> None:
    journal.keep([arrival(report(altered(organization=organization, contact=contact)))])
    assert ReportJournal(journal).lines()[0].reporter == want


def test_any_text_may_be_searched_for(journal: Journal) -> None:
    journal.keep([arrival(report())])
    for text in ("\0", "%", "\ud800", "\N{PILE OF POO}", "x" * 10_000):
        assert ReportJournal(journal).named(text, 5) == []


def test_a_report_in_full_has_the_first_failures_of_its_first_policies(journal: Journal) -> None:
    (policy,) = SOUND.policies
    many = FAILURES_READ_MAX * 3 // 5
    each = tuple(
        msgspec.structs.replace(
            policy, domain=name, failures=tuple(FailureDetails(kind, 1, reason=str(n)) for n in range(many))
        )
        for name, kind in (("a.example", "certificate-expired"), ("b.example", "tlsa-invalid"))
    )
    journal.keep([arrival(report(altered(policies=each)))])
    (line,) = ReportJournal(journal).lines()
    kept = ReportJournal(journal).report(line.number)
    assert kept is not None
    cut = each[1].failures[: FAILURES_READ_MAX - many]
    assert [one.failures for one in kept.found.read.report.policies] == [each[0].failures, cut]


def renumber(journal: Journal, report_id: str, number: int) -> None:
    """Give a report without policies another number, as if others had come before it."""
    moved = update(REPORT).where(REPORT.c.report_id == report_id).values(id=number)
    journal.writes(lambda connection: connection.execute(moved))


def test_so_many_of_the_newest_reports_are_searched_for_a_name(journal: Journal) -> None:
    journal.keep([arrival(report(altered(id=name, policies=()))) for name in ("old one", "new one")])
    (old,) = (one.number for one in ReportJournal(journal).lines() if one.report_id == "old one")
    for further, found in (
        (REPORTS_SEARCHED_MAX - 1, ["new one", "old one"]),
        (REPORTS_SEARCHED_MAX, ["new one"]),
    ):
        renumber(journal, "new one", old + further)
        assert [one.report_id for one in ReportJournal(journal).named("one", 9)] == found
