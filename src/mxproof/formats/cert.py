"""What a certificate says of itself, and which hosts it covers; whether to trust it is judged elsewhere.

This is the door to `cryptography` for reading. The exact bytes of names and key come from `der`.
"""

import hashlib
import re
import warnings
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter

import msgspec
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, SignatureAlgorithmOID

from mxproof.formats.der import outline, with_ascii_names
from mxproof.formats.errors import FormatError, Objection
from mxproof.formats.names import folded, patterns_covering

FACTS_CACHED_MAX = 512
ISSUERS_CACHED_MAX = 512
RSA_BITS_MIN = 2048
EC_BITS_MIN = 224
"""Less than these is less than 112 bits of strength, which nobody should rely on (NIST SP 800-57 part 1 section 5.6)."""

_SOURCE = "RFC 5280 section 4.1"
_GATED = frozenset(map(x509.ObjectIdentifier, ("2.16.840.1.113730.4.1", "1.3.6.1.4.1.311.10.3.3")))
"""Netscape's and Microsoft's server gated cryptography, of the time before there was serverAuth everywhere."""
_NAME_LIKE = r"(?!-)[A-Za-z0-9_-]+(?:(?<!-)\.(?!-)[A-Za-z0-9_-]+)+(?<!-)"
_HOST_ALONE = re.compile(rb"\x30.\x31.\x30.\x06\x03\x55\x04\x03[\x0c\x13](.)([A-Za-z0-9.-]{1,64})", re.DOTALL)
"""A name of one common name that is a host (RFC 5280 appendix A.1), as text that is written as it stands in RFC 4514."""
_POINTS = (
    (bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004"), 91, "EC P-256"),
    (bytes.fromhex("3076301006072a8648ce3d020106052b8104002203620004"), 120, "EC P-384"),
)
"""Public keys that are one point, written out (RFC 5480 section 2): how they begin, and their size in bytes."""
_VALUE = attrgetter("value")
_ISSUERS: dict[bytes, str] = {}
_LOADED: dict[bytes, x509.Certificate] = {}
_CURVES = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}
_UNREADABLE = (
    ValueError,
    TypeError,  # a name with a value of a kind that its attribute does not take
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
_SIGNATURES = {
    oid: name.lower().replace("_", "-")
    for name, oid in vars(SignatureAlgorithmOID).items()
    if isinstance(oid, x509.ObjectIdentifier)
}

Extensions = Mapping[type[x509.ExtensionType], x509.ExtensionType]
"""What a certificate says beyond the fields that each has, by the kind of it."""

_WEAK_SIGNATURES = frozenset(oid for oid, name in _SIGNATURES.items() if name.endswith(("md5", "sha1")))


class NameLimits(msgspec.Struct, frozen=True):
    """The DNS names below which an authority may issue, and those below which it may not (RFC 5280 section 4.2.1.10).

    `permitted` is None where every name is.
    """

    permitted: tuple[str, ...] | None
    excluded: tuple[str, ...]

    def allow(self, name: str) -> bool:
        """Tell whether a certificate for `name` may be issued below."""
        if any(_is_within(name, limit) for limit in self.excluded):
            return False
        return self.permitted is None or any(_is_within(name, limit) for limit in self.permitted)


class Purpose(StrEnum):
    """What the extended key usage of a certificate restricts it to (RFC 5280 section 4.2.1.12)."""

    SERVERS = "servers"
    """Servers are among it, or there is no restriction."""
    ANYTHING = "anything"
    """Any purpose, and servers are not named."""
    GATED = "gated"
    """Server gated cryptography, which is older than the purpose of servers and stands for it to some libraries."""
    OTHER = "other"


class CertificateFacts(msgspec.Struct, frozen=True):
    """The facts of one certificate.

    `sha256` and `serial` are hexadecimal; names are in the notation of RFC 4514. `dns_names` are the dNSName entries
    of the subject alternative name in lower case, `other_names` its other entries with their kind (`IP:192.0.2.1`);
    `names_in_ascii` where the former are, as they have to be (section 4.2.1.6), and other bytes are question marks where
    they make no text. `common_names` stand in the order of the subject.
    `key` reads `EC P-256` or `RSA 2048`; `weak_key` and `weak_signature` tell that no one should rely on it any more, a
    signature for the digest it is made over. `key_serves` where its key usage has anything in it that TLS does with a
    server's key, and `key_signs` where it has digital signatures, which all of TLS 1.3 needs, or is not there; `name_limits`
    those that it sets as an authority. `subject_raw`, `issuer_raw` and `spki_der` are DER as in the certificate.
    """

    sha256: str
    subject: str
    issuer: str
    common_names: tuple[str, ...]
    dns_names: tuple[str, ...]
    names_in_ascii: bool
    other_names: tuple[str, ...]
    not_before: datetime
    not_after: datetime
    serial: str
    key: str
    signature_algorithm: str
    self_issued: bool
    is_ca: bool
    weak_key: bool
    weak_signature: bool
    purpose: Purpose
    key_serves: bool
    key_signs: bool
    name_limits: NameLimits | None
    spki_der: bytes
    subject_raw: bytes
    issuer_raw: bytes


def limited_names(facts: CertificateFacts) -> tuple[str, ...]:
    """Return the names that name constraints above the certificate bind: its DNS names, or else its common names.

    observed: OpenSSL 3.0 and 3.5 and GnuTLS 3.8 hold a common name to them that looks like a DNS name with several labels,
    where there is no DNS name beside it; OpenSSL takes none with an asterisk for one.
    """
    if facts.dns_names:
        return facts.dns_names
    return tuple(filter(re.compile(_NAME_LIKE).fullmatch, map(folded, facts.common_names)))


def covers(facts: CertificateFacts, host: str) -> bool:
    """Tell whether a DNS-ID of the certificate matches `host`.

    Only dNSName entries count, never the common name, and `*` only as the complete leftmost label (RFC 8461 section
    4.2, RFC 9525 sections 6.3 and 6.4).
    """
    return any(name in facts.dns_names for name in patterns_covering(host))


@lru_cache(maxsize=FACTS_CACHED_MAX)
def facts(der: bytes) -> CertificateFacts:
    """Return the facts of a certificate in DER; raises FormatError where it cannot be read whole."""
    parts = outline(der)
    try:
        with warnings.catch_warnings():
            # Serial numbers and encodings that RFC 5280 forbids are seen on mail servers; they are still read.
            warnings.simplefilter("ignore", UserWarning)
            certificate = _LOADED.get(der) or _kept(der)
            extensions, whole = _extensions(certificate, der)
            dns_names, other_names = _alternative_names(extensions)
            uses = _key_usage(extensions)
            key, weak_key = _plain_key(parts.spki) or _key(certificate)
            subject, common_names = _subject(certificate, parts.subject)
            return CertificateFacts(
                sha256=hashlib.sha256(der).hexdigest(),
                subject=subject,
                issuer=_issuer(certificate, parts.issuer),
                common_names=common_names,
                dns_names=dns_names,
                names_in_ascii=whole and all(map(str.isascii, dns_names)),
                other_names=other_names,
                not_before=certificate.not_valid_before_utc,
                not_after=certificate.not_valid_after_utc,
                serial=f"{certificate.serial_number:x}",
                key=key,
                signature_algorithm=_signature(certificate.signature_algorithm_oid),
                self_issued=parts.subject == parts.issuer,
                is_ca=_is_ca(extensions),
                weak_key=weak_key,
                weak_signature=certificate.signature_algorithm_oid in _WEAK_SIGNATURES,
                purpose=_purpose(extensions),
                key_serves=uses is None
                or uses.digital_signature
                or uses.key_encipherment
                or uses.key_agreement,
                key_signs=uses is None or uses.digital_signature,
                name_limits=_name_limits(extensions),
                spki_der=parts.spki,
                subject_raw=parts.subject,
                issuer_raw=parts.issuer,
            )
    except _UNREADABLE as error:
        message = f"certificate that cannot be read: {error}"
        raise FormatError("certificate", Objection("certificate-unreadable", message, 0, _SOURCE)) from None


def loaded(der: bytes) -> x509.Certificate:
    """Return a certificate as the library holds it, and remember it; raises ValueError where it cannot be read."""
    certificate = _LOADED.get(der)
    if certificate is None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            certificate = _kept(der)
    return certificate


def _kept(der: bytes) -> x509.Certificate:
    if len(_LOADED) >= FACTS_CACHED_MAX:
        with suppress(KeyError, RuntimeError):  # another thread makes room at the same moment
            del _LOADED[next(iter(_LOADED))]
    certificate = _LOADED[der] = x509.load_der_x509_certificate(der)
    return certificate


def _extensions(certificate: x509.Certificate, der: bytes) -> tuple[Extensions, bool]:
    """Return what the certificate says beyond its fields, and whether all of its names are text as they stand."""
    whole = True
    try:
        read = certificate.extensions
    except ValueError:
        plain = with_ascii_names(der)
        whole = plain == der
        if whole:
            raise
        read = x509.load_der_x509_certificate(plain).extensions
    return {type(value): value for value in map(_VALUE, read)}, whole


def _alternative_names(extensions: Extensions) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the dNSName entries in lower case and the text of all others."""
    names = extensions.get(x509.SubjectAlternativeName)
    if not isinstance(names, x509.SubjectAlternativeName):
        return (), ()
    dns_names: list[str] = []
    others: list[str] = []
    for name in names:
        if isinstance(name, x509.DNSName):
            dns_names.append(folded(name.value))
        else:
            others.append(_name(name))
    return tuple(dns_names), tuple(others)


def _name(name: x509.GeneralName) -> str:
    match name:
        case x509.IPAddress():
            return f"IP:{name.value}"
        case x509.RFC822Name():
            return f"email:{name.value}"
        case x509.UniformResourceIdentifier():
            return f"URI:{name.value}"
        case x509.DirectoryName():
            return f"DN:{name.value.rfc4514_string()}"
        case x509.OtherName():
            return f"other:{name.type_id.dotted_string}"
        case x509.RegisteredID():
            return f"ID:{name.value.dotted_string}"
        case _:
            return "unknown"


def _subject(certificate: x509.Certificate, raw: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the subject as text, and the common names in it; `raw` is its DER."""
    plain = _plain_name(raw)
    if plain:
        return f"CN={plain}", (plain,)
    subject = certificate.subject  # read anew each time that it is looked at
    return subject.rfc4514_string(), _common_names(subject)


def _plain_name(raw: bytes) -> str:
    """Return the host that a name in DER holds as its one common name and nothing else; empty for any other name."""
    found = _HOST_ALONE.fullmatch(raw)
    if found is None:
        return ""
    host = found[2]
    size = len(host)
    lengths = (raw[1], raw[3], raw[5], found[1][0])
    return host.decode("ascii") if lengths == (size + 11, size + 9, size + 7, size) else ""


def _issuer(certificate: x509.Certificate, raw: bytes) -> str:
    """Return the issuer as text; `raw` is its DER. Most of the world's certificates have one of a few."""
    found = _ISSUERS.get(raw)
    if found is None:
        if len(_ISSUERS) >= ISSUERS_CACHED_MAX:
            _ISSUERS.clear()
        found = _ISSUERS[raw] = certificate.issuer.rfc4514_string()
    return found


def _common_names(subject: x509.Name) -> tuple[str, ...]:
    values = (one.value for one in subject.get_attributes_for_oid(NameOID.COMMON_NAME))
    return tuple(one if isinstance(one, str) else one.decode("utf-8", "backslashreplace") for one in values)


def _plain_key(spki: bytes) -> tuple[str, bool] | None:
    """Return what `_key` does of a point on one of the curves that most keys are on, by how it begins; None for any other."""
    for beginning, size, name in _POINTS:
        if len(spki) == size and spki.startswith(beginning):
            return name, False
    return None


def _key(certificate: x509.Certificate) -> tuple[str, bool]:
    """Return kind and size of the key, and whether it is weak: less than 112 bits of strength.

    DSA is given up altogether (RFC 9155, FIPS 186-5).
    """
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        key = None
    match key:
        case rsa.RSAPublicKey():
            return f"RSA {key.key_size}", key.key_size < RSA_BITS_MIN
        case ec.EllipticCurvePublicKey():
            name = _CURVES.get(key.curve.name, key.curve.name)
            return f"EC {name}", key.curve.key_size < EC_BITS_MIN
        case dsa.DSAPublicKey():
            return f"DSA {key.key_size}", True
        case ed25519.Ed25519PublicKey():
            return "Ed25519", False
        case ed448.Ed448PublicKey():
            return "Ed448", False
        case _:
            return f"unknown ({certificate.public_key_algorithm_oid.dotted_string})", False


def _signature(oid: x509.ObjectIdentifier) -> str:
    return _SIGNATURES.get(oid, oid.dotted_string)


def _is_ca(extensions: Extensions) -> bool:
    constraints = extensions.get(x509.BasicConstraints)
    return isinstance(constraints, x509.BasicConstraints) and constraints.ca


def _purpose(extensions: Extensions) -> Purpose:
    usages = extensions.get(x509.ExtendedKeyUsage)
    if not isinstance(usages, x509.ExtendedKeyUsage) or ExtendedKeyUsageOID.SERVER_AUTH in usages:
        return Purpose.SERVERS
    if not _GATED.isdisjoint(usages):
        return Purpose.GATED
    anything = ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE in usages
    return Purpose.ANYTHING if anything else Purpose.OTHER


def _key_usage(extensions: Extensions) -> x509.KeyUsage | None:
    """Return what the key may be used for, None where that is not said (RFC 5280 section 4.2.1.3)."""
    uses = extensions.get(x509.KeyUsage)
    return uses if isinstance(uses, x509.KeyUsage) else None


def _name_limits(extensions: Extensions) -> NameLimits | None:
    limits = extensions.get(x509.NameConstraints)
    if not isinstance(limits, x509.NameConstraints):
        return None
    permitted = _dns_names(limits.permitted_subtrees)
    return NameLimits(permitted or None, _dns_names(limits.excluded_subtrees))


def _dns_names(names: list[x509.GeneralName] | None) -> tuple[str, ...]:
    return tuple(folded(name.value) for name in names or () if isinstance(name, x509.DNSName))


def _is_within(name: str, limit: str) -> bool:
    """Tell whether `name` is `limit` or below it; a leading dot, which some authorities write, takes the name itself out."""
    return name == limit or name.endswith(limit if limit.startswith(".") else f".{limit}") or not limit
