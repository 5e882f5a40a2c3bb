"""Chain verification at a given time against given anchors (RFC 5280 section 6, profile of RFC 9525).

A probe records what a server sent with verification off; whether to trust it is judged here, later, and for no
particular name: one verdict per chain serves every name that a sender may compare. The path itself is built and
checked by `cryptography`. Its refusal says little, so what is wrong is found by looking again at the plain facts:
dates along the path first, then where the path ends.

deviates: from the web profile of `cryptography` towards what OpenSSL accepts, since most senders verify with it:
CA certificates may lack key identifiers and key usage, and a server's certificate is asked only for its path, its
dates and its purpose. A CA certificate restricted to servers is as good as an unrestricted one.
"""

import warnings
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final

import msgspec
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from mxproof.evidence import Der, Evidence, PolicyData, SmtpData, TlsData
from mxproof.formats import FormatError
from mxproof.formats.cert import CertificateFacts, facts
from mxproof.formats.der import outline

CHAIN_CERTIFICATES_MAX: Final = 16
ANCHORS_KEPT_MAX: Final = 64
_VERDICTS_CACHED_MAX: Final = 512
_STORES_CACHED_MAX: Final = 16


class Fault(StrEnum):
    """Why a chain is not trusted; None stands for a trusted one."""

    ABSENT = "absent"
    UNREADABLE = "unreadable"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    SELF_SIGNED = "self-signed"
    INCOMPLETE = "incomplete"
    UNTRUSTED = "untrusted"


class Trust(msgspec.Struct, frozen=True):
    """The verdict on one chain at one moment; `detail` says what was seen, in words for a finding."""

    fault: Fault | None
    detail: str = ""


class Chain(msgspec.Struct, frozen=True):
    """The certificates of one handshake, read and verified; `leaf` is None where none could be read."""

    leaf: CertificateFacts | None
    certificates: tuple[Der, ...]
    trust: Trust

    def ders(self) -> tuple[bytes, ...]:
        """Return the certificates as sent, leaf first."""
        return self.certificates


def chain_of(tls: TlsData, anchors: tuple[Der, ...], now: datetime) -> Chain:
    """Return the chain of a handshake with its verdict at `now`."""
    return _chain_of(tls.chain[:CHAIN_CERTIFICATES_MAX], anchors, now)


@lru_cache(maxsize=_VERDICTS_CACHED_MAX)
def _chain_of(sent: tuple[Der, ...], anchors: tuple[Der, ...], now: datetime) -> Chain:
    if not sent:
        return Chain(None, (), Trust(Fault.ABSENT, "the server sent no certificate"))
    try:
        read = tuple(facts(certificate) for certificate in sent)
    except FormatError as error:
        return Chain(None, sent, Trust(Fault.UNREADABLE, str(error)))
    readable = tuple(anchor for anchor in anchors if _facts(anchor) is not None)
    return Chain(read[0], sent, _verdict(read, sent, readable, now))


def _verdict(
    read: tuple[CertificateFacts, ...], sent: tuple[Der, ...], anchors: tuple[Der, ...], now: datetime
) -> Trust:
    """Verify, and where that fails say why: dates along the path first, then where the path ends."""
    if _verifies(sent, anchors, now):
        return Trust(None)
    path = _path(read, now)
    leaf, last = path[0], path[-1]
    roots = [root for anchor in anchors if (root := facts(anchor)).subject_raw == last.issuer_raw]
    for place, certificate in enumerate((*path, *roots)):
        whose = "the certificate" if place == 0 else f"the certificate {certificate.subject} above it"
        if certificate.not_after < now:
            return Trust(Fault.EXPIRED, f"{whose} expired on {_day(certificate.not_after)}")
        if certificate.not_before > now:
            return Trust(Fault.NOT_YET_VALID, f"{whose} is not valid before {_day(certificate.not_before)}")
    if leaf.self_issued:
        return Trust(Fault.SELF_SIGNED, f"the certificate is its own issuer: {leaf.subject}")
    if roots:
        detail = f"a signature, or what a certificate may be used for, does not hold below {last.issuer}"
        return Trust(Fault.UNTRUSTED, detail)
    if last.self_issued:
        return Trust(Fault.UNTRUSTED, f"the chain ends at a root that is not trusted here: {last.subject}")
    if last is leaf:
        return Trust(Fault.INCOMPLETE, f"no certificate was sent for its issuer, {leaf.issuer}")
    return Trust(Fault.UNTRUSTED, f"the chain ends below {last.issuer}, which is no root trusted here")


def _path(read: tuple[CertificateFacts, ...], now: datetime) -> tuple[CertificateFacts, ...]:
    """Follow issuer names from the leaf through what was sent, in whatever order; those in force come first."""
    others = sorted(
        read[1:], key=lambda certificate: not certificate.not_before <= now <= certificate.not_after
    )
    path = [read[0]]
    while not path[-1].self_issued:
        issuer = next(
            (one for one in others if one.subject_raw == path[-1].issuer_raw and one not in path), None
        )
        if issuer is None:
            break
        path.append(issuer)
    return tuple(path)


def _verifies(sent: tuple[Der, ...], anchors: tuple[Der, ...], when: datetime) -> bool:
    store = _store(anchors)
    if store is None:
        return False
    # The client verifier is the one that compares no name; the policies below see to it that servers are meant.
    policy = PolicyBuilder().store(store).time(when.astimezone(UTC).replace(tzinfo=None))
    verifier = policy.extension_policies(ca_policy=_CA_POLICY, ee_policy=_LEAF_POLICY).build_client_verifier()
    leaf, *rest = (_loaded(certificate) for certificate in sent)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # names that break the rules of X.509
        try:
            verifier.verify(leaf, rest)
        except VerificationError:
            return False
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


@lru_cache(maxsize=_STORES_CACHED_MAX)
def _store(anchors: tuple[Der, ...]) -> Store | None:
    return Store([_loaded(anchor) for anchor in anchors]) if anchors else None


@lru_cache(maxsize=_VERDICTS_CACHED_MAX)
def _loaded(certificate: Der) -> x509.Certificate:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return x509.load_der_x509_certificate(certificate)


def _day(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M UTC")


def relevant_anchors(evidence: Evidence, roots: Sequence[bytes]) -> tuple[Der, ...]:
    """Return those of `roots` (DER) at which a chain in the evidence could end, at most ANCHORS_KEPT_MAX.

    Kept with the evidence they let a replay anywhere reach the same verdict as here.
    """
    issuers = {certificate.issuer_raw for certificate in _observed(evidence)}
    by_subject = _by_subject(tuple(roots))
    kept = {root for issuer in issuers for root in by_subject.get(issuer, ()) if _facts(root) is not None}
    return tuple(sorted(kept)[:ANCHORS_KEPT_MAX])


@lru_cache(maxsize=_STORES_CACHED_MAX)
def _by_subject(roots: tuple[bytes, ...]) -> dict[bytes, tuple[Der, ...]]:
    """Return `roots` by the DER of their names, which is all that most of a store is ever looked at for."""
    found: dict[bytes, tuple[Der, ...]] = {}
    for root in roots:
        try:
            subject = outline(root).subject
        except FormatError:
            continue
        found[subject] = (*found.get(subject, ()), Der(root))
    return found


def _observed(evidence: Evidence) -> list[CertificateFacts]:
    found: list[CertificateFacts] = []
    for answer in evidence.answers.values():
        if isinstance(answer.data, PolicyData | SmtpData) and answer.data.tls is not None:
            sent = answer.data.tls.chain[:CHAIN_CERTIFICATES_MAX]
            found.extend(read for certificate in sent if (read := _facts(certificate)) is not None)
    return found


def _facts(der: bytes) -> CertificateFacts | None:
    try:
        return facts(der)
    except FormatError:
        return None
