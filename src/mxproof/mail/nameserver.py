"""The nouns of a measurement of name servers: each record at each address, over UDP and over TCP.

Nothing is judged here but what an answer is evidence of: a server that answered, one that failed to, or nothing at
all, because the question was never put or there is no way there from this machine.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

from mxproof.evidence import (
    ABSENT,
    Answer,
    DnsData,
    Evidence,
    Kind,
    OtherRecord,
    Outcome,
    Question,
    Transport,
    TxtRecord,
)
from mxproof.formats.spf import lookups
from mxproof.survey.authentication import (
    KEYS_ASKED_MAX,
    TRANSPORTS,
    Place,
    asked_servers,
    chain,
    controls,
    places,
    record_names,
    resolves,
    servers,
    spf_names,
    spf_texts,
    zone_of,
)
from mxproof.survey.reading import FAMILY_KINDS

_SERIAL_AT = 2


class Response(StrEnum):
    """What one question at one server came to."""

    ANSWERED = "answered"
    """A DNS message came back, whatever it says."""
    FAILED = "failed"
    """No answer that can be read: silence, a refused or broken connection, bytes that are no message."""
    UNKNOWN = "unknown"
    """Not asked, no way there from here, or broken off by a limit of our own."""


class Measured(msgspec.Struct, frozen=True):
    """One record at one address of a name server, over both transports."""

    name: str
    place: Place
    udp: Answer
    tcp: Answer

    def over(self, transport: Transport) -> Answer:
        """Return the answer over UDP or TCP."""
        return self.tcp if transport is Transport.TCP else self.udp

    @property
    def definite(self) -> Answer | None:
        """Return the authoritative answer that came whole, or None where neither transport gave one."""
        for answer in (self.tcp, self.udp):
            data = dns_data(answer)
            whole = answer.outcome is Outcome.FOUND or answer.outcome in ABSENT
            if whole and data is not None and data.authoritative:
                return answer
        return None


class Record(msgspec.Struct, frozen=True):
    """A name that was asked for, its zone (None where the cut was not found), and what the resolver says of it."""

    name: str
    zone: str | None
    resolved: Answer


class Zone(msgspec.Struct, frozen=True):
    """A zone and its servers; `unasked` are those beyond the limit, `homeless` those that have no address at all."""

    name: str
    servers: tuple[str, ...]
    unasked: tuple[str, ...]
    homeless: tuple[str, ...]


class NameServers(msgspec.Struct, frozen=True):
    """All that was measured for one domain.

    `resolves` tells whether the resolver works at all; `keys` are the DKIM keys among the records; `open` tells over which family and transport anything at all answered;
    `serials` are those of the domain's own zone by address; `other_terms` are terms of the SPF record that cause
    look-ups which were not made.
    """

    domain: str
    at: datetime
    simulated: str
    resolves: bool
    records: tuple[Record, ...]
    keys: tuple[str, ...]
    zones: tuple[Zone, ...]
    measured: tuple[Measured, ...]
    open: frozenset[tuple[int, Transport]]
    serials: Mapping[str, int]
    other_terms: tuple[str, ...]


def name_servers(evidence: Evidence, keys: tuple[str, ...] = ()) -> NameServers:
    """Return what the evidence of a survey of authentication shows."""
    names = record_names(evidence, keys)
    records = tuple(
        Record(name, zone_of(evidence, name), evidence.answer(Question(Kind.TXT, name))) for name in names
    )
    measured = tuple(one for record in records for one in _measured(evidence, record))
    return NameServers(
        domain=evidence.domain,
        at=evidence.observed_at(),
        simulated=evidence.vantage.simulated,
        resolves=resolves(evidence),
        records=records,
        keys=tuple(name for key in keys[:KEYS_ASKED_MAX] for name in chain(evidence, key)),
        zones=tuple(
            _zone(evidence, zone) for zone in dict.fromkeys(record.zone for record in records) if zone
        ),
        measured=measured,
        open=_open(evidence, measured),
        serials=_serials(evidence),
        other_terms=_other_terms(evidence),
    )


def dns_data(answer: Answer) -> DnsData | None:
    """Return the DNS message of an answer, if one came."""
    return answer.data if isinstance(answer.data, DnsData) else None


def response(answer: Answer) -> Response:
    """Tell what an answer is evidence of.

    A question that took no time and yet timed out was broken off when the time for the whole domain was over.
    """
    if answer.outcome in {Outcome.UNASKED, Outcome.UNREACHABLE}:
        return Response.UNKNOWN
    if answer.outcome is Outcome.TIMEOUT and not answer.elapsed_ms:
        return Response.UNKNOWN
    readable = dns_data(answer) is not None and answer.outcome is not Outcome.MALFORMED
    return Response.ANSWERED if readable else Response.FAILED


def size_bytes(answer: Answer) -> int:
    """Return the size of the message that came, 0 where none did."""
    data = dns_data(answer)
    return len(data.wire) if data is not None else 0


def texts(answer: Answer) -> frozenset[bytes]:
    """Return the TXT records of an answer."""
    data = dns_data(answer)
    return frozenset(
        record.text for record in (data.records if data else ()) if isinstance(record, TxtRecord)
    )


def _measured(evidence: Evidence, record: Record) -> list[Measured]:
    found = places(evidence, record.zone) if record.zone is not None else ()
    return [
        Measured(
            record.name,
            place,
            *(
                evidence.answer(Question(Kind.TXT, record.name, server=place.address, transport=transport))
                for transport in TRANSPORTS
            ),
        )
        for place in found
    ]


def _zone(evidence: Evidence, name: str) -> Zone:
    every = servers(evidence, name)
    asked = asked_servers(evidence, name)
    return Zone(
        name=name,
        servers=asked,
        unasked=tuple(server for server in every if server not in asked),
        homeless=tuple(server for server in asked if _is_homeless(evidence, server)),
    )


def _is_homeless(evidence: Evidence, server: str) -> bool:
    outcomes = {evidence.dns(FAMILY_KINDS[family], server)[0].outcome for family in (4, 6)}
    return outcomes <= ABSENT


def _open(evidence: Evidence, measured: tuple[Measured, ...]) -> frozenset[tuple[int, Transport]]:
    """Return each family and transport over which any server of any zone answered."""
    put = [
        (one.place.address, transport, one.over(transport)) for one in measured for transport in TRANSPORTS
    ]
    put += [(one.server, one.transport, evidence.answer(one)) for one in controls(evidence)]
    return frozenset(
        (6 if ":" in address else 4, transport)
        for address, transport, answer in put
        if response(answer) is Response.ANSWERED
    )


def _serials(evidence: Evidence) -> dict[str, int]:
    """Return the serial number of the domain's zone at each address that tells it (RFC 1035 section 3.3.13)."""
    zone = zone_of(evidence, evidence.domain)
    serials: dict[str, int] = {}
    for place in places(evidence, zone) if zone is not None else ():
        question = Question(Kind.SOA, zone or "", server=place.address, transport=Transport.UDP)
        data = dns_data(evidence.answer(question))
        for record in data.records if data is not None else ():
            fields = record.text.split() if isinstance(record, OtherRecord) else []
            if len(fields) > _SERIAL_AT and fields[_SERIAL_AT].isdigit():
                serials[place.address] = int(fields[_SERIAL_AT])
    return serials


def _other_terms(evidence: Evidence) -> tuple[str, ...]:
    names = (evidence.domain, *spf_names(evidence))
    terms = [one for name in names for text in spf_texts(evidence, name) for one in lookups(text)]
    return tuple(dict.fromkeys(one.term for one in terms if not one.name))
