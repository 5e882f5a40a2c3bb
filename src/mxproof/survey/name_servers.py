"""The survey of the servers behind any records: each record at each address of each name server of its zone.

```
each record ── NS of its name and of the names above it up to the zone cut ── each server: A, AAAA
                ── each address: the question over UDP, and again over TCP
                ── each address of D's own zone: SOA, for the serial number
top-level domain ──NS── A, AAAA ── SOA over UDP and TCP: does port 53 work from here at all?
```
The resolver only leads the way to the servers; what counts is what they say themselves. Which records are asked for is
said by whoever asks: `mxproof.survey.authentication` for receivers of mail. `mxproof.survey.served` compares what servers
hold and asks one address of each; how a server can be reached it leaves alone.
"""

from collections.abc import Iterable, Iterator

from mxproof.evidence import ANSWERED, Evidence, Kind, Outcome, Question, Transport
from mxproof.survey.reading import FAMILY_KINDS, address_order, addresses
from mxproof.survey.zone import ServerAddress, cuts, servers, zone_of

SERVERS_MAX = 8
"""Name servers asked of the domain's own zone."""
OTHER_SERVERS_MAX = 4
"""Name servers asked of each other zone."""
SERVER_ADDRESSES_MAX = 2 * SERVERS_MAX
"""Addresses of name servers asked of the domain's own zone."""
OTHER_SERVER_ADDRESSES_MAX = 2 * OTHER_SERVERS_MAX
"""Addresses of name servers asked of each other zone."""
ALIASES_ASKED_MAX = 4
"""Links of one chain that are asked for at their own servers."""
CONTROLS_MAX = 2
"""Servers of the top-level domain asked."""

PATHS = "name-server-paths"
"""The set of checks that asks over each transport."""

TRANSPORTS = (Transport.UDP, Transport.TCP)


def needed(evidence: Evidence, records: Iterable[Question]) -> Iterator[Question]:
    """Yield all questions that must be answered to know what every server says of `records`, each a kind and a name."""
    own = zone_of(evidence, evidence.domain)
    for record in records:
        yield record
        yield from cut_questions(evidence, record.name)
        zone = zone_of(evidence, record.name)
        if zone is not None:
            for server in asked_servers(evidence, zone):
                yield from address_questions(evidence, server)
            yield from record_questions(evidence, record)
    if own is not None:
        for where in server_addresses(evidence, own):
            yield Question(Kind.SOA, own, server=where.address, transport=Transport.UDP)
    top = top_level(evidence.domain)
    yield Question(Kind.NS, top)
    for server in servers(evidence, top)[:CONTROLS_MAX]:
        yield from address_questions(evidence, server)
    yield from controls(evidence)


def are_asked(evidence: Evidence) -> bool:
    """Tell by a look or two whether the servers were asked over each transport.

    Where sets of checks were named, one of them does that. Otherwise `mxproof.survey.authentication` alone asks for the
    texts at the domain and for the servers of the top-level domain; that of arrival asks for the one where a record is
    lost, and for the other where nothing is answered.
    """
    if evidence.vantage.sets:
        return PATHS in evidence.vantage.sets
    looks = (Question(Kind.TXT, evidence.domain), Question(Kind.NS, top_level(evidence.domain)))
    return all(one in evidence.answers for one in looks)


def asked_servers(evidence: Evidence, zone: str) -> tuple[str, ...]:
    """Return the name servers of `zone` that are asked."""
    own = zone == zone_of(evidence, evidence.domain)
    return servers(evidence, zone)[: SERVERS_MAX if own else OTHER_SERVERS_MAX]


def server_addresses(evidence: Evidence, zone: str) -> tuple[ServerAddress, ...]:
    """Return the addresses at which the servers of `zone` are asked: one of each server and family, then further."""
    ranked: list[tuple[int, ServerAddress]] = []
    for server in asked_servers(evidence, zone):
        known = addresses(evidence, server)
        for family in evidence.vantage.families:
            of_family = [address for address in known if (":" in address) == (family == 6)]
            ranked += [(rank, ServerAddress(zone, server, address)) for rank, address in enumerate(of_family)]
    ranked.sort(key=lambda one: one[0])
    own = zone == zone_of(evidence, evidence.domain)
    once = {one.address: one for _, one in reversed(ranked)}
    kept = [one for _, one in ranked if once[one.address] is one]
    found = kept[: SERVER_ADDRESSES_MAX if own else OTHER_SERVER_ADDRESSES_MAX]
    return tuple(sorted(found, key=lambda one: (one.server, address_order(one.address))))


def top_level(domain: str) -> str:
    """Return the top-level domain that `domain` is in."""
    return domain.rpartition(".")[2]


def resolves(evidence: Evidence) -> bool:
    """Tell whether the resolver is one that answers at all: it knows about the top-level domain."""
    answer, _ = evidence.dns(Kind.NS, top_level(evidence.domain))
    return answer.outcome in ANSWERED


def controls(evidence: Evidence) -> tuple[Question, ...]:
    """Return questions at servers of the top-level domain: their answers show that port 53 is open from here."""
    top = top_level(evidence.domain)
    return tuple(
        Question(Kind.SOA, top, server=address, transport=transport)
        for server in servers(evidence, top)[:CONTROLS_MAX]
        for address in first_of_each_family(evidence, server)
        for transport in TRANSPORTS
    )


def cut_questions(evidence: Evidence, name: str) -> Iterator[Question]:
    """Ask for the zone cut, one name after another, until it is found."""
    for cut in cuts(name):
        yield Question(Kind.NS, cut)
        answer, data = evidence.dns(Kind.NS, cut)
        found = answer.outcome is Outcome.FOUND and data is not None and not data.chain
        if found or answer.outcome not in ANSWERED:
            return


def record_questions(evidence: Evidence, record: Question) -> Iterator[Question]:
    """Yield `record` as it is asked of each address of each server of its zone, over UDP and TCP."""
    zone = zone_of(evidence, record.name)
    yield from questions_at(evidence, record, zone) if zone is not None else ()


def questions_at(evidence: Evidence, record: Question, zone: str) -> Iterator[Question]:
    """Yield `record` as it is asked of each address of each server of `zone`, over UDP and TCP."""
    for where in server_addresses(evidence, zone):
        for transport in TRANSPORTS:
            yield Question(record.kind, record.name, server=where.address, transport=transport)


def address_questions(evidence: Evidence, name: str) -> Iterator[Question]:
    """Ask for the addresses of `name` in the families of the vantage."""
    for family in evidence.vantage.families:
        yield Question(FAMILY_KINDS[family], name)


def first_of_each_family(evidence: Evidence, server: str) -> Iterator[str]:
    """Yield one address of a server for each family that is asked."""
    known = addresses(evidence, server)
    for family in evidence.vantage.families:
        yield from [address for address in known if (":" in address) == (family == 6)][:1]
