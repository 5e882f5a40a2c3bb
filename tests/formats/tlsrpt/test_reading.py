"""The tolerant reader: each departure from RFC 8460 is a repair, whoever writes so, and nothing else is lost."""

import json
from datetime import UTC, datetime

import pytest

from mxproof.formats.errors import FormatError
from mxproof.formats.tlsrpt.reading import read_report, read_reports
from mxproof.formats.tlsrpt.repair import Repair
from mxproof.formats.tlsrpt.report import FailureDetails, ReportedPolicy, TlsReport
from mxproof.formats.tlsrpt.value import COUNT_MAX, ENTRIES_MAX, REPORT_TEXT_CHARACTERS_MAX
from mxproof.formats.tlsrpt.writing import print_report
from support_long import EXHAUSTIVE
from support_tlsrpt import SOUND

DOCUMENT = json.loads(print_report(SOUND))


def read(altered: object) -> tuple[TlsReport, tuple[Repair, ...]]:
    got = read_report(json.dumps(altered).encode())
    return got.report, got.repairs


def with_top(**members: object) -> dict[str, object]:
    return {**DOCUMENT, **{name.replace("_", "-"): value for name, value in members.items()}}


def with_row(**members: object) -> dict[str, object]:
    (row,) = DOCUMENT["policies"]
    return with_top(policies=[{**row, **{name.replace("_", "-"): value for name, value in members.items()}}])


def with_policy(**members: object) -> dict[str, object]:
    (row,) = DOCUMENT["policies"]
    policy = {**row["policy"], **{name.replace("_", "-"): value for name, value in members.items()}}
    return with_row(policy={name: value for name, value in policy.items() if value is not ...})


def with_details(**members: object) -> dict[str, object]:
    (row,) = DOCUMENT["policies"]
    (details,) = row["failure-details"]
    altered = {**details, **{name.replace("_", "-"): value for name, value in members.items()}}
    return with_row(failure_details=[{name: value for name, value in altered.items() if value is not ...}])


def row_of(altered: object) -> ReportedPolicy:
    return read(altered)[0].policies[0]


def details_of(altered: object) -> FailureDetails:
    return row_of(altered).failures[0]


def test_a_report_by_the_rfc_needs_no_repair() -> None:
    assert read(DOCUMENT) == (SOUND, ())
    assert SOUND.submitter == "sender.example"


@pytest.mark.parametrize(
    ("document", "repairs"),
    [
        (with_top(contact_info=None), (Repair.VALUE_NULL, Repair.CONTACT_MISSING)),
        (with_top(contact_info="nobody"), (Repair.CONTACT_MISSING,)),
        (with_top(organization_name=""), (Repair.VALUE_EMPTY, Repair.ORGANIZATION_MISSING)),
        (with_top(organization_name=7), (Repair.VALUE_TYPE,)),
        (with_top(organization_name=["Example Inc."]), (Repair.LIST_UNEXPECTED,)),
        (with_top(organization_name="x" * (REPORT_TEXT_CHARACTERS_MAX + 1)), (Repair.VALUE_LONG,)),
        (with_top(report_id=""), (Repair.VALUE_EMPTY, Repair.REPORT_ID_MISSING)),
        (with_top(policies=DOCUMENT["policies"][0]), (Repair.LIST_MISSING,)),
        (with_top(policies=[*DOCUMENT["policies"], 7]), (Repair.ENTRY_UNREADABLE,)),
        (with_top(policies=None), (Repair.VALUE_NULL,)),
        (with_top(date_range=None), (Repair.DATE_MISSING,)),
        (with_top(date_range=[DOCUMENT["date-range"]]), (Repair.LIST_UNEXPECTED,)),
        (
            with_top(
                date_range={
                    "start-datetime": "2026-03-01T23:59:59Z",
                    "end-datetime": "2026-03-01T00:00:00Z",
                }
            ),
            (Repair.DATE_ORDER,),
        ),
        (with_row(failure_details=None), (Repair.VALUE_NULL,)),
        (with_row(failure_details=[3]), (Repair.ENTRY_UNREADABLE,)),
        (with_row(summary=None), (Repair.OBJECT_MISSING, Repair.COUNT_MISSING)),
        (with_policy(policy_type="STS"), (Repair.POLICY_TYPE_SPELLING,)),
        (with_policy(policy_type="cosmic"), (Repair.POLICY_TYPE_UNKNOWN,)),
        (with_policy(policy_domain=...), (Repair.POLICY_DOMAIN_MISSING,)),
        (with_policy(policy_string=""), (Repair.LIST_MISSING,)),
        (with_policy(mx_host="mx.example.com"), (Repair.LIST_MISSING,)),
        (with_policy(mx_host=["mx: mx.example.com"]), (Repair.MX_HOST_PREFIX,)),
        (with_details(result_type="Certificate_Expired"), (Repair.RESULT_TYPE_SPELLING,)),
        (with_details(result_type="certificateExpired"), (Repair.RESULT_TYPE_SPELLING,)),
        (with_details(result_type="cosmic-rays"), (Repair.RESULT_TYPE_UNKNOWN,)),
        (with_details(result_type="mx-mismatch"), (Repair.RESULT_TYPE_UNKNOWN,)),
        (with_details(sending_mta_ip=""), (Repair.VALUE_EMPTY,)),
        (with_details(sending_mta_ip="x.x.x.x"), (Repair.ADDRESS_UNREADABLE,)),
        (with_details(failed_session_count="3"), (Repair.COUNT_TYPE,)),
        (with_details(failed_session_count=3.0), (Repair.COUNT_TYPE,)),
        (with_details(failed_session_count="3.0"), (Repair.COUNT_TYPE,)),
        (with_details(failed_session_count=-3), (Repair.COUNT_RANGE,)),
        (with_details(failed_session_count=3.5), (Repair.COUNT_MISSING,)),
        (with_details(failed_session_count=True), (Repair.COUNT_MISSING,)),
        (with_details(failed_session_count=4), (Repair.DETAILS_EXCEED_TOTAL,)),
    ],
)
def test_a_departure_is_one_repair(document: object, repairs: tuple[Repair, ...]) -> None:
    assert read(document)[1] == repairs


def test_members_are_found_under_another_spelling_and_in_their_row() -> None:
    (row,) = DOCUMENT["policies"]
    flat = {**row["policy"], **row["summary"], "failureDetails": row["failure-details"]}
    report, repairs = read(
        {
            "organization_name": "Example Inc.",
            "dateRange": DOCUMENT["date-range"],
            "contact info": "tls@sender.example",
            "Report-ID": SOUND.id,
            "policies": [flat],
        }
    )
    assert (report, repairs) == (SOUND, (Repair.KEY_SPELLING, Repair.OBJECT_MISSING))


def test_a_name_of_the_prose_stands_for_that_of_the_schema() -> None:
    (row,) = DOCUMENT["policies"]
    (details,) = row["failure-details"]
    altered = with_row(failure_details=[{**details, "additional-info-uri": "https://a.example/"}])
    assert details_of(altered).additional_information == "https://a.example/"


def test_a_key_that_is_right_goes_before_one_that_is_not() -> None:
    assert read({**DOCUMENT, "report_id": "other"}) == (SOUND, ())


def test_tlsa_records_that_were_encoded_twice_are_unpacked() -> None:
    records = ("3 1 1 " + "AB" * 32, "3 1 1 " + "CD" * 32)
    altered = with_policy(policy_type="tlsa", policy_string=[json.dumps(records)], mx_host=...)
    assert (row_of(altered).strings, read(altered)[1]) == (records, (Repair.POLICY_STRING_ENCODED,))
    broken = with_policy(policy_string=["[not json"])
    assert (row_of(broken).strings, read(broken)[1]) == (("[not json",), ())


def test_a_policy_in_one_text_is_cut_into_lines() -> None:
    altered = with_policy(
        policy_string="version: STSv1\r\nmode: enforce\r\nmx: mx.example.com\r\nmax_age: 86400\r\n"
    )
    assert row_of(altered) == SOUND.policies[0]
    assert read(altered)[1] == (Repair.LIST_MISSING, Repair.POLICY_STRING_JOINED)


@pytest.mark.parametrize(
    ("helo", "name"),
    [
        ("250-mx.example.com\r\n250-SIZE 1\r\n250 HELP", "mx.example.com"),
        ("250 mx.example.com", "mx.example.com"),
        ("mx.example.com Hello", "mx.example.com"),
        ("250 ", ""),
        (" \n", ""),
    ],
)
def test_the_greeting_name_is_taken_out_of_an_answer_to_ehlo(helo: str, name: str) -> None:
    altered = with_details(receiving_mx_helo=helo)
    assert (details_of(altered).receiving_helo, read(altered)[1]) == (name, (Repair.HELO_MULTILINE,))


def test_names_and_addresses_come_in_one_spelling() -> None:
    altered = with_details(
        receiving_mx_hostname="MX.Example.com.",
        receiving_ip="2001:0DB8:0::1",
        sending_mta_ip="[IPv6:2001:db8::2]",
    )
    got = details_of(altered)
    assert (got.receiving_mx, got.receiving_ip, got.sending_ip) == (
        "mx.example.com",
        "2001:db8::1",
        "2001:db8::2",
    )


def test_a_missing_domain_is_that_of_the_other_policies_where_they_agree() -> None:
    (row,) = DOCUMENT["policies"]
    nameless = {**row, "policy": {"policy-type": "no-policy-found"}}
    got, _ = read(with_top(policies=[row, nameless]))
    assert [one.domain for one in got.policies] == ["example.com", "example.com"]
    other = {**row, "policy": {**row["policy"], "policy-domain": "example.net"}}
    got, _ = read(with_top(policies=[row, other, nameless]))
    assert got.policies[2].domain == ""


def test_policies_of_mta_sts_and_dane_may_count_the_same_sessions() -> None:
    (row,) = DOCUMENT["policies"]
    tlsa = {**row, "policy": {"policy-type": "tlsa", "policy-domain": "mx.example.com"}}
    assert read(with_top(policies=[row, tlsa]))[1] == (Repair.SESSIONS_TWICE,)
    none = {**row, "policy": {"policy-type": "no-policy-found", "policy-domain": "example.com"}}
    assert read(with_top(policies=[row, none]))[1] == ()


def test_a_total_that_is_missing_is_that_of_the_details() -> None:
    assert row_of(with_row(summary={"total-successful-session-count": 7})) == SOUND.policies[0]


@EXHAUSTIVE
def test_lists_and_counts_have_a_bound() -> None:
    got, repairs = read(with_top(policies=[{}] * (ENTRIES_MAX + 1)))
    assert (len(got.policies), Repair.ENTRIES_MANY in repairs) == (ENTRIES_MAX, True)
    assert details_of(with_details(failed_session_count=10**20)).count == COUNT_MAX


@pytest.mark.parametrize("document", [{}, {"policies": []}, {"d": "x", "policies": []}, {"report-id": "x"}])
def test_an_object_with_fewer_than_two_members_of_a_report_is_none(document: object) -> None:
    with pytest.raises(FormatError) as refusal:
        read(document)
    assert refusal.value.objections[0].rule == "no-report"


def test_what_is_left_of_a_report_is_one() -> None:
    got, repairs = read({"report-id": "x", "date-range": {"start-datetime": "2026-03-01T00:00:00Z"}})
    assert (got.begin, got.end, got.policies) == (datetime(2026, 3, 1, tzinfo=UTC), None, ())
    assert Repair.POLICIES_MISSING in repairs


def test_an_object_within_another_is_a_report_by_two_of_its_names_or_by_three_in_another_spelling() -> None:
    spelled: dict[str, object] = {
        "organizationName": "Example",
        "dateRange": {"startDatetime": "2026-03-01T00:00:00Z"},
        "reportId": "x",
    }
    right: dict[str, object] = {"report-id": "x", "date-range": {"start-datetime": "2026-03-01T00:00:00Z"}}
    for inner in (spelled, right):
        (found,) = read_reports(json.dumps({"a": 1, "report": inner}).encode())
        assert (found.report.id, Repair.REPORT_WRAPPED in found.repairs) == ("x", True)
    del spelled["organizationName"]
    for inner in (spelled, {"report-id": "x", "other": 1}):
        with pytest.raises(FormatError):
            read_reports(json.dumps({"a": 1, "report": inner}).encode())
