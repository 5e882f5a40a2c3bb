"""Chain verification at a given time against given anchors (RFC 5280 section 6, profile of RFC 9525).

A probe records what a server sent with verification off; whether to trust it is judged here, later, and for no
particular name: one verdict per chain serves every name that a sender may compare. The path itself is built and
checked by `cryptography`. Its refusal says little, so what is wrong is found by looking again at the plain facts:
dates first, then where the chain ends.

observed: OpenSSL, which most senders use, is laxer than the web profile enforced here for CA certificates (it takes
roots without key identifiers, for one). The end-entity certificate is therefore checked for its path and dates only.
"""

import warnings
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

import msgspec
from cryptography import x509
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.verification import ExtensionPolicy, PolicyBuilder, Store, VerificationError

from mxproof.evidence import Der, Evidence, PolicyData, SmtpData, TlsData
from mxproof.formats import FormatError
from mxproof.formats.cert import CertificateFacts, facts

CHAIN_CERTIFICATES_MAX: Final = 16
ANCHORS_KEPT_MAX: Final = 64
_VERDICTS_CACHED_MAX: Final = 4096
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
    return Chain(read[0], sent, _verdict(read, sent, anchors, now))


def _verdict(
    read: tuple[CertificateFacts, ...], sent: tuple[Der, ...], anchors: tuple[Der, ...], now: datetime
) -> Trust:
    if _verifies(sent, anchors, now):
        return Trust(None)
    leaf = read[0]
    for place, certificate in enumerate(read):
        whose = "the certificate" if place == 0 else f"the chain's certificate {certificate.subject}"
        if certificate.not_after < now and _is_needed(place, sent, anchors, read):
            return Trust(Fault.EXPIRED, f"{whose} expired on {_day(certificate.not_after)}")
        if certificate.not_before > now and _is_needed(place, sent, anchors, read):
            return Trust(Fault.NOT_YET_VALID, f"{whose} is not valid before {_day(certificate.not_before)}")
    if leaf.self_issued:
        return Trust(Fault.SELF_SIGNED, f"the certificate is its own issuer: {leaf.subject}")
    last = _last_of_path(read)
    if last.self_issued:
        return Trust(Fault.UNTRUSTED, f"the chain ends at a root that is not trusted here: {last.subject}")
    if last is leaf and len(read) == 1:
        return Trust(
            Fault.INCOMPLETE, f"only the server's own certificate was sent; its issuer is {leaf.issuer}"
        )
    if any(facts(anchor).subject_raw == last.issuer_raw for anchor in anchors):
        return Trust(Fault.UNTRUSTED, f"a certificate below {last.issuer} does not verify")
    return Trust(
        Fault.INCOMPLETE, f"no certificate was sent for the issuer {last.issuer}, which is no known root"
    )


def _is_needed(
    place: int, sent: tuple[Der, ...], anchors: tuple[Der, ...], read: tuple[CertificateFacts, ...]
) -> bool:
    """Tell whether the dates of the certificate at `place` are what breaks the chain.

    The leaf's dates always do. For another one, the chain must verify at a moment when that one was in force.
    """
    if place == 0:
        return True
    certificate = read[place]
    inside = certificate.not_before + (certificate.not_after - certificate.not_before) / 2
    return _verifies(sent, anchors, inside) or _verifies(
        sent, anchors, certificate.not_after - timedelta(seconds=1)
    )


def _last_of_path(read: tuple[CertificateFacts, ...]) -> CertificateFacts:
    """Follow issuers from the leaf through the certificates sent, in whatever order; return where it ends."""
    by_subject = {certificate.subject_raw: certificate for certificate in read[1:]}
    last, seen = read[0], {read[0].sha256}
    while not last.self_issued:
        issuer = by_subject.get(last.issuer_raw)
        if issuer is None or issuer.sha256 in seen:
            break
        seen.add(issuer.sha256)
        last = issuer
    return last


def _verifies(sent: tuple[Der, ...], anchors: tuple[Der, ...], when: datetime) -> bool:
    store = _store(anchors)
    if store is None:
        return False
    policy = PolicyBuilder().store(store).time(when.replace(tzinfo=None))
    policy = policy.extension_policies(
        ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=ExtensionPolicy.permit_all()
    )
    leaf, *rest = (_loaded(certificate) for certificate in sent)
    try:
        policy.build_client_verifier().verify(leaf, rest)
    except VerificationError:
        return False
    return True


@lru_cache(maxsize=_STORES_CACHED_MAX)
def _store(anchors: tuple[Der, ...]) -> Store | None:
    return Store([_loaded(anchor) for anchor in anchors]) if anchors else None


@lru_cache(maxsize=_VERDICTS_CACHED_MAX)
def _loaded(certificate: Der) -> x509.Certificate:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        return x509.load_der_x509_certificate(certificate)


def _day(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M UTC")


def relevant_anchors(evidence: Evidence, roots: Sequence[bytes]) -> tuple[Der, ...]:
    """Return those of `roots` (DER) at which a chain in the evidence could end, at most ANCHORS_KEPT_MAX.

    Kept with the evidence they let a replay anywhere reach the same verdict as here.
    """
    issuers = {certificate.issuer_raw for certificate in _observed(evidence)}
    kept = [Der(root) for root in roots if (read := _facts(root)) is not None and read.subject_raw in issuers]
    return tuple(sorted(set(kept))[:ANCHORS_KEPT_MAX])


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
