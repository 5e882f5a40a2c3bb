"""A running lab: every server of a world on loopback, from the moment the block is entered to the moment it is left.

Each server has one port of 127.0.0.1 for all its addresses, v4 and v6 alike, so a lab runs where IPv6 does not. The
mapping `connect_to` covers ports 25 and 443 of every address in the world's records, and port 53 of those that name
servers have; an address where no server stands is mapped to a port that refuses, so that no client given the mapping
ever leaves this machine.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from types import MappingProxyType

import msgspec

from mxproof.lab.ca import Authority, Issued, issue_for, make_ca, tlsa_association
from mxproof.lab.dns import Resolver
from mxproof.lab.https import PolicyServer
from mxproof.lab.nameserver import NameServing
from mxproof.lab.serving import Endpoint, Serving
from mxproof.lab.smtp import MailServer
from mxproof.lab.tls import server_context
from mxproof.lab.world import Certificate, OldPolicy, PolicyHost, SmtpFault, SmtpServer, World, WorldError
from mxproof.lab.zone import Records
from mxproof.mail.memory import Memory

SMTP_PORT = 25
HTTPS_PORT = 443
DNS_PORT = 53


class Place(msgspec.Struct, frozen=True):
    """A server of a world: the name and port it stands at, its addresses there, and where it really listens."""

    name: str
    port: int
    addresses: tuple[str, ...]
    endpoint: Endpoint


class RunningLab(msgspec.Struct, frozen=True):
    """How to reach a lab. The resolver validates, as far as a simulated AD bit goes."""

    scenario: str
    domain: str
    resolver: Endpoint
    connect_to: Mapping[Endpoint, Endpoint]
    places: tuple[Place, ...]
    ca_pem: bytes
    roots: tuple[bytes, ...]
    timeout_s: float
    memory: Memory | None


@asynccontextmanager
async def running(
    world: World, *, now: datetime, log: Callable[[str], None] = lambda line: None
) -> AsyncIterator[RunningLab]:
    """Run `world`; certificates are made for the time `now`, and `log` gets a line for each message delivered.

    Raises WorldError if the world's records or servers do not fit together.
    """
    records = Records(world)
    issuer = _Issuer(make_ca(now), make_ca(now, "nobody's"), now)
    shown = {server: issuer.issue(server.certificate, server.name) for server in world.smtp}
    _add_tlsa(records, world, shown, issuer)
    serving = Serving()
    try:
        places = tuple(_places(world, records, shown, issuer, serving, log))
        places += tuple([place async for place in _name_servers(world, records, serving)])
        resolver = await Resolver(records, world.latency_ms / 1000).serve(serving)
        yield RunningLab(
            scenario=world.name,
            domain=world.domain,
            resolver=resolver,
            connect_to=MappingProxyType(_connect_to(places, records, serving.refuse())),
            places=places,
            ca_pem=issuer.authority.root_pem(),
            roots=(issuer.authority.root_der(),),
            timeout_s=world.timeout_s,
            memory=_held(world.memory, now),
        )
    finally:
        await serving.close()


class _Issuer(msgspec.Struct, frozen=True):
    """The authorities of one lab and its time."""

    authority: Authority
    stranger: Authority
    now: datetime

    def issue(self, certificate: Certificate, name: str) -> Issued:
        return issue_for(certificate, name, authority=self.authority, stranger=self.stranger, now=self.now)


def _add_tlsa(records: Records, world: World, shown: Mapping[SmtpServer, Issued], issuer: _Issuer) -> None:
    by_name = {server.name: issued for server, issued in reversed(tuple(shown.items()))}
    for record in world.tlsa:
        issued = issuer.issue(Certificate(), record.server) if record.wrong else by_name[record.server]
        association = tlsa_association(issued.chain, record.usage, record.selector, record.matching)
        owner = record.name or f"_25._tcp.{record.server}"
        records.add_tlsa(owner, (record.usage, record.selector, record.matching), association)


def _places(
    world: World,
    records: Records,
    shown: Mapping[SmtpServer, Issued],
    issuer: _Issuer,
    serving: Serving,
    log: Callable[[str], None],
) -> Iterator[Place]:
    """Start every server and tell where it stands."""
    latency_s = world.latency_ms / 1000
    for server, issued in shown.items():
        addresses = _standing(server, server.name, records)
        names = {one.name: issuer.issue(one.certificate, one.name) for one in server.sni}
        context = server_context(issued, names, tls10_only=server.fault is SmtpFault.TLS10_ONLY)
        endpoint = MailServer(server, context, latency_s, log).serve(serving)
        yield Place(server.name, SMTP_PORT, addresses, endpoint)
    for host in world.https:
        name = host.name or f"mta-sts.{world.domain}"
        addresses = _standing(host, name, records)
        context = server_context(issuer.issue(host.certificate, name))
        endpoint = PolicyServer(host, context, latency_s).serve(serving)
        yield Place(name, HTTPS_PORT, addresses, endpoint)


async def _name_servers(world: World, records: Records, serving: Serving) -> AsyncIterator[Place]:
    for server in world.name_servers:
        addresses = records.addresses(server.name)
        own = {zone.name: zone for zone in server.zones}
        zones = tuple(own.get(zone.name, zone) for zone in world.zones)
        held = Records(msgspec.structs.replace(world, zones=zones)) if own else records
        if not addresses or not held.origins_of(server.name):
            raise WorldError(f"name server {server.name!r}: expected an address and an NS record of its name")
        endpoint = await NameServing(server, held, world.latency_ms / 1000).serve(serving)
        yield Place(server.name, DNS_PORT, addresses, endpoint)


def _connect_to(places: Sequence[Place], records: Records, nobody: Endpoint) -> dict[Endpoint, Endpoint]:
    every = sorted(records.all_addresses())
    connect_to = {(address, port): nobody for address in every for port in (SMTP_PORT, HTTPS_PORT)}
    connect_to.update(((address, DNS_PORT), nobody) for address in sorted(records.server_addresses()))
    for place in places:
        connect_to.update(((address, place.port), place.endpoint) for address in place.addresses)
    return connect_to


def _standing(server: SmtpServer | PolicyHost, name: str, records: Records) -> tuple[str, ...]:
    addresses = server.addresses or records.addresses(name)
    if not addresses:
        raise WorldError(
            f"server {name!r}: no address; expected `addresses`, or an A or AAAA record of the name"
        )
    return addresses


def _held(memory: OldPolicy | None, now: datetime) -> Memory | None:
    if memory is None:
        return None
    return Memory(memory.body.encode(), now - timedelta(days=memory.age_days), memory.id)
