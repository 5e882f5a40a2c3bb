"""The certificates that MX hosts show, at every address and for every server name tried."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import msgspec

from mxproof.formats.cert import CertificateFacts, covers
from mxproof.formats.mtasts import Mode
from mxproof.formats.tlsa import Tlsa
from mxproof.judge.checks.mending import certificate, key_records, replacing
from mxproof.judge.checks.seen import is_whole, served_policy
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.senders.library import taken_by_some
from mxproof.judge.value import CertificateNames, CertificateToGet, Value
from mxproof.mail.change import Change, PresentCertificate, Publish
from mxproof.mail.domain import (
    Endpoint,
    Host,
    HostState,
    MailDomain,
    RecordState,
    Session,
    TlsaSet,
    TlsaState,
)
from mxproof.mail.trust import FAULTS_OF_ISSUER, Chain, TrustFault, chain_of

EXPIRES_SOON = timedelta(days=14)
EXPIRES_SOON_PARTS = 6
"""A certificate ends soon when less than a sixth of its life is left, and less than EXPIRES_SOON."""

LAST_DAYS = timedelta(days=3)
LAST_DAYS_PARTS = 30
"""Its last days are those below both: a weekend, and of a certificate for a week some hours."""

VALIDITY_MAX = timedelta(days=3653)
"""Ten years: longer is no date that anybody has in mind."""

_FAULTS = {
    TrustFault.ABSENT: Code.CERT_UNREADABLE,
    TrustFault.UNREADABLE: Code.CERT_UNREADABLE,
    TrustFault.EXPIRED: Code.CERT_EXPIRED,
    TrustFault.NOT_YET_VALID: Code.CERT_NOT_YET_VALID,
    TrustFault.SELF_SIGNED: Code.CERT_SELF_SIGNED,
    TrustFault.INCOMPLETE: Code.CERT_CHAIN_INCOMPLETE,
    TrustFault.ISSUER_NO_AUTHORITY: Code.CERT_ISSUER_NO_AUTHORITY,
    TrustFault.PURPOSE: Code.CERT_PURPOSE_WRONG,
    TrustFault.NAME_LIMITED: Code.CERT_NAME_LIMITED,
    TrustFault.SIGNATURE_WEAK: Code.CERT_SIGNATURE_WEAK,
    TrustFault.UNTRUSTED: Code.CERT_UNTRUSTED,
}
_UNTRUSTED = frozenset({*_FAULTS.values(), Code.CERT_NAME_MISMATCH})
"""What a sender that looks refuses."""
_UNUSED = frozenset({TlsaState.ABSENT, TlsaState.INSECURE})
_NAMELESS = frozenset({HostState.INVALID, HostState.LITERAL})
"""Whoever takes such an MX record at all compares no certificate with what it holds."""
_KEY = 1
"""The selector of a TLSA record that is about the key alone (RFC 6698 section 2.1.2)."""
_FAULTS_OF_DATE = frozenset({TrustFault.EXPIRED, TrustFault.NOT_YET_VALID})


def check(domain: MailDomain) -> Iterator[Finding]:
    """Judge names, chain and dates of every certificate (RFC 8461 section 4.2, RFC 9525 section 6)."""
    for host in domain.hosts:
        if host.state in _NAMELESS:
            continue
        found: dict[Code, dict[str, tuple[Session, Value]]] = defaultdict(dict)
        for endpoint in host.endpoints:
            for session in endpoint.sessions:
                for code, seen in _faults(domain, host, endpoint, session):
                    found[code].setdefault(endpoint.address, (session, seen))
        for code, places in found.items():
            yield _finding(domain, host, code, places)
        if not found:
            yield from _sound(domain, host)
        elif not _UNTRUSTED.isdisjoint(found) and not _is_looked_at(domain):
            yield _unchecked(domain, host, found)


def _is_looked_at(domain: MailDomain) -> bool:
    """Tell whether policy or DANE has some sender look at certificates, as far as is known; DANE needs records."""
    record_known = domain.record.state is RecordState.NONE and not domain.record.near
    policy = served_policy(domain)
    without_policy = record_known or (policy is not None and policy.mode is not Mode.ENFORCE)
    sets = (one for host in domain.hosts for one in (host.tlsa_target, host.tlsa_alias) if one is not None)
    without_dane = all(one.state in _UNUSED for one in sets)
    return not (without_policy and without_dane)


def _unchecked(
    domain: MailDomain, host: Host, found: Mapping[Code, Mapping[str, tuple[Session, Value]]]
) -> Finding:
    """Say that what is wrong with the certificates of a host keeps no mail away (RFC 7435 section 3)."""
    codes = tuple(code.value for code in found)
    sessions = tuple(session.question for places in found.values() for session, _ in places.values())
    fetches = tuple(fetch.question for fetch in domain.policy_host.fetches)
    sets = (one for each in domain.hosts for one in (each.tlsa_target, each.tlsa_alias) if one is not None)
    questions = (*sessions, domain.record.question, *fetches, *(one.question for one in sets))
    params: dict[str, Value] = {"host": host.name, "codes": codes}
    return Finding(Code.CERT_UNCHECKED, host.name, params, tuple(dict.fromkeys(questions)))


def _faults(
    domain: MailDomain, host: Host, endpoint: Endpoint, session: Session
) -> Iterator[tuple[Code, Value]]:
    """Yield code and detail of all that is wrong with the certificate of one session."""
    chain = session.chain
    if chain is None:
        return
    if chain.trust.fault is not None:
        yield _FAULTS[chain.trust.fault], chain.trust.detail
    if chain.leaf is None:
        return
    for code, why in taken_by_some(chain):
        if chain.trust.fault is None or code is not _FAULTS[chain.trust.fault]:
            yield code, why
    if chain.weakness:
        yield Code.CERT_KEY_WEAK, chain.weakness
    if chain.leaf.not_after - chain.leaf.not_before > VALIDITY_MAX:
        yield Code.CERT_VALIDITY_ENDLESS, chain.leaf.not_after
    if chain.trust.fault in _FAULTS_OF_DATE:
        yield from _beside_the_date(domain, session, chain.leaf)
    if session is endpoint.session(host.name) and not covers(chain.leaf, host.name):
        yield Code.CERT_NAME_MISMATCH, _named(chain.leaf, host.name)
    if chain.trust.fault is None and ends_soon(chain.leaf, domain.at):
        last = _is_within(chain.leaf, domain.at, LAST_DAYS, LAST_DAYS_PARTS)
        yield Code.CERT_LAST_DAYS if last else Code.CERT_EXPIRES_SOON, chain.leaf.not_after


def _beside_the_date(
    domain: MailDomain, session: Session, leaf: CertificateFacts
) -> Iterator[tuple[Code, str]]:
    """Yield what would be wrong with the chain at a better date, so that renewing it is not a trap."""
    inside = leaf.not_before + (leaf.not_after - leaf.not_before) / 2
    trust = chain_of(session.tls, domain.vantage.anchors, inside).trust if session.tls is not None else None
    if trust is not None and trust.fault is not None and trust.fault not in _FAULTS_OF_DATE:
        yield _FAULTS[trust.fault], trust.detail


def _named(leaf: CertificateFacts, host: str) -> CertificateNames:
    """Return what the certificate names; a common name does not count (RFC 9525 section 6.3)."""
    common = next((one for one in leaf.common_names if one.lower() == host), None)
    return CertificateNames((*leaf.dns_names, *leaf.other_names), common)


def ends_soon(leaf: CertificateFacts, now: datetime) -> bool:
    """Tell whether a certificate should have been renewed by now."""
    return _is_within(leaf, now, EXPIRES_SOON, EXPIRES_SOON_PARTS)


def _is_within(leaf: CertificateFacts, now: datetime, days: timedelta, parts: int) -> bool:
    """Tell whether less is left of a certificate than `days`, and than that part of its life."""
    return leaf.not_after - now < min(days, (leaf.not_after - leaf.not_before) / parts)


def _sound(domain: MailDomain, host: Host) -> Iterator[Finding]:
    """Yield that the certificates are in order, where every address showed one."""
    sessions = [session for endpoint in host.endpoints for session in endpoint.sessions]
    chains: list[Chain] = [session.chain for session in sessions if session.chain is not None]
    leaves = [chain.leaf for chain in chains if chain.leaf is not None]
    if leaves and len(leaves) == len(sessions) and is_whole(host):
        words: dict[str, Value] = {
            "domain": domain.name,
            "host": host.name,
            "addresses": tuple(endpoint.address for endpoint in host.endpoints),
            "names": tuple(dict.fromkeys(name for leaf in leaves for name in leaf.dns_names)),
            "until": min(leaf.not_after for leaf in leaves),
        }
        questions = (*host.questions, *(session.question for session in sessions))
        yield Finding(Code.CERT_OK, host.name, words, questions)


def _finding(domain: MailDomain, host: Host, code: Code, places: dict[str, tuple[Session, Value]]) -> Finding:
    words: dict[str, Value] = {
        "domain": domain.name,
        "host": host.name,
        "addresses": tuple(places),
        "seen": tuple(seen for _, seen in places.values()),
    }
    questions = tuple(session.question for session, _ in places.values())
    bound, records = _bound(host, [session for session, _ in places.values()])
    sound = tuple(_sound_addresses(host)) if bound is None and code in _UNTRUSTED else ()
    shown = tuple(_mending(host, places, keeps_key=code is Code.CERT_CHAIN_INCOMPLETE))
    names = dict.fromkeys((host.name, *(name for one in shown for name in one.names)))
    words |= {
        "base": bound.base if bound is not None else host.name,
        "new_records": records,
        "sound": sound,
        "wanted": CertificateToGet(tuple(names)),
    }
    if code is Code.CERT_KEY_WEAK and bound is not None:
        return Finding(
            code, host.name, words, questions
        )  # the digest of the next key is known when it is made
    changes: tuple[Change, ...] = shown
    if bound is None:
        return Finding(code, host.name, words, questions, changes, "elsewhere" if sound else "")
    if records:
        changes = (*replacing(bound, records, ()), *changes)
    return Finding(code, host.name, words, questions, changes, "new-record" if records else "key-kept")


def _sound_addresses(host: Host) -> Iterator[str]:
    """Yield the addresses at which a host shows a certificate that every sender would take."""
    for endpoint in host.endpoints:
        chains = [session.chain for session in endpoint.sessions]
        if chains and all(chain is not None and _serves(chain, host) for chain in chains):
            yield endpoint.address


def _serves(chain: Chain, host: Host) -> bool:
    leaf = chain.leaf
    return leaf is not None and chain.trust.fault is None and not chain.weakness and covers(leaf, host.name)


def _bound(host: Host, sessions: list[Session]) -> tuple[TlsaSet | None, tuple[Publish, ...]]:
    """Return the TLSA records that vouch for the certificates of these sessions, None where none do.

    Beside them the records of usage 3 for the keys shown, where those that match name the whole certificate, so that
    another one with the same key would not match (RFC 6698 section 2.1.2); so it is of those that name an authority
    which no sender trusts, for another one is to issue the next certificate.
    """
    tlsa = next((one for one in host.tlsa_tried if one.state is TlsaState.PRESENT), None)
    chains = [session.chain for session in sessions if session.chain is not None]
    if tlsa is None or not any(chain.matched_by(one) is not None for chain in chains for one in tlsa.usable):
        return None, ()
    whole = [chain for chain in chains if not any(_lasts(chain, record) for record in tlsa.usable)]
    return tlsa, key_records(tlsa, whole)


def _lasts(chain: Chain, record: Tlsa) -> bool:
    """Tell whether a record goes on matching once another certificate is shown for the same key."""
    place = chain.matched_by(record)
    if place is None or place == 0:
        return place == 0 and record.selector == _KEY
    return chain.trust.fault not in FAULTS_OF_ISSUER


def _mending(
    host: Host, places: dict[str, tuple[Session, Value]], *, keeps_key: bool
) -> Iterator[PresentCertificate]:
    """Yield a certificate for each name asked for, at the addresses where the one shown does not serve."""
    asked: dict[str, list[str]] = defaultdict(list)
    for address, (session, _) in places.items():
        asked[session.server_name].append(address)
    for name, addresses in asked.items():
        found = certificate(host, name, addresses)
        yield msgspec.structs.replace(found, keeps_key=keeps_key or found.keeps_key)
