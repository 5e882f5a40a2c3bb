"""TLS reports in lists: who sent each, about which domains, how many sessions failed, and of which causes."""

import pytest

from mxproof.serve.web.pages.reported import REPORTS_PAGE_MAX, causes_said, report_table, reports_content
from mxproof.store.journal.kept_reports import ReportedFailure, ReportLine
from support_markup import printed, table_of
from support_newest import TIME
from support_report_line import report_line

EXPIRED = ReportedFailure("", "certificate-expired", 2)
PASSED = '<td><span class="word delivers">0 failed, 5 passed</span></td>'


def table(*rows: str, heads: tuple[str, ...] = ("Report", "Domain", "Sessions")) -> str:
    return table_of("TLS reports", heads, *rows, class_="report-list")


def row(*cells: str) -> str:
    head = f'<th scope="row"><a href="/reports/7">sender.example</a><p class="id">{TIME}</p></th>'
    return f"<tr>{head}{''.join(cells)}</tr>"


def domain(*names: str, more: str = "") -> str:
    links = ", ".join(f'<a href="/domains/{name}">{name}</a>' for name in names)
    return f"<td>{links}{more}</td>"


@pytest.mark.parametrize(
    ("asked", "title"), [(None, "TLS reports"), ("example.com", "TLS reports about example.com")]
)
def test_where_none_is_kept_it_is_said_how_they_are_taken_in(asked: str | None, title: str) -> None:
    assert printed(*reports_content((), asked, is_first=True)) == [
        f"<h1>{title}</h1>",
        (
            "<p>No TLS report was kept yet. mxproof tlsrpt import and mxproof tlsrpt receive take them in, "
            "into this store.</p>"
        ),
    ]
    assert printed(*reports_content((), asked, is_first=False)) == [
        f"<h1>{title}</h1>",
        "<p>No older reports are kept.</p>",
    ]


def test_reports_about_all_domains_name_them_and_those_about_one_do_not() -> None:
    assert printed(*reports_content((report_line(),), None, is_first=True)) == [
        "<h1>TLS reports</h1>",
        table(row(domain("example.com"), PASSED)),
    ]
    assert printed(*reports_content((report_line(),), "example.com", is_first=True)) == [
        "<h1>TLS reports about example.com</h1>",
        table(row(PASSED), heads=("Report", "Sessions")),
    ]


@pytest.mark.parametrize(
    ("asked", "path"), [(None, "/reports"), ("example.com", "/domains/example.com/reports")]
)
def test_a_full_page_leads_to_older_reports_and_another_does_not(asked: str | None, path: str) -> None:
    full = [report_line(number=number) for number in range(REPORTS_PAGE_MAX + 3, 3, -1)]
    assert len(full) == 50
    assert printed(*reports_content(full, asked, is_first=True))[2:] == [
        f'<nav class="pager" aria-label="More reports"><a href="{path}?older_than=4">Older reports</a></nav>'
    ]
    assert printed(*reports_content(full[1:], asked, is_first=True))[2:] == []


def test_of_many_domains_the_first_three_are_named() -> None:
    def about(*names: str) -> ReportLine:
        return report_line(domains=names)

    three = ("a.example", "b.example", "c.example")
    assert printed(report_table((about(*three), about(*three, "d.example")), names_domain=True)) == [
        table(row(domain(*three), PASSED), row(domain(*three, more=" and 1 more"), PASSED))
    ]


def test_sessions_that_failed_are_told_by_their_causes_the_most_first() -> None:
    known = ReportedFailure("dane_cert_expired", "certificate-expired", 1)
    failed = '<span class="word refused">6 failed, 5 passed</span>'
    title = "the certificate is expired and the sender judges it with DANE"
    lines = f"<p>4: {title}</p><p>2: certificate-expired</p>"
    assert printed(report_table((report_line(EXPIRED, known, known, known, known),), names_domain=False)) == [
        table(row(f"<td>{failed}{lines}</td>"), heads=("Report", "Sessions"))
    ]


def test_failures_of_one_cause_are_added_up() -> None:
    other = ReportedFailure("a cause of a later release", "starttls-not-supported", 3)
    assert printed(*causes_said((EXPIRED, other, EXPIRED))) == [
        "<p>4: certificate-expired</p>",
        "<p>3: starttls-not-supported</p>",
    ]
