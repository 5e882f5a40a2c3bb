"""A TLS report as a list of reports has it, made by hand for tests of pages."""

from mxproof.explain.tlsrpt.sessions import Sessions
from mxproof.formats.tlsrpt.found import Authenticated
from mxproof.store.journal.kept_reports import ReportedFailure, ReportLine
from support_certificates import NOW


def report_line(
    *failures: ReportedFailure, number: int = 7, domains: tuple[str, ...] = ("example.com",)
) -> ReportLine:
    """Return a report that nobody named, whose sessions failed in these ways."""
    return ReportLine(
        number=number,
        submitter="sender.example",
        organization="",
        report_id="a",
        begin=None,
        end=NOW,
        received_at=NOW,
        authenticated=Authenticated.VERIFIED,
        domains=domains,
        sessions=Sessions(5, sum(one.count for one in failures)),
        failures=failures,
    )
