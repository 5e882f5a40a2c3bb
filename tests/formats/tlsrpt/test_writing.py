"""The strict writer: what the grammar allows reads back the same, and nothing else is written."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from mxproof.formats.errors import FormatError
from mxproof.formats.tlsrpt.reading import read_report
from mxproof.formats.tlsrpt.repair import Repair
from mxproof.formats.tlsrpt.report import FailureDetails, ReportedPolicy, TlsReport
from mxproof.formats.tlsrpt.writing import print_report
from support_tlsrpt import SOUND

change = msgspec.structs.replace
(ROW,) = SOUND.policies
(FAILED,) = ROW.failures


def with_row(row: ReportedPolicy) -> TlsReport:
    return change(SOUND, policies=(row,))


def with_details(details: FailureDetails) -> TlsReport:
    return with_row(change(ROW, failures=(details,)))


@pytest.mark.parametrize(
    "report",
    [
        change(SOUND, organization=""),
        change(SOUND, contact="nobody"),
        change(SOUND, contact="a@b c"),
        change(SOUND, id=""),
        change(SOUND, id="a b"),
        change(SOUND, begin=None),
        change(SOUND, begin=datetime(2026, 3, 1)),  # noqa: DTZ001 - the fault that is meant
        change(SOUND, end=datetime(2026, 3, 1, microsecond=1, tzinfo=UTC)),
        change(SOUND, begin=SOUND.end, end=SOUND.begin),
        with_row(change(ROW, type="dane")),
        with_row(change(ROW, domain="")),
        with_row(change(ROW, domain="EXAMPLE.com")),
        with_row(change(ROW, type="tlsa")),
        with_row(change(ROW, type="no-policy-found", mx_hosts=())),
        with_row(change(ROW, success=-1)),
        with_row(change(ROW, success=2**53)),
        with_details(change(FAILED, result_type="mx-mismatch")),
        with_details(change(FAILED, count=0)),
        with_details(change(FAILED, receiving_ip="x.x.x.x")),
        with_details(change(FAILED, receiving_ip="2001:DB8::1")),
        with_details(change(FAILED, receiving_mx="MX.example.com")),
        with_details(change(FAILED, receiving_helo="mx.example.com Hello")),
        with_details(change(FAILED, additional_information="no uri")),
        with_details(change(FAILED, reason="\ud800")),
    ],
)
def test_what_no_report_by_the_grammar_reads_as_is_not_written(report: TlsReport) -> None:
    with pytest.raises(FormatError):
        print_report(report)


def test_what_rfc_8460_allows_is_written_though_a_reader_remarks_on_it() -> None:
    tlsa = ReportedPolicy("tlsa", "mx.example.com", 7, 1, ("3 1 1 AB",), (), (change(FAILED, count=2),))
    report = change(SOUND, policies=(ROW, tlsa))
    got = read_report(print_report(report))
    assert got.report == report
    assert got.repairs == (Repair.DETAILS_EXCEED_TOTAL, Repair.SESSIONS_TWICE)


def test_members_that_are_absent_are_not_written() -> None:
    bare = TlsReport(
        "x",
        SOUND.begin,
        SOUND.begin and SOUND.begin + timedelta(days=1),
        "a@b.example",
        "1",
        (
            ReportedPolicy(
                "no-policy-found",
                "example.com",
                1,
                1,
                failures=(FailureDetails("starttls-not-supported", 1),),
            ),
        ),
    )
    data = print_report(bare)
    assert (data.count(b'""'), data.count(b"[]"), data.count(b"null")) == (0, 0, 0)
    assert read_report(data).report == bare
