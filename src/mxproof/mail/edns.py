"""The nouns of what name servers make of EDNS: each address with what it says to each form of a query."""

import msgspec

from mxproof.evidence import Answer, DnsData, Edns, Evidence, Kind, Outcome, Question, Transport
from mxproof.survey import paths
from mxproof.survey.edns import edns_controls, large, large_records, message_bytes, plain
from mxproof.survey.name_servers import server_addresses
from mxproof.survey.zone import ServerAddress, zone_of


class LargeAnswer(msgspec.Struct, frozen=True):
    """A record whose answer needs EDNS over UDP; `size_bytes` is that over TCP, 0 where none came whole."""

    record: Question
    size_bytes: int
    only: Answer
    small: Answer


class EdnsAtServer(msgspec.Struct, frozen=True):
    """One address: what it says as it is usually asked, with EDNS alone, and with a version that there is not."""

    where: ServerAddress
    usual: Answer
    only: Answer
    version_1: Answer
    large: tuple[LargeAnswer, ...]


class ServersEdns(msgspec.Struct, frozen=True):
    """What the servers of `zone` make of EDNS; `open` are the families over which any server at all answers with it."""

    zone: str
    servers: tuple[EdnsAtServer, ...]
    open: frozenset[int]


def servers_edns_of(evidence: Evidence) -> ServersEdns | None:
    """Return what was seen of EDNS, None where the zone of the domain was not found."""
    zone = zone_of(evidence, evidence.domain)
    if zone is None:
        return None
    records = large_records(evidence, paths.records(evidence))
    servers = tuple(
        EdnsAtServer(
            where=where,
            usual=evidence.answer(Question(Kind.SOA, zone, server=where.address, transport=Transport.UDP)),
            only=evidence.answer(plain(zone, where.address, Edns.ONLY)),
            version_1=evidence.answer(plain(zone, where.address, Edns.VERSION_1)),
            large=tuple(_large(evidence, record, where.address) for record in records),
        )
        for where in server_addresses(evidence, zone)
    )
    asked = [(one.where.address, one.only) for one in servers]
    asked += [(one.server, evidence.answer(one)) for one in edns_controls(evidence)]
    return ServersEdns(
        zone, servers, frozenset(6 if ":" in address else 4 for address, one in asked if understood(one))
    )


def understood(answer: Answer) -> bool:
    """Tell whether a query was answered as one that could be read."""
    return isinstance(answer.data, DnsData) and answer.outcome in {
        Outcome.FOUND,
        Outcome.EMPTY,
        Outcome.NXDOMAIN,
        Outcome.TRUNCATED,
    }


def _large(evidence: Evidence, record: Question, address: str) -> LargeAnswer:
    over_tcp = Question(record.kind, record.name, server=address, transport=Transport.TCP)
    whole = evidence.answer(over_tcp).outcome is Outcome.FOUND
    return LargeAnswer(
        record=record,
        size_bytes=message_bytes(evidence, over_tcp) if whole else 0,
        only=evidence.answer(large(record, address, Edns.ONLY)),
        small=evidence.answer(large(record, address, Edns.SMALL)),
    )
