"""A running lab: every server of a world on loopback, from the moment the block is entered to the moment it is left.

Each server has one port of 127.0.0.1 for all its addresses, v4 and v6 alike, so a lab runs where IPv6 does not. The
mapping `connect_to` covers ports 25 and 443 of every address in the world's records, and port 53 of those that name
servers have; an address where no server stands is mapped to a port that refuses, so that no client given the mapping
ever leaves this machine.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from types import MappingProxyType

import msgspec

from mxproof.formats.address_scope import is_example
from mxproof.lab.dns import ResolverServing
from mxproof.lab.https import PolicyServing
from mxproof.lab.making import LabWorld, made
from mxproof.lab.nameserver import NameServing
from mxproof.lab.scenario import Scenario
from mxproof.lab.serving import Endpoint, Serving
from mxproof.lab.smtp import SmtpServing
from mxproof.lab.tls import server_context
from mxproof.mail.memory import Memory
from mxproof.world.lookup import RecordTable, record_table
from mxproof.world.world import World

SMTP_PORT = 25
HTTPS_PORT = 443
DNS_PORT = 53


class Listener(msgspec.Struct, frozen=True):
    """A server of a world: the name and port it stands at, its addresses there, and where it really listens."""

    name: str
    port: int
    addresses: tuple[str, ...]
    endpoint: Endpoint


class RunningLab(msgspec.Struct, frozen=True):
    """How to reach a lab. The resolver validates, as far as a simulated AD bit goes; `world` is what is served."""

    scenario: str
    domain: str
    resolver: Endpoint
    connect_to: Mapping[Endpoint, Endpoint]
    listeners: tuple[Listener, ...]
    ca_pem: bytes
    roots: tuple[bytes, ...]
    timeout_s: float
    memory: Memory | None
    world: World


@asynccontextmanager
async def running(
    scenario: Scenario, *, now: datetime, log: Callable[[str], None] = lambda line: None
) -> AsyncIterator[RunningLab]:
    """Run `scenario`; certificates are made for the time `now`, and `log` gets a line for each message delivered.

    Raises ScenarioError if its records or servers do not fit together.
    """
    async with running_world(scenario, made(scenario, now), log=log) as lab:
        yield lab


@asynccontextmanager
async def running_world(
    scenario: Scenario, lab: LabWorld, *, log: Callable[[str], None] = lambda line: None
) -> AsyncIterator[RunningLab]:
    """Run a world that was made of `scenario`, as it was made or altered since."""
    latency_s = scenario.latency_ms / 1000
    opened = Serving()
    try:
        listeners = tuple(_listeners(lab, latency_s, opened, log))
        listeners += tuple(
            [one async for one in _name_servers(lab.world, latency_s, scenario.timeout_s, opened)]
        )
        resolver = await ResolverServing(lab.world, latency_s, scenario.timeout_s).serve(opened)
        tables = [record_table(lab.world.zones)]
        tables += [
            record_table(lab.world.zones_at(server)) for server in lab.world.name_servers if server.zones
        ]
        yield RunningLab(
            scenario=scenario.name,
            domain=scenario.domain,
            resolver=resolver,
            connect_to=MappingProxyType(_connect_to(listeners, tables, opened.refuse())),
            listeners=listeners,
            ca_pem=lab.authority.root_pem(),
            roots=(lab.authority.root_der(),),
            timeout_s=scenario.timeout_s,
            memory=lab.memory,
            world=lab.world,
        )
    finally:
        await opened.close()


def _listeners(
    lab: LabWorld, latency_s: float, serving: Serving, log: Callable[[str], None]
) -> Iterator[Listener]:
    """Start every SMTP server and policy host, and tell where it stands."""
    for server in lab.world.smtp_servers:
        names = {name: lab.issued[chain] for name, chain in server.by_sni}
        context = server_context(
            lab.issued[server.chain], names, only=server.tls_version, offers=server.offers
        )
        endpoint = SmtpServing(server, context, latency_s, log).serve(serving)
        yield Listener(server.name, SMTP_PORT, server.addresses, endpoint)
    for host in lab.world.policy_servers:
        context = server_context(lab.issued[host.chain], only=host.tls_version)
        endpoint = PolicyServing(host, context, latency_s).serve(serving)
        yield Listener(host.name, HTTPS_PORT, host.addresses, endpoint)


async def _name_servers(
    world: World, latency_s: float, client_s: float, serving: Serving
) -> AsyncIterator[Listener]:
    for server in world.name_servers:
        endpoint = await NameServing(server, world, latency_s, client_s).serve(serving)
        yield Listener(server.name, DNS_PORT, server.addresses, endpoint)


def _connect_to(
    listeners: Sequence[Listener], tables: Sequence[RecordTable], nobody: Endpoint
) -> dict[Endpoint, Endpoint]:
    """Lead each address that any server gives to whoever stands there, and to one that refuses where nobody does."""
    held = {one for table in tables for one in table.all_addresses() | table.literal_exchanges()}
    every = sorted(filter(is_example, held))
    servers = {one for table in tables for one in table.server_addresses()}
    connect_to = {(address, port): nobody for address in every for port in (SMTP_PORT, HTTPS_PORT)}
    connect_to.update(((address, DNS_PORT), nobody) for address in sorted(filter(is_example, servers)))
    for one in listeners:  # of two at one address, the last serves
        connect_to.update(((address, one.port), one.endpoint) for address in one.addresses)
    return connect_to
