"""Parsers of TLS reports: the JSON, what it is packed in, the messages around it, and the datagrams that they are made of."""

import msgspec

from fuzz.target import Target, assert_bounded, read
from mxproof.formats.tlsrpt.datagram import read_datagram
from mxproof.formats.tlsrpt.found import reports_in
from mxproof.formats.tlsrpt.reading import read_report
from mxproof.formats.tlsrpt.writing import print_report
from support_datagram import DATAGRAMS
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


def datagram(data: bytes) -> None:
    """Whatever is read can be printed in a report."""
    told = read(lambda: read_datagram(data))
    for policy in told.policies if told is not None else ():
        print_report(msgspec.structs.replace(SOUND, policies=(policy,)))


TARGETS = (
    Target(
        "tlsrpt-datagram",
        datagram,
        DATAGRAMS,
        (
            b'"dpv": "1",',
            b'"dpv": "mxproof-1","n":3,"at":1.5,',
            b"\xff",
            b"\\ud800",
            b'"policy-type":9',
            b'"a": "x:y",',
        ),
        300,
    ),
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
