"""What the rows of a TLS report state, as `mxproof explain` has it: a cause for each way in which sessions failed."""

from mxproof.explain.knowledge.rule import Side
from mxproof.explain.match.claiming import StatedCause
from mxproof.explain.tlsrpt.reporting_sender import reporting_sender
from mxproof.explain.tlsrpt.row_cause import row_cause
from mxproof.formats.errors import FormatError
from mxproof.formats.result_type import ResultType
from mxproof.formats.tlsrpt.reading import read_report
from mxproof.formats.tlsrpt.report import FailureDetails, ReportedPolicy
from mxproof.judge.vocabulary import Confidence

_SOURCE = "RFC 8460 section 4.3"


def stated_in_rows(data: bytes) -> tuple[StatedCause, ...] | None:
    """Return the causes of the rows of a report, the most frequent first; None where `data` is no report."""
    try:
        report = read_report(data).report
    except FormatError:
        return None
    system = reporting_sender(report.submitter, report.organization)
    rows = [(policy, one) for policy in report.policies for one in policy.failures]
    rows.sort(key=lambda pair: -pair[1].count)
    found = (_stated(policy, one, system) for policy, one in rows)
    return tuple(one for one in found if one is not None)


def _stated(policy: ReportedPolicy, details: FailureDetails, system: str) -> StatedCause | None:
    """Return the cause of a row; a validation-failure without a reason of its own is too general to claim."""
    told = row_cause(policy.type, details)
    if told.cause is None:
        return None
    is_vague = details.result_type == ResultType.VALIDATION_FAILURE and not details.reason
    words = ", ".join(filter(None, (details.result_type, details.reason)))
    return StatedCause(
        told.cause,
        Confidence.OBSERVED if details.reason else Confidence.DOCUMENTED,
        f"{details.count} sessions: {words}" if details.count != 1 else f"1 session: {words}",
        Side.SENDER,
        system,
        host=details.receiving_mx,
        address=details.receiving_ip,
        domain=policy.domain,
        lead=is_vague,
        source=_SOURCE,
    )
