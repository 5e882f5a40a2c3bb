"""A world made real: every machine, every daemon, up together and gone together."""

import datetime as dt
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from real.bed.ca import Authority, Identity
from real.bed.delivery import Delivery
from real.bed.https import policy_host
from real.bed.machines import (
    NAME_SERVER_MACHINE,
    OBSERVER,
    POLICY_MACHINE,
    RESOLVER,
    SENDING,
    machines,
    receiving,
)
from real.bed.nameserver import name_server
from real.bed.network import Machine, Network, network
from real.bed.postfix import Sender, giving_up, receiver, sender
from real.bed.process import Daemon
from real.bed.resolver import recursive_resolver
from real.bed.senders import SENDERS
from real.bed.worlds import POLICY_HOST, Exchange, Offer, World
from real.bed.zones import zones


class Bed(msgspec.Struct, frozen=True):
    """A world that is up: its folder, its running receivers and senders, and the root certificate all of them trust.

    A machine whose port 25 is closed has no receiver.
    """

    world: World
    folder: Path
    network: Network
    ca_file: Path
    receivers: dict[Machine, Daemon]
    senders: dict[str, Sender]

    def run(
        self, *argv: str, within_s: float, machine: Machine = OBSERVER
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command on a machine, by default the observer's, and return what it printed and its exit status."""
        command = self.network.inside(machine, *argv)
        return subprocess.run(command, capture_output=True, timeout=within_s, check=False)

    def receiver_at(self, address: str) -> Daemon:
        """Return the receiver that has `address`."""
        found = (
            daemon for machine, daemon in self.receivers.items() if address in (machine.ipv4, machine.ipv6)
        )
        return next(found)

    def deliver(self) -> dict[str, Delivery]:
        """Let every sender send one message, all at the same time, and return what each did."""
        for one in self.senders.values():
            one.submit()
        return {name: one.outcome() for name, one in self.senders.items()}


@contextmanager
def built(world: World) -> Iterator[Bed]:
    """Build `world`, and leave nothing of it behind."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=f"mxproof-{world.name}-")))
        folder.chmod(0o755)  # the daemons that drop root have to reach their folders
        wire = stack.enter_context(network(folder.name, machines(world), RESOLVER))
        authority = Authority(folder / "ca", dt.datetime.now(dt.UTC))
        site = _Site(stack, world, folder, wire, authority, _identities(world, authority))
        infrastructure = _infrastructure(site)
        receivers, senders = _receivers(site), _senders(site)
        for daemon in (*infrastructure, *receivers.values(), *(one.daemon for one in senders.values())):
            daemon.await_ready()
        yield Bed(world, folder, wire, authority.file, receivers, senders)


@contextmanager
def interrupted_by_termination() -> Iterator[None]:
    """Let SIGTERM end this process as Ctrl-C does, so that it takes its world down first."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class _Site(msgspec.Struct, frozen=True):
    """A world being built; what `stack` holds is taken down with it."""

    stack: ExitStack
    world: World
    folder: Path
    network: Network
    authority: Authority
    identities: dict[Exchange, Identity]


def _identities(world: World, authority: Authority) -> dict[Exchange, Identity]:
    return {one: authority.issue(one.certificate_names, one.flaw) for one in world.exchanges}


def _infrastructure(site: _Site) -> tuple[Daemon, ...]:
    """Start the name server, the resolver and the policy host."""
    all_zones = zones(site.world, machines(site.world), site.identities)
    served = site.stack.enter_context(
        name_server(site.network, NAME_SERVER_MACHINE, all_zones, site.folder / "knot")
    )
    resolver = recursive_resolver(
        site.network, RESOLVER, NAME_SERVER_MACHINE, served.trust_anchor, site.folder / "unbound"
    )
    identity = site.authority.issue((POLICY_HOST,))
    policies = {POLICY_HOST: site.world.policy()}
    https = policy_host(site.network, POLICY_MACHINE, identity, policies, site.folder / "nginx")
    return served.daemon, site.stack.enter_context(resolver), site.stack.enter_context(https)


def _receivers(site: _Site) -> dict[Machine, Daemon]:
    started = {}
    for exchange, machine in receiving(site.world).items():
        if exchange.offer is not Offer.NOTHING:
            identity, folder = site.identities[exchange], site.folder / machine.name
            daemon = receiver(site.network, machine, exchange.offer, identity, folder)
            started[machine] = site.stack.enter_context(daemon)
    return started


def _senders(site: _Site) -> dict[str, Sender]:
    started = {}
    for name, machine in SENDING.items():
        folder = site.folder / machine.name
        settings = (*SENDERS[name](site.world), *giving_up(folder))
        one = sender(site.network, machine, settings, site.authority.file, folder)
        started[name] = site.stack.enter_context(one)
    return started
