"""A finding about addresses of name servers: which servers, asked for which records, and the questions put to them."""

from collections.abc import Iterable, Iterator, Sequence

from mxproof.evidence import Question
from mxproof.formats.text import listed
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.value import AskedServers, ServerAddresses, Value
from mxproof.mail.change import Change, Configure, Service, Setting
from mxproof.mail.name_servers import NameServers, Response, ServedRecord, response
from mxproof.survey.name_servers import TRANSPORTS
from mxproof.survey.zone import ServerAddress


def at_servers(
    code: Code,
    those: Sequence[ServedRecord],
    servers: NameServers,
    seen: Value,
    setting: Setting | None = None,
) -> Finding:
    """Return the finding that `those` show what was `seen`; its subject are their servers, which `setting` mends.

    Its params: `servers` with their addresses, the names of the `records`, and `where`: the servers, and the records
    unless all that were asked for there show it.
    """
    named = addressed(one.where for one in those)
    records = tuple(dict.fromkeys(one.name for one in those))
    params: dict[str, Value] = {
        "servers": named,
        "records": records,
        "where": AskedServers(named, () if _are_all(those, servers) else records),
        "seen": seen,
    }
    subject = listed(one.where.server for one in those)
    changes = tuple(_set_up(those, servers, setting)) if setting is not None else ()
    return Finding(code, subject, params, questions(those), changes)


def _set_up(those: Sequence[ServedRecord], servers: NameServers, setting: Setting) -> Iterator[Change]:
    """Yield that these servers are set up, in each of their zones; as the others are only where there are others."""
    for zone in dict.fromkeys(one.where.zone for one in those):
        at = dict.fromkeys(one.where.address for one in those if one.where.zone == zone)
        others = {one.where.address for one in servers.served if one.where.zone == zone} - at.keys()
        if others or setting is not Setting.CURRENT:
            yield Configure(Service.DNS, zone, tuple(at), setting)


def questions(those: Iterable[ServedRecord]) -> tuple[Question, ...]:
    """Return what was asked at the servers and came to something, be it silence."""
    return tuple(
        one.question(transport)
        for one in those
        for transport in TRANSPORTS
        if response(one.over(transport)) is not Response.UNKNOWN
    )


def addressed(found: Iterable[ServerAddress]) -> tuple[ServerAddresses, ...]:
    """Return each server once with its addresses."""
    by_server: dict[str, list[str]] = {}
    for one in found:
        by_server.setdefault(one.server, []).append(one.address)
    return tuple(ServerAddresses(server, tuple(dict.fromkeys(those))) for server, those in by_server.items())


def _are_all(those: Sequence[ServedRecord], servers: NameServers) -> bool:
    """Tell whether all records that were asked for at these addresses are concerned, several of them."""
    addresses = {one.where for one in those}
    asked = {(one.kind, one.name) for one in servers.served if one.where in addresses}
    return len(asked) > 1 and asked == {(one.kind, one.name) for one in those}
