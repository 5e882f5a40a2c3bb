"""The words of faults of name servers: what was seen where, and what to do about it."""

from collections.abc import Mapping
from types import MappingProxyType

from mxproof.explain.nameserver_fault import Fault, FaultCode
from mxproof.formats.text import listed
from mxproof.mail.nameserver import NameServers

FIXES: Mapping[FaultCode, str] = MappingProxyType(
    {
        FaultCode.LOOKUP_FAILED: "Ask a validating resolver for the name with and without checking (dig +cd): if only the"
        " latter answers, repair the signatures or the DS record; if neither does, the servers or their delegation.",
        FaultCode.ANSWER_CUT: "Open port 53 for TCP at that server, in its configuration and in every firewall before it"
        " (RFC 7766 section 5); then make the records shorter, so that they fit into 1232 bytes.",
        FaultCode.UDP_SILENT: "Repair the server or the way to it, or take it out of the NS records at the registrar and"
        " in the zone until it answers.",
        FaultCode.LAME: "Have the server load the zone, or take it out of the NS records at the registrar and in the"
        " zone.",
        FaultCode.RECORD_MISSING: "Publish the record at that server too: raise the serial number, check that the"
        " transfer from the primary works, or publish it again at the second provider.",
        FaultCode.RECORDS_DIFFER: "Bring the servers to one version of the zone: raise the serial number and check the"
        " transfer from the primary, or publish the same record at each provider.",
        FaultCode.KEY_ABSENT: "Publish the key of the selector that the signing server uses, or have it sign with a"
        " selector that is published; keep an old key until the last mail signed with it has arrived.",
        FaultCode.NO_ADDRESS: "Give the name server's name its A and AAAA records, or take it out of the NS records.",
        FaultCode.TCP_FAILED: "Open port 53 for TCP at that server (RFC 7766 section 5). The records asked for now fit"
        " into UDP; the next one may not.",
        FaultCode.ANSWER_LARGE: "Make the TXT records at that name shorter: take out what is verified and done, and give"
        " long lists of addresses names of their own to include.",
        FaultCode.SLOW: "Look at the load of the server and at losses on the way to it; have a server nearer to the"
        " receivers.",
    }
)


def sentence(fault: Fault, servers: NameServers) -> str:
    """Return where it was seen, about which records, and what, without the full stop."""
    where = listed(_addressed(fault))
    about = listed(fault.records)
    if not fault.places:
        return f"{about}: {fault.seen}"
    return (
        f"{where}: {fault.seen}"
        if _is_general(fault, servers)
        else f"{where}, asked for {about}: {fault.seen}"
    )


def _addressed(fault: Fault) -> list[str]:
    """Return each server once with its addresses."""
    by_server: dict[str, list[str]] = {}
    for place in fault.places:
        by_server.setdefault(place.server, []).append(place.address)
    return [f"{server} ({', '.join(dict.fromkeys(found))})" for server, found in by_server.items()]


def _is_general(fault: Fault, servers: NameServers) -> bool:
    """Tell whether all records that were asked for at these places are concerned, several of them."""
    asked = {one.name for one in servers.measured if one.place in fault.places}
    return len(asked) > 1 and asked == set(fault.records)
