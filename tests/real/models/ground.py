"""All worlds at once on one wire: a name server, a validating resolver, the policy hosts, the MX hosts and the senders.

Every MX host has addresses of its own on one machine. What is sent to a silent address is lost on the way: the machine
that it is routed to forwards nothing.
"""

import datetime as dt
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

import msgspec

from real.bed.ca import Authority, Identity
from real.bed.edition import WORLDS_FOLDER
from real.bed.machines import NAME_SERVER_MACHINE, OBSERVER, RESOLVER
from real.bed.nameserver import name_server
from real.bed.network import COMMAND_WITHIN_S, Machine, Network, network
from real.bed.process import Daemon, running
from real.bed.resolver import recursive_resolver
from real.bed.town import PARENT, REFUSING
from real.bed.zones import NAME_SERVER, Zone, addresses, reverse_zones
from real.models.case import Address, Host, Tlsa, World
from real.models.sink import Door
from real.models.web import Site, web_server

WEB = Machine("web", "web.example.net", "192.0.2.80", "2001:db8::80")
RECEIVING = Machine("mx", "mx.example.net", "192.0.2.25", "2001:db8::25")
NOBODY_IPV4, NOBODY_IPV6 = "192.0.2.26", "2001:db8::26"
"""Addresses of the receiving machine at which nobody listens."""
SILENT = "2001:db8:5::/48"
SILENT_IPV4, SILENT_IPV6 = "203.0.113.1", "2001:db8:5::1"
PROVIDER = "example.net."
"""The zone of MX hosts that a domain has from somebody else, signed."""
HOSTS_MAX = 160

_FIRST_HOST = 90
_HOST_RANGES = ("192.0.2.96/27", "192.0.2.128/25")
"""Where nearly all hosts have their addresses, and nobody else."""


class Places(msgspec.Struct, frozen=True):
    """The addresses of a host, in both families, None where it has none, and whether it listens there."""

    ipv4: str | None
    ipv6: str | None


class Place(Protocol):
    """Where a sender can be put: what it needs of its surroundings."""

    @property
    def folder(self) -> Path:
        """Return the folder for what it writes."""

    @property
    def network(self) -> Network:
        """Return the wire that its machine is on."""

    @property
    def roots(self) -> Path:
        """Return the file with the authority that it trusts."""

    def identity(self, host: str) -> str:
        """Return a certificate and its key for the host itself, as PEM."""


class Ground(msgspec.Struct, frozen=True):
    """All worlds, up."""

    folder: Path
    network: Network
    authority: Authority
    resolver: Daemon
    sink: Daemon
    worlds: tuple[World, ...]

    @property
    def roots(self) -> Path:
        """Return the file with the authority of all worlds."""
        return self.authority.file

    def identity(self, host: str) -> str:
        """Return a certificate and its key for one of the senders, as PEM."""
        return self.authority.issue((host,)).pem.read_text()

    def taken(self) -> list[dict[str, str | None]]:
        """Return every message that a receiver took so far (`sink`)."""
        return [json.loads(line) for line in self.sink.text().splitlines() if line.startswith("{")]


@contextmanager
def ground(worlds: Sequence[World], senders: Sequence[Machine]) -> Iterator[Ground]:
    """Build all `worlds` beside the machines of `senders`, and leave nothing of them behind."""
    hosts = [host for world in worlds for host in _hosts(world)]
    assert len(hosts) <= HOSTS_MAX, "there is one network of addresses for all hosts"
    assert len({host.name for host in hosts}) == len(hosts), "two hosts have one name"
    at = {host.name: _places(host, number) for number, host in enumerate(hosts, start=_FIRST_HOST)}
    receiving = msgspec.structs.replace(
        RECEIVING,
        more_ipv4=(NOBODY_IPV4, *(one for host in hosts if (one := _listening(host, at)[0]))),
        more_ipv6=(NOBODY_IPV6, *(one for host in hosts if (one := _listening(host, at)[1]))),
    )
    machines = (NAME_SERVER_MACHINE, RESOLVER, WEB, receiving, OBSERVER, *senders)
    with ExitStack() as stack:
        made = tempfile.TemporaryDirectory(prefix="mxproof-models-", dir=WORLDS_FOLDER)
        folder = Path(stack.enter_context(made))
        folder.chmod(0o755)  # the daemons that drop root have to reach their folders
        wire = stack.enter_context(network(folder.name, machines, RESOLVER))
        for machine in machines:
            _route(wire, machine)
        authority = Authority(folder / "ca", dt.datetime.now(dt.UTC))
        keys = {host.name: authority.issue(host.names or (host.name,), host.flaw) for host in hosts}
        zones = _zones(worlds, machines, at, keys)
        served = stack.enter_context(name_server(wire, NAME_SERVER_MACHINE, zones, folder / "knot"))
        resolver = stack.enter_context(
            recursive_resolver(wire, RESOLVER, NAME_SERVER_MACHINE, served.trust_anchor, folder / "unbound")
        )
        web = stack.enter_context(web_server(wire, WEB, _sites(worlds, authority), folder / "nginx"))
        doors = [door for host in hosts for door in _doors(host, at, keys, authority)]
        sink = stack.enter_context(_sink(wire, doors, folder))
        for daemon in (served.daemon, resolver, web, sink):
            daemon.await_ready()
        yield Ground(folder, wire, authority, resolver, sink, tuple(worlds))


def _route(wire: Network, machine: Machine) -> None:
    """Lead what is sent to a silent address to the machine that drops it, and what is sent to a host by way of the machine it is on.

    The kernel keeps no more than 1024 neighbours for all machines together (arp(7), gc_thresh3), and forgets what it is in need of.
    """
    if machine.name == RECEIVING.name:
        return
    ways = (("-6", SILENT, RECEIVING.ipv6), *(("-4", range_, RECEIVING.ipv4) for range_ in _HOST_RANGES))
    for family, range_, via in ways:
        add = ("ip", family, "route", "add", range_, "via", via)
        subprocess.run(wire.inside(machine, *add), check=True, timeout=COMMAND_WITHIN_S)


def _hosts(world: World) -> tuple[Host, ...]:
    """Return the receiving hosts of a world, the domain itself among them where it has addresses."""
    return world.hosts if world.apex is Address.NONE else (*world.hosts, Host(world.domain, ipv4=world.apex))


def _places(host: Host, number: int) -> Places:
    ipv4 = {
        Address.LIVING: f"192.0.2.{number}",
        Address.REFUSING: NOBODY_IPV4,
        Address.SILENT: SILENT_IPV4,
        Address.NONE: None,
    }
    ipv6 = {
        Address.LIVING: f"2001:db8::{number}",
        Address.REFUSING: NOBODY_IPV6,
        Address.SILENT: SILENT_IPV6,
        Address.NONE: None,
    }
    return Places(ipv4[host.ipv4], ipv6[host.ipv6])


def _listening(host: Host, at: dict[str, Places]) -> tuple[str | None, str | None]:
    """Return the addresses at which the host takes connections."""
    places = at[host.name]
    return (
        places.ipv4 if host.ipv4 is Address.LIVING else None,
        places.ipv6 if host.ipv6 is Address.LIVING else None,
    )


def _doors(
    host: Host, at: dict[str, Places], keys: dict[str, Identity], authority: Authority
) -> Iterator[Door]:
    ipv4, ipv6 = _listening(host, at)
    if ipv4 is not None:
        yield Door(ipv4, host.name, str(keys[host.name].pem), host.offer.name)
    if ipv6 is not None:
        other = authority.issue(host.other_names) if host.other_names else keys[host.name]
        yield Door(ipv6, host.name, str(other.pem), host.offer.name)


@contextmanager
def _sink(wire: Network, doors: list[Door], folder: Path) -> Iterator[Daemon]:
    configuration = folder / "sink.json"
    configuration.write_bytes(msgspec.json.encode(doors))
    program = str(Path(__file__).with_name("sink.py"))
    command = wire.inside(RECEIVING, sys.executable, program, str(configuration))
    with running("sink", command, folder / "sink.log", ready="ready") as daemon:
        yield daemon


def _sites(worlds: Sequence[World], authority: Authority) -> list[Site]:
    return [
        Site(
            world.policy_name,
            world.policy,
            authority.issue(world.policy_host.names or (world.policy_name,), world.policy_host.flaw),
            world.policy_host,
        )
        for world in worlds
        if world.policy is not None
    ]


def _zones(
    worlds: Sequence[World],
    machines: Sequence[Machine],
    at: dict[str, Places],
    keys: dict[str, Identity],
) -> tuple[Zone, ...]:
    """Return all zones, parents before children."""
    by_host = {machine.host: machine for machine in machines}
    provided = [record for machine in machines for record in addresses(machine)]
    provided += [record for world in worlds for record in _records(world, at, keys)]
    return (
        Zone(".", None, True, (*addresses(by_host[NAME_SERVER]), f"{REFUSING}. A {RESOLVER.ipv4}")),
        Zone("com.", ".", True, ()),
        Zone("net.", ".", True, ()),
        Zone(PROVIDER, "net.", True, _under(PROVIDER, provided)),
        Zone(f"{PARENT}.", "com.", True, ()),
        *(_zone(world, at, keys) for world in worlds),
        *reverse_zones(machines),
    )


def _zone(world: World, at: dict[str, Places], keys: dict[str, Identity]) -> Zone:
    records = _under(f"{world.domain}.", _records(world, at, keys))
    return Zone(f"{world.domain}.", f"{PARENT}.", world.signed, records, disowned=world.disowned)


def _under(apex: str, records: Iterable[str]) -> tuple[str, ...]:
    """Return the records whose owner is `apex` or below."""
    return tuple(record for record in records if f".{record.split()[0]}".endswith(f".{apex}"))


def _records(world: World, at: dict[str, Places], keys: dict[str, Identity]) -> Iterator[str]:
    literal = at[world.hosts[0].name].ipv4 if world.hosts else None
    yield from (f"{world.domain}. MX {mx.format(address=literal)}" for mx in world.mx)
    yield from (record for host in _hosts(world) for record in _addresses(host, at))
    yield from (f"{alias}. CNAME {target}." for alias, target in world.aliases)
    yield from (_tlsa(tlsa, keys[tlsa.of]) for tlsa in world.tlsa)
    yield from (f'_mta-sts.{world.domain}. TXT "{record}"' for record in world.records)
    if world.unanswered is not None:
        yield f"{world.unanswered}. NS {REFUSING}."
    if world.policy is not None:
        yield f"{world.policy_name}. A {WEB.ipv4}"
        if world.policy_host.ipv6 is not Address.NONE:
            silent = world.policy_host.ipv6 is Address.SILENT
            yield f"{world.policy_name}. AAAA {SILENT_IPV6 if silent else NOBODY_IPV6}"


def _addresses(host: Host, at: dict[str, Places]) -> Iterator[str]:
    places = at[host.name]
    if places.ipv4 is not None:
        yield f"{host.name}. A {places.ipv4}"
    if places.ipv6 is not None:
        yield f"{host.name}. AAAA {places.ipv6}"


def _tlsa(tlsa: Tlsa, identity: Identity) -> str:
    digest = identity.association(tlsa.kind)
    data = digest if tlsa.right else "".join(f"{15 - int(digit, 16):x}" for digit in digest)
    return f"_25._tcp.{tlsa.at}. TLSA {tlsa.kind} {data}"
