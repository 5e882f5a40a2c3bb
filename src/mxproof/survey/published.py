"""The survey of what is published of a domain: its record, its policy and what leads to them, wherever they are served.

```
TXT _mta-sts.D, TXT _smtp._tls.D ── the name at the end of their aliases ──┐
CNAME mta-sts.D ───────────────────────────────────────────────────────────┴─ NS up to the zone cut
      ── each server: A, AAAA ── each address: the record over UDP, and again over TCP
A, AAAA of mta-sts.D ── POLICY at each address
```
Whoever alters a record wants to know of every server, and not of some: what is beyond the bounds is told by `beyond`.
"""

from collections.abc import Iterator

import msgspec

from mxproof.evidence import Alias, Answer, DnsData, Evidence, Kind, NameRecord, Question, once
from mxproof.survey.name_servers import ALIASES_ASKED_MAX, TRANSPORTS, address_questions, cut_questions
from mxproof.survey.reading import FAMILY_KINDS, POLICY_LABEL, STS_LABEL, TLSRPT_LABEL, addresses
from mxproof.survey.zone import ServerAddress, servers, zone_of

PUBLISHED_SERVERS_MAX = 16
"""Name servers of one zone that are asked."""
PUBLISHED_ADDRESSES_MAX = 32
"""Addresses of them all."""


def wanted(evidence: Evidence) -> tuple[Question, ...]:
    """Return the questions that the evidence so far calls for and does not answer."""
    return tuple(dict.fromkeys(one for one in _needed(evidence) if one not in evidence.answers))


def records(domain: str) -> tuple[Question, ...]:
    """Return what is published of a domain, as it is asked of a resolver."""
    return (
        Question(Kind.TXT, f"{STS_LABEL}.{domain}"),
        Question(Kind.TXT, f"{TLSRPT_LABEL}.{domain}"),
        Question(Kind.CNAME, f"{POLICY_LABEL}.{domain}"),
    )


@once
def owner(evidence: Evidence, record: Question) -> str:
    """Return the name that has the record, or would: that at the end of the aliases of the name that is asked for."""
    _, data = evidence.dns(record.kind, record.name)
    return data.chain[-1].target if data is not None and data.chain else record.name


def where_served(evidence: Evidence, name: str) -> tuple[ServerAddress, ...]:
    """Return every address of every server of the zone that `name` is in, as far as they are known and within bounds."""
    zone = zone_of(evidence, name)
    if zone is None:
        return ()
    found = [
        ServerAddress(zone, server, address)
        for server in servers(evidence, zone)[:PUBLISHED_SERVERS_MAX]
        for address in addresses(evidence, server)
    ]
    return tuple(found[:PUBLISHED_ADDRESSES_MAX])


def beyond(evidence: Evidence, name: str) -> tuple[str, ...]:
    """Return the servers of the zone of `name` of which not one address is asked: beyond the bounds, or without any."""
    zone = zone_of(evidence, name)
    asked = {one.server for one in where_served(evidence, name)}
    return () if zone is None else tuple(one for one in servers(evidence, zone) if one not in asked)


def with_policy_host(evidence: Evidence) -> Evidence:
    """Return the evidence with the addresses of the policy host by its name servers, where the resolver has not heard of them yet.

    A resolver that was asked before there was a record holds that there is none, for as long as the zone says.
    """
    host = f"{POLICY_LABEL}.{evidence.domain}"
    told = [
        (Question(kind, host), _behind(host, target, answer))
        for target in _targets(evidence, host)
        for kind in (FAMILY_KINDS[family] for family in evidence.vantage.families)
        if (answer := evidence.answers.get(Question(kind, target))) is not None
    ]
    return evidence.with_answers(dict(reversed(told)).items()) if told else evidence


def _behind(host: str, target: str, answer: Answer) -> Answer:
    """Return the answer about a target as one about the alias that leads there."""
    if not isinstance(answer.data, DnsData):
        return answer
    data = msgspec.structs.replace(answer.data, chain=(Alias(host, target), *answer.data.chain))
    return msgspec.structs.replace(answer, data=data)


def asked_anew(evidence: Evidence) -> tuple[Question, ...]:
    """Return the questions whose answers change while something is published: those to servers and to policy hosts."""
    host = f"{POLICY_LABEL}.{evidence.domain}"
    return tuple(one for one in evidence.answers if one.server or one.at or one.name == host)


def _needed(evidence: Evidence) -> Iterator[Question]:
    for record in records(evidence.domain):
        yield from everywhere(evidence, record)
    host = f"{POLICY_LABEL}.{evidence.domain}"
    yield from address_questions(evidence, host)
    for target in _targets(evidence, host):
        yield from address_questions(evidence, target)
    for address in addresses(with_policy_host(evidence), host):
        yield Question(Kind.POLICY, host, address)


def everywhere(evidence: Evidence, record: Question) -> Iterator[Question]:
    """Ask for a record of the resolver, and at every address of every server of the zone that it stands in."""
    yield record
    name = owner(evidence, record)
    yield from cut_questions(evidence, name)
    zone = zone_of(evidence, name)
    if zone is not None:
        for server in servers(evidence, zone)[:PUBLISHED_SERVERS_MAX]:
            yield from address_questions(evidence, server)
    for where in where_served(evidence, name):
        for transport in TRANSPORTS:
            yield Question(record.kind, name, server=where.address, transport=transport)


def _targets(evidence: Evidence, host: str) -> tuple[str, ...]:
    """Return the aliases of the policy host as its name servers have them, where the resolver knows no address of it yet."""
    if addresses(evidence, host):
        return ()
    name = owner(evidence, Question(Kind.CNAME, host))
    asked = (Question(Kind.CNAME, name, server=one.address) for one in where_served(evidence, name))
    told = [
        evidence.answers.get(msgspec.structs.replace(one, transport=over))
        for one in asked
        for over in TRANSPORTS
    ]
    data = [one.data for one in told if one is not None and isinstance(one.data, DnsData)]
    found = (record.name for one in data for record in one.records if isinstance(record, NameRecord))
    return tuple(dict.fromkeys(found))[:ALIASES_ASKED_MAX]
