"""What a certificate says of itself, and which hosts it covers; whether to trust it is judged elsewhere.

This is the door to `cryptography` for reading. The exact bytes of names and key come from `der`.
"""

import hashlib
import warnings
from datetime import datetime
from functools import lru_cache

import msgspec
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, SignatureAlgorithmOID

from mxproof.formats.der import outline
from mxproof.formats.errors import FormatError, Objection
from mxproof.formats.names import folded, patterns_covering

FACTS_CACHED_MAX = 512
RSA_BITS_MIN = 2048
EC_BITS_MIN = 224
"""Less than these is less than 112 bits of strength, which nobody should rely on (NIST SP 800-57 part 1 section 5.6)."""

_SOURCE = "RFC 5280 section 4.1"
_ANYTHING = ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE
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


class CertificateFacts(msgspec.Struct, frozen=True):
    """The facts of one certificate.

    `sha256` and `serial` are hexadecimal; names are in the notation of RFC 4514. `dns_names` are the dNSName entries
    of the subject alternative name in lower case, `other_names` its other entries with their kind (`IP:192.0.2.1`).
    `key` reads `EC P-256` or `RSA 2048`; `weak_key` and `weak_signature` tell that no one should rely on it any more, a
    signature for the digest it is made over. `for_servers` where its extended key usage has servers in it, or is not
    there, and `for_anything` where it names no purpose but any; `key_serves` where its key usage has anything in it that TLS
    does with a server's key, and `key_signs` where it has digital signatures, which all of TLS 1.3 needs, or is not there;
    `name_limits` those that it sets as an authority. `subject_raw`, `issuer_raw` and `spki_der` are DER as in the
    certificate.
    """

    sha256: str
    subject: str
    issuer: str
    common_name: str | None
    dns_names: tuple[str, ...]
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
    for_servers: bool
    for_anything: bool
    key_serves: bool
    key_signs: bool
    name_limits: NameLimits | None
    spki_der: bytes
    subject_raw: bytes
    issuer_raw: bytes


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
            certificate = x509.load_der_x509_certificate(der)
            dns_names, other_names = _alternative_names(certificate)
            purposes, uses = _purposes(certificate), _key_usage(certificate)
            return CertificateFacts(
                sha256=hashlib.sha256(der).hexdigest(),
                subject=certificate.subject.rfc4514_string(),
                issuer=certificate.issuer.rfc4514_string(),
                common_name=_common_name(certificate.subject),
                dns_names=dns_names,
                other_names=other_names,
                not_before=certificate.not_valid_before_utc,
                not_after=certificate.not_valid_after_utc,
                serial=f"{certificate.serial_number:x}",
                key=_key(certificate),
                signature_algorithm=_signature(certificate.signature_algorithm_oid),
                self_issued=parts.subject == parts.issuer,
                is_ca=_is_ca(certificate),
                weak_key=_is_weak(certificate),
                weak_signature=certificate.signature_algorithm_oid in _WEAK_SIGNATURES,
                for_servers=not purposes or bool(purposes & {ExtendedKeyUsageOID.SERVER_AUTH, _ANYTHING}),
                for_anything=_ANYTHING in purposes and ExtendedKeyUsageOID.SERVER_AUTH not in purposes,
                key_serves=uses is None
                or uses.digital_signature
                or uses.key_encipherment
                or uses.key_agreement,
                key_signs=uses is None or uses.digital_signature,
                name_limits=_name_limits(certificate),
                spki_der=parts.spki,
                subject_raw=parts.subject,
                issuer_raw=parts.issuer,
            )
    except _UNREADABLE as error:
        message = f"certificate that cannot be read: {error}"
        raise FormatError("certificate", Objection("certificate-unreadable", message, 0, _SOURCE)) from None


def _alternative_names(certificate: x509.Certificate) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the dNSName entries in lower case and the text of all others."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return (), ()
    dns_names = tuple(name.value for name in names if isinstance(name, x509.DNSName))
    return tuple(map(folded, dns_names)), tuple(_name(n) for n in names if not isinstance(n, x509.DNSName))


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


def _common_name(subject: x509.Name) -> str | None:
    """Return the last, most specific common name."""
    found = subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if not found:
        return None
    value = found[-1].value
    return value if isinstance(value, str) else value.decode("utf-8", "backslashreplace")


def _key(certificate: x509.Certificate) -> str:
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return f"unknown ({certificate.public_key_algorithm_oid.dotted_string})"
    match key:
        case rsa.RSAPublicKey():
            return f"RSA {key.key_size}"
        case ec.EllipticCurvePublicKey():
            return f"EC {_CURVES.get(key.curve.name, key.curve.name)}"
        case dsa.DSAPublicKey():
            return f"DSA {key.key_size}"
        case ed25519.Ed25519PublicKey():
            return "Ed25519"
        case ed448.Ed448PublicKey():
            return "Ed448"
        case _:
            return f"unknown ({certificate.public_key_algorithm_oid.dotted_string})"


def _signature(oid: x509.ObjectIdentifier) -> str:
    return _SIGNATURES.get(oid, oid.dotted_string)


def _is_ca(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _is_weak(certificate: x509.Certificate) -> bool:
    """Tell whether the key has less than 112 bits of strength; DSA is given up altogether (RFC 9155, FIPS 186-5)."""
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return False
    match key:
        case rsa.RSAPublicKey():
            return key.key_size < RSA_BITS_MIN
        case ec.EllipticCurvePublicKey():
            return key.curve.key_size < EC_BITS_MIN
        case _:
            return isinstance(key, dsa.DSAPublicKey)


def _purposes(certificate: x509.Certificate) -> frozenset[x509.ObjectIdentifier]:
    """Return what the certificate is restricted to, nothing where it is not (RFC 5280 section 4.2.1.12)."""
    try:
        return frozenset(certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
    except x509.ExtensionNotFound:
        return frozenset()


def _key_usage(certificate: x509.Certificate) -> x509.KeyUsage | None:
    """Return what the key may be used for, None where that is not said (RFC 5280 section 4.2.1.3)."""
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None


def _name_limits(certificate: x509.Certificate) -> NameLimits | None:
    try:
        limits = certificate.extensions.get_extension_for_class(x509.NameConstraints).value
    except x509.ExtensionNotFound:
        return None
    permitted = _dns_names(limits.permitted_subtrees)
    return NameLimits(permitted or None, _dns_names(limits.excluded_subtrees))


def _dns_names(names: list[x509.GeneralName] | None) -> tuple[str, ...]:
    return tuple(folded(name.value) for name in names or () if isinstance(name, x509.DNSName))


def _is_within(name: str, limit: str) -> bool:
    """Tell whether `name` is `limit` or below it; a leading dot, which some authorities write, takes the name itself out."""
    return name == limit or name.endswith(limit if limit.startswith(".") else f".{limit}") or not limit
