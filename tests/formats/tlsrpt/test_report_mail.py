"""The mail that carries a report: what RFC 8460 section 5 wants of it, and that it reads back as the report."""

import email
import email.policy
import gzip
from datetime import UTC, datetime

import msgspec

from mxproof.formats.tlsrpt.found import reports_in
from mxproof.formats.tlsrpt.report_mail import packed_report, report_file_name, report_mail
from mxproof.formats.tlsrpt.writing import print_report
from support_tlsrpt import SOUND

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
REPORT = msgspec.structs.replace(SOUND, id="20260301.ab12@sender.example")
DATA = print_report(REPORT)


def mail(domain: str = "example.com") -> bytes:
    return report_mail(REPORT, domain, "tls@example.com", packed_report(DATA), NOW)


def test_the_mail_is_as_rfc_8460_wants_it() -> None:
    message = email.message_from_bytes(mail(), policy=email.policy.default)
    assert message["TLS-Report-Domain"] == "example.com"
    assert message["TLS-Report-Submitter"] == "sender.example"
    assert message["TLS-Required"] == "No"
    assert (
        message["Subject"]
        == "Report Domain: example.com Submitter: sender.example Report-ID: <20260301.ab12@sender.example>"
    )
    assert message.get_content_type() == "multipart/report"
    assert message.get_param("report-type") == "tlsrpt"
    words, file = message.iter_parts()
    assert words.get_content_type() == "text/plain"
    assert file.get_content_type() == "application/tlsrpt+gzip"
    assert file.get_filename() == "sender.example!example.com!1772323200!1772409599!20260301ab12.json.gz"
    assert file.get_filename() == report_file_name(REPORT, "example.com")
    assert gzip.decompress(file.get_content()) == DATA


def test_the_mail_reads_as_the_report_with_nothing_to_repair() -> None:
    (found,) = reports_in(mail())
    assert found.read.report == REPORT
    assert found.repairs == ()
    assert found.submitter == "sender.example"


def test_no_line_is_longer_than_mail_may_have_for_the_longest_domain() -> None:
    domain = ".".join(["a" * 63] * 3 + ["b" * 61])
    assert max(map(len, mail(domain).split(b"\r\n"))) <= 998


def test_a_report_is_packed_to_the_same_bytes_each_time() -> None:
    assert packed_report(DATA) == packed_report(DATA)


def test_a_report_is_packed_alike_whenever_that_is() -> None:
    packed = packed_report(DATA)
    assert packed[:2] == b"\x1f\x8b"
    assert packed[4:8] == bytes(4), "the time of packing in RFC 1952 section 2.3.1"
    assert gzip.decompress(packed) == DATA
