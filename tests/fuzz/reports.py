"""Parsers of TLS reports: the JSON, what it is packed in, and the messages around it."""

import msgspec

from fuzz.target import Target, assert_bounded, read
from mxproof.formats.tlsrpt.found import reports_in
from mxproof.formats.tlsrpt.reading import read_report
from mxproof.formats.tlsrpt.writing import print_report
from support_tlsrpt import SAMPLES, SOUND, message

_DATA = print_report(SOUND)


def report(data: bytes) -> None:
    found = read(lambda: read_report(data))
    if found is None:
        return
    assert_bounded(found, data)
    printed = read(lambda: print_report(found.report))
    if printed is not None:
        assert read_report(printed).report == found.report


def container(data: bytes) -> None:
    found = read(lambda: list(reports_in(data, "a.json.gz"))) or []
    assert all(len(one.message) <= len(data) for one in found)
    assert_bounded([msgspec.structs.replace(one, message=b"") for one in found], data)


TARGETS = (
    Target(
        "tls-report",
        report,
        (
            _DATA,
            *((SAMPLES / name).read_bytes() for name in ("microsoft-2025-sts-tlsa.json", "syn-bom.json")),
        ),
        (b'"policies":', b'"policy":', b"[[", b'"mx-host":', b"\\ud800", b'"[\\"3 1 1 AB\\"]"', b"24:00:00"),
        150,
    ),
    Target(
        "tls-report-container",
        container,
        (
            message(_DATA),
            message(_DATA, media_type="application/tlsrpt+json", packed=False),
            (SAMPLES / "syn-two-members.json.gz").read_bytes(),
            (SAMPLES / "syn-report.zip").read_bytes(),
        ),
        (b"\x1f\x8b", b"PK\x03\x04", b"--b", b"base64", b"message/rfc822", b"application/tlsrpt+gzip"),
        150,
    ),
)
