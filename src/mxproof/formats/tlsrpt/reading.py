"""The tolerant reader: a report of any sender to a value, with a list of what was repaired (RFC 8460 section 4.4).

Repairs are general: each says how a field departs, whoever wrote it. What cannot be read is left out and named; only what
is no report at all is refused.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final

import msgspec

from mxproof.formats.errors import FormatError, Objection
from mxproof.formats.tlsrpt.by_the_letter import report_by_the_letter
from mxproof.formats.tlsrpt.json_object import JsonObject, read_object
from mxproof.formats.tlsrpt.json_search import objects_within
from mxproof.formats.tlsrpt.moment import read_moment
from mxproof.formats.tlsrpt.policy_lines import mx_patterns, policy_lines
from mxproof.formats.tlsrpt.repair import Repair
from mxproof.formats.tlsrpt.report import (
    RESULT_TYPES,
    FailureDetails,
    PolicyType,
    ReportedPolicy,
    TlsReport,
)
from mxproof.formats.tlsrpt.value import Members, respelled

QUICK_BYTES_MAX: Final = 1024 * 1024
"""What is larger has its values counted before it is decoded."""

_REPORT: Final = frozenset({"organization-name", "date-range", "contact-info", "report-id", "policies"})
_RANGE: Final = frozenset({"start-datetime", "end-datetime"})
_POLICY: Final = frozenset({"policy-type", "policy-string", "policy-domain", "mx-host"})
_SUMMARY: Final = frozenset({"total-successful-session-count", "total-failure-session-count"})
_ROW: Final = frozenset({"policy", "summary", "failure-details"})
_DETAILS: Final = frozenset(
    {
        "result-type",
        "sending-mta-ip",
        "receiving-mx-hostname",
        "receiving-mx-helo",
        "receiving-ip",
        "failed-session-count",
        "additional-information",
        "failure-reason-code",
    }
)
_TELLING_MIN: Final = 2
"""How many members of a report make an object one."""
_TELLING_SPELLED_MIN: Final = 3
_POLICY_TYPES: Final = {
    **{str(one): str(one) for one in PolicyType},
    **dict.fromkeys(("mta-sts", "mtasts"), str(PolicyType.STS)),
    **dict.fromkeys(("dane", "dane-tlsa"), str(PolicyType.TLSA)),
    **dict.fromkeys(("none", "no-policy", "not-found"), str(PolicyType.NO_POLICY_FOUND)),
}
_PERHAPS_WITHIN: Final = frozenset({"no-json", "no-object", "no-report"})
"""What is broken where a report has more around it."""
_BETWEEN_DATES: Final = re.compile(r"\s*(?:/(?=\d{4}-)|\bto\b|[;,]|\s-\s)\s*")
_DATES: Final = 2
_RESULT_TYPES: Final = {str(one): str(one) for one in RESULT_TYPES}
_UNNAMED: Final = "unknown"
_decode: Final = msgspec.json.Decoder().decode


class ReadReport(msgspec.Struct, frozen=True, gc=False):
    """A report and what it was read past, in the order of the codes."""

    report: TlsReport
    repairs: tuple[Repair, ...] = ()


def read_report(data: bytes) -> ReadReport:
    """Return the report that the JSON in `data` is, the first of several; raises FormatError where it is none."""
    return read_reports(data)[0]


def read_reports(data: bytes) -> tuple[ReadReport, ...]:
    """Return the report that the JSON in `data` is, or those within it; raises FormatError where there is none."""
    if len(data) <= QUICK_BYTES_MAX and (report := report_by_the_letter(data)) is not None:
        return (ReadReport(report),)
    try:
        found = read_tolerantly(data)
        if Repair.JSON_TRAILING not in found.repairs:
            return (found,)
    except FormatError as error:
        if error.objections[0].rule not in _PERHAPS_WITHIN:
            raise
        within = _reports_within(data)
        if not within:
            raise
        return within
    within = _reports_within(data)
    return within if len(within) > 1 else (found,)


def _reports_within(data: bytes) -> tuple[ReadReport, ...]:
    around: set[Repair] = {Repair.REPORT_WRAPPED}
    reports = []
    for values in objects_within(data, _tells, around):
        repairs = set(around)
        reports.append(ReadReport(_report(values, repairs), in_order(repairs)))
    return tuple(reports)


def _tells(values: JsonObject) -> bool:
    """Tell whether an object has enough of a report to be one; in another spelling it takes more."""
    if sum(name in values for name in _REPORT) >= _TELLING_MIN:
        return True
    members = Members(values, _REPORT, set())
    return sum(members.has(name) for name in _REPORT) >= _TELLING_SPELLED_MIN


def read_tolerantly(data: bytes) -> ReadReport:
    """Return the same without the quick way through a report that needs no repair."""
    repairs: set[Repair] = set()
    report = _report(read_object(data, repairs), repairs)
    return ReadReport(report, in_order(repairs))


def in_order(repairs: Iterable[Repair]) -> tuple[Repair, ...]:
    """Return each repair once, in the order of the codes."""
    found = set(repairs)
    return tuple(one for one in Repair if one in found) if found else ()


def _report(values: JsonObject, repairs: set[Repair]) -> TlsReport:
    members = Members(values, _REPORT, repairs)
    if not _tells(values):
        raise FormatError(
            "TLS report",
            Objection("no-report", "an object, but none of a TLS report", 0, "RFC 8460 section 4.4"),
        )
    begin, end = _range(members, values, repairs)
    organization = members.text("organization-name")
    if not organization:
        repairs.add(Repair.ORGANIZATION_MISSING)
    contact = members.mail_address("contact-info")
    if "@" not in contact:
        repairs.add(Repair.CONTACT_MISSING)
    report_id = members.text("report-id")
    if not report_id:
        repairs.add(Repair.REPORT_ID_MISSING)
    if not members.has("policies"):
        repairs.add(Repair.POLICIES_MISSING)
    found = [_row(one, repairs) for one in members.objects("policies")]
    policies = tuple(one for one in found if one is not None)
    if any(not one.domain for one in policies):
        policies = _with_domains(policies, repairs)
    if len(policies) > 1:
        _note_twice(policies, repairs)
    return TlsReport(organization, begin, end, contact, report_id, policies)


def _range(
    members: Members, values: JsonObject, repairs: set[Repair]
) -> tuple[datetime | None, datetime | None]:
    """Return begin and end of a report: out of date-range, be it an object, two texts or one, or out of the report itself."""
    inner = members.inner("date-range")
    if inner is None:
        both = members.parts("date-range", _BETWEEN_DATES)
        if len(both) == _DATES:
            repairs.add(Repair.DATE_FORM)
            inner = {"start-datetime": both[0], "end-datetime": both[1]}
        elif Members(values, _RANGE, set()).has("start-datetime"):
            repairs.add(Repair.OBJECT_MISSING)
            inner = values
        else:
            repairs.add(Repair.DATE_MISSING)
            return None, None
    dates = Members(inner, _RANGE, repairs)
    begin = read_moment(dates.raw("start-datetime"), repairs)
    end = read_moment(dates.raw("end-datetime"), repairs)
    if begin is not None and end is not None and end < begin:
        repairs.add(Repair.DATE_ORDER)
        return end, begin
    return begin, end


def _row(value: object, repairs: set[Repair]) -> ReportedPolicy | None:
    if type(value) is not dict:
        repairs.add(Repair.ENTRY_UNREADABLE)
        return None
    members = Members(value, _ROW, repairs)
    policy = _inner(members, "policy", value, _POLICY, repairs)
    summary = _inner(members, "summary", value, _SUMMARY, repairs)
    failures = tuple(
        one
        for one in (_details(entry, repairs) for entry in _failure_details(members, value, repairs))
        if one is not None
    )
    told = sum(one.count for one in failures)
    failure = summary.count("total-failure-session-count")
    failure = told if failure is None else failure
    if told > failure:
        repairs.add(Repair.DETAILS_EXCEED_TOTAL)
    return ReportedPolicy(
        _policy_type(policy, repairs),
        policy.host("policy-domain"),
        summary.count("total-successful-session-count") or 0,
        failure,
        policy_lines(policy.texts("policy-string"), _decode, repairs),
        mx_patterns(policy.texts("mx-host"), _decode, repairs),
        failures,
    )


def _inner(
    members: Members, name: str, row: JsonObject, known: frozenset[str], repairs: set[Repair]
) -> Members:
    """Return the members of an object in a row; where it is missing, those that stand in the row itself."""
    inner = members.inner(name)
    if inner is not None:
        return Members(inner, known, repairs)
    repairs.add(Repair.OBJECT_MISSING)
    return Members(_beside(row, name), known, repairs)


def _beside(row: JsonObject, name: str) -> JsonObject:
    """Return the members of a row and of the objects in it, where one that is missing may stand."""
    found: JsonObject = {}
    for value in row.values():
        if isinstance(value, dict):
            found.update(value)
            for inner in value.values():
                found.update(inner if isinstance(inner, dict) else {})
    return {**found, **{key: value for key, value in row.items() if key != name}}


def _failure_details(members: Members, row: JsonObject, repairs: set[Repair]) -> list[object]:
    """Return the failure-details of a row, out of the objects in it where the row itself has none."""
    if not members.has("failure-details"):
        inner = Members(_beside(row, ""), _ROW, set())
        if inner.has("failure-details"):
            repairs.add(Repair.KEY_SPELLING)
            return inner.objects("failure-details")
    return members.objects("failure-details")


def _policy_type(policy: Members, repairs: set[Repair]) -> str:
    text = policy.text("policy-type")
    return _word(text, _POLICY_TYPES, Repair.POLICY_TYPE_SPELLING, Repair.POLICY_TYPE_UNKNOWN, repairs)


def _word(text: str, known: dict[str, str], spelling: Repair, unknown: Repair, repairs: set[Repair]) -> str:
    """Return a word of the vocabulary; one that is not known stays as it is."""
    if known.get(text) == text:
        return text
    meant = known.get(respelled(text).strip("."))
    repairs.add(unknown if meant is None else spelling)
    return meant or text or _UNNAMED


def _details(value: object, repairs: set[Repair]) -> FailureDetails | None:
    if type(value) is not dict:
        repairs.add(Repair.ENTRY_UNREADABLE)
        return None
    members = Members(value, _DETAILS, repairs)
    return FailureDetails(
        _word(
            members.text("result-type"),
            _RESULT_TYPES,
            Repair.RESULT_TYPE_SPELLING,
            Repair.RESULT_TYPE_UNKNOWN,
            repairs,
        ),
        members.count("failed-session-count") or 0,
        members.address("sending-mta-ip"),
        members.host("receiving-mx-hostname"),
        _greeting_name(members.text("receiving-mx-helo"), repairs),
        members.address("receiving-ip"),
        members.text("failure-reason-code"),
        members.text("additional-information"),
    )


def _greeting_name(text: str, repairs: set[Repair]) -> str:
    """Return the name that a server greeted with, out of its whole answer to EHLO where that is given."""
    if not any(sign in text for sign in " \t\r\n"):
        return text
    repairs.add(Repair.HELO_MULTILINE)
    first = text.strip().splitlines()[0].split() if text.strip() else []
    name = first[0] if first else ""
    if name[:3].isdigit():
        name = name[4:] if name[3:4] == "-" else (first[1] if len(first) > 1 else "")
    return name


def _with_domains(policies: tuple[ReportedPolicy, ...], repairs: set[Repair]) -> tuple[ReportedPolicy, ...]:
    """Return the policies, those without a domain with that of another one, where all others agree."""
    repairs.add(Repair.POLICY_DOMAIN_MISSING)
    named = {one.domain for one in policies if one.domain}
    known = named.pop() if len(named) == 1 else ""
    return tuple(one if one.domain else msgspec.structs.replace(one, domain=known) for one in policies)


def _note_twice(policies: tuple[ReportedPolicy, ...], repairs: set[Repair]) -> None:
    """Note that sessions may be counted under MTA-STS and under DANE (RFC 8460 section 4)."""
    types = {one.type for one in policies}
    if PolicyType.STS in types and PolicyType.TLSA in types:
        repairs.add(Repair.SESSIONS_TWICE)
