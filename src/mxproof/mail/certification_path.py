"""Whether a chain leads to an anchor: the path of RFC 5280 section 6, found and checked by `cryptography`.

Most of the world's certificates come from a few intermediates. So an issuer that was on a path which held is
remembered for its anchors, and the next leaf that it is sent with needs one signature checked and not two:

| the issuer is | and so |
|---|---|
| remembered for these very anchors | what was checked above it is the same |
| within the dates of everything above it | it would be checked with the same result |
| under no name constraints | nothing above it depends on the names in the leaf |

A leaf that it does not verify is looked at from the beginning, so that remembering can never make a chain fail.

deviates: from the web profile of `cryptography` towards what OpenSSL accepts, since most senders verify with it:
CA certificates may lack key identifiers and key usage, and a server's certificate is asked only for its path, its
dates and its purpose. A CA certificate restricted to servers is as good as an unrestricted one. A chain that does not
hold here is shown to OpenSSL itself (`mail/openssl_path`).
"""

import warnings
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from mxproof.evidence import Der
from mxproof.formats import FormatError
from mxproof.formats.cert import Purpose, facts, loaded

STORES_CACHED_MAX: Final = 16
ISSUERS_MAX: Final = 64


class _Issuer(msgspec.Struct, frozen=True):
    """An issuer that was verified, as an anchor of its own, and the time within which its path holds."""

    store: Store
    not_before: datetime
    not_after: datetime


class _Issuers:
    """Issuers by their certificate and the anchors they were verified for, at most `issuers_max`."""

    def __init__(self, issuers_max: int) -> None:
        self._issuers_max = issuers_max
        self._found: dict[tuple[Der, tuple[Der, ...]], _Issuer] = {}

    def find(self, certificate: Der, anchors: tuple[Der, ...], when: datetime) -> Store | None:
        """Return the issuer as an anchor where its own path holds at `when`."""
        issuer = self._found.get((certificate, anchors))
        if issuer is None or not issuer.not_before <= when <= issuer.not_after:
            return None
        return issuer.store

    def remember(self, certificate: Der, anchors: tuple[Der, ...], path: Sequence[x509.Certificate]) -> None:
        """Remember `certificate`, which `path` leads up from."""
        if any(_is_constrained(one) for one in path):
            return
        if len(self._found) >= self._issuers_max:
            with suppress(KeyError, RuntimeError):  # another thread makes room at the same moment
                del self._found[next(iter(self._found))]
        self._found[certificate, anchors] = _Issuer(
            Store([path[0]]),
            max(one.not_valid_before_utc for one in path),
            min(one.not_valid_after_utc for one in path),
        )


_ISSUERS: Final = _Issuers(ISSUERS_MAX)


def verifies(sent: tuple[Der, ...], anchors: tuple[Der, ...], when: datetime) -> bool:
    """Tell whether the leaf, the first of `sent`, leads to one of `anchors` at `when`, by way of the others."""
    if not anchors:
        return False
    issuer = _ISSUERS.find(sent[1], anchors, when) if len(sent) > 1 else None
    if issuer is not None and _has_hosts_alone(sent[0]) and _path(loaded(sent[0]), (), issuer, when):
        return True
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # names and serial numbers that break the rules of X.509
        leaf, *others = map(loaded, sent)
        path = _path(leaf, others, _store(anchors), when)
    if not path:
        return verifies_first_way(sent, anchors, when)
    if others and len(path) > 2 and path[1] == others[0]:
        _ISSUERS.remember(sent[1], anchors, path[1:])
    return True


def _has_hosts_alone(certificate: Der) -> bool:
    """Tell whether nothing but DNS names stand in a certificate beside its subject, so that there is nothing to be warned of."""
    try:
        return not facts(certificate).other_names
    except FormatError:
        return False


def verifies_first_way(sent: tuple[Der, ...], anchors: tuple[Der, ...], when: datetime) -> bool:
    """Tell the same for who takes the first certificate of each authority that fits, and tries no other.

    observed: so do OpenSSL 3.0 and 3.5, for which one fits that is in force, and GnuTLS 3.8.
    """
    from mxproof.mail.openssl_path import openssl_path  # noqa: PLC0415 - most chains are judged without OpenSSL's own way

    return _holds(openssl_path(sent, anchors, when))


def is_issued_by(certificate: Der, issuer: Der) -> bool:
    """Tell whether `issuer` has signed `certificate`, whatever else is to be said of it."""
    try:
        loaded(certificate).verify_directly_issued_by(loaded(issuer))
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def is_signed_with(certificate: Der, spki: bytes) -> bool:
    """Tell whether the key in `spki` (DER) has signed `certificate`; keys of RSA and of elliptic curves are known."""
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - it loads much, for keys in DNS alone
        load_der_public_key,
    )

    try:
        read, key = loaded(certificate), load_der_public_key(spki)
        signed, body, digest = read.signature, read.tbs_certificate_bytes, read.signature_hash_algorithm
        match key, digest:
            case ec.EllipticCurvePublicKey(), hashes.HashAlgorithm():
                key.verify(signed, body, ec.ECDSA(digest))
            case rsa.RSAPublicKey(), hashes.HashAlgorithm():
                key.verify(signed, body, padding.PKCS1v15(), digest)
            case _:
                return False
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _holds(path: Sequence[Der]) -> bool:
    """Tell whether a path that OpenSSL found is signed well and meant for servers, all the way up to its anchor."""
    below = [facts(one) for one in path[:-1]]
    return bool(below) and all(one.purpose is not Purpose.OTHER and not one.weak_signature for one in below)


def _path(
    leaf: x509.Certificate, others: Sequence[x509.Certificate], store: Store, when: datetime
) -> Sequence[x509.Certificate]:
    """Return the certificates from the leaf to the anchor, none where there is no way."""
    # The client verifier is the one that compares no name; the policies below see to it that servers are meant.
    policy = PolicyBuilder().store(store).time(when.astimezone(UTC).replace(tzinfo=None))
    verifier = policy.extension_policies(ca_policy=_CA_POLICY, ee_policy=_LEAF_POLICY).build_client_verifier()
    try:
        return verifier.verify(leaf, list(others)).chain
    except VerificationError:
        return ()


def _is_constrained(certificate: x509.Certificate) -> bool:
    """Tell whether names may be constrained below `certificate`; one that cannot be read whole may do anything."""
    try:
        certificate.extensions.get_extension_for_class(x509.NameConstraints)
    except x509.ExtensionNotFound:
        return False
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return True
    return True


def _check_purpose(_: Policy, __: x509.Certificate, usage: x509.ExtendedKeyUsage | None) -> None:
    """Raise ValueError where the certificate is not meant for servers (RFC 5280 section 4.2.1.12)."""
    if usage is not None and not {
        ExtendedKeyUsageOID.SERVER_AUTH,
        ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
    } & set(usage):
        raise ValueError("not a certificate for servers")


def _check_signs(_: Policy, __: x509.Certificate, usage: x509.KeyUsage | None) -> None:
    """Raise ValueError where the key may not sign certificates (RFC 5280 section 4.2.1.3)."""
    if usage is not None and not usage.key_cert_sign:
        raise ValueError("the key may not sign certificates")


_CA_POLICY: Final = (
    ExtensionPolicy.webpki_defaults_ca()
    .may_be_present(x509.ExtendedKeyUsage, Criticality.AGNOSTIC, _check_purpose)
    .may_be_present(x509.KeyUsage, Criticality.AGNOSTIC, _check_signs)
    .may_be_present(x509.SubjectKeyIdentifier, Criticality.AGNOSTIC, None)
    .may_be_present(x509.AuthorityKeyIdentifier, Criticality.AGNOSTIC, None)
)
_LEAF_POLICY: Final = ExtensionPolicy.permit_all().may_be_present(
    x509.ExtendedKeyUsage, Criticality.AGNOSTIC, _check_purpose
)


@lru_cache(maxsize=STORES_CACHED_MAX)
def _store(anchors: tuple[Der, ...]) -> Store:
    return Store([loaded(anchor) for anchor in anchors])
