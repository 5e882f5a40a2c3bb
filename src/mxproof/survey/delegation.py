"""The survey of the way down to a domain's zone: where the zone above leads, and what the zone says of its own servers.

```
zone of D ── the name above it: NS up to the next cut ── two servers of that zone: A, AAAA ── DELEGATION of the zone
          ── each address of each of its servers: NS of the zone
a server that only the zone above names ── A, AAAA, or its glue ── SOA of the zone over UDP and TCP
```
A resolver follows the NS records of the zone above and then believes those of the zone itself, so it says nothing of
where the two differ (RFC 1034 section 4.2.2).
"""

from collections.abc import Iterator

from mxproof.evidence import (
    ABSENT,
    DnsData,
    Evidence,
    GlueRecord,
    Kind,
    NameRecord,
    Outcome,
    Question,
    Transport,
)
from mxproof.survey.name_servers import (
    SERVER_ADDRESSES_MAX,
    TRANSPORTS,
    first_of_each_family,
    server_addresses,
    top_level,
)
from mxproof.survey.reading import FAMILY_KINDS, addresses, askable
from mxproof.survey.zone import ServerAddress, cuts, servers, zone_of

PARENT_SERVERS_MAX = 2
"""Servers of the zone above that are asked: there they come from one place, and hardly ever differ."""
LED_SERVERS_MAX = 4
"""Servers that only the zone above names and that are asked whether they serve the zone."""


def needed(evidence: Evidence) -> Iterator[Question]:
    """Yield all questions that must be answered to compare the zone with what leads to it."""
    own = zone_of(evidence, evidence.domain)
    if own is None:
        return
    yield from (Question(Kind.NS, cut) for cut in _names_above(evidence, own))
    above = zone_above(evidence, own)
    if above is None:
        return
    yield Question(Kind.NS, above)
    for server in servers(evidence, above)[:PARENT_SERVERS_MAX]:
        yield from _address_questions(evidence, server)
    yield from delegation_questions(evidence, own)
    yield from own_questions(evidence, own)
    for server in led_only(evidence, own):
        yield from _address_questions(evidence, server)
    for where in led_addresses(evidence, own):
        yield from (
            Question(Kind.SOA, own, server=where.address, transport=transport) for transport in TRANSPORTS
        )


def zone_above(evidence: Evidence, zone: str) -> str | None:
    """Return the zone that `zone` is delegated from, as far as it was found; None for a top-level domain."""
    above = zone.partition(".")[2]
    if not above:
        return None
    found = zone_of(evidence, above)
    absent = all(evidence.dns(Kind.NS, cut)[0].outcome in ABSENT for cut in cuts(above))
    return top_level(zone) if found is None and absent else found


def delegation_questions(evidence: Evidence, zone: str) -> tuple[Question, ...]:
    """Return the questions at servers of the zone above for what leads to `zone`."""
    above = zone_above(evidence, zone)
    asked = servers(evidence, above)[:PARENT_SERVERS_MAX] if above is not None else ()
    return tuple(
        Question(Kind.DELEGATION, zone, server=address)
        for server in asked
        for address in first_of_each_family(evidence, server)
    )


def own_questions(evidence: Evidence, zone: str) -> tuple[Question, ...]:
    """Return the questions at the servers of `zone` for the NS records that it has itself."""
    return tuple(
        Question(Kind.NS, zone, server=where.address, transport=Transport.UDP)
        for where in server_addresses(evidence, zone)
    )


def led_to(evidence: Evidence, zone: str) -> dict[str, tuple[str, ...]]:
    """Return the servers that the zone above leads to, each with its glue; a server that has both zones tells nothing."""
    found: dict[str, dict[str, None]] = {}
    for question in delegation_questions(evidence, zone):
        data = delegation_data(evidence, question)
        for record in data.records if data is not None else ():
            match record:
                case NameRecord(name):
                    found.setdefault(name, {})
                case GlueRecord(name, address):
                    found.setdefault(name, {})[address] = None
                case _:
                    pass
    return {name: tuple(glue) for name, glue in sorted(found.items())}


def delegation_data(evidence: Evidence, question: Question) -> DnsData | None:
    """Return the answer that leads to a zone, None where none came or it is the zone's own."""
    answer = evidence.answer(question)
    data = answer.data if isinstance(answer.data, DnsData) else None
    is_led = answer.outcome is Outcome.FOUND and data is not None and not data.authoritative
    return data if is_led else None


def led_only(evidence: Evidence, zone: str) -> tuple[str, ...]:
    """Return the servers that only the zone above names."""
    known = servers(evidence, zone)
    return tuple(name for name in led_to(evidence, zone) if name not in known and askable(name))[
        :LED_SERVERS_MAX
    ]


def led_addresses(evidence: Evidence, zone: str) -> tuple[ServerAddress, ...]:
    """Return the addresses of servers that only the zone above names: by their records, or else by their glue."""
    led = led_to(evidence, zone)
    found = (
        ServerAddress(zone, server, address)
        for server in led_only(evidence, zone)
        for address in addresses(evidence, server) or led[server]
        if (6 if ":" in address else 4) in evidence.vantage.families
    )
    asked_already = {one.address for one in server_addresses(evidence, zone)}
    return tuple(one for one in found if one.address not in asked_already)[:SERVER_ADDRESSES_MAX]


def _names_above(evidence: Evidence, zone: str) -> Iterator[str]:
    """Yield the names above `zone`, one after another, until the zone is found that they are in."""
    for cut in cuts(zone.partition(".")[2]) if "." in zone else ():
        yield cut
        answer, data = evidence.dns(Kind.NS, cut)
        if answer.outcome not in ABSENT and not (data is not None and data.chain):
            return


def _address_questions(evidence: Evidence, name: str) -> Iterator[Question]:
    for family in evidence.vantage.families:
        yield Question(FAMILY_KINDS[family], name)
