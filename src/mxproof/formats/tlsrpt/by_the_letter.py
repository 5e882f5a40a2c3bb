"""The quick way to read a report that is what RFC 8460 says to the letter, as most are: nothing in it is to be repaired.

The decoder checks types and bounds; the rest is checked here. Whatever is not exactly so, a repeated or unknown key among it, is
None, and the tolerant reader takes it (`reading`), which would have read what is read here as the same value without a repair. Keys
are counted: each that came out of the decoder stands once in the text.
"""

import re
from typing import Annotated, Final

import msgspec

from mxproof.formats.names import bare_address
from mxproof.formats.tlsrpt.moment import exact_moment
from mxproof.formats.tlsrpt.report import RESULT_TYPES, FailureDetails, PolicyType, ReportedPolicy, TlsReport
from mxproof.formats.tlsrpt.value import COUNT_MAX, ENTRIES_MAX, REPORT_TEXT_CHARACTERS_MAX

_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=REPORT_TEXT_CHARACTERS_MAX)]
_Count = Annotated[int, msgspec.Meta(ge=0, le=COUNT_MAX)]
_Texts = Annotated[tuple[_Text, ...], msgspec.Meta(max_length=ENTRIES_MAX)]


class _Range(msgspec.Struct, gc=False, rename={"begin": "start-datetime", "end": "end-datetime"}):
    begin: str
    end: str


class _Policy(msgspec.Struct, gc=False, rename="kebab"):
    policy_type: str
    policy_domain: _Text
    policy_string: _Texts = ()
    mx_host: _Texts = ()


class _Summary(
    msgspec.Struct,
    gc=False,
    rename={"success": "total-successful-session-count", "failure": "total-failure-session-count"},
):
    success: _Count
    failure: _Count


class _Details(msgspec.Struct, gc=False, rename="kebab"):
    result_type: str
    failed_session_count: _Count
    sending_mta_ip: _Text = ""
    receiving_mx_hostname: _Text = ""
    receiving_mx_helo: _Text = ""
    receiving_ip: _Text = ""
    failure_reason_code: _Text = ""
    additional_information: _Text = ""


class _Row(msgspec.Struct, gc=False, rename="kebab"):
    policy: _Policy
    summary: _Summary
    failure_details: Annotated[tuple[_Details, ...], msgspec.Meta(max_length=ENTRIES_MAX)] = ()


class _Report(msgspec.Struct, gc=False, rename="kebab"):
    organization_name: _Text
    date_range: _Range
    contact_info: _Text
    report_id: _Text
    policies: Annotated[tuple[_Row, ...], msgspec.Meta(max_length=ENTRIES_MAX)]


_OF_REPORT: Final = 7
_OF_ROW: Final = 6
_OF_DETAILS: Final = 2
"""Keys that always stand there, those of what is within included."""
_RESULT_TYPES: Final = {str(one): str(one) for one in RESULT_TYPES}
_POLICY_TYPES: Final = {str(one): str(one) for one in PolicyType}
_SPACE_OF_JSON: Final = b" \t\r\n"
"""Without it each key is counted, whatever stands before its colon."""
_sound_name: Final = re.compile(r"[!-')-9;-?\\-~]*(?<!\.)").fullmatch
"""Printable ASCII, but no space, `A` to `Z`, `@`, `:`, `[` or `(`, and no dot behind it."""
_SPACE: Final = re.compile(r"\s")
_ODD_CONTACT: Final = re.compile(r"[\s<>,;:\"]")
_BETWEEN_HOSTS: Final = re.compile(r"[\s,;]")
_decode: Final = msgspec.json.Decoder(_Report).decode


def report_by_the_letter(data: bytes) -> TlsReport | None:
    """Return the report that the JSON in `data` is, None where any of it has to be repaired or looked at twice."""
    try:
        found = _decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    begin, end = exact_moment(found.date_range.begin), exact_moment(found.date_range.end)
    if begin is None or end is None or end < begin:
        return None
    if "@" not in found.contact_info or _ODD_CONTACT.search(found.contact_info):
        return None
    keys = _OF_REPORT
    rows: list[ReportedPolicy] = []
    for row in found.policies:
        read = _row(row)
        if read is None:
            return None
        keys += _keys(row)
        rows.append(read)
    if data.translate(None, _SPACE_OF_JSON).count(b'":') != keys:
        return None
    types = {one.type for one in rows}
    if PolicyType.STS in types and PolicyType.TLSA in types:
        return None
    return TlsReport(found.organization_name, begin, end, found.contact_info, found.report_id, tuple(rows))


def _row(row: _Row) -> ReportedPolicy | None:
    policy, summary = row.policy, row.summary
    kind = _POLICY_TYPES.get(policy.policy_type)
    if kind is None or not _sound_name(policy.policy_domain) or _is_packed(policy.policy_string):
        return None
    if policy.mx_host and (_is_packed(policy.mx_host) or _BETWEEN_HOSTS.search("".join(policy.mx_host))):
        return None
    failures: list[FailureDetails] = []
    told = 0
    for one in row.failure_details:
        details = _details(one)
        if details is None:
            return None
        told += details.count
        failures.append(details)
    if told > summary.failure:
        return None
    return ReportedPolicy(
        kind,
        policy.policy_domain,
        summary.success,
        summary.failure,
        policy.policy_string,
        policy.mx_host,
        tuple(failures),
    )


def _is_packed(texts: tuple[str, ...]) -> bool:
    """Tell whether a list may hold several texts in one."""
    if len(texts) == 1 and (texts[0][0] == "[" or ":" in texts[0]):
        return True
    return "\n" in "".join(texts)


def _details(one: _Details) -> FailureDetails | None:
    kind = _RESULT_TYPES.get(one.result_type)
    sending, receiving = one.sending_mta_ip, one.receiving_ip
    if kind is None or (sending and bare_address(sending) != sending):
        return None
    if receiving and bare_address(receiving) != receiving:
        return None
    if not _sound_name(one.receiving_mx_hostname):
        return None
    if one.receiving_mx_helo and _SPACE.search(one.receiving_mx_helo):
        return None
    return FailureDetails(
        kind,
        one.failed_session_count,
        sending,
        one.receiving_mx_hostname,
        one.receiving_mx_helo,
        receiving,
        one.failure_reason_code,
        one.additional_information,
    )


def _keys(row: _Row) -> int:
    keys = _OF_ROW + bool(row.policy.policy_string) + bool(row.policy.mx_host) + bool(row.failure_details)
    for one in row.failure_details:
        keys += _OF_DETAILS
        keys += bool(one.sending_mta_ip) + bool(one.receiving_mx_hostname) + bool(one.receiving_mx_helo)
        keys += bool(one.receiving_ip) + bool(one.failure_reason_code) + bool(one.additional_information)
    return keys
