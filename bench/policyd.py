"""`mxproof policyd` against postfix-mta-sts-resolver, and against a bare echo of netstrings as the limit.

Needs root and the packages of `tools/install-real`; the peer lives in a virtual environment of its own. All run on the Python of
the system, as their packages do (`packaged`), in one network namespace against the same DNS and HTTPS servers, on uvloop, with ten
thousand domains of one policy each, under the same load generator. A second of processor time is what counts: the machine may be
busy, and a daemon has one core.

A cold fill was to be twice as fast as the peer's, and is not: `policyd_bare`, which asks the same two questions over
the same sockets, fetches with the same TLS, verifies the certificate and does nothing else, is not either. Nor can one
connection be served three times as fast, since an echo is not. The limits here guard what was reached.
"""

import json
import os
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from bench.packaged import environment, packaged_python
from bench.policyd_world import DOMAINS, BenchWorld, bench_world
from bench.timing import python, verdict
from real.bed.process import running

ROOT = Path(__file__).resolve().parent.parent
PEER = "postfix-mta-sts-resolver[sqlite]==1.5.1"
PORT = 8461
ECHO, BARE, THEIRS = "echo", "bare fetch", "postfix-mta-sts-resolver"
OURS, STORED = "policyd, memory", "policyd, sqlite"
WARM_REQUESTS = 6400
WARM_ROUNDS = 15
COLD_DOMAINS = 1250
CONNECTIONS = (1, 32)
COLD_CONNECTIONS = 32
LOAD_WITHIN_S = 600

WARM_RATIO_MIN = 3.0
LIMIT_RATIO_MIN = 0.8
COLD_RATIO_GOAL = 2.0
COLD_RATIO_MIN = 0.95
COLD_LIMIT_RATIO_MIN = 0.45
PERSISTENCE_RATIO_MAX = 1.15
RSS_MIB_MAX = 80.0
START_S_MAX = 0.5

_OURS = """\
listen = ["inet:127.0.0.1:{port}"]
[answers]
grace_s = {grace_s}
allow_private = true
[dns]
resolvers = ["{resolver}"]
trust_ad = {trust_ad}
[https]
ca_file = "{ca}"
[store]
url = "{store}"
"""
_THEIRS = """\
host: 127.0.0.1
port: {port}
reuse_port: true
cache_grace: {grace_s}
cache: {{type: internal, options: {{cache_size: 20000}}}}
default_zone: {{strict_testing: false, timeout: 10, require_sni: true}}
"""


class Server(msgspec.Struct, frozen=True):
    """A running server: its name, its process and its port."""

    name: str
    pid: int
    port: int

    def cpu_s(self) -> float:
        """Return the processor time that all of its threads have had so far."""
        tasks = Path(f"/proc/{self.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9

    def rss_mib(self) -> float:
        """Return its resident memory."""
        return int(_status(self.pid)["VmRSS"].split()[0]) / 1024


class Load(msgspec.Struct, frozen=True):
    """What one run of the load generator cost the server."""

    per_cpu_s: float
    p99_us: float


class Figures(msgspec.Struct, frozen=True):
    """All loads of one server, in the order in which the others had theirs."""

    cold: list[Load] = []
    warm: dict[int, list[Load]] = {}


def main() -> bool:
    """Measure and print; tell whether the figures hold."""
    if os.geteuid() != 0:
        print("not measured: network namespaces need root")
        return True
    with bench_world() as world:
        with ExitStack() as stack:
            servers = [stack.enter_context(up(world, *one)) for one in _commands(world)]
            found = _measured(world, servers)
            sizes = {server.name: server.rss_mib() for server in servers}
        start_s = _started_again(world)
    for name, figures in found.items():
        print(_row(name, figures, sizes[name]))
    return _judged(found, sizes[STORED], start_s)


def _commands(world: BenchWorld) -> list[tuple[str, list[str], str, int]]:
    """Return name, command, what the log says when it is ready, and port of each server."""
    echo = [packaged_python(), "-m", "bench.policyd_echo", str(PORT)]
    bare = [packaged_python(), "-m", "bench.policyd_bare", str(PORT + 4), str(world.ca_file)]
    theirs = theirs_command(world, installed(), PORT + 1)
    ours = ours_command(world, "memory:", PORT + 2)
    stored = ours_command(world, f"sqlite:{world.folder}/state.db", PORT + 3)
    return [
        (ECHO, echo, "ready", PORT),
        (BARE, bare, "ready", PORT + 4),
        (THEIRS, theirs, "Server started", PORT + 1),
        (OURS, ours, "ready version", PORT + 2),
        (STORED, stored, "ready version", PORT + 3),
    ]


def _measured(world: BenchWorld, servers: list[Server]) -> dict[str, Figures]:
    """Load the servers in turn, a little at a time, since the speed of a shared machine drifts."""
    found = {server.name: Figures([], {count: [] for count in CONNECTIONS}) for server in servers}
    fetching = [server for server in servers if server.name != ECHO]
    for first in range(0, DOMAINS, COLD_DOMAINS):
        for server in fetching:
            cold = load(world, server, COLD_CONNECTIONS, COLD_DOMAINS, first, COLD_DOMAINS)
            found[server.name].cold.append(cold)
        fetching = [*fetching[1:], fetching[0]]  # whoever comes first finds the caches of the others cold
    for _ in range(WARM_ROUNDS):
        for server in servers:
            if server.name == BARE:
                continue
            for count in CONNECTIONS:
                found[server.name].warm[count].append(load(world, server, count, WARM_REQUESTS, 0, DOMAINS))
    return found


def _row(name: str, figures: Figures, rss_mib: float) -> str:
    cold = f"cold {_median(figures.cold):5.0f}/cpu-s" if figures.cold else ""
    warm = "  ".join(
        f"{count:2} conn {_median(loads):7.0f}/cpu-s p99 {statistics.median(one.p99_us for one in loads):6.0f} us"
        for count, loads in figures.warm.items()
        if loads
    )
    return f"{name:<26} {cold:<16} {warm}  rss {rss_mib:.1f} MiB"


def _median(loads: list[Load]) -> float:
    return statistics.median(one.per_cpu_s for one in loads)


def _ratio(ours: list[Load], theirs: list[Load]) -> float:
    """Return the median of the ratios, turn by turn."""
    return statistics.median(one.per_cpu_s / other.per_cpu_s for one, other in zip(ours, theirs, strict=True))


def _judged(found: dict[str, Figures], rss_mib: float, start_s: float) -> bool:
    echo, bare, theirs, ours, stored = (found[name] for name in (ECHO, BARE, THEIRS, OURS, STORED))
    held = [verdict("ready again with 10 000 domains, s", start_s, START_S_MAX)]
    for count in CONNECTIONS:
        label = f"warm look-ups per cpu-second, {count} connections, ratio to the "
        # No server can be further ahead of the peer than one that does nothing.
        limit = LIMIT_RATIO_MIN * _ratio(echo.warm[count], theirs.warm[count])
        to_peer = _ratio(ours.warm[count], theirs.warm[count])
        held.append(_at_least(f"{label}peer", to_peer, min(WARM_RATIO_MIN, limit)))
        held.append(_at_least(f"{label}echo", _ratio(ours.warm[count], echo.warm[count]), LIMIT_RATIO_MIN))
    pairs = zip(ours.warm[CONNECTIONS[-1]], theirs.warm[CONNECTIONS[-1]], strict=True)
    held.append(
        verdict("p99, ratio to the peer", statistics.median(a.p99_us / b.p99_us for a, b in pairs), 1.0)
    )
    held.append(verdict("resident with 10 000 domains, MiB", rss_mib, RSS_MIB_MAX))
    cold = f"cold fill per cpu-second, ratio to the peer (goal {COLD_RATIO_GOAL:g})"
    held.append(_at_least(cold, _ratio(ours.cold, theirs.cold), COLD_RATIO_MIN))
    cold = "cold fill per cpu-second, ratio to the bare fetch"
    held.append(_at_least(cold, _ratio(ours.cold, bare.cold), COLD_LIMIT_RATIO_MIN))
    cost = _ratio(ours.cold, stored.cold)
    held.append(verdict("cpu of a cold fill with SQLite, ratio", cost, PERSISTENCE_RATIO_MAX))
    return all(held)


def _at_least(label: str, value: float, limit: float) -> bool:
    held = value >= limit
    print(f"{'ok  ' if held else 'UNDER'}  {label}: {value:.2f} (limit {limit:g})", flush=True)
    return held


@contextmanager
def up(world: BenchWorld, name: str, command: list[str], ready: str, port: int) -> Iterator[Server]:
    """Run a server; `ip netns exec` and `env` become the command, so their process ids are the same.

    An installer compiles what it installs. In a checkout the first run does, unless the environment forbids it: what is
    compiled at each start takes as long as all else there, and its memory is never given back.
    """
    log = world.folder / f"{name.replace(' ', '-')}.log"
    log.unlink(missing_ok=True)
    compiled = ("env", "--unset=PYTHONDONTWRITEBYTECODE", *command)
    with running(name, world.inside(*compiled), log, ready) as daemon:
        daemon.await_ready()
        yield Server(name, daemon.process.pid, port)


def ours_command(
    world: BenchWorld,
    store: str,
    port: int,
    *,
    grace_s: float = 3600,
    resolver: str = "127.0.0.1",
    trust_ad: bool = False,
) -> list[str]:
    """Return the command that runs our daemon; its configuration is written."""
    config = world.folder / f"policyd-{port}.toml"
    config.write_text(
        _OURS.format(
            port=port,
            ca=world.ca_file,
            store=store,
            grace_s=grace_s,
            resolver=resolver,
            trust_ad=str(trust_ad).lower(),
        )
    )
    return [packaged_python(), "-m", "mxproof", "policyd", "--config", str(config)]


def theirs_command(world: BenchWorld, peer: Path, port: int, *, grace_s: float = 3600) -> list[str]:
    """Return the command that runs the peer; its configuration is written."""
    config = world.folder / "peer.yml"
    config.write_text(_THEIRS.format(port=port, grace_s=grace_s))
    return ["env", f"SSL_CERT_FILE={world.ca_file}", str(peer), "-c", str(config)]


def _started_again(world: BenchWorld) -> float:
    """Return how long a daemon takes from its start to its first answer, with all domains in its store."""
    command = ours_command(world, f"sqlite:{world.folder}/state.db", PORT)
    began = time.perf_counter()
    with up(world, "policyd, again", command, "ready version", PORT) as server:
        load(world, server, 1, 1, 0, DOMAINS)
        return time.perf_counter() - began


def installed() -> Path:
    """Return the program of the peer, installed now where it is not yet."""
    return environment("policyd", (PEER, "uvloop")).with_name("mta-sts-daemon")


def load(
    world: BenchWorld, server: Server, connections: int, requests: int, first: int, domains: int
) -> Load:
    """Run the load generator and return what it cost the server."""
    peer = f"127.0.0.1:{server.port}"
    words = [python(), "-m", "bench.policyd_load", peer, *map(str, (connections, requests, first, domains))]
    before = server.cpu_s()
    done = subprocess.run(world.inside(*words), check=True, capture_output=True, timeout=LOAD_WITHIN_S)
    cpu_s = server.cpu_s() - before
    found = json.loads(done.stdout)
    assert server.name == ECHO or found["replies"] == {"OK": found["requests"]}, found
    return Load(found["requests"] / cpu_s, found["p99_us"])


def _status(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}
