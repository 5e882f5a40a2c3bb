"""TLS reports as CSV: a row for each failure, one for each policy without any, and columns that keep their places."""

import msgspec

from mxproof.explain.tlsrpt.told import ToldReport
from mxproof.formats.tlsrpt.repair import Repair
from mxproof.render.tls_report_csv import TLS_REPORT_COLUMNS, document
from support_csv import filled_cells
from support_told_report import FAILURE, POLICY, REPORT, WHOLE_FAILURE, failing, report_of


def rows(*reports: ToldReport) -> list[dict[str, str]]:
    return filled_cells(document(reports))


OF_REPORT = {
    "reporter": "Example",
    "begin": "2026-06-01 00:00:00 UTC",
    "end": "2026-06-01 23:59:59 UTC",
    "authenticated": "verified",
    "policy_type": "sts",
    "policy_domain": "example.com",
    "success": "7",
    "source": "report.json",
}


def test_the_columns_stand_where_they_always_stood() -> None:
    assert "".join(document(())) == ",".join(f'"{name}"' for name in TLS_REPORT_COLUMNS) + "\r\n"
    assert (
        *("reporter", "submitter", "report_id", "begin", "end", "authenticated"),
        *("policy_type", "policy_domain", "success", "failure"),
        *("result_type", "count", "receiving_mx", "receiving_ip", "sending_ip", "reason"),
        *("cause", "finding", "standing", "words"),
        *("repairs", "source"),
    ) == TLS_REPORT_COLUMNS


def test_a_policy_without_a_failure_has_one_row_and_each_failure_has_its_own() -> None:
    other = msgspec.structs.replace(FAILURE, result_type="starttls-not-supported", count=2)
    assert rows(report_of(POLICY, failing(FAILURE, other)), REPORT) == [
        {**OF_REPORT, "failure": "0"},
        {**OF_REPORT, "failure": "5", "result_type": "certificate-expired", "count": "3"},
        {**OF_REPORT, "failure": "5", "result_type": "starttls-not-supported", "count": "2"},
    ]


def test_whatever_a_report_says_has_a_column() -> None:
    report = msgspec.structs.replace(
        report_of(failing(WHOLE_FAILURE)),
        submitter="example.net",
        report_id="2026-06-01_a",
        repairs=(Repair.SESSIONS_TWICE, Repair.VALUE_NULL),
    )
    assert rows(report) == [
        {
            **OF_REPORT,
            "submitter": "example.net",
            "report_id": "2026-06-01_a",
            "failure": "3",
            "result_type": "certificate-expired",
            "count": "3",
            "receiving_mx": "mx.example.com",
            "receiving_ip": "192.0.2.1",
            "sending_ip": "198.51.100.1",
            "reason": "X509_V_ERR_CERT_HAS_EXPIRED",
            "cause": "dane_cert_expired",
            "finding": "cert-expired",
            "standing": "confirmed",
            "words": "It has been over since `2026-05-01`.",
            "repairs": "sessions-twice value-null",
        }
    ]


def test_a_report_of_an_unknown_time_has_nothing_there() -> None:
    timeless = msgspec.structs.replace(report_of(POLICY), begin=None, end=None)
    of_no_time = {name: cell for name, cell in OF_REPORT.items() if name not in {"begin", "end"}}
    assert rows(timeless) == [{**of_no_time, "failure": "0"}]
