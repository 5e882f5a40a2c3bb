"""Signatures verified: the examples of the RFCs, and what is altered in them."""

import base64
from datetime import UTC, datetime

import msgspec
import pytest

from mxproof.formats.dnssec import MX, A, Dnskey, Rrsig
from mxproof.mail.dnssec_signature import signed_bytes, verifies

ECDSA = Dnskey(
    257,
    3,
    13,
    base64.b64decode(
        "GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA=="
    ),
)
"""RFC 6605 section 6.1."""
ED25519 = Dnskey(257, 3, 15, base64.b64decode("l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4="))
"""RFC 8080 section 6.1."""
CASES = (
    (
        ECDSA,
        "www.example.net",
        A,
        bytes((192, 0, 2, 1)),
        Rrsig(
            A,
            13,
            3,
            3600,
            datetime(2010, 9, 9, 10, 4, 39, tzinfo=UTC),
            datetime(2010, 8, 12, 10, 4, 39, tzinfo=UTC),
            55648,
            "example.net",
            base64.b64decode(
                "qx6wLYqmh+l9oCKTN6qIc+bw6ya+KJ8oMz0YP107epXAyGmt+3SNruPFKG7tZoLBLlUzGGus7ZwmwWep666VCw=="
            ),
        ),
    ),
    (
        ED25519,
        "example.com",
        MX,
        b"\0\x0a\4mail\7example\3com\0",
        Rrsig(
            MX,
            15,
            2,
            3600,
            datetime(2015, 8, 19, 22, 0, tzinfo=UTC),
            datetime(2015, 7, 29, 22, 0, tzinfo=UTC),
            3613,
            "example.com",
            base64.b64decode(
                "oL9krJun7xfBOIWcGHi7mag5/hdZrKWw15jPGrHpjQeRAvTdszaPD+QLs3fx8A4M3e23mRZ9VrbpMngwcrqNAg=="
            ),
        ),
    ),
)


@pytest.mark.parametrize(("key", "name", "kind", "data", "signature"), CASES)
def test_the_signature_of_an_rfc_verifies(
    key: Dnskey, name: str, kind: int, data: bytes, signature: Rrsig
) -> None:
    assert key.key_tag == signature.key_tag
    assert verifies(signed_bytes(name, kind, [data], signature), signature, key)
    assert verifies(signed_bytes(name.upper(), kind, [data, data], signature), signature, key)


@pytest.mark.parametrize(("key", "name", "kind", "data", "signature"), CASES)
def test_an_altered_one_does_not(key: Dnskey, name: str, kind: int, data: bytes, signature: Rrsig) -> None:
    signed = signed_bytes(name, kind, [data], signature)
    short = msgspec.structs.replace(signature, signature=signature.signature[:-1])
    other = signed_bytes(name, kind, [data[:-2] + b"\1\0"], signature)
    assert not verifies(other, signature, key)
    assert not verifies(signed, short, key)
    assert not verifies(signed, signature, msgspec.structs.replace(key, key=key.key[:-1]))
    assert not verifies(signed, signature, msgspec.structs.replace(key, algorithm=8))
    assert not verifies(signed, signature, msgspec.structs.replace(key, algorithm=99))


def test_records_made_of_a_wildcard_are_signed_under_its_name() -> None:
    signature = msgspec.structs.replace(CASES[0][4], labels=2)
    assert signed_bytes("a.b.example.net", A, [b"1234"], signature) == signed_bytes(
        "*.example.net", A, [b"1234"], signature
    )


def test_records_are_signed_in_one_order_and_each_once_however_they_came() -> None:
    """RFC 4034 section 6.3: by their data as bytes without sign, the shorter first."""
    signature = CASES[0][4]
    in_order = [b"\x01", b"\x01\x00", b"\x80"]
    want = signed_bytes("www.example.net", A, in_order, signature)
    assert [want.index(b"\0" + bytes([len(one)]) + one) for one in in_order] == sorted(
        want.index(b"\0" + bytes([len(one)]) + one) for one in in_order
    )
    for came in (in_order[::-1], [*in_order, b"\x80"], [b"\x01\x00", b"\x80", b"\x01"]):
        assert signed_bytes("www.example.net", A, came, signature) == want
