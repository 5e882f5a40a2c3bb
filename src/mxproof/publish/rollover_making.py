"""A rollover made of what is seen: to another certificate, or to first records of the one that is shown.

What comes and what goes is found by `remedy.key_roll`, as a plan has it; here it is held against every name server instead of a resolver
that may remember, for all domains whose mail comes to the server, and with what an unfinished rollover left behind.
"""

from collections.abc import Iterator, Sequence

import msgspec

from mxproof.evidence import Answer, Der, Evidence, Kind, Outcome, Question, TlsaRecord
from mxproof.formats.tlsa import matching
from mxproof.judge.checks.mending import key_records
from mxproof.mail.assemble import assemble
from mxproof.mail.change import Change, Publish, TlsaValue, Withdraw
from mxproof.mail.domain import Host, MailDomain, TlsaState
from mxproof.mail.trust import Chain
from mxproof.publish.rollover import (
    OwnedTlsa,
    Rollover,
    authority_record,
    longest_ttl_s,
    owned_changes,
    owner_of_host,
    tlsa_at,
    tlsa_of,
)
from mxproof.remedy.key_roll import rolled
from mxproof.survey.reading import tlsa_name


class ServerOfMail(msgspec.Struct, frozen=True, kw_only=True):
    """A mail server with one certificate: the names it is looked up by, the domains whose mail comes to it, the file that it reads.

    `authorities` are those that its certificates may come from, where records are to name them all; `kept_s` is how long records of an
    old certificate stay once another one is shown.
    """

    hosts: tuple[str, ...]
    domains: tuple[str, ...]
    file: str = ""
    authorities: tuple[Der, ...] = ()
    kept_s: int = 0


def looked_up_by(names: Sequence[str], evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """Return the names by which senders look up a server that is known by `names`: MX names of all domains, and where aliases lead."""
    found = dict.fromkeys(names)
    for one in evidence:
        for host in assemble(one, one.observed_at()).hosts:
            if {host.name, host.target} & found.keys():
                found |= dict.fromkeys((host.name, host.target))
    return tuple(found)


def rollover_to(
    chain: Sequence[Der],
    server: ServerOfMail,
    look: Evidence,
    evidence: Sequence[Evidence],
    unfinished: Rollover | None = None,
    old: Sequence[Der] = (),
) -> Rollover:
    """Return the rollover to a chain; `look` is what every name server has, `evidence` how mail of each domain arrives.

    Where `old`, the chain that the new one takes the place of, is known, nothing goes but what names it: other servers may have the same name.
    """
    chains = dict.fromkeys(server.hosts, chain)
    domains = [_domain(with_served(one, look, server.hosts)) for one in evidence]
    changes = dict.fromkeys(change for one in domains for change in rolled(chains, one, lambda _: False))
    owners = tuple(dict.fromkeys(owner_of_host(look, host) for host in server.hosts))
    standing = tuple(OwnedTlsa(name, record) for name in owners for record in _served(look, name))
    ours = () if unfinished is None else unfinished.coming
    left = () if unfinished is None else (*unfinished.going, *ours)
    coming, going = owned_changes(
        tuple(one for one in changes if not old or not _spares(one, old)),
        left,
        server.authorities,
        chain,
        standing,
    )
    shown = [old] if old else [one for each in domains for one in _shown_by(server, each)]
    relied = tuple(one for name in owners for one in relied_on(look, name, chain, shown))
    # What an unfinished rollover published for the same key is ours to withdraw again, however this one ends.
    coming += tuple(one for one in relied if one in ours)
    relied = tuple(one for one in relied if one not in coming)
    ttl_s = longest_ttl_s(look, tuple(dict.fromkeys(one.owner for one in (*coming, *relied))))
    return Rollover(
        server.hosts,
        server.domains,
        tuple(map(bytes, chain)),
        server.file,
        coming,
        going,
        ttl_s,
        server.kept_s,
        relied,
    )


def relied_on(
    look: Evidence, name: str, chain: Sequence[Der], shown: Sequence[Sequence[Der]]
) -> tuple[OwnedTlsa, ...]:
    """Return the records at an owner name that name the new chain and may be in no cache yet; `shown` are the chains before it.

    None where one that every name server has names both: whoever holds an old set holds that record.
    """
    places = [found or () for _, found, _ in tlsa_at(look, name)]
    naming = [one for one in _served(look, name) if matching(tlsa_of(one), chain) is not None]
    for one in naming:
        names_old = any(matching(tlsa_of(one), each) is not None for each in shown)
        if names_old and all(one in found for found in places):
            return ()
    return tuple(OwnedTlsa(name, one) for one in naming)


def first_records(server: ServerOfMail, look: Evidence, evidence: Evidence) -> Rollover | None:
    """Return the rollover to first records for what a host shows, None where it has some, or no sender would believe them.

    They name the authorities where these are given (2 1 1), and else each key that is shown (3 1 1).
    """
    domain = _domain(with_served(evidence, look, server.hosts))
    coming: dict[OwnedTlsa, None] = {}
    for host in domain.hosts:
        if host.name in server.hosts and host.addresses_secure and host.tlsa_target.state is TlsaState.ABSENT:
            coming |= dict.fromkeys(_first(host, server.authorities))
    return Rollover(server.hosts, server.domains, (), coming=tuple(coming)) if coming else None


def with_served(evidence: Evidence, look: Evidence, hosts: Sequence[str]) -> Evidence:
    """Return the evidence with the TLSA records that the name servers have, in place of those that a resolver remembers."""
    told: list[tuple[Question, Answer]] = []
    for host in hosts:
        question = Question(Kind.TLSA, tlsa_name(host))
        answer, data = evidence.dns(question.kind, question.name)
        if data is None or not any(
            found is not None for _, found, _ in tlsa_at(look, owner_of_host(look, host))
        ):
            continue
        records = tuple(
            TlsaRecord(one.usage, one.selector, one.matching_type, bytes.fromhex(one.association))
            for one in _served(look, owner_of_host(look, host))
        )
        outcome = Outcome.FOUND if records else Outcome.EMPTY
        whole = msgspec.structs.replace(data, records=records)
        told.append((question, msgspec.structs.replace(answer, outcome=outcome, data=whole)))
    return evidence.with_answers(told)


def shown_chains(host: Host) -> tuple[Chain, ...]:
    """Return each chain that a host shows at any address, once for each leaf."""
    sessions = (one.chain for endpoint in host.endpoints for one in endpoint.sessions)
    found = {chain.certificates[:1]: chain for chain in sessions if chain is not None}
    return tuple(found.values())


def _shown_by(server: ServerOfMail, domain: MailDomain) -> Iterator[tuple[Der, ...]]:
    for host in domain.hosts:
        if {host.name, host.target} & set(server.hosts):
            yield from (tuple(map(Der, chain.ders())) for chain in shown_chains(host))


def _first(host: Host, authorities: Sequence[Der]) -> Iterator[OwnedTlsa]:
    for change in key_records(host.tlsa_target, shown_chains(host)):
        assert isinstance(change, Publish)
        if not authorities and isinstance(change.record, TlsaValue):
            yield OwnedTlsa(change.name, change.record)
        yield from (OwnedTlsa(change.name, authority_record(one)) for one in authorities)


def _spares(change: Change, old: Sequence[Der]) -> bool:
    """Tell whether a record would go that does not name the old chain."""
    if not isinstance(change, Withdraw) or not isinstance(change.record, TlsaValue):
        return False
    return matching(tlsa_of(change.record), old) is None


def _domain(evidence: Evidence) -> MailDomain:
    return assemble(evidence, evidence.observed_at())


def _served(look: Evidence, name: str) -> tuple[TlsaValue, ...]:
    every = (one for _, found, _ in tlsa_at(look, name) for one in found or ())
    return tuple(dict.fromkeys(one for one in every if isinstance(one, TlsaValue)))
