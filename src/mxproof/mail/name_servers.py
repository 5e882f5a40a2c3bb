"""The nouns of a measurement of name servers: each record at each address, over UDP and over TCP.

Nothing is judged here but what an answer is evidence of: a server that answered, one that failed to, or nothing at
all, because the question was never put or there is no way there from this machine. Whether the servers were asked one
by one is a state of its own: a check of how mail arrives asks a resolver and leaves them alone.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType

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
)
from mxproof.survey.name_servers import (
    TRANSPORTS,
    are_asked,
    asked_servers,
    controls,
    resolves,
    server_addresses,
)
from mxproof.survey.reading import FAMILY_KINDS
from mxproof.survey.zone import ServerAddress, servers, zone_above_failure, zone_of

_SERIAL_AT = 2


class NameServersState(StrEnum):
    """Whether the name servers were asked one by one."""

    ASKED = "asked"
    NOT_ASKED = "not-asked"
    """Only a resolver was asked, so nothing is known of any server by itself."""


class Response(StrEnum):
    """What one question at one server came to."""

    ANSWERED = "answered"
    """A DNS message came back, whatever it says."""
    FAILED = "failed"
    """No answer that can be read: silence, a refused or broken connection, bytes that are no message."""
    UNKNOWN = "unknown"
    """Not asked, no way there from here, or broken off by a limit of our own."""


class LookedUpRecord(msgspec.Struct, frozen=True):
    """A record that receivers look up, its zone (None where the cut was not found), and what the resolver says of it."""

    kind: Kind
    name: str
    zone: str | None
    resolved: Answer

    @property
    def question(self) -> Question:
        """Return what the resolver was asked."""
        return Question(self.kind, self.name)


class ServedRecord(msgspec.Struct, frozen=True):
    """One record as one address of a name server gives it, over both transports."""

    kind: Kind
    name: str
    where: ServerAddress
    udp: Answer
    tcp: Answer

    def over(self, transport: Transport) -> Answer:
        """Return the answer over UDP or TCP."""
        return self.tcp if transport is Transport.TCP else self.udp

    def question(self, transport: Transport) -> Question:
        """Return what the server was asked over UDP or TCP."""
        return Question(self.kind, self.name, server=self.where.address, transport=transport)

    @property
    def definite(self) -> Answer | None:
        """Return the authoritative answer that came whole, or None where neither transport gave one."""
        for answer in (self.tcp, self.udp):
            data = dns_data(answer)
            whole = answer.outcome is Outcome.FOUND or answer.outcome in ABSENT
            if whole and data is not None and data.authoritative:
                return answer
        return None


class ServedZone(msgspec.Struct, frozen=True):
    """A zone of which servers were to be asked; `unasked` are those beyond the limit, `homeless` those that have no address at all."""

    name: str
    unasked: tuple[str, ...]
    homeless: tuple[str, ...]


class NameServers(msgspec.Struct, frozen=True):
    """All that was measured for one domain; nothing but `state` says anything where that is NOT_ASKED.

    `resolves` tells whether the resolver works at all; `keys` are the DKIM keys among the records; `open` tells over
    which family and transport anything at all answered; `serials` are those of the domain's own zone by address;
    `other_terms` are terms of the SPF record that cause look-ups which were not made.
    """

    state: NameServersState
    resolves: bool = True
    records: tuple[LookedUpRecord, ...] = ()
    keys: tuple[str, ...] = ()
    zones: tuple[ServedZone, ...] = ()
    served: tuple[ServedRecord, ...] = ()
    open: frozenset[tuple[int, Transport]] = frozenset()
    serials: Mapping[str, int] = MappingProxyType({})
    other_terms: tuple[str, ...] = ()


NOT_ASKED = NameServers(NameServersState.NOT_ASKED)


def name_servers_of(evidence: Evidence) -> NameServers:
    """Return what the evidence shows of the domain's name servers, where they were asked."""
    if not are_asked(evidence):
        return NOT_ASKED
    from mxproof.survey import authentication, paths  # noqa: PLC0415 - a check of arrival asks for none of it

    keys = paths.keys(evidence) if evidence.vantage.sets else authentication.keys_asked(evidence)
    asked = paths.records(evidence) if evidence.vantage.sets else authentication.records(evidence, keys)
    records = tuple(
        LookedUpRecord(one.kind, one.name, zone_of(evidence, one.name), evidence.answer(one)) for one in asked
    )
    served = tuple(one for record in records for one in _served(evidence, record))
    if evidence.vantage.sets:
        served += tuple(_led_only(evidence))
    return NameServers(
        state=NameServersState.ASKED,
        resolves=resolves(evidence),
        records=records,
        keys=tuple(
            name
            for key in keys[: authentication.KEYS_ASKED_MAX]
            for name in authentication.chain(evidence, key)
        ),
        zones=tuple(
            _zone(evidence, zone) for zone in dict.fromkeys(record.zone for record in records) if zone
        ),
        served=served,
        open=_open(evidence, served),
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


def served_records(evidence: Evidence, question: Question) -> tuple[ServedRecord, ...]:
    """Return what each server of the nearest known zone says to a question that failed at the resolver."""
    record = LookedUpRecord(
        question.kind, question.name, zone_above_failure(evidence, question.name), evidence.answer(question)
    )
    return tuple(_served(evidence, record))


def _served(evidence: Evidence, record: LookedUpRecord) -> Iterator[ServedRecord]:
    for where in server_addresses(evidence, record.zone) if record.zone is not None else ():
        udp, tcp = (
            evidence.answer(Question(record.kind, record.name, server=where.address, transport=transport))
            for transport in TRANSPORTS
        )
        yield ServedRecord(record.kind, record.name, where, udp, tcp)


def _led_only(evidence: Evidence) -> Iterator[ServedRecord]:
    """Yield what the servers say that only the zone above names."""
    from mxproof.survey.delegation import led_addresses  # noqa: PLC0415 - a check of arrival asks for none of it

    zone = zone_of(evidence, evidence.domain)
    for where in led_addresses(evidence, zone) if zone is not None else ():
        udp, tcp = (
            evidence.answer(Question(Kind.SOA, where.zone, server=where.address, transport=transport))
            for transport in TRANSPORTS
        )
        yield ServedRecord(Kind.SOA, where.zone, where, udp, tcp)


def _zone(evidence: Evidence, name: str) -> ServedZone:
    every = servers(evidence, name)
    asked = asked_servers(evidence, name)
    return ServedZone(
        name=name,
        unasked=tuple(server for server in every if server not in asked),
        homeless=tuple(server for server in asked if _is_homeless(evidence, server)),
    )


def _is_homeless(evidence: Evidence, server: str) -> bool:
    outcomes = {evidence.dns(FAMILY_KINDS[family], server)[0].outcome for family in (4, 6)}
    return outcomes <= ABSENT


def _open(evidence: Evidence, served: tuple[ServedRecord, ...]) -> frozenset[tuple[int, Transport]]:
    """Return each family and transport over which any server of any zone answered."""
    put = [(one.where.address, transport, one.over(transport)) for one in served for transport in TRANSPORTS]
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
    for where in server_addresses(evidence, zone) if zone is not None else ():
        question = Question(Kind.SOA, zone or "", server=where.address, transport=Transport.UDP)
        data = dns_data(evidence.answer(question))
        for record in data.records if data is not None else ():
            fields = record.text.split() if isinstance(record, OtherRecord) else []
            if len(fields) > _SERIAL_AT and fields[_SERIAL_AT].isdigit():
                serials[where.address] = int(fields[_SERIAL_AT])
    return serials


def _other_terms(evidence: Evidence) -> tuple[str, ...]:
    from mxproof.formats.spf import lookups  # noqa: PLC0415 - a check of arrival asks for none of it
    from mxproof.survey.authentication import spf_names, spf_texts  # noqa: PLC0415 - as above

    names = (evidence.domain, *spf_names(evidence))
    terms = [one for name in names for text in spf_texts(evidence, name) for one in lookups(text)]
    return tuple(dict.fromkeys(one.term for one in terms if not one.name))
