"""The nouns of the way to the servers of a zone: what leads there, what they make of queries, and names with two meanings."""

import msgspec

from mxproof.evidence import Evidence, Kind, NameRecord, Outcome, Question
from mxproof.mail.delegation import Delegation, delegation_of
from mxproof.mail.edns import ServersEdns, servers_edns_of
from mxproof.survey.paths import beside_aliases


class AliasClash(msgspec.Struct, frozen=True):
    """A name that has records and is an alias as well; `records` is the look-up that found the records."""

    records: Question
    alias: Question
    target: str


class ServerPaths(msgspec.Struct, frozen=True):
    """Both for the zone of the domain, None where that was not found; and the names that are aliases beside other records."""

    delegation: Delegation | None
    edns: ServersEdns | None
    clashes: tuple[AliasClash, ...] = ()


def server_paths_of(evidence: Evidence) -> ServerPaths:
    """Return what the evidence shows of the way to the domain's name servers."""
    return ServerPaths(delegation_of(evidence), servers_edns_of(evidence), _clashes(evidence))


def _clashes(evidence: Evidence) -> tuple[AliasClash, ...]:
    found = []
    for records in beside_aliases(evidence):
        answer, data = evidence.dns(Kind.CNAME, records.name)
        target = (
            next((one.name for one in data.records if isinstance(one, NameRecord)), None) if data else None
        )
        if answer.outcome is Outcome.FOUND and target is not None:
            found.append(AliasClash(records, Question(Kind.CNAME, records.name), target))
    return tuple(found)
