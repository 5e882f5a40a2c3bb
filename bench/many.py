"""Many domains in one call beside `checkdmarc --check-mx-tls`, with real daemons and real ports, and the memory they take.

DOMAINS domains of the founding incident share its MX hosts, as those of a company or a provider do; each has a zone, a
record and a policy of its own. Needs root and the packages of `tools/install-real`. Both programs are given all domains
in one call, in the same network namespace. The throughput is shown and not judged: on one machine nobody waits for the
network, and what is measured is arithmetic alone, of which a verdict for every sender and every fix takes the most. Memory
is that of a run about ten times as many domains as another.
"""

import datetime as dt
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from bench.peer import installed
from bench.timing import python, timed, verdict
from real.bed.ca import Authority
from real.bed.https import policy_host
from real.bed.machines import NAME_SERVER_MACHINE, OBSERVER, POLICY_MACHINE, RESOLVER, machines, receiving
from real.bed.nameserver import name_server
from real.bed.network import Network, network
from real.bed.postfix import receiver
from real.bed.resolver import recursive_resolver
from real.bed.worlds import DOMAIN, POLICY_HOST, WORLDS
from real.bed.zones import Zone, zones

DOMAINS = 100
FEW = 30
RUNS = 3
TTL_S = 300
GROWTH_MAX = 1.15
"""Of peak memory, from FEW domains to ten times as many: what is kept of each is a line."""


class Town(msgspec.Struct, frozen=True):
    """A world with many domains that is up."""

    network: Network
    ca_file: Path
    domains: tuple[str, ...]


def main() -> bool:
    """Measure and print; tell whether the figures hold."""
    if os.geteuid() != 0:
        print("not measured: network namespaces need root")
        return True
    peer = installed()
    with tempfile.TemporaryDirectory() as folder, town(10 * FEW) as up:
        domains = up.domains[:DOMAINS]
        ours = [timed(_ours(up, domains, Path(folder))).wall_s for _ in range(RUNS)]
        theirs = [timed(_theirs(up, domains, peer)).wall_s for _ in range(RUNS)]
        few, many = (timed(_ours(up, up.domains[:count], Path(folder))) for count in (FEW, 10 * FEW))
    return _judged(ours, theirs, few.peak_kib, many.peak_kib)


def _judged(ours: list[float], theirs: list[float], few_kib: int, many_kib: int) -> bool:
    one, other = statistics.median(ours), statistics.median(theirs)
    print(
        f"mxproof check --file               {DOMAINS} domains in {one:.2f} s, {DOMAINS / one:.1f} a second"
    )
    print(
        f"checkdmarc --check-mx-tls          {DOMAINS} domains in {other:.2f} s, {DOMAINS / other:.1f} a second"
    )
    print(
        f"peak memory: {few_kib / 1024:.1f} MiB for {FEW} domains, {many_kib / 1024:.1f} MiB for {10 * FEW}"
    )
    print(f"      throughput, ratio: {other / one:.1f}")
    return verdict("peak memory, ratio", many_kib / few_kib, GROWTH_MAX)


def _ours(up: Town, domains: tuple[str, ...], folder: Path) -> tuple[str, ...]:
    listed = folder / f"{len(domains)}.txt"
    listed.write_text("".join(f"{domain}\n" for domain in domains))
    options = ("--format", "json", "--resolver", RESOLVER.ipv4, "--ca-file", str(up.ca_file))
    return up.network.inside(OBSERVER, python(), "-m", "mxproof", "check", "--file", str(listed), *options)


def _theirs(up: Town, domains: tuple[str, ...], peer: Path) -> tuple[str, ...]:
    roots = (f"SSL_CERT_FILE={up.ca_file}", f"REQUESTS_CA_BUNDLE={up.ca_file}")
    return up.network.inside(
        OBSERVER, "env", *roots, str(peer), *domains, "--check-mx-tls", "--nameserver", RESOLVER.ipv4
    )


@contextmanager
def town(count: int) -> Iterator[Town]:
    """Build a world of `count` domains, and leave nothing of it behind."""
    world = next(world for world in WORLDS if world.name == "incident")
    domains = tuple(f"d{number:04}.com" for number in range(count))
    policy_hosts = (POLICY_HOST, *(f"mta-sts.{domain}" for domain in domains))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mxproof-many-")))
        folder.chmod(0o755)
        wire = stack.enter_context(network(folder.name, machines(world), RESOLVER))
        authority = Authority(folder / "ca", dt.datetime.now(dt.UTC))
        identities = {one: authority.issue(one.certificate_names, one.flaw) for one in world.exchanges}
        exchanges = tuple((one.preference, one.mx) for one in world.exchanges)
        every = (*zones(world, machines(world), identities), *(_zone(one, exchanges) for one in domains))
        every = tuple(msgspec.structs.replace(one, ttl_s=TTL_S) for one in every)
        served = stack.enter_context(name_server(wire, NAME_SERVER_MACHINE, every, folder / "knot"))
        resolver = recursive_resolver(
            wire, RESOLVER, NAME_SERVER_MACHINE, served.trust_anchor, folder / "unbound"
        )
        policies = dict.fromkeys(policy_hosts, world.policy())
        site = policy_host(wire, POLICY_MACHINE, authority.issue(policy_hosts), policies, folder / "nginx")
        daemons = [served.daemon, stack.enter_context(resolver), stack.enter_context(site)]
        for one, machine in receiving(world).items():
            mail = receiver(wire, machine, one.offer, identities[one], folder / machine.name)
            daemons.append(stack.enter_context(mail))
        for daemon in daemons:
            daemon.await_ready()
        yield Town(wire, authority.file, domains)


def _zone(domain: str, exchanges: tuple[tuple[int, str], ...]) -> Zone:
    records = (
        *(f"@ MX {preference} {mx}." for preference, mx in exchanges),
        '_mta-sts TXT "v=STSv1; id=20260101T000000;"',
        f'_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tlsrpt@{DOMAIN}"',
        f"mta-sts A {POLICY_MACHINE.ipv4}",
        f"mta-sts AAAA {POLICY_MACHINE.ipv6}",
    )
    return Zone(f"{domain}.", "com.", False, records)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
