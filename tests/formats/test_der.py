"""The outline of a certificate in DER."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats import FormatError
from mxproof.formats.der import (
    CERTIFICATE_BYTES_MAX,
    Outline,
    is_sequence,
    outline,
    rsa_modulus_bits,
    with_ascii_names,
)
from support_certificates import INTERMEDIATE, leaf

LEAF = leaf(("mail.example.com",))
INTEGER, BIT_STRING, OCTETS, BOOLEAN, SEQUENCE = 0x02, 0x03, 0x04, 0x01, 0x30
RSA, ED25519 = bytes.fromhex("06092a864886f70d0101010500"), bytes.fromhex("06032b6570")
ALTERNATIVE_NAME = bytes.fromhex("0603551d11")


def element(tag: int, content: bytes) -> bytes:
    """Return an element of DER."""
    size = len(content)
    length = bytes((size,)) if size < 0x80 else bytes((0x82, *size.to_bytes(2)))
    return bytes((tag,)) + length + content


def key(bits: int, algorithm: bytes = RSA, unused: bytes = b"\0", behind: bytes = b"") -> tuple[bytes, bytes]:
    """Return an RSA key, alone and as a SubjectPublicKeyInfo."""
    modulus = element(INTEGER, b"\0" + (2 ** (bits - 1)).to_bytes((bits + 7) // 8))
    alone = element(SEQUENCE, modulus + element(INTEGER, b"\1\0\1"))
    within = element(BIT_STRING, unused + alone + behind)
    return alone, element(SEQUENCE, element(SEQUENCE, algorithm) + within)


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


def test_a_certificate_of_the_first_version_says_none() -> None:
    """RFC 5280 section 4.1.2.1: the version is left out, and nothing else."""
    issuer, subject, spki = (element(SEQUENCE, bytes((INTEGER, 1, number))) for number in (1, 2, 3))
    other = element(SEQUENCE, b"")
    fields = element(INTEGER, b"\7") + other + issuer + other + subject + spki
    version = element(0xA0, element(INTEGER, b"\2"))
    want = Outline(issuer, subject, spki)
    for tbs in (fields, version + fields, version + fields + element(0xA3, other)):
        assert outline(element(SEQUENCE, element(SEQUENCE, tbs) + other + element(BIT_STRING, b"\0"))) == want
    with pytest.raises(FormatError):
        outline(element(SEQUENCE, element(SEQUENCE, version + fields.removesuffix(spki))))


def test_an_element_stays_within_what_holds_it() -> None:
    inner = element(SEQUENCE, b"") * 5 + b"\x30\x01"
    with pytest.raises(FormatError) as raised:
        outline(element(SEQUENCE, element(SEQUENCE, element(INTEGER, b"\1") + inner) + bytes(40)))
    assert [one.rule for one in raised.value.objections] == ["der-truncated"]


@pytest.mark.parametrize("bits", [1024, 1023, 2048, 3072, 512])
def test_an_rsa_key_has_its_size_alone_and_with_its_algorithm(bits: int) -> None:
    assert [rsa_modulus_bits(one) for one in key(bits)] == [bits, bits]


@pytest.mark.parametrize(
    "der",
    [
        pytest.param(key(1024)[0] + b"\0", id="something behind a key alone"),
        pytest.param(key(1024)[1] + b"\0", id="something behind a key"),
        pytest.param(key(1024, behind=b"\0")[1], id="something behind the key within"),
        pytest.param(key(1024, ED25519)[1], id="another algorithm"),
        pytest.param(key(1024, unused=b"\1")[1], id="bits that are not used"),
        pytest.param(key(1024, unused=b"")[1], id="no byte of bits that are not used"),
        pytest.param(element(SEQUENCE, element(SEQUENCE, RSA) + element(OCTETS, b"\0")), id="no bit string"),
        pytest.param(element(SEQUENCE, element(INTEGER, b"\7")), id="one part"),
        pytest.param(element(SEQUENCE, element(INTEGER, b"\7") * 3), id="three parts"),
        pytest.param(element(SEQUENCE, element(INTEGER, b"\7") + element(OCTETS, b"\7")), id="no exponent"),
        pytest.param(element(SEQUENCE, element(OCTETS, b"\7") + element(INTEGER, b"\7")), id="no modulus"),
        pytest.param(b"\x30\x80" + element(INTEGER, b"\7") * 2 + bytes(2), id="indefinite length"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_what_is_no_rsa_key_has_no_size(der: bytes) -> None:
    with pytest.raises(FormatError):
        rsa_modulus_bits(der)


@pytest.mark.parametrize("critical", [b"", element(BOOLEAN, b"\xff")], ids=["", "critical"])
def test_bytes_beyond_ascii_are_marked_in_names_and_nowhere_else(critical: bytes) -> None:
    def extension(names: bytes) -> bytes:
        return element(SEQUENCE, ALTERNATIVE_NAME + critical + element(OCTETS, element(SEQUENCE, names)))

    address = element(0x87, b"\xc0\0\2\xff")
    odd = address + element(0x82, b"m\xe4.example") + element(0x81, b"\xff@b") + element(0x86, b"x:\x80\x81")
    plain = address + element(0x82, b"m?.example") + element(0x81, b"?@b") + element(0x86, b"x:??")
    around = element(SEQUENCE, b"\xe4")
    assert with_ascii_names(around + extension(odd) + around) == around + extension(plain) + around
    assert with_ascii_names(around + extension(plain)) == around + extension(plain)
    assert with_ascii_names(around * 2) == around * 2
