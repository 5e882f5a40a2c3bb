"""Name servers that fail to answer, or answer each in their own way, seen by asking every one of them.

A fault is claimed only where this machine can tell it from one of its own network: over a family and transport in
which no server of any zone answers, nothing is known. Nor is anything known where the servers were not asked.
"""

from collections.abc import Callable, Iterator

from mxproof.evidence import Kind, Outcome, Question, Transport
from mxproof.formats.address_scope import routed_network
from mxproof.judge.checks.name_server_finding import at_servers
from mxproof.judge.checks.name_server_records import disagreeing, keys_absent, serials_differing
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.value import LameAnswer, TransportFailure, Value
from mxproof.mail.change import Setting
from mxproof.mail.domain import MailDomain
from mxproof.mail.name_servers import (
    NameServers,
    NameServersState,
    Response,
    ServedRecord,
    dns_data,
    response,
    size_bytes,
)
from mxproof.survey.check_set import CheckSet
from mxproof.survey.name_servers import TRANSPORTS

SLOW_MS = 2000
"""Receivers wait a few seconds for one name server, and SPF may need ten answers one after another."""
DATAGRAM_BYTES_MAX = 1232
"""What passes unfragmented through practically every path (RFC 9715 section 3.2)."""

_LAME = frozenset({Outcome.REFUSED, Outcome.SERVFAIL, Outcome.BOGUS})
_LOOK_UP_FAILED = frozenset({Outcome.BOGUS, Outcome.SERVFAIL})
_NO_ERROR = "NOERROR"


def check(domain: MailDomain) -> Iterator[Finding]:
    """Yield what is wrong with the domain's name servers, the worst first (RFC 1034 section 4.3, RFC 7766 section 5)."""
    servers = domain.name_servers
    if servers.state is NameServersState.NOT_ASKED:
        return
    yield from _lookups_failed(domain)
    yield from _at_servers(servers, Code.NS_ANSWER_CUT, _cut, Setting.ANSWERING)
    yield from _at_servers(servers, Code.NS_UDP_SILENT, _silent, Setting.ANSWERING)
    yield from _at_servers(servers, Code.NS_LAME, _lame, Setting.CURRENT)
    differing = tuple(disagreeing(servers, _compared(domain)))
    yield from differing
    yield from keys_absent(servers)
    yield from _homeless(servers)
    if CheckSet.NAME_SERVER_PATHS in domain.sets:
        yield from _in_one_network(domain)
        told = bool(differing) or any(zone.versions for zone in domain.compared)
        yield from () if told else serials_differing(domain)
    yield from _at_servers(servers, Code.NS_TCP_FAILED, _tcp_failed)
    yield from _at_servers(servers, Code.NS_ANSWER_LARGE, _large)
    yield from _at_servers(servers, Code.NS_SLOW, _slow)


_Seen = Callable[[ServedRecord, NameServers], Value]
"""See what is wrong with one record at one address; None where nothing is."""


def _at_servers(
    servers: NameServers, code: Code, seen: _Seen, setting: Setting | None = None
) -> Iterator[Finding]:
    """Yield one finding for each thing seen, with all addresses and records that show it."""
    grouped: dict[Value, list[ServedRecord]] = {}
    for one in servers.served:
        what = seen(one, servers)
        if what is not None:
            grouped.setdefault(what, []).append(one)
    for what, those in grouped.items():
        yield at_servers(code, those, servers, what, setting)


def _lookups_failed(domain: MailDomain) -> Iterator[Finding]:
    """See names that the resolver here gets an error for, as the receiver's may have; one that works otherwise."""
    servers = domain.name_servers
    failing = [one for one in servers.records if one.resolved.outcome in _LOOK_UP_FAILED]
    for outcome in dict.fromkeys(one.resolved.outcome for one in failing if servers.resolves):
        those = [one for one in failing if one.resolved.outcome is outcome]
        params: dict[str, Value] = {"records": tuple(one.name for one in those), "seen": outcome}
        yield Finding(Code.NS_LOOKUP_FAILED, domain.name, params, tuple(one.question for one in those))


def _compared(domain: MailDomain) -> frozenset[tuple[Kind, str]]:
    """Return the records of which it is said what the versions of a zone make of mail."""
    versions = (version for zone in domain.compared for version in zone.versions)
    return frozenset((record.kind, record.name) for version in versions for record, _ in version.held)


def _in_one_network(domain: MailDomain) -> Iterator[Finding]:
    """See servers that one line or one router cuts off together (RFC 2182 section 3.1)."""
    own = {one.zone for one in domain.name_servers.records if one.name == domain.name}
    those = {one.where: one for one in domain.name_servers.served if one.where.zone in own}
    networks = {routed_network(where.address) for where in those}
    if those and all(sum(one.version == family for one in networks) <= 1 for family in (4, 6)):
        found = at_servers(Code.NS_ONE_NETWORK, tuple(those.values()), domain.name_servers, None)
        said = tuple(sorted(map(str, networks)))
        zone = next(iter(those)).zone
        asked = tuple(Question(kind, where.server) for where in those for kind in (Kind.A, Kind.AAAA))
        params: dict[str, Value] = {**found.params, "networks": said}
        yield Finding(Code.NS_ONE_NETWORK, zone, params, (Question(Kind.NS, zone), *asked))


def _homeless(servers: NameServers) -> Iterator[Finding]:
    """See servers whose names have no address, against RFC 2181 section 10.3."""
    for zone in servers.zones:
        for server in zone.homeless:
            asked = (Question(Kind.A, server), Question(Kind.AAAA, server))
            yield Finding(Code.NS_NO_ADDRESS, server, {"zone": zone.name}, asked)


def _cut(one: ServedRecord, servers: NameServers) -> Outcome | None:
    """See an answer that does not fit into UDP where TCP fails, so that nobody gets it (RFC 7766 section 5)."""
    cut = one.udp.outcome is Outcome.TRUNCATED and _fails(one, Transport.TCP, servers)
    return one.tcp.outcome if cut else None


def _silent(one: ServedRecord, servers: NameServers) -> tuple[TransportFailure, ...] | None:
    """See a server that does not answer the first question of every client, and say whether TCP fails as well."""
    if not _fails(one, Transport.UDP, servers):
        return None
    failing = (transport for transport in TRANSPORTS if _fails(one, transport, servers))
    return tuple(TransportFailure(transport, one.over(transport).outcome) for transport in failing)


def _lame(one: ServedRecord, _servers: NameServers) -> LameAnswer | None:
    """See a server that is named for the zone and does not serve it (RFC 9499 section 7, lame delegation)."""
    for transport in TRANSPORTS:
        answer = one.over(transport)
        data = dns_data(answer)
        if data is None or response(answer) is not Response.ANSWERED:
            continue
        if answer.outcome in _LAME:
            is_referral = data.rcode == _NO_ERROR
            return LameAnswer("" if is_referral else data.rcode, is_referral=is_referral)
        if not data.authoritative and not data.truncated:
            return LameAnswer()
    return None


def _tcp_failed(one: ServedRecord, servers: NameServers) -> Outcome | None:
    """See a server without TCP, which it must have (RFC 7766 section 5); one that is silent altogether is told of once."""
    if one.udp.outcome is Outcome.TRUNCATED or _fails(one, Transport.UDP, servers):
        return None
    return one.tcp.outcome if _fails(one, Transport.TCP, servers) else None


def _large(one: ServedRecord, _servers: NameServers) -> int | None:
    """See an answer that needs TCP, or fragments (RFC 9715 section 3.2), and return its size in bytes."""
    size = max(size_bytes(one.udp), size_bytes(one.tcp))
    return size if response(one.tcp) is Response.ANSWERED and size > DATAGRAM_BYTES_MAX else None


def _slow(one: ServedRecord, _servers: NameServers) -> int | None:
    """See an answer that took longer than some seconds, sending again after silence, as a receiver would wait, included."""
    late = any(
        response(answer) is Response.ANSWERED and answer.elapsed_ms > SLOW_MS for answer in (one.udp, one.tcp)
    )
    return SLOW_MS // 1000 if late else None


def _fails(one: ServedRecord, transport: Transport, servers: NameServers) -> bool:
    """Tell whether a server fails where others answer the same way, so that the fault is not this machine's."""
    way_is_open = (one.where.family, transport) in servers.open
    return way_is_open and response(one.over(transport)) is Response.FAILED
