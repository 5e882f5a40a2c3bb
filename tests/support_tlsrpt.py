"""TLS reports for tests: one by the RFC, messages around reports, and the samples with what they should come to."""

import base64
import csv
import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from mxproof.formats.tlsrpt.report import FailureDetails, ReportedPolicy, TlsReport

SAMPLES = Path(__file__).parent / "data" / "tlsrpt"
SOUND = TlsReport(
    organization="Example Inc.",
    begin=datetime(2026, 3, 1, tzinfo=UTC),
    end=datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC),
    contact="tls@sender.example",
    id="2026-03-01T00:00:00Z_example.com",
    policies=(
        ReportedPolicy(
            "sts",
            "example.com",
            7,
            3,
            ("version: STSv1", "mode: enforce", "mx: mx.example.com", "max_age: 86400"),
            ("mx.example.com",),
            (
                FailureDetails(
                    "certificate-expired", 3, "198.51.100.7", "mx.example.com", "mx.example.com", "192.0.2.25"
                ),
            ),
        ),
    ),
)


class Sample(NamedTuple):
    """A row of the manifest; counts are the sums over the rows of a report as they stand there."""

    file: str
    success: str
    failure: str
    details: str
    policy_types: str
    report_id: str
    repairs: str
    refused: str
    source: str
    licence: str
    notes: str

    @property
    def path(self) -> Path:
        """The file itself."""
        return SAMPLES / self.file


def samples() -> list[Sample]:
    """Return every sample."""
    with (SAMPLES / "MANIFEST.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert tuple(rows[0]) == Sample._fields
    return [Sample(*row) for row in rows[1:]]


def object_of(sample: str = "google-2025-sts.json") -> dict[str, object]:
    """Return the JSON object of a sample."""
    found: dict[str, object] = json.loads((SAMPLES / sample).read_bytes())
    return found


def message(
    report: bytes,
    *,
    media_type: str = "application/tlsrpt+gzip",
    packed: bool = True,
    fields: str = "TLS-Report-Domain: example.com\r\nTLS-Report-Submitter: sender.example\r\n",
    encoded: bytes | None = None,
) -> bytes:
    """Return a message with `report` attached, as RFC 8460 section 5.3 has it."""
    content = gzip.compress(report, mtime=0) if packed else report
    body = base64.encodebytes(content).replace(b"\n", b"\r\n") if encoded is None else encoded
    head = (
        f"From: tls@sender.example\r\nTo: tlsrpt@example.com\r\nSubject: Report Domain: example.com\r\n{fields}"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type="tlsrpt";\r\n boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nA TLS report.\r\n"
        f"--b\r\nContent-Type: {media_type}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode() + body + b"\r\n--b--\r\n"
