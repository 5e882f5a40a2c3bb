"""What a certificate limits: the names below an authority, its purposes, and how many of each are kept in mind."""

import ipaddress
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from mxproof.formats import cert
from mxproof.formats.cert import ISSUERS_CACHED_MAX, NameLimits, Purpose, facts, loaded
from mxproof.formats.der import outline

SIGNER = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32))
NETSCAPE = ObjectIdentifier("2.16.840.1.113730.4.1")
ANYTHING = ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE
EXAMPLE = x509.DNSName("Example.com")
NETWORK = x509.IPAddress(ipaddress.ip_network("192.0.2.0/24"))


def made(*extensions: x509.ExtensionType, issuer: str = "authority") -> bytes:
    """Return a certificate in DER that has these extensions and no other."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name.from_rfc4514_string("CN=mx"))
        .issuer_name(x509.Name.from_rfc4514_string(f"O={issuer}"))
        .public_key(SIGNER.public_key())
        .serial_number(7)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2027, 1, 1, tzinfo=UTC))
    )
    for one in extensions:
        builder = builder.add_extension(one, critical=False)
    return builder.sign(SIGNER, None).public_bytes(serialization.Encoding.DER)


@pytest.mark.parametrize(
    ("permitted", "excluded", "want", "allowed"),
    [
        ([EXAMPLE], None, NameLimits(("example.com",), ()), (True, False)),
        (None, [EXAMPLE], NameLimits(None, ("example.com",)), (False, True)),
        ([NETWORK], None, NameLimits(None, ()), (True, True)),
        ([NETWORK], [NETWORK], NameLimits(None, ()), (True, True)),
        ([NETWORK, EXAMPLE], [NETWORK], NameLimits(("example.com",), ()), (True, False)),
        (
            [EXAMPLE],
            [x509.DNSName("mx.example.com")],
            NameLimits(("example.com",), ("mx.example.com",)),
            (False, False),
        ),
    ],
)
def test_only_limits_on_names_limit_names(
    permitted: list[x509.GeneralName] | None,
    excluded: list[x509.GeneralName] | None,
    want: NameLimits,
    allowed: tuple[bool, bool],
) -> None:
    limits = facts(made(x509.NameConstraints(permitted, excluded))).name_limits
    assert limits == want
    assert limits is not None
    assert (limits.allow("mx.example.com"), limits.allow("mx.example.org")) == allowed


@pytest.mark.parametrize("server_first", [True, False])
@pytest.mark.parametrize("other", [NETSCAPE, ANYTHING, ExtendedKeyUsageOID.CLIENT_AUTH])
def test_servers_among_the_purposes_count_beside_any_other(
    other: ObjectIdentifier, server_first: bool
) -> None:
    both = (ExtendedKeyUsageOID.SERVER_AUTH, other)
    purposes = both if server_first else both[::-1]
    assert facts(made(x509.ExtendedKeyUsage(purposes))).purpose is Purpose.SERVERS


def test_gated_cryptography_goes_before_any_purpose() -> None:
    assert facts(made(x509.ExtendedKeyUsage((ANYTHING, NETSCAPE)))).purpose is Purpose.GATED
    assert facts(made()).purpose is Purpose.SERVERS


def test_the_names_of_issuers_are_remembered_within_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    known: dict[bytes, str] = {}
    monkeypatch.setattr(cert, "_ISSUERS", known)
    first, second = made(issuer="first"), made(issuer="second")
    assert facts(first).issuer == "O=first"
    assert known == {outline(first).issuer: "O=first"}
    known |= {bytes((1, *number.to_bytes(2))): "" for number in range(ISSUERS_CACHED_MAX - 2)}
    assert facts(second).issuer == "O=second"
    assert len(known) == ISSUERS_CACHED_MAX
    third = made(issuer="third")
    assert facts(third).issuer == "O=third"
    assert known == {outline(third).issuer: "O=third"}


def test_of_the_certificates_in_mind_the_oldest_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[bytes, x509.Certificate] = {}
    monkeypatch.setattr(cert, "_LOADED", kept)
    monkeypatch.setattr(cert, "FACTS_CACHED_MAX", 2)
    first, second, third = (made(issuer=one) for one in ("one", "two", "three"))
    assert [loaded(der) for der in (first, second)] == [*kept.values()]
    assert loaded(first) is kept[first]
    assert loaded(third).serial_number == 7
    assert [*kept] == [second, third]
