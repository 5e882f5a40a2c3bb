"""The strict writer: a report as JSON that the grammar of RFC 8460 section 4.4 allows, and nothing else."""

import re
from datetime import datetime
from typing import Final

import msgspec

from mxproof.formats.errors import FormatError, Objection
from mxproof.formats.names import is_host
from mxproof.formats.tlsrpt.reading import ReadReport, read_report
from mxproof.formats.tlsrpt.repair import REMARKS
from mxproof.formats.tlsrpt.report import FailureDetails, PolicyType, ReportedPolicy, TlsReport

_SUBJECT: Final = "TLS report"
_SOURCE: Final = "RFC 8460 section 4.4"
_ADDRESS: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@([A-Za-z0-9.-]{1,253})", re.ASCII)
_REPORT_ID: Final = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)
_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[\x21-\x7e]+", re.ASCII)


def print_report(report: TlsReport) -> bytes:
    """Return `report` as JSON on one line; raises FormatError where no report by the grammar reads as the same value."""
    for policy in report.policies:
        _check_policy(policy)
    contact = _ADDRESS.fullmatch(report.contact)
    _require(contact is not None and is_host(contact[1]), "contact", "contact-info is no mail address")
    _require(_REPORT_ID.fullmatch(report.id) is not None, "report-id", "a report-id without space is wanted")
    document = {
        "organization-name": report.organization,
        "date-range": {"start-datetime": _moment(report.begin), "end-datetime": _moment(report.end)},
        "contact-info": report.contact,
        "report-id": report.id,
        "policies": [_policy(one) for one in report.policies],
    }
    try:
        data = msgspec.json.encode(document)
    except UnicodeEncodeError:
        raise _refusal("text", "half of a character is no text") from None
    read = read_report(data)
    if ReadReport(read.report, tuple(one for one in read.repairs if one not in REMARKS)) != ReadReport(
        report
    ):
        raise _refusal(
            "not-printable", f"no report reads as this ({', '.join(read.repairs) or 'other value'})"
        )
    return data


def _check_policy(policy: ReportedPolicy) -> None:
    _require(is_host(policy.domain), "policy-domain", "a policy-domain is a host name")
    is_sts = policy.type == PolicyType.STS
    _require(is_sts or not policy.mx_hosts, "mx-host", "mx-host belongs to policies of type sts")
    _require(
        policy.type != PolicyType.NO_POLICY_FOUND or not policy.strings,
        "policy-string",
        "no policy was found, and yet there is one",
    )
    for one in policy.failures:
        uri = one.additional_information
        _require(not uri or _URI.fullmatch(uri) is not None, "additional-information", "it is no URI")
        _require(one.count > 0, "failed-session-count", "a failure counts at least one session")


def _policy(policy: ReportedPolicy) -> dict[str, object]:
    lists = {"policy-string": policy.strings, "mx-host": policy.mx_hosts}
    row: dict[str, object] = {
        "policy": {
            "policy-type": policy.type,
            "policy-domain": policy.domain,
            **{name: value for name, value in lists.items() if value},
        },
        "summary": {
            "total-successful-session-count": policy.success,
            "total-failure-session-count": policy.failure,
        },
    }
    if policy.failures:
        row["failure-details"] = [_details(one) for one in policy.failures]
    return row


def _details(one: FailureDetails) -> dict[str, object]:
    texts = {
        "sending-mta-ip": one.sending_ip,
        "receiving-mx-hostname": one.receiving_mx,
        "receiving-mx-helo": one.receiving_helo,
        "receiving-ip": one.receiving_ip,
        "additional-information": one.additional_information,
        "failure-reason-code": one.reason,
    }
    told = {name: text for name, text in texts.items() if text}
    return {"result-type": one.result_type, **told, "failed-session-count": one.count}


def _moment(at: datetime | None) -> str:
    """Return a time to the second in UTC (RFC 3339 section 5.6)."""
    if at is None or at.tzinfo is None or at.microsecond:
        raise _refusal("date", "a time in UTC, to the second, is wanted")
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _require(holds: bool, rule: str, message: str) -> None:
    if not holds:
        raise _refusal(rule, message)


def _refusal(rule: str, message: str) -> FormatError:
    return FormatError(_SUBJECT, Objection(rule, message, 0, _SOURCE))
