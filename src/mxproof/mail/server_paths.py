"""The nouns of the way to the servers of a zone: what leads there, and what they make of the queries that come."""

import msgspec

from mxproof.evidence import Evidence
from mxproof.mail.delegation import Delegation, delegation_of
from mxproof.mail.edns import ServersEdns, servers_edns_of


class ServerPaths(msgspec.Struct, frozen=True):
    """Both for the zone of the domain; None where that was not found."""

    delegation: Delegation | None
    edns: ServersEdns | None


def server_paths_of(evidence: Evidence) -> ServerPaths:
    """Return what the evidence shows of the way to the domain's name servers."""
    return ServerPaths(delegation_of(evidence), servers_edns_of(evidence))
