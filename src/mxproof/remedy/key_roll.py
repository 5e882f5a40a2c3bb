"""The TLSA records that go along with another certificate: those that name it come, those that name only the old one go.

    rolled(chains, domain, is_said) -> changes

| records at the host | what comes | what goes (RFC 7671 section 8.1) |
|---|---|---|
| one matches the certificate already: the key is kept, or was announced before | nothing | what names only what is shown no longer |
| none does | of each record in use one like it, for the new key, certificate or authority | the same |

Like it is one with the same usage, selector and matching type: 2 1 1 for the authority above the leaf where the new chain
holds one, and 3 1 1 (RFC 7672 section 3.1.1) where it holds none.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from mxproof.evidence import Der
from mxproof.formats.tlsa import DANE_EE, DANE_TA, Tlsa, association_for, matching
from mxproof.judge.checks.mending import owner, tlsa_value
from mxproof.mail.change import Change, Publish, Withdraw
from mxproof.mail.domain import Host, MailDomain, TlsaSet
from mxproof.mail.trust import Chain

_KEY_BY_SHA_256 = (DANE_EE, 1, 1)


def rolled(
    chains: Mapping[str, Sequence[Der]], domain: MailDomain, is_said: Callable[[str], bool]
) -> tuple[Change, ...]:
    """Return the records to publish and withdraw; `chains` (leaf first) are those that hosts will show, by name.

    `is_said` tells whether a planned zone says which TLSA records stand at an owner name.
    """
    changes: dict[Change, None] = {}
    for host, tlsa in _sets(domain):
        chain = _planned(host, chains)
        name = owner(tlsa.question.name, tlsa.answer)
        if chain is None or is_said(name):
            continue
        shown = _shown(host)
        old = [one for one in tlsa.records if _names_shown(one, shown)]
        if all(matching(one, chain) is None for one in tlsa.records):
            changes.update(dict.fromkeys(Publish(name, tlsa_value(one)) for one in _alike(old, chain)))
        others = [
            chain
            for other, its in _sets(domain)
            if owner(its.question.name, its.answer) == name and _planned(other, chains) is None
            for chain in _shown(other)
        ]
        for one in old:
            if matching(one, chain) is None and not _names_shown(one, others):
                changes.setdefault(Withdraw(name, tlsa_value(one)))
    return tuple(changes)


def _sets(domain: MailDomain) -> Iterator[tuple[Host, TlsaSet]]:
    for host in domain.hosts:
        for tlsa in (host.tlsa_target, host.tlsa_alias):
            if tlsa is not None and tlsa.records:
                yield host, tlsa


def _planned(host: Host, chains: Mapping[str, Sequence[Der]]) -> Sequence[Der] | None:
    return chains.get(host.name) or chains.get(host.target)


def _shown(host: Host) -> list[Chain]:
    sessions = (session for one in host.endpoints for session in one.sessions)
    return [session.chain for session in sessions if session.chain is not None]


def _names_shown(record: Tlsa, shown: Sequence[Chain]) -> bool:
    return any(chain.matched_by(record) is not None for chain in shown)


def _alike(old: Sequence[Tlsa], chain: Sequence[Der]) -> Iterator[Tlsa]:
    """Yield a record for the new chain for each way in which the old ones name theirs."""
    above = len(chain) > 1
    ways = [(one.usage, one.selector, one.matching_type) for one in old]
    usable = [way if above or way[0] == DANE_EE else _KEY_BY_SHA_256 for way in ways]
    for usage, selector, matching_type in dict.fromkeys(usable or [_KEY_BY_SHA_256]):
        named = chain[1] if usage == DANE_TA else chain[0]
        yield Tlsa(usage, selector, matching_type, association_for(named, selector, matching_type))
