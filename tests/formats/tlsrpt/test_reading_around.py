"""What stands around a report, behind it, or in another place of a row than RFC 8460 has it."""

import json

import msgspec
import pytest

from mxproof.formats.errors import FormatError
from mxproof.formats.tlsrpt.reading import ReadReport, read_report, read_reports
from mxproof.formats.tlsrpt.repair import Repair
from mxproof.formats.tlsrpt.report import ReportedPolicy
from mxproof.formats.tlsrpt.writing import print_report
from support_tlsrpt import SOUND

OTHER = msgspec.structs.replace(SOUND, id="other")
FIRST, SECOND = print_report(SOUND), print_report(OTHER)
WRAPPED, TRAILING = Repair.REPORT_WRAPPED, Repair.JSON_TRAILING
COUNTS = {"total-successful-session-count": 7, "total-failure-session-count": 3}


@pytest.mark.parametrize(
    ("data", "want"),
    [
        (FIRST, [(SOUND, ())]),
        (FIRST + b"\n", [(SOUND, ())]),
        (FIRST + b"\n--\nscanned", [(SOUND, (TRAILING,))]),
        (FIRST + b"{}", [(SOUND, (TRAILING,))]),
        (FIRST + b"\n" + SECOND, [(SOUND, (WRAPPED,)), (OTHER, (WRAPPED,))]),
        (SECOND + b"," + FIRST, [(OTHER, (WRAPPED,)), (SOUND, (WRAPPED,))]),
        (FIRST + SECOND + b"nothing", [(SOUND, (WRAPPED,)), (OTHER, (WRAPPED,))]),
        (b"[" + FIRST + b"," + SECOND + b"]", [(SOUND, (WRAPPED,)), (OTHER, (WRAPPED,))]),
        (b"[" + FIRST + b"]", [(SOUND, (WRAPPED,))]),
        (b"callback(" + FIRST + b");", [(SOUND, (WRAPPED,))]),
        (json.dumps(FIRST.decode()).encode(), [(SOUND, (WRAPPED,))]),
    ],
)
def test_each_report_is_read_and_only_what_was_around_it_is_told(
    data: bytes, want: list[tuple[object, tuple[Repair, ...]]]
) -> None:
    found = read_reports(data)
    assert [(one.report, one.repairs) for one in found] == want
    assert read_report(data) == found[0]


def test_a_repair_of_one_report_is_none_of_the_next() -> None:
    odd = SECOND.replace(b'2026-03-01T00:00:00Z"', b'2026-03-01T00:00:00"', 1)
    assert read_reports(odd + FIRST + odd) == (
        ReadReport(OTHER, (WRAPPED, Repair.DATE_NO_ZONE)),
        ReadReport(SOUND, (WRAPPED,)),
        ReadReport(OTHER, (WRAPPED, Repair.DATE_NO_ZONE)),
    )


@pytest.mark.parametrize(
    ("data", "rule"), [(b"[]", "no-object"), (b"{}", "no-report"), (b"nothing", "no-json"), (b"", "no-json")]
)
def test_where_there_is_none_the_first_reason_is_told(data: bytes, rule: str) -> None:
    with pytest.raises(FormatError) as refusal:
        read_reports(data)
    assert refusal.value.objections[0].rule == rule


def row(members: dict[str, object]) -> tuple[ReportedPolicy, tuple[Repair, ...]]:
    """Return a row of a report as it is read, and its repairs."""
    got = read_report(json.dumps({**json.loads(FIRST), "policies": [members]}).encode())
    return got.report.policies[0], got.repairs


def test_what_stands_in_the_row_itself_goes_before_what_stands_in_an_object_of_it() -> None:
    policy = {"policy-type": "sts", "policy-domain": "row.example"}
    found, repairs = row({**policy, "summary": {**COUNTS, "policy-domain": "summary.example"}})
    assert (found, repairs) == (ReportedPolicy("sts", "row.example", 7, 3), (Repair.OBJECT_MISSING,))
    found, repairs = row({"policy-type": "sts", "summary": {**COUNTS, "policy-domain": "summary.example"}})
    assert (found, repairs) == (ReportedPolicy("sts", "summary.example", 7, 3), (Repair.OBJECT_MISSING,))
    found, repairs = row({"total-successful-session-count": 1, "policy": {**policy, **COUNTS}})
    assert (found, repairs) == (ReportedPolicy("sts", "row.example", 1, 3), (Repair.OBJECT_MISSING,))


DETAILS = {"result-type": "certificate-expired", "failed-session-count": 2}


def test_a_total_of_nothing_is_one_that_stands() -> None:
    policy = {"policy-type": "sts", "policy-domain": "row.example"}
    for total, failure, repairs in (
        ({"total-failure-session-count": 0}, 0, (Repair.DETAILS_EXCEED_TOTAL,)),
        ({"total-failure-session-count": 5}, 5, ()),
        ({}, 4, (Repair.COUNT_MISSING,)),
    ):
        summary = {"total-successful-session-count": 1, **total}
        found, told = row({"policy": policy, "summary": summary, "failure-details": [DETAILS, DETAILS]})
        assert (found.success, found.failure, len(found.failures), told) == (1, failure, 2, repairs)


def test_details_in_another_object_of_a_row_are_read_and_told() -> None:
    policy = {"policy-type": "sts", "policy-domain": "row.example"}
    found, told = row({"policy": policy, "summary": {**COUNTS, "failure-details": [DETAILS]}})
    assert ([one.count for one in found.failures], told) == ([2], (Repair.KEY_SPELLING,))
    found, told = row(
        {"policy": policy, "summary": {**COUNTS, "failure-details": [DETAILS]}, "failure-details": []}
    )
    assert (found.failures, told) == ((), ())


def test_lists_within_a_list_lose_nothing_that_stands_beside_them() -> None:
    policy = {
        "policy-type": "sts",
        "policy-domain": "a.example",
        "mx-host": ["a.example", ["b.example"], "c.example"],
    }
    found, told = row({"policy": policy, "summary": COUNTS, "failure-details": [DETAILS, [DETAILS], DETAILS]})
    assert (found.mx_hosts, len(found.failures)) == (("a.example", "b.example", "c.example"), 3)
    assert told == (Repair.LIST_UNEXPECTED, Repair.DETAILS_EXCEED_TOTAL)


DAY, NIGHT = "2026-03-01T00:00:00Z", "2026-03-01T23:59:59Z"


@pytest.mark.parametrize(
    ("members", "repairs"),
    [
        ({"date-range": {"start-datetime": DAY, "end-datetime": NIGHT}}, ()),
        ({"date-range": {"start-datetime": NIGHT, "end-datetime": DAY}}, (Repair.DATE_ORDER,)),
        ({"date-range": [DAY, NIGHT]}, (Repair.DATE_FORM,)),
        ({"date-range": f"{NIGHT} to {DAY}"}, (Repair.DATE_FORM, Repair.DATE_ORDER)),
        ({"start-datetime": DAY, "end-datetime": NIGHT}, (Repair.OBJECT_MISSING,)),
        ({"start-datetime": NIGHT, "end-datetime": DAY}, (Repair.OBJECT_MISSING, Repair.DATE_ORDER)),
    ],
)
def test_a_report_begins_before_it_ends_wherever_its_dates_stand(
    members: dict[str, object], repairs: tuple[Repair, ...]
) -> None:
    document = json.loads(FIRST)
    del document["date-range"]
    got = read_report(json.dumps({**document, **members}).encode())
    assert (got.report.begin, got.report.end, got.repairs) == (SOUND.begin, SOUND.end, repairs)


@pytest.mark.parametrize(
    ("helo", "name"),
    [
        ("250-mx.example.com hello\r\n250 SIZE", "mx.example.com"),
        ("250 mx.example.com hello", "mx.example.com"),
        ("mx.example.com hello there", "mx.example.com"),
        ("250 \r\nmx.example.com", ""),
        (" \n", ""),
    ],
)
def test_the_name_in_an_answer_to_ehlo_is_the_first_word_behind_its_code(helo: str, name: str) -> None:
    details = {**DETAILS, "receiving-mx-helo": helo}
    policy = {"policy-type": "sts", "policy-domain": "a.example"}
    found, told = row({"policy": policy, "summary": COUNTS, "failure-details": [details]})
    assert (found.failures[0].receiving_helo, told) == (name, (Repair.HELO_MULTILINE,))
