"""The outline of a certificate in DER."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats import FormatError
from mxproof.formats.der import CERTIFICATE_BYTES_MAX, is_sequence, outline
from support_certificates import INTERMEDIATE, leaf

LEAF = leaf(("mail.example.com",))


def test_the_parts_of_a_certificate_are_its_own_bytes() -> None:
    got = outline(LEAF.der)
    assert got.spki == LEAF.spki
    assert got.subject == LEAF.certificate.subject.public_bytes()
    assert got.issuer == INTERMEDIATE.certificate.subject.public_bytes()


@pytest.mark.parametrize(
    ("der", "rule"),
    [
        (b"", "der-sequence"),
        (b"garbage", "der-sequence"),
        (b"\x30", "der-truncated"),
        (b"\x30\x00", "der-sequence"),
        (b"\x30\x02\x30\x00", "certificate-outline"),
        (b"\x30\x80\x00\x00", "der-length"),
        (b"\x30\x85\x00\x00\x00\x00\x00", "der-length"),
        (b"\x30\x84\xff\xff\xff\xff", "der-truncated"),
        (b"\x30\x82\x01", "der-truncated"),
        (b"\x30\x05\x30\x03\x02\x00\x02", "der-truncated"),
        (LEAF.der[:-1], "der-truncated"),
        (LEAF.der + b"\x00", "certificate-trailing"),
        (b"\x30\x0e\x30\x0c" + b"\x02\x00" * 6, "certificate-outline"),
        (LEAF.der + bytes(CERTIFICATE_BYTES_MAX), "certificate-too-long"),
    ],
)
def test_what_has_not_the_shape_is_refused(der: bytes, rule: str) -> None:
    with pytest.raises(FormatError) as raised:
        outline(der)
    assert [objection.rule for objection in raised.value.objections] == [rule]


def test_a_sequence_is_whole_and_alone() -> None:
    assert is_sequence(LEAF.spki)
    assert not is_sequence(LEAF.spki[:-1])
    assert not is_sequence(LEAF.spki + b"\x00")
    assert not is_sequence(b"")


@given(st.binary(max_size=60), st.integers(0, len(LEAF.der)))
def test_any_bytes_have_an_outline_or_are_a_format_error(data: bytes, at: int) -> None:
    for der in (
        data,
        b"\x30" + data,
        LEAF.der[:at] + data,
        LEAF.der[:at] + data + LEAF.der[at + len(data) :],
    ):
        try:
            got = outline(der)
        except FormatError:
            continue
        assert der.count(got.spki) >= 1
