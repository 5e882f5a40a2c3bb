"""The survey of signatures: the records that mail is found by, and the keys from the top-level domain down to their zones.

```
MX of D ── each host: A, AAAA, TLSA at each base domain       each with its signatures, whatever a validator says of them
each of these names ── NS upwards to each zone cut ── DS and DNSKEY of each zone
a signed zone of these ── A, AAAA of its servers ── one address of each: DNSKEY, and the records in the zone
```
All is asked with checking disabled, so that what fails validation is seen as well. That a top-level domain is delegated
rightly is taken as it is said. The function is pure and, but for its bounds, monotone: more answers only add questions.
"""

import ipaddress
from collections.abc import Iterator
from typing import Final

from mxproof.evidence import ANSWERED, DnsData, Edns, Evidence, Kind, Outcome, Question, SignedRecord, once
from mxproof.formats import dnssec as types
from mxproof.formats.dns_name import name_text, read_name
from mxproof.formats.errors import FormatError
from mxproof.survey import inbound
from mxproof.survey.reading import ALIASES_MAX, FAMILY_KINDS, askable, mx_set, tlsa_name

SIGNED_HOSTS_MAX: Final = 8
"""MX hosts whose records are looked at, and of an MX answer that fails validation as many."""
SIGNING_SERVERS_MAX: Final = 4
"""Name servers of one zone that are asked for its signatures, at one address each."""
NAMES_ABOVE_MAX: Final = 10
"""Names that are tried in search of the zone cuts above one, as many as there are labels in the owner name of a TLSA record."""
ZONES_MAX: Final = 8
"""Zones on the way down to one name."""

_NUMBERS = {Kind.A: types.A, Kind.AAAA: types.AAAA, Kind.MX: types.MX, Kind.TLSA: types.TLSA}


def wanted(evidence: Evidence) -> tuple[Question, ...]:
    """Return the questions that the evidence so far calls for and does not answer; they need those of `arrival`."""
    asked = (question for question in needed(evidence) if question not in evidence.answers)
    return tuple(dict.fromkeys((*inbound.wanted(evidence), *asked)))


def needed(evidence: Evidence) -> Iterator[Question]:
    """Yield all questions about signatures that the evidence calls for, answered or not, some of them twice."""
    records = tuple(mail_records(evidence))
    yield from records
    names = tuple(dict.fromkeys(name for one in records for name in names_on_way(evidence, one)))
    for name in names:
        yield from _cut_questions(evidence, name)
    zones = dict.fromkeys(zone for name in names for zone in zones_above(evidence, name))
    for zone in zones:
        yield signed(Kind.DS, zone)
        yield signed(Kind.DNSKEY, zone)
    for lowest in dict.fromkeys(zone_cut(evidence, name) for name in names):
        if lowest is not None and is_signed_at_all(evidence, lowest):
            yield from _server_questions(evidence, lowest, records)


def signed(kind: Kind, name: str, server: str = "") -> Question:
    """Return a question for records with their signatures."""
    return Question(kind, name, server=server, edns=Edns.SIGNED)


@once
def held(evidence: Evidence, question: Question) -> tuple[SignedRecord, ...]:
    """Return the records of an answer with its signatures and proofs."""
    data = evidence.answer(question).data
    return (
        tuple(one for one in data.records if isinstance(one, SignedRecord))
        if isinstance(data, DnsData)
        else ()
    )


def of_type(records: tuple[SignedRecord, ...], name: str, number: int) -> tuple[SignedRecord, ...]:
    """Return those of one name and type."""
    return tuple(one for one in records if one.name == name and one.rdtype == number)


def mail_records(evidence: Evidence) -> Iterator[Question]:
    """Yield the records that a sender finds its way by: MX, the addresses of each host, TLSA at each base domain."""
    yield signed(Kind.MX, evidence.domain)
    for host in signed_hosts(evidence):
        addresses = [signed(FAMILY_KINDS[family], host) for family in evidence.vantage.families]
        yield from addresses
        ends = (names_on_way(evidence, one)[-1] for one in addresses)
        for base in dict.fromkeys((*ends, host)):
            yield signed(Kind.TLSA, tlsa_name(base))


@once
def signed_hosts(evidence: Evidence) -> tuple[str, ...]:
    """Return the MX hosts, of an answer that fails validation as well; the domain itself where it has no MX record."""
    found = [one.name for one in mx_set(evidence).exchanges]
    if not found:
        records = of_type(held(evidence, signed(Kind.MX, evidence.domain)), evidence.domain, types.MX)
        named = (name_in(one, 2) for one in sorted(records, key=lambda record: record.data))
        found = [name for name in named if name is not None]
    return tuple(name for name in dict.fromkeys(found) if askable(name))[:SIGNED_HOSTS_MAX]


def name_in(record: SignedRecord, start: int = 0) -> str | None:
    """Return the name in the data of a record, None where there is none."""
    try:
        return name_text(read_name(record.data, start, len(record.data), {})[0])
    except FormatError:
        return None


@once
def names_on_way(evidence: Evidence, question: Question) -> tuple[str, ...]:
    """Return the name that is asked for and those that it is an alias of, in order."""
    names = [question.name]
    records = held(evidence, question)
    for _ in range(ALIASES_MAX):
        target = next((name_in(one) for one in of_type(records, names[-1], types.CNAME)), None)
        if target is None or target in names:
            break
        names.append(target)
    return tuple(names)


def number_of(question: Question) -> int:
    """Return the number of the type that a question about mail asks for."""
    return _NUMBERS[question.kind]


def _upwards(name: str) -> tuple[str, ...]:
    labels = name.split(".")
    return tuple(".".join(labels[start:]) for start in range(len(labels)))[-NAMES_ABOVE_MAX:]


@once
def zone_cut(evidence: Evidence, name: str) -> str | None:
    """Return the nearest name at or above `name` that has NS records of its own; None where that is not known."""
    for one in _upwards(name):
        question = signed(Kind.NS, one)
        outcome = evidence.answer(question).outcome
        if outcome is Outcome.FOUND and of_type(held(evidence, question), one, types.NS):
            return one
        if outcome not in ANSWERED:
            return None
    return None


@once
def zones_above(evidence: Evidence, name: str) -> tuple[str, ...]:
    """Return the zones that lead down to `name`, the lowest last, as far up as they are seen."""
    zones: list[str] = []
    while name and len(zones) < ZONES_MAX and (zone := zone_cut(evidence, name)) is not None:
        zones.append(zone)
        name = zone.partition(".")[2]
    return tuple(reversed(zones))


def is_whole(zones: tuple[str, ...]) -> bool:
    """Tell whether zones lead down from a top-level domain."""
    return bool(zones) and "." not in zones[0]


def _cut_questions(evidence: Evidence, name: str) -> Iterator[Question]:
    """Ask for the zone cuts above a name, one name after another up to the top-level domain."""
    for one in _upwards(name):
        question = signed(Kind.NS, one)
        yield question
        if evidence.answer(question).outcome not in ANSWERED:
            return


def is_signed_at_all(evidence: Evidence, zone: str) -> bool:
    """Tell whether a zone serves keys."""
    question = signed(Kind.DNSKEY, zone)
    return bool(of_type(held(evidence, question), zone, types.DNSKEY))


@once
def signing_servers(evidence: Evidence, zone: str) -> tuple[tuple[str, str], ...]:
    """Return servers of `zone` with the address at which each is asked: the first of the first family that has one."""
    found = ((name, next(_addresses(evidence, name), None)) for name in _server_names(evidence, zone))
    return tuple((name, address) for name, address in found if address is not None)


def _server_names(evidence: Evidence, zone: str) -> list[str]:
    records = of_type(held(evidence, signed(Kind.NS, zone)), zone, types.NS)
    return sorted({name for one in records if (name := name_in(one)) and askable(name)})[:SIGNING_SERVERS_MAX]


def _addresses(evidence: Evidence, name: str) -> Iterator[str]:
    for family in sorted(evidence.vantage.families):
        question = signed(FAMILY_KINDS[family], name)
        end = names_on_way(evidence, question)[-1]
        packed = (one.data for one in of_type(held(evidence, question), end, number_of(question)))
        yield from sorted(str(ipaddress.ip_address(one)) for one in packed if len(one) in {4, 16})


def _server_questions(evidence: Evidence, zone: str, records: tuple[Question, ...]) -> Iterator[Question]:
    """Ask the servers of a zone for its keys and for the records in it, each at one address."""
    for server in _server_names(evidence, zone):
        yield from (signed(FAMILY_KINDS[family], server) for family in evidence.vantage.families)
    for _, address in signing_servers(evidence, zone):
        yield signed(Kind.DNSKEY, zone, address)
        yield from at_server(evidence, zone, address, records)


def at_server(
    evidence: Evidence, zone: str, address: str, records: tuple[Question, ...]
) -> tuple[Question, ...]:
    """Return the questions about the records in a zone, put to one of its servers."""
    ends = ((one.kind, name) for one in records for name in names_on_way(evidence, one))
    return tuple(
        signed(kind, name, address) for kind, name in dict.fromkeys(ends) if zone_cut(evidence, name) == zone
    )
