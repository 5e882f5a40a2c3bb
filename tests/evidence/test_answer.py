"""What an answer says of itself: the bits of a DNS header, and which versions of TLS are of the past."""

import pytest

from mxproof.evidence import DnsData, TlsData

QR, AA, TC, RD = 0x80, 0x04, 0x02, 0x01


@pytest.mark.parametrize(
    ("wire", "authoritative", "truncated"),
    [
        (b"", False, False),
        (b"\xff", False, False),
        (b"\xff\xff", False, False),
        (bytes([0, 0, AA]), True, False),
        (bytes([0, 0, TC]), False, True),
        (bytes([0, 0, AA | TC]), True, True),
        (bytes([0, 0, QR | RD, 0x80]), False, False),
        (bytes([0, 0, 0xFF ^ AA ^ TC, 0xFF]), False, False),
        (bytes([AA | TC, AA | TC, QR, AA | TC]), False, False),
        (bytes([0, 0, QR | AA | RD]) + bytes(9), True, False),
    ],
)
def test_aa_and_tc_are_each_a_bit_of_the_third_octet(
    wire: bytes, authoritative: bool, truncated: bool
) -> None:
    data = DnsData("NOERROR", secure=False, wire=wire)
    assert (data.authoritative, data.truncated) == (authoritative, truncated)


@pytest.mark.parametrize(
    ("version", "want"),
    [
        ("SSLv2", True),
        ("SSLv3", True),
        ("TLSv1", True),
        ("TLSv1.1", True),
        ("TLSv1.2", False),
        ("TLSv1.3", False),
        ("", False),
    ],
)
def test_no_version_before_tls_1_2_may_be_used(version: str, want: bool) -> None:
    assert TlsData(version, "", ()).outdated is want
