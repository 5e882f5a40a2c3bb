"""Many domains in one call beside `checkdmarc --check-mx-tls`, with real daemons and real ports, and the memory they take.

DOMAINS domains of the founding incident share its MX hosts, as those of a company or a provider do; each has a zone, a
record and a policy of its own. Needs root and the packages of `tools/install-real`. Both programs are given all domains
in one call, in the same network namespace, against the same servers, in turn. The questions are not the same: the peer
asks for SPF, DMARC and BIMI records as well, fetches each policy once and tries each MX host once; ours asks the name
servers one by one, fetches at every address, and tries every address under every name.

They are run at two distances. Next to the servers nobody waits for the network: what is measured is the processor time
of both programs and of the servers, which they share the machine with. A verdict for every sender, with each fix judged,
takes more of it than none, so that ours is hardly faster there; that ratio is shown and not judged. What it could be at
best is measured beside it: a program that fetches the policies at each address and does nothing else (`many_bare`).
ROUND_TRIP_MS away, as the servers of the Internet are and with the latency of `bench/latency.py`, one program waits for one
answer after another and the other for many at once. That ratio has a limit, in a table and in JSON, which both programs
print. All three show their processor time, too, for on a machine that has much else to do the ratio of wall times falls:
who waits loses nothing by that, and who computes does.

Memory is that of a run about ten times as many domains as another, in each form that could grow with them.
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
from bench.timing import Run, python, timed, verdict
from real.bed.ca import Authority
from real.bed.distance import distant
from real.bed.https import policy_host
from real.bed.machines import NAME_SERVER_MACHINE, OBSERVER, POLICY_MACHINE, RESOLVER, machines, receiving
from real.bed.nameserver import name_server
from real.bed.network import Machine, Network, network
from real.bed.postfix import receiver
from real.bed.resolver import recursive_resolver
from real.bed.worlds import DOMAIN, POLICY_HOST, WORLDS
from real.bed.zones import Zone, zones

DOMAINS = 100
FEW = 30
RUNS_NEAR = 3
RUNS_FAR = 1
"""The peer takes minutes there, and nearly all of them waiting, which varies little."""
TTL_S = 300
ROUND_TRIP_MS = 50
RATIO_MIN = 10.0
"""Of throughput, in both forms, with the servers ROUND_TRIP_MS away."""
GROWTH_MAX = 1.15
"""Of peak memory, from FEW domains to ten times as many: what is kept of each is a line."""

FAR = Machine("far", "far.example.net", "198.51.100.11", "2001:db8:1::11")
TABLE, JSON, PAGE, TICKET = "text", "json", "html", "markdown"
PEER, BARE = "checkdmarc", "bare"


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
        near = _throughput(up, OBSERVER, Path(folder), peer, RUNS_NEAR)
        with distant(up.network, FAR, RESOLVER, ROUND_TRIP_MS / 2000):
            far = _throughput(up, FAR, Path(folder), peer, RUNS_FAR)
        sizes = {form: _sizes(up, Path(folder), form) for form in (JSON, PAGE, TICKET)}
    print(
        f"ratios of throughput next to the servers, not judged: {near[TABLE]:.1f} table, {near[JSON]:.1f} JSON,"
        f" {near[BARE]:.1f} fetching the policies alone"
    )
    fast = [
        verdict(f"time to that of the peer, {ROUND_TRIP_MS} ms away, {form}", 1 / far[form], 1 / RATIO_MIN)
        for form in (TABLE, JSON)
    ]
    flat = [
        verdict(f"peak memory, ratio, {form}", many / few, GROWTH_MAX) for form, (few, many) in sizes.items()
    ]
    return all(fast) and all(flat)


def _throughput(up: Town, machine: Machine, folder: Path, peer: Path, count: int) -> dict[str, float]:
    """Return, by form, how many times the throughput of the peer ours is on this machine: the median of `count` pairs.

    BARE is that of fetching the policies alone.
    """
    domains = up.domains[:DOMAINS]
    rows: list[dict[str, Run]] = []
    for _ in range(count):
        runs = {form: timed(_ours(up, machine, domains, folder, form)) for form in (TABLE, JSON)}
        bare = timed(_bare(up, machine, domains, folder))
        rows.append({**runs, BARE: bare, PEER: timed(_theirs(up, machine, domains, peer))})
    for name in rows[0]:
        wall_s, cpu_s = (
            statistics.median(getattr(row[name], what) for row in rows) for what in ("wall_s", "cpu_s")
        )
        print(
            f"{machine.name:<9} {name:<11} {DOMAINS} domains in {wall_s:.2f} s, {cpu_s:.2f} s of them computing"
        )
    return {
        form: statistics.median(row[PEER].wall_s / row[form].wall_s for row in rows)
        for form in (TABLE, JSON, BARE)
    }


def _sizes(up: Town, folder: Path, form: str) -> tuple[int, int]:
    """Return the peak memory in KiB for FEW domains and for ten times as many."""
    few, many = (
        timed(_ours(up, OBSERVER, up.domains[:count], folder, form)).peak_kib for count in (FEW, 10 * FEW)
    )
    print(
        f"peak memory, {form}: {few / 1024:.1f} MiB for {FEW} domains, {many / 1024:.1f} MiB for {10 * FEW}"
    )
    return few, many


def _ours(up: Town, machine: Machine, domains: tuple[str, ...], folder: Path, form: str) -> tuple[str, ...]:
    listed = _listed(domains, folder)
    options = ("--format", form, "--resolver", RESOLVER.ipv4, "--ca-file", str(up.ca_file))
    return up.network.inside(machine, python(), "-m", "mxproof", "check", "--file", str(listed), *options)


def _bare(up: Town, machine: Machine, domains: tuple[str, ...], folder: Path) -> tuple[str, ...]:
    addresses = POLICY_MACHINE.ipv4, POLICY_MACHINE.ipv6
    program = str(Path(__file__).with_name("many_bare.py"))
    return up.network.inside(machine, python(), program, str(_listed(domains, folder)), *addresses)


def _listed(domains: tuple[str, ...], folder: Path) -> Path:
    listed = folder / f"{len(domains)}.txt"
    listed.write_text("".join(f"{domain}\n" for domain in domains))
    return listed


def _theirs(up: Town, machine: Machine, domains: tuple[str, ...], peer: Path) -> tuple[str, ...]:
    roots = (f"SSL_CERT_FILE={up.ca_file}", f"REQUESTS_CA_BUNDLE={up.ca_file}")
    return up.network.inside(
        machine, "env", *roots, str(peer), *domains, "--check-mx-tls", "--nameserver", RESOLVER.ipv4
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
