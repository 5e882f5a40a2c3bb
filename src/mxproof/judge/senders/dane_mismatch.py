"""Why no TLSA record matches a certificate, told apart by what the records do match (RFC 7672 section 3.1).

| seen | code |
|---|---|
| the records at the other name of the alias match | dane-other-name |
| a record matches what another MX host shows | dane-other-host |
| a record matches, were its usage the other one | dane-usage-wrong |
| a record matches a trust anchor above the chain, which the server does not send | dane-authority-unsent |
| all records hold the digest of nothing | dane-empty-digest |
| of those left, all name authorities (usage 2), which are not those above the certificate | dane-authority-other |
| of those left, all name whole certificates (`3 0 x`), so that each renewal breaks them | dane-cert-renewed |
| anything else: another key | dane-mismatch |

That a weaker digest matches, and none of the strongest does, is `dane-digest-stale` (`dane`).

The first that applies is the answer: each is more specific than those below it.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from mxproof.evidence import Der
from mxproof.formats.tlsa import DANE_EE, DANE_TA, Tlsa, matching
from mxproof.judge.codes import Code
from mxproof.mail.domain import Host, MailDomain, Session, TlsaSet
from mxproof.mail.trust import Chain

_OF_NOTHING = frozenset({hashlib.sha256(b"").digest(), hashlib.sha512(b"").digest()})
_OTHER_USAGE = {DANE_TA: DANE_EE, DANE_EE: DANE_TA}
_WHOLE_CERTIFICATE = 0


def mismatch(domain: MailDomain, host: Host, session: Session, base: str, records: Sequence[Tlsa]) -> Code:
    """Return the code of why none of the usable `records` at `base` matches the chain of `session`."""
    chain = session.chain
    if chain is None or any(chain.matched_by(one) is not None for one in records):
        return Code.DANE_MISMATCH
    if _matching_elsewhere(host, chain, base):
        return Code.DANE_OTHER_NAME
    if shown_by(domain, host, records):
        return Code.DANE_OTHER_HOST
    if any(matching(_with_other_usage(one), chain.certificates) is not None for one in records):
        return Code.DANE_USAGE_WRONG
    if authorities(domain, records):
        return Code.DANE_AUTHORITY_UNSENT
    telling = [one for one in records if one.association not in _OF_NOTHING]
    if not telling:
        return Code.DANE_EMPTY_DIGEST
    if all(one.usage == DANE_TA for one in telling):
        return Code.DANE_AUTHORITY_OTHER
    if all(one.usage == DANE_EE and one.selector == _WHOLE_CERTIFICATE for one in telling):
        return Code.DANE_CERT_RENEWED
    return Code.DANE_MISMATCH


def matching_elsewhere(host: Host, chains: Iterable[Chain], base: str) -> TlsaSet | None:
    """Return the TLSA set at the other name of an alias where one of its records matches one of `chains`."""
    found = (other for chain in chains if (other := _matching_elsewhere(host, chain, base)) is not None)
    return next(found, None)


def shown_by(domain: MailDomain, host: Host, records: Sequence[Tlsa]) -> tuple[str, ...]:
    """Return the other MX hosts whose own certificate one of `records` matches."""
    return tuple(
        other.name
        for other in domain.hosts
        if other is not host
        and any(chain.matched_by(one) == 0 for chain in _chains(other) for one in records)
    )


def authorities(domain: MailDomain, records: Sequence[Tlsa]) -> tuple[Der, ...]:
    """Return the trust anchors of the evidence that one of `records` names as an authority."""
    named = [one for one in records if one.usage == DANE_TA]
    # An authority is looked for above a leaf, so that the anchor stands in the second place.
    return tuple(
        anchor
        for anchor in domain.vantage.anchors
        if any(matching(one, (anchor, anchor)) is not None for one in named)
    )


def _matching_elsewhere(host: Host, chain: Chain, base: str) -> TlsaSet | None:
    sets = (host.tlsa_target, host.tlsa_alias)
    others = [one for one in sets if one is not None and one.base != base]
    return next(
        (one for one in others if any(chain.matched_by(record) is not None for record in one.usable)), None
    )


def _with_other_usage(record: Tlsa) -> Tlsa:
    return msgspec.structs.replace(record, usage=_OTHER_USAGE.get(record.usage, record.usage))


def _chains(host: Host) -> Iterator[Chain]:
    for endpoint in host.endpoints:
        yield from (session.chain for session in endpoint.sessions if session.chain is not None)
