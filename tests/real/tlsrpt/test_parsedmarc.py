"""What we send is read by parsedmarc, which most receivers of TLS reports run, as it was meant: as mail, and as what is posted.

It has a virtual environment of its own, that of `bench/tlsrpt.py`, made where there is none.
"""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from keeping import ROOT
from mxproof.formats.tlsrpt.report import FailureDetails, ReportedPolicy, TlsReport
from mxproof.formats.tlsrpt.report_mail import packed_report, report_file_name
from mxproof.formats.tlsrpt.writing import print_report
from mxproof.net.asking import Asking
from mxproof.serve.sending.mailing import signed_mail
from mxproof.serve.sending.settings import SendSettings
from support_report_sending import SIGNER

HOME = ROOT / ".venv-peer-tlsrpt"
PEER = "parsedmarc==11.1.0"
INSTALLED_WITHIN_S = 1800
DOMAIN = "a.example"
LINES = ("version: STSv1", "mode: enforce", "mx: mx.a.example", "max_age: 86400")
REPORT = TlsReport(
    "Sender Example",
    datetime(2026, 3, 1, tzinfo=UTC),
    datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC),
    "tls@sender.example",
    "20260301.0123456789abc@sender.example",
    (
        ReportedPolicy(
            "sts",
            DOMAIN,
            7,
            3,
            LINES,
            ("mx.a.example",),
            (
                FailureDetails(
                    "validation-failure",
                    2,
                    "198.51.100.7",
                    "mx.a.example",
                    "mx.a.example",
                    "192.0.2.25",
                    "self-signed_certificate",
                ),
                FailureDetails("starttls-not-supported", 1),
            ),
        ),
        ReportedPolicy("tlsa", DOMAIN, 5, 0, ("3 1 1 " + "ab" * 32,)),
        ReportedPolicy("no-policy-found", DOMAIN, 2, 0),
    ),
)
_READ = """
import json, sys
import parsedmarc
with open(sys.argv[1], "rb") as file:
    found = parsedmarc.parse_report_email(file.read(), offline=True)
assert found["report_type"] == "smtp_tls", found["report_type"]
print(json.dumps([found["report"], parsedmarc.parse_report_file(sys.argv[2], offline=True)["report"]]))
"""


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Return what parsedmarc makes of the mail, and of the file."""
    folder = tmp_path_factory.mktemp("reports")
    settings = SendSettings(
        organization=REPORT.organization,
        contact=REPORT.contact,
        sender=REPORT.contact,
        asking=Asking(()),
        signers=(SIGNER,),
    )
    packed = packed_report(print_report(REPORT))
    mail, file = folder / "report.eml", folder / report_file_name(REPORT, DOMAIN)
    mail.write_bytes(
        signed_mail(REPORT, DOMAIN, f"tls@{DOMAIN}", packed, settings, datetime(2026, 3, 2, tzinfo=UTC))
    )
    file.write_bytes(packed)
    command = [str(_installed()), "-c", _READ, str(mail), str(file)]
    said: list[dict[str, Any]] = json.loads(subprocess.check_output(command, cwd=folder).splitlines()[-1])
    return said


def _installed() -> Path:
    interpreter = HOME / "bin" / "python"
    if not (HOME / "bin" / "parsedmarc").exists():
        subprocess.run([sys.executable, "-m", "venv", str(HOME)], check=True, timeout=INSTALLED_WITHIN_S)
        pip = [str(HOME / "bin" / "pip"), "install", "--quiet", PEER]
        if subprocess.run(pip, check=False, timeout=INSTALLED_WITHIN_S).returncode:
            pytest.skip(f"{PEER} cannot be had: no network")
    return interpreter


def test_it_reads_the_mail_and_the_file_alike(read: list[dict[str, Any]]) -> None:
    assert read[0] == read[1]


def test_it_knows_who_reports_of_which_day(read: list[dict[str, Any]]) -> None:
    names = ("organization_name", "contact_info", "report_id", "begin_date", "end_date")
    assert [read[0][name] for name in names] == [
        REPORT.organization,
        REPORT.contact,
        REPORT.id,
        "2026-03-01T00:00:00Z",
        "2026-03-01T23:59:59Z",
    ]


def test_it_counts_what_we_counted(read: list[dict[str, Any]]) -> None:
    got = [
        (
            one["policy_type"],
            one["policy_domain"],
            one["successful_session_count"],
            one["failed_session_count"],
        )
        for one in read[0]["policies"]
    ]
    assert got == [(one.type, one.domain, one.success, one.failure) for one in REPORT.policies]
    assert read[0]["policies"][0]["policy_strings"] == list(LINES)


def test_it_sees_each_way_in_which_sessions_failed(read: list[dict[str, Any]]) -> None:
    first, second = read[0]["policies"][0]["failure_details"]
    details = REPORT.policies[0].failures[0]
    assert (
        first["result_type"],
        first["failed_session_count"],
        first["sending_mta_ip"],
        first["receiving_ip"],
        first["receiving_mx_hostname"],
        first["failure_reason_code"],
    ) == (
        details.result_type,
        details.count,
        details.sending_ip,
        details.receiving_ip,
        details.receiving_mx,
        details.reason,
    )
    assert (second["result_type"], second["failed_session_count"]) == ("starttls-not-supported", 1)
