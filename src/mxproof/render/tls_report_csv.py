"""TLS reports as CSV by RFC 4180: a row for each failure, and one for each policy without any.

Counts of several policies may be the same sessions (`sessions-twice` among the repairs), so they are not to be added.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from mxproof.explain.tlsrpt.told import ToldFailure, ToldPolicy, ToldReport
from mxproof.render.csv import line
from mxproof.render.text.words import moment

TLS_REPORT_COLUMNS: Final = (
    "reporter",
    "submitter",
    "report_id",
    "begin",
    "end",
    "authenticated",
    "policy_type",
    "policy_domain",
    "success",
    "failure",
    "result_type",
    "count",
    "receiving_mx",
    "receiving_ip",
    "sending_ip",
    "reason",
    "cause",
    "finding",
    "standing",
    "words",
    "repairs",
    "source",
)
"""New ones are added at the end."""


def document(reports: Iterable[ToldReport]) -> Iterator[str]:
    """Yield the lines, the names of the columns first."""
    yield line(TLS_REPORT_COLUMNS)
    for report in reports:
        for policy in report.policies:
            if not policy.failures:
                yield line(_row(report, policy, None))
            for failure in policy.failures:
                yield line(_row(report, policy, failure))


def _row(report: ToldReport, policy: ToldPolicy, failure: ToldFailure | None) -> tuple[str, ...]:
    failed = (
        (
            failure.result_type,
            str(failure.count),
            failure.receiving_mx or "",
            failure.receiving_ip or "",
            failure.sending_ip or "",
            failure.reason or "",
            failure.cause or "",
            failure.finding or "",
            failure.standing or "",
            failure.words,
        )
        if failure is not None
        else ("",) * 10
    )
    return (
        report.reporter,
        report.submitter or "",
        report.report_id,
        moment(report.begin) if report.begin is not None else "",
        moment(report.end) if report.end is not None else "",
        report.authenticated,
        policy.type,
        policy.domain,
        str(policy.success),
        str(policy.failure),
        *failed,
        " ".join(report.repairs),
        report.source,
    )
