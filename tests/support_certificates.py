"""Certificates for tests: one small authority, made once a run, and chains with one thing wrong at a time.

All dates are days from `NOW`, the moment at which the test worlds are observed and judged.
"""

import hashlib
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from mxproof.lab.ca import PrivateKey, signed_over_sha1

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


class Defect(StrEnum):
    """What is wrong with a chain apart from the names in it."""

    NONE = "none"
    EXPIRED = "expired"
    EXPIRES_SOON = "expires-soon"
    LAST_DAYS = "last-days"
    NOT_YET_VALID = "not-yet-valid"
    SELF_SIGNED = "self-signed"
    INCOMPLETE = "incomplete"
    UNTRUSTED = "untrusted"
    UNREADABLE = "unreadable"
    WEAK_KEY = "weak-key"
    WEAK_SIGNATURE = "weak-signature"
    ISSUER_NO_AUTHORITY = "issuer-no-authority"
    CLIENT_PURPOSE = "client-purpose"
    NAME_LIMITED = "name-limited"
    KEY_USAGE = "key-usage"
    NO_SIGNATURES = "no-signatures"
    ANY_PURPOSE = "any-purpose"
    ENDLESS = "endless"
    RENEWAL_DUE = "renewal-due"
    DISORDERED = "disordered"
    KNOWN_AUTHORITY = "known-authority"
    """No defect: the issuer has the organization of an authority whose name in CAA records is known."""


class Made(msgspec.Struct, frozen=True):
    """A certificate with its key."""

    certificate: x509.Certificate
    key: PrivateKey

    @property
    def der(self) -> bytes:
        """Return the certificate as a server sends it."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def spki(self) -> bytes:
        """Return its public key as TLSA selector 1 takes it."""
        return self.key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )


def make(
    subject: str,
    issuer: Made | None,
    *,
    names: Sequence[str] = (),
    days: tuple[float, float] = (-30, 60),
    authority: bool = False,
    usages: Sequence[ObjectIdentifier] | None = None,
    bare: bool = False,
    key: PrivateKey | None = None,
    below: str = "",
    uses: Collection[str] | None = None,
) -> Made:
    """Make a certificate, its own issuer where `issuer` is None.

    A `bare` one has no key usage and no key identifiers. `usages` are extended ones, by default serverAuth for a
    server and none for an authority, `uses` what the key may be used for; `below` is the one name below which an authority may issue.
    """
    key = key or _key(subject, issuer, names, days)
    signer = issuer.key if issuer else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(issuer.certificate.subject if issuer else _name(subject))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + timedelta(days=days[0]))
        .not_valid_after(NOW + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if not bare:
        own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        above = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
        builder = builder.add_extension(own, critical=False).add_extension(above, critical=False)
        builder = builder.add_extension(_key_usage(authority, uses), critical=True)
    if names:
        alternatives = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
        builder = builder.add_extension(alternatives, critical=False)
    if below:
        limits = x509.NameConstraints([x509.DNSName(below)], None)
        builder = builder.add_extension(limits, critical=True)
    if usages is None:
        usages = () if authority else (ExtendedKeyUsageOID.SERVER_AUTH,)
    if usages:
        builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=False)
    return Made(builder.sign(signer, hashes.SHA256()), key)


@lru_cache(maxsize=1024)
def leaf(names: tuple[str, ...], defect: Defect = Defect.NONE) -> Made:
    """Return the server's certificate for `names`; a first name that begins with `CN=` is its common name only."""
    if names[:1] and names[0].startswith("CN="):
        return make(names[0].removeprefix("CN="), INTERMEDIATE, names=names[1:])
    issuer = _ISSUERS.get(defect, INTERMEDIATE)
    days = {
        Defect.EXPIRED: (-90, -1),
        Defect.EXPIRES_SOON: (-85, 5),
        Defect.LAST_DAYS: (-88, 2),
        Defect.RENEWAL_DUE: (-70, 20),
        Defect.NOT_YET_VALID: (1, 90),
        Defect.ENDLESS: (-30, 36_500),
    }.get(defect, (-30, 60))
    made = make(
        names[0] if names else "nameless",
        issuer,
        names=names,
        days=days,
        usages=_USAGES.get(defect),
        uses=_USES.get(defect),
        key=rsa.generate_private_key(65537, 1024) if defect is Defect.WEAK_KEY else None,
    )
    if defect is Defect.WEAK_SIGNATURE:
        assert isinstance(INTERMEDIATE.key, ec.EllipticCurvePrivateKey)
        return Made(signed_over_sha1(made.certificate, INTERMEDIATE.key), made.key)
    return made


def chain(names: tuple[str, ...], defect: Defect = Defect.NONE) -> tuple[bytes, ...]:
    """Return what a server sends, leaf first."""
    own = leaf(names, defect).der
    if defect is Defect.UNREADABLE:
        return (own[: len(own) // 2], INTERMEDIATE.der)
    if defect in {Defect.SELF_SIGNED, Defect.INCOMPLETE}:
        return (own,)
    if defect is Defect.DISORDERED:
        return (own, ROOT.der, INTERMEDIATE.der)
    return (own, (_ISSUERS.get(defect) or INTERMEDIATE).der)


def _key(
    subject: str, issuer: Made | None, names: Sequence[str], days: tuple[float, float]
) -> ec.EllipticCurvePrivateKey:
    """Return the same key for the same certificate in every run, so that what is made from worlds stays the same."""
    above = issuer.certificate.subject.rfc4514_string() if issuer else ""
    seed = hashlib.sha256(repr((subject, above, tuple(names), days)).encode()).digest()
    return ec.derive_private_key(int.from_bytes(seed) >> 1, ec.SECP256R1())


def _name(common_name: str) -> x509.Name:
    """Return a name; what stands before a `/` is the organization."""
    organization, slash, common = common_name.rpartition("/")
    above = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization)] if slash else []
    return x509.Name([*above, x509.NameAttribute(NameOID.COMMON_NAME, common[:64])])


def _key_usage(authority: bool, uses: Collection[str] | None) -> x509.KeyUsage:
    if uses is None:
        uses = {"digital_signature", "key_cert_sign", "crl_sign"} if authority else {"digital_signature"}
    return x509.KeyUsage(
        digital_signature="digital_signature" in uses,
        content_commitment=False,
        key_encipherment="key_encipherment" in uses,
        data_encipherment=False,
        key_agreement="key_agreement" in uses,
        key_cert_sign="key_cert_sign" in uses,
        crl_sign="crl_sign" in uses,
        encipher_only=False,
        decipher_only=False,
    )


_USAGES = {
    Defect.CLIENT_PURPOSE: (ExtendedKeyUsageOID.CLIENT_AUTH,),
    Defect.ANY_PURPOSE: (ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,),
}
_USES = {Defect.KEY_USAGE: {"crl_sign"}, Defect.NO_SIGNATURES: {"key_encipherment"}}


ROOT = make("Test Root", None, authority=True, days=(-3650, 3650))
INTERMEDIATE = make("Test Intermediate", ROOT, authority=True, days=(-365, 1800))
LIMITED = make("Limited", ROOT, authority=True, days=(-365, 1800), below="example.net")
OTHER_SERVER = make("other.example.net", ROOT, names=("other.example.net",))
STRANGER = make("Strange Root", None, authority=True, days=(-3650, 3650))
_ISSUERS = {
    Defect.SELF_SIGNED: None,
    Defect.UNTRUSTED: STRANGER,
    Defect.NAME_LIMITED: LIMITED,
    Defect.ISSUER_NO_AUTHORITY: OTHER_SERVER,
    Defect.KNOWN_AUTHORITY: make("Let's Encrypt/R13", ROOT, authority=True),
}
