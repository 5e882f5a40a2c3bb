"""Reports to the rows of the journal and back."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from mxproof.explain.tlsrpt.counted import CountedReport, CountedRow
from mxproof.explain.tlsrpt.row_cause import row_cause
from mxproof.formats.tlsrpt.report import FailureDetails, ReportedPolicy
from mxproof.store.journal.arrival import Arrival

COUNTED_KEY_CHARACTERS_MAX: Final = 255
"""Of a text that rows are told apart by: PostgreSQL has 2704 bytes for a whole key."""

Values = dict[str, object]
"""The columns of a row."""


def written(text: str) -> str:
    """Return a text as both back ends hold it: without NUL and halves of characters."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def key_text(text: str) -> str:
    """Return a text that rows are told apart by."""
    return written(text[:COUNTED_KEY_CHARACTERS_MAX])


def report_values(counted: CountedReport, arrival: Arrival) -> Values:
    """Return the row of a report."""
    found, report = counted.found, counted.found.read.report
    return {
        "fingerprint": counted.fingerprint,
        "submitter": key_text(counted.submitter),
        "report_id": written(report.id),
        "begin_at": _seconds(report.begin),
        "end_at": _seconds(report.end),
        "organization": written(report.organization),
        "contact": written(report.contact),
        "sender": counted.sender,
        "authenticated": str(found.authenticated),
        "repairs": " ".join(found.repairs),
        "source": written(arrival.source),
        "received_at": arrival.at.timestamp(),
    }


def policy_values(report: int, rows: Iterable[CountedRow]) -> list[Values]:
    """Return the rows of the policies of a report."""
    return [
        {
            "report": report,
            "place": place,
            "recipient_domain": key_text(row.domain),
            "type": key_text(row.policy.type),
            "domain": key_text(row.policy.domain),
            "success": row.policy.success,
            "failure": row.policy.failure,
            "strings": _lines(row.policy.strings),
            "mx_hosts": _lines(row.policy.mx_hosts),
        }
        for place, row in enumerate(rows)
    ]


def failure_values(report: int, rows: Iterable[CountedRow]) -> list[Values]:
    """Return the rows of the failures of a report."""
    return [
        {
            "report": report,
            "policy": number,
            "place": place,
            "result_type": written(one.result_type),
            "count": one.count,
            "sending_ip": written(one.sending_ip),
            "receiving_mx": written(one.receiving_mx),
            "receiving_helo": written(one.receiving_helo),
            "receiving_ip": written(one.receiving_ip),
            "reason": written(one.reason),
            "additional_information": written(one.additional_information),
            "cause": row_cause(row.policy.type, one).cause or "",
        }
        for number, row in enumerate(rows)
        for place, one in enumerate(row.policy.failures)
    ]


def policy_of(values: Sequence[object], failures: Iterable[Sequence[object]]) -> ReportedPolicy:
    """Return a policy from `type, domain, success, failure, strings, mx_hosts` and its failures.

    A failure is `result_type, count, sending_ip, receiving_mx, receiving_helo, receiving_ip, reason, additional_information`.
    """
    kind, domain, success, failure, strings, mx_hosts = values
    return ReportedPolicy(
        str(kind),
        str(domain),
        int(str(success)),
        int(str(failure)),
        tuple(str(strings).splitlines()),
        tuple(str(mx_hosts).splitlines()),
        tuple(_failure_of(one) for one in failures),
    )


def _failure_of(values: Sequence[object]) -> FailureDetails:
    result_type, count, *texts = values
    sending_ip, receiving_mx, receiving_helo, receiving_ip, reason, additional = map(str, texts)
    return FailureDetails(
        str(result_type),
        int(str(count)),
        sending_ip,
        receiving_mx,
        receiving_helo,
        receiving_ip,
        reason,
        additional,
    )


def _seconds(at: datetime | None) -> int | None:
    return int(at.timestamp()) if at is not None else None


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(" ".join(written(text).splitlines()) for text in texts)
