"""The mail that carries a TLS report, and the name of its file (RFC 8460 sections 5.1 to 5.3).

`TLS-Required: No` has it delivered despite what it tells of (RFC 8689, RFC 8460 section 5.3.1); Postfix makes no report of such a
delivery, so that reports do not beget reports (section 3).
"""

import base64
import gzip
import re
from datetime import datetime
from email.utils import format_datetime
from typing import Final

from mxproof.formats.tlsrpt.report import TlsReport

SIGNED_REPORT_FIELDS: Final = (
    "From",
    "To",
    "Date",
    "Subject",
    "Message-ID",
    "TLS-Report-Domain",
    "TLS-Report-Submitter",
    "TLS-Required",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
)
"""What a signature is over; RFC 8460 section 5.3 wants the two of the report among them."""
GZIP_MEDIA_TYPE: Final = "application/tlsrpt+gzip"

_LINE_BYTES: Final = 57
"""As many as make a line of 76 characters of Base64 (RFC 2045 section 6.8)."""
_NO_UNIQUE: Final = re.compile(r"[^0-9A-Za-z]+")


def packed_report(data: bytes) -> bytes:
    """Return a report as gzip, the same bytes each time (RFC 8460 section 5.2)."""
    return gzip.compress(data, compresslevel=6, mtime=0)


def report_file_name(report: TlsReport, domain: str) -> str:
    """Return the name of the packed file of a report to a policy domain (RFC 8460 section 5.1)."""
    assert report.begin is not None, "a report that is sent is of a time"
    assert report.end is not None, "a report that is sent is of a time"
    begin, end = int(report.begin.timestamp()), int(report.end.timestamp())
    unique = _NO_UNIQUE.sub("", report.id.partition("@")[0])
    return f"{report.submitter}!{domain}!{begin}!{end}!{unique}.json.gz"


def report_mail(report: TlsReport, domain: str, recipient: str, packed: bytes, now: datetime) -> bytes:
    """Return the mail with the report `packed` to a policy domain, its lines ended by CRLF, without a signature."""
    boundary = f"=_{_NO_UNIQUE.sub('', report.id.partition('@')[0])}"
    file_name = report_file_name(report, domain)
    lines = [
        f"From: {report.contact}",
        f"To: {recipient}",
        f"Date: {format_datetime(now)}",
        f"Message-ID: <{report.id}>",
        f"Subject: Report Domain: {domain}",
        f" Submitter: {report.submitter}",
        f" Report-ID: <{report.id}>",
        f"TLS-Report-Domain: {domain}",
        f"TLS-Report-Submitter: {report.submitter}",
        "TLS-Required: No",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type="tlsrpt";',
        f' boundary="{boundary}"',
        "",
        f"--{boundary}",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        *_words(report, domain),
        "",
        f"--{boundary}",
        f"Content-Type: {GZIP_MEDIA_TYPE}",
        "Content-Transfer-Encoding: base64",
        "Content-Disposition: attachment;",
        f' filename="{file_name}"',
        "",
        *_base64(packed),
        f"--{boundary}--",
        "",
    ]
    return "\r\n".join(lines).encode("ascii")


def _words(report: TlsReport, domain: str) -> tuple[str, ...]:
    begin = f"{report.begin:%Y-%m-%d}" if report.begin is not None else "the day"
    return (
        f"This is a TLS report (RFC 8460) about mail from {report.submitter}",
        f"to {domain} on {begin} (UTC).",
        "",
        f"It was sent because {domain} asks for it, by the",
        f"record at _smtp._tls.{domain}. The attached file is for programs.",
        f"Questions about it: {report.contact}",
    )


def _base64(data: bytes) -> list[str]:
    return [base64.b64encode(data[at : at + _LINE_BYTES]).decode() for at in range(0, len(data), _LINE_BYTES)]
