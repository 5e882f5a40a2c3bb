"""The facts of certificates, good and odd."""

import ipaddress
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa, x25519
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats import FormatError, cert
from mxproof.formats.cert import (
    FACTS_CACHED_MAX,
    CertificateFacts,
    NameLimits,
    Purpose,
    covers,
    facts,
    limited_names,
    loaded,
)
from mxproof.lab.ca import PrivateKey
from support_certificates import INTERMEDIATE, ROOT, Defect, leaf, make

ANYTHING = ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE
NETSCAPE, MICROSOFT = map(ObjectIdentifier, ("2.16.840.1.113730.4.1", "1.3.6.1.4.1.311.10.3.3"))
SIGNER = ed25519.Ed25519PrivateKey.generate()
LEAF = leaf(("mail.example.com", "*.Example.NET"))
SERIAL = 5
NUMBERED = x509.RegisteredID(x509.ObjectIdentifier("1.2.3"))


def made(
    *names: x509.GeneralName,
    subject: str = "CN=odd",
    key: CertificatePublicKeyTypes | None = None,
    authority: bool | None = None,
) -> bytes:
    """Return a certificate in DER with just the alternative names and extensions asked for."""
    name = x509.Name.from_rfc4514_string(subject)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key or SIGNER.public_key())
        .serial_number(SERIAL)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    if authority is not None:
        builder = builder.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    return builder.sign(SIGNER, None).public_bytes(serialization.Encoding.DER)


def named(*dns_names: str, common_name: str | None = None) -> CertificateFacts:
    subject = f"CN={common_name}" if common_name else ""
    return facts(made(*map(x509.DNSName, dns_names), subject=subject))


def test_the_facts_of_a_server_certificate() -> None:
    got = facts(LEAF.der)
    certificate = LEAF.certificate
    assert got == CertificateFacts(
        sha256=certificate.fingerprint(hashes.SHA256()).hex(),
        subject="CN=mail.example.com",
        issuer="CN=Test Intermediate",
        common_names=("mail.example.com",),
        dns_names=("mail.example.com", "*.example.net"),
        names_in_ascii=True,
        other_names=(),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        serial=f"{certificate.serial_number:x}",
        key="EC P-256",
        signature_algorithm="ecdsa-with-sha256",
        self_issued=False,
        is_ca=False,
        weak_key=False,
        weak_signature=False,
        purpose=Purpose.SERVERS,
        key_serves=True,
        key_signs=True,
        name_limits=None,
        spki_der=LEAF.spki,
        subject_raw=certificate.subject.public_bytes(),
        issuer_raw=INTERMEDIATE.certificate.subject.public_bytes(),
    )


def test_an_authority_is_told_from_a_server() -> None:
    assert (facts(ROOT.der).is_ca, facts(ROOT.der).self_issued) == (True, True)
    assert (facts(INTERMEDIATE.der).is_ca, facts(INTERMEDIATE.der).self_issued) == (True, False)
    assert not facts(made(authority=False)).is_ca
    assert not facts(made()).is_ca


@pytest.mark.parametrize(
    ("key", "want"),
    [
        (rsa.generate_private_key(65537, 2048).public_key(), "RSA 2048"),
        (ec.generate_private_key(ec.SECP384R1()).public_key(), "EC P-384"),
        (ec.generate_private_key(ec.SECP256K1()).public_key(), "EC secp256k1"),
        (ed25519.Ed25519PrivateKey.generate().public_key(), "Ed25519"),
        (ed448.Ed448PrivateKey.generate().public_key(), "Ed448"),
        (x25519.X25519PrivateKey.generate().public_key(), "unknown (1.3.101.110)"),
        (dsa.generate_private_key(2048).public_key(), "DSA 2048"),
    ],
)
def test_a_key_is_named_by_kind_and_size(key: CertificatePublicKeyTypes, want: str) -> None:
    assert facts(made(key=key)).key == want


def test_a_key_of_an_unknown_kind_is_named_by_its_number() -> None:
    der = made(key=ec.generate_private_key(ec.SECP256R1()).public_key())
    known, unknown = bytes.fromhex("06072a8648ce3d0201"), bytes.fromhex("06072a8648ce3d027f")
    assert facts(der.replace(known, unknown)).key == "unknown (1.2.840.10045.2.127)"


def test_the_signature_algorithm_is_named_or_numbered() -> None:
    known, unknown = bytes.fromhex("06032b6570"), bytes.fromhex("06032b657f")
    der = made(key=ec.generate_private_key(ec.SECP256R1()).public_key())
    assert facts(der).signature_algorithm == "ed25519"
    assert facts(der.replace(known, unknown)).signature_algorithm == "1.3.101.127"


def test_other_kinds_of_names_are_kept_apart_ce_08() -> None:
    got = facts(
        made(
            x509.DNSName("A.example"),
            x509.IPAddress(ipaddress.ip_address("192.0.2.1")),
            x509.IPAddress(ipaddress.ip_address("2001:db8::1")),
            x509.RFC822Name("a@b.example"),
            x509.UniformResourceIdentifier("https://b.example/"),
            x509.DirectoryName(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "d")])),
            NUMBERED,
            x509.OtherName(x509.ObjectIdentifier("1.3.6.1.5.5.7.8.7"), b"\x16\x01x"),
        )
    )
    assert got.dns_names == ("a.example",)
    assert got.other_names == (
        "IP:192.0.2.1",
        "IP:2001:db8::1",
        "email:a@b.example",
        "URI:https://b.example/",
        "DN:CN=d",
        "ID:1.2.3",
        "other:1.3.6.1.5.5.7.8.7",
    )


@pytest.mark.parametrize(
    ("subject", "want"),
    [("", ()), ("O=x", ()), ("CN=a", ("a",)), ("CN=last,CN=first", ("first", "last")), ("CN=ä", ("ä",))],
)
def test_common_names_are_read_in_their_order(subject: str, want: tuple[str, ...]) -> None:
    assert facts(made(subject=subject)).common_names == want


@given(st.text("aZ9.-*_ ä,", min_size=1, max_size=64), st.booleans())
def test_a_subject_is_written_as_the_library_does(host: str, more: bool) -> None:
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, host)]
    if more:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, "x"))
    der = made(subject=x509.Name(attributes).rfc4514_string())
    name, got = x509.load_der_x509_certificate(der).subject, facts(der)
    assert got.subject == name.rfc4514_string() == got.issuer
    assert got.common_names == tuple(one.value for one in name.get_attributes_for_oid(NameOID.COMMON_NAME))


@pytest.mark.parametrize("lie", [b"\x0c\x09", b"\x0c\x0b"])
def test_a_subject_whose_length_does_not_fit_is_refused(lie: bytes) -> None:
    der = made(subject="CN=mx.example")
    with pytest.raises(FormatError):
        facts(der.replace(b"\x0c\x0amx.example", lie + b"mx.example"))


@pytest.mark.parametrize("odd", [b"mx\xe4.example", b"mx\xc3\xa4.example"])
def test_a_name_with_bytes_beyond_ascii_hides_none_beside_it(odd: bytes) -> None:
    plain = made(
        x509.DNSName("x" * len(odd)),
        x509.DNSName("mx.example"),
        x509.IPAddress(ipaddress.ip_address("192.0.2.1")),
    )
    found = facts(plain.replace(b"x" * len(odd), odd))
    assert (found.dns_names[1:], found.other_names, found.names_in_ascii) == (
        ("mx.example",),
        ("IP:192.0.2.1",),
        False,
    )
    assert facts(plain).names_in_ascii


def test_an_extension_that_cannot_be_read_for_other_reasons_is_refused() -> None:
    plain = made(x509.DNSName("mx.example"), x509.IPAddress(ipaddress.ip_address("192.0.2.1")))
    with pytest.raises(FormatError):
        facts(plain.replace(b"\x82\x0amx.example", b"\x87\x0amx.example"))


@pytest.mark.parametrize(
    ("common_names", "want"),
    [
        (("mx.Example.com",), ("mx.example.com",)),
        (("a.example", "b.example"), ("a.example", "b.example")),
        (("mx",), ()),
        (("My Server.example",), ()),
        (("*.example.com",), ()),
        (("-mx.example",), ()),
        (("mx-.example",), ()),
        (("mx.example.",), ()),
        (("mx_1.ex-ample",), ("mx_1.ex-ample",)),
    ],
)
def test_a_common_name_is_bound_by_constraints_where_it_looks_like_a_host(
    common_names: tuple[str, ...], want: tuple[str, ...]
) -> None:
    """observed: posttls-finger of Postfix 3.7.11 and 3.10.13."""
    subject = ",".join(f"CN={one}" for one in reversed(common_names))
    assert limited_names(facts(made(subject=subject))) == want
    beside = facts(made(x509.DNSName("other.example"), subject=subject))
    assert limited_names(beside) == ("other.example",)


@pytest.mark.parametrize(("serial", "want"), [(b"\xfb", "-5"), (b"\x00", "0")])
def test_a_serial_number_that_is_forbidden_is_read_without_a_warning(serial: bytes, want: str) -> None:
    der = made().replace(b"\x02\x01\x05", b"\x02\x01" + serial, 1)
    assert facts(der).serial == want


def test_a_country_of_three_letters_is_read_without_a_warning() -> None:
    der = made(subject="C=DE,CN=odd").replace(b"\x06\x03\x55\x04\x03", b"\x06\x03\x55\x04\x06")
    assert facts(der).subject == "C=DE,C=odd"


@pytest.mark.parametrize(
    ("der", "rule"),
    [
        (made().replace(b"\x0c\x03odd", b"\x03\x03odd"), "certificate-unreadable"),
        (b"", "der-sequence"),
        (LEAF.der[:-1], "der-truncated"),
        (LEAF.der + b"\x00", "certificate-trailing"),
        (made(NUMBERED).replace(b"\x88\x02\x2a\x03", b"\xa5\x02\x2a\x03"), "certificate-unreadable"),
        (made(authority=True).replace(b"\x01\x01\xff\x04", b"\x01\x01\x7f\x04"), "certificate-unreadable"),
    ],
)
def test_a_certificate_that_cannot_be_read_whole_is_refused(der: bytes, rule: str) -> None:
    with pytest.raises(FormatError) as raised:
        facts(der)
    assert [objection.rule for objection in raised.value.objections] == [rule]


@pytest.mark.parametrize(
    ("dns_names", "host", "want"),
    [
        pytest.param(("mail.example.com",), "mail.example.com", True, id="CE-03 exact"),
        pytest.param(
            ("other.example", "MAIL.example.com"), "Mail.Example.com.", True, id="CE-03 MX-03 case and dot"
        ),
        pytest.param(("example.com",), "mail.example.com", False, id="CE-03 parent"),
        pytest.param(("*.example.com",), "mail.example.com", True, id="CE-03 PH-05 wildcard"),
        pytest.param(("*.example.com",), "example.com", False, id="PH-05 wildcard without label"),
        pytest.param(("*.example.com",), "a.b.example.com", False, id="PH-05 wildcard over two labels"),
        pytest.param(("m*.example.com",), "mail.example.com", False, id="PH-05 CE-07 part of a label"),
        pytest.param(("*.*.com",), "mail.example.com", False, id="PH-05 two wildcards"),
        pytest.param(("mail.*.com",), "mail.example.com", False, id="PH-05 wildcard in the middle"),
        pytest.param(
            ("mail.example.com.",), "mail.example.com", False, id="CE-07 final dot in the certificate"
        ),
        pytest.param(("192.0.2.1",), "192.0.2.1", False, id="CE-08 address as a DNS name"),
        pytest.param((), "mail.example.com", False, id="CE-03 no name at all"),
    ],
)
def test_a_certificate_covers_a_host_by_its_dns_names(
    dns_names: tuple[str, ...], host: str, want: bool
) -> None:
    assert covers(named(*dns_names), host) == want


def test_the_common_name_never_covers_a_host_ph_04_ce_06() -> None:
    assert not covers(named(common_name="mail.example.com"), "mail.example.com")
    assert not covers(named("other.example", common_name="mail.example.com"), "mail.example.com")


def test_an_address_never_covers_a_host_ce_08() -> None:
    got = facts(made(x509.IPAddress(ipaddress.ip_address("192.0.2.1"))))
    assert not covers(got, "192.0.2.1")


def test_facts_are_remembered_within_a_limit() -> None:
    assert facts(LEAF.der) is facts(bytes(bytearray(LEAF.der)))
    assert facts.cache_info().maxsize == FACTS_CACHED_MAX


class Emptied(dict[bytes, x509.Certificate]):
    """A cache of which another thread removes the oldest at the same moment."""

    def __delitem__(self, key: bytes) -> None:
        super().__delitem__(key)
        super().__delitem__(key)


def test_a_certificate_that_another_thread_forgets_at_the_same_moment_is_no_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = Emptied({b"oldest": LEAF.certificate})
    monkeypatch.setattr(cert, "_LOADED", kept)
    monkeypatch.setattr(cert, "FACTS_CACHED_MAX", 1)
    assert loaded(LEAF.der).serial_number == LEAF.certificate.serial_number
    assert [*kept] == [LEAF.der]


@given(st.binary(max_size=40), st.integers(0, len(LEAF.der)))
def test_any_bytes_have_facts_or_are_a_format_error(data: bytes, at: int) -> None:
    for der in (data, LEAF.der[:at] + data + LEAF.der[at + len(data) :]):
        try:
            got = facts(der)
        except FormatError:
            continue
        assert len(got.sha256) == 64


@pytest.mark.parametrize(
    ("limits", "name", "want"),
    [
        (NameLimits(None, ()), "mx.example.com", True),
        (NameLimits(("example.com",), ()), "mx.example.com", True),
        (NameLimits(("example.com",), ()), "example.com", True),
        (NameLimits(("example.com",), ()), "myexample.com", False),
        (NameLimits((".example.com",), ()), "example.com", False),
        (NameLimits((".example.com",), ()), "mx.example.com", True),
        (NameLimits(("",), ()), "mx.example.com", True),
        (NameLimits(None, ("example.com",)), "mx.example.com", False),
        (NameLimits(("example.com",), ("mx.example.com",)), "mx.example.com", False),
        (NameLimits(("example.com",), ("mx.example.com",)), "mx2.example.com", True),
        (NameLimits(None, ("example.com", "example.net")), "mx.example.net", False),
        (NameLimits(("example.com", "example.net"), ()), "mx.example.net", True),
    ],
)
def test_an_authority_may_issue_within_its_limits(limits: NameLimits, name: str, want: bool) -> None:
    assert limits.allow(name) is want


def test_limits_and_purposes_are_read() -> None:
    limited = make("A", None, authority=True, below="Example.NET")
    assert facts(limited.der).name_limits == NameLimits(("example.net",), ())
    assert facts(leaf(("mx.example.com",), Defect.CLIENT_PURPOSE).der).purpose is Purpose.OTHER


@pytest.mark.parametrize(
    ("uses", "want"),
    [
        (None, (True, True)),
        ({"digital_signature"}, (True, True)),
        ({"key_encipherment"}, (True, False)),
        ({"key_agreement"}, (True, False)),
        ({"key_cert_sign"}, (False, False)),
    ],
)
def test_a_key_usage_says_what_a_server_may_do_with_the_key(
    uses: set[str] | None, want: tuple[bool, bool]
) -> None:
    found = facts(make("mx", INTERMEDIATE, names=("mx.example.com",), uses=uses, bare=uses is None).der)
    assert (found.key_serves, found.key_signs) == want


@pytest.mark.parametrize(
    ("purposes", "want"),
    [
        ((), Purpose.SERVERS),
        ((ANYTHING,), Purpose.ANYTHING),
        ((ANYTHING, ExtendedKeyUsageOID.SERVER_AUTH), Purpose.SERVERS),
        ((ExtendedKeyUsageOID.CLIENT_AUTH,), Purpose.OTHER),
        ((NETSCAPE,), Purpose.GATED),
        ((MICROSOFT, ExtendedKeyUsageOID.CLIENT_AUTH), Purpose.GATED),
    ],
)
def test_any_purpose_is_not_that_of_a_server(purposes: tuple[ObjectIdentifier, ...], want: Purpose) -> None:
    found = facts(make("mx", INTERMEDIATE, names=("mx.example.com",), usages=purposes).der)
    assert found.purpose is want
    assert facts(leaf(("mx.example.com",), Defect.WEAK_SIGNATURE).der).weak_signature


@pytest.mark.parametrize(
    ("key", "weak"),
    [
        (rsa.generate_private_key(65537, 1024), True),
        (rsa.generate_private_key(65537, 2048), False),
        (ec.generate_private_key(ec.SECP192R1()), True),
        (ec.generate_private_key(ec.SECP224R1()), False),
        (ec.generate_private_key(ec.SECP256R1()), False),
    ],
    ids=["rsa-1024", "rsa-2048", "p-192", "p-224", "p-256"],
)
def test_a_key_is_weak_below_112_bits_of_strength(key: PrivateKey, weak: bool) -> None:
    assert facts(make("mx", INTERMEDIATE, names=("mx.example.com",), key=key).der).weak_key is weak
