"""The figures of `mxproof policyd` that README and guide show: one run of the configuration of `contrib`, beside a peer.

python -m bench.policyd_table

The configuration is that of the package, with DANE and SQLite, and differs only in where things are: addresses, files,
the root certificate. The peer, postfix-mta-sts-resolver, has SQLite too; it knows no DANE. What was measured is written
to `bench/policyd_figures.json`, of which `tools/policyd_figures.py` makes the tables.

| look-ups | how they come about |
|---|---|
| cold | destinations that nobody asked for: DNS, one fetch, one certificate |
| negative | destinations with MX records and without a policy |
| warm | asked for within the grace of a minute |
| re-check, nothing expired | after the grace, within the TTL |
| re-check, all expired | after the grace and a TTL of a second |
| restart | a store with KNOWN policies, of which DUE are due at once: the first answer, memory, cold ones meanwhile |
"""

import json
import os
import platform
import statistics
import subprocess
import time
import tomllib
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from bench.packaged import packaged_python, version
from bench.policyd import LOAD_WITHIN_S, PORT, ROOT, THEIRS, Server, installed, up
from bench.policyd_load import ZONE
from bench.policyd_world import BenchWorld, bench_world
from bench.timing import python
from mxproof.judge.decision import Decision, Held
from mxproof.judge.senders.protection import Protection, Reason
from mxproof.mail.memory import Memory
from mxproof.store.destinations.destination import Destination
from mxproof.store.destinations.sqlite import sqlite_store
from real.bed.process import running

FIGURES = ROOT / "bench" / "policyd_figures.json"
VALIDATING = "127.0.0.2"
GRACE_S, TTL_S = 60, 3600
CONNECTIONS = 32
COLD, ALONE, WARM_UP = 640, 100, 160
WARM_REQUESTS = 12_800
KNOWN, DUE = 100_000, 10_000
DURING = 100
TURNS = 4
FILLED_EVERY_S = 0.5
_POLICY = (
    "version: STSv1\nmode: enforce\nmx: mx1.{zone}\nmx: mx2.{zone}\nmx: *.backup.{zone}\nmax_age: 1209600\n"
)
_THEIRS = """\
host: 127.0.0.1
port: {port}
reuse_port: true
cache: {{type: sqlite, options: {{filename: "{folder}/peer.db"}}}}
default_zone: {{strict_testing: false, timeout: 10, require_sni: true}}
"""
_SEED = 1000
"""Destinations that are written to the store at once."""


class Cost(msgspec.Struct, frozen=True):
    """One kind of look-up: processor time and latencies of one, in microseconds."""

    cpu_us: float
    p50_us: float
    p99_us: float


class Costs(msgspec.Struct, frozen=True):
    """What one server needed; `alone` are those over one connection, all others over CONNECTIONS."""

    cold: Cost
    cold_alone: Cost
    negative: Cost
    warm: Cost
    warm_alone: Cost
    recheck_live: Cost
    recheck_expired: Cost


class Restart(msgspec.Struct, frozen=True):
    """A start with a full store: seconds to the first answer, MiB of memory and of the store, cold answers meanwhile."""

    first_answer_s: float
    first_answer_cpu_s: float
    rss_mib: float
    rss_empty_mib: float
    store_mib: float
    cold_meanwhile: Cost
    refreshed: int


class Figures(msgspec.Struct, frozen=True):
    """One run, when and where; `load` is the load average of a minute, at its beginning and at its end."""

    on: str
    machine: str
    load: tuple[float, float]
    known: int
    due: int
    ours: Costs
    theirs: Costs
    restart: Restart


def main() -> bool:
    """Measure and write."""
    if os.geteuid() != 0:
        print("not measured: network namespaces need root")
        return True
    began = os.getloadavg()[0]
    with (
        bench_world(ttl_s=TTL_S, domains=3 * COLD + DUE, without=COLD, short=COLD) as world,
        ExitStack() as stack,
    ):
        relay = [python(), "-m", "bench.policyd_validating", VALIDATING, "127.0.0.1"]
        log = world.folder / "validating.log"
        stack.enter_context(running("validating", world.inside(*relay), log, "ready")).await_ready()
        ours, theirs, empty_mib = _measured(world)
        restart = _restarted(world, empty_mib)
    figures = Figures(
        on=f"{datetime.now(UTC):%Y-%m-%d}",
        machine=machine(),
        load=(round(began, 1), round(os.getloadavg()[0], 1)),
        known=KNOWN,
        due=DUE,
        ours=ours,
        theirs=theirs,
        restart=restart,
    )
    FIGURES.write_bytes(msgspec.json.format(msgspec.json.encode(figures), indent=1) + b"\n")
    print(FIGURES.read_text())
    return True


def _measured(world: BenchWorld) -> tuple[Costs, Costs, float]:
    """Load both servers in turn, step by step; return also our memory before the first question."""
    theirs = world.folder / "peer.yml"
    theirs.write_text(_THEIRS.format(port=PORT, folder=world.folder))
    command = ["env", f"SSL_CERT_FILE={world.ca_file}", str(installed()), "-c", str(theirs)]
    found: dict[str, dict[str, Cost]] = {}
    with (
        up(world, THEIRS, command, "Server started", PORT) as peer,
        up(world, "policyd", _packaged(world, PORT + 1), "ready version", PORT + 1) as own,
    ):
        empty_mib = own.rss_mib()
        servers = (own, peer)
        for server in servers:
            _load(world, server, CONNECTIONS, WARM_UP, COLD + ALONE, WARM_UP)
        for name, connections, requests, first, domains in (
            ("cold", CONNECTIONS, COLD, 0, COLD),
            ("cold_alone", 1, ALONE, COLD, ALONE),
            ("short", CONNECTIONS, COLD, 2 * COLD + DUE, COLD),
            ("negative", CONNECTIONS, COLD, 3 * COLD + DUE, COLD),
            ("warm", CONNECTIONS, WARM_REQUESTS, 0, COLD),
            ("warm_alone", 1, WARM_REQUESTS, 0, COLD),
        ):
            for owner, cost in _in_turns(world, servers, connections, requests, (first, domains)).items():
                found.setdefault(owner, {})[name] = cost
        time.sleep(GRACE_S + 1)
        for name, first in (("recheck_live", 0), ("recheck_expired", 2 * COLD + DUE)):
            for owner, cost in _in_turns(world, servers, CONNECTIONS, COLD, (first, COLD)).items():
                found[owner][name] = cost
        costs = {name: {key: one for key, one in by.items() if key != "short"} for name, by in found.items()}
        return Costs(**costs[own.name]), Costs(**costs[peer.name]), empty_mib


def _in_turns(
    world: BenchWorld, servers: tuple[Server, ...], connections: int, requests: int, span: tuple[int, int]
) -> dict[str, Cost]:
    """Load the servers a TURNS-th each in turn, for the speed of a shared machine drifts; return what each needed.

    `span` are the first domain and how many: where each is asked for once, another part of them in each turn. Of the times
    to answer it is the median of the turns.
    """
    (first, domains), order = span, list(servers)
    part = domains // TURNS if requests == domains else 0
    found: dict[str, list[Cost]] = {server.name: [] for server in servers}
    for turn in range(TURNS):
        for server in order:
            asked = (first + turn * part, part or domains)
            found[server.name].append(_load(world, server, connections, requests // TURNS, *asked))
        order.reverse()
    return {
        name: Cost(
            statistics.mean(one.cpu_us for one in costs),
            statistics.median(one.p50_us for one in costs),
            statistics.median(one.p99_us for one in costs),
        )
        for name, costs in found.items()
    }


def _restarted(world: BenchWorld, empty_mib: float) -> Restart:
    path = world.folder / "full.db"
    _fill(path)
    command = _packaged(world, PORT + 2, path)
    began = time.perf_counter()
    with up(world, "policyd, full", command, "ready version", PORT + 2) as server:
        _load(world, server, 1, 1, 2 * COLD, 1)
        first_answer_s, first_answer_cpu_s = time.perf_counter() - began, server.cpu_s()
        meanwhile = _load(world, server, 1, DURING, 0, DURING)
        refreshed = _counted(world, PORT + 2, "refreshes_total{")
        assert refreshed < DUE, "the storm is over before it was measured"
        while (
            _counted(world, PORT + 2, "policyd_domains ") < KNOWN
        ):  # it answers before it has read all of them
            time.sleep(FILLED_EVERY_S)
        rss_mib = server.rss_mib()
    return Restart(
        first_answer_s=first_answer_s,
        first_answer_cpu_s=first_answer_cpu_s,
        rss_mib=rss_mib,
        rss_empty_mib=empty_mib,
        store_mib=sum(one.stat().st_size for one in world.folder.glob("full.db*")) / 2**20,
        cold_meanwhile=meanwhile,
        refreshed=refreshed,
    )


def _fill(path: Path) -> None:
    """Write KNOWN policies, DUE of which have a policy host and were last fetched two days ago."""
    store, now = sqlite_store(path), datetime.now(UTC)
    body = _POLICY.format(zone=ZONE).encode()
    rows = [_row(f"d{2 * COLD + number}", body, now, days=2) for number in range(DUE)]
    rows += [_row(f"k{number}", body, now, days=0) for number in range(KNOWN - DUE)]
    for place in range(0, KNOWN, _SEED):
        store.write(rows[place : place + _SEED])
    store.close()


def _row(label: str, body: bytes, now: datetime, *, days: int) -> Destination:
    fetched_at = now - timedelta(days=days)
    decision = Decision(Protection.STS, Reason.STS_ENFORCE, now)
    due = fetched_at + timedelta(days=1)
    return Destination(f"{label}.{ZONE}", Held(Memory(body, fetched_at, "1"), None, decision), now, due)


def _packaged(world: BenchWorld, port: int, store: Path | None = None) -> list[str]:
    """Return the command that runs the daemon with the configuration of the package, other addresses and files in it."""
    text = (ROOT / "contrib" / "policyd.toml").read_text(encoding="utf-8")
    places = {
        "inet:127.0.0.1:8462": f"inet:127.0.0.1:{port + 100}",
        "inet:127.0.0.1:8461": f"inet:127.0.0.1:{port}",
        '["127.0.0.1"]': f'["{VALIDATING}"]',
        "/var/lib/mxproof/policyd.db": str(store or world.folder / f"{port}.db"),
        "/run/mxproof/policyd.ctl": f"{world.folder}/{port}.ctl",
    }
    for before, after in places.items():
        assert before in text, before
        text = text.replace(before, after)
    text += f'\n[answers]\nallow_private = true\n[https]\nca_file = "{world.ca_file}"\n'
    assert tomllib.loads(text)["dns"]["trust_ad"], "the package has DANE"
    config = world.folder / f"{port}.toml"
    config.write_text(text)
    return [packaged_python(), "-m", "mxproof", "policyd", "--config", str(config)]


def _load(
    world: BenchWorld, server: Server, connections: int, requests: int, first: int, domains: int
) -> Cost:
    words = [python(), "-m", "bench.policyd_load", f"127.0.0.1:{server.port}"]
    words += map(str, (connections, requests, first, domains))
    before = server.cpu_s()
    done = subprocess.run(world.inside(*words), check=True, capture_output=True, timeout=LOAD_WITHIN_S)
    cpu_s = server.cpu_s() - before
    found = json.loads(done.stdout)
    assert set(found["replies"]) <= {"OK", "NOTFOUND"}, found
    return Cost(1e6 * cpu_s / found["requests"], found["p50_us"], found["p99_us"])


def _counted(world: BenchWorld, port: int, name: str) -> int:
    """Return what the metrics of the daemon say of `name`, all labels together."""
    words = ["curl", "--silent", f"http://127.0.0.1:{port + 100}/metrics"]
    done = subprocess.run(world.inside(*words), check=True, capture_output=True, timeout=LOAD_WITHIN_S)
    lines = [line for line in done.stdout.decode().splitlines() if name in line and not line.startswith("#")]
    return sum(int(float(line.rpartition(" ")[2])) for line in lines)


def machine() -> str:
    """Return what the figures were measured on."""
    models = [
        line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")
    ]
    model = models[0].partition(":")[2].strip() if models else platform.machine()
    return f"{os.cpu_count()} cores of {model}, {platform.system()}, daemons on Python {_daemons_python()}"


def _daemons_python() -> str:
    """Return which Python both daemons run on, and from whom it is."""
    interpreter = packaged_python()
    of_system = "of the system" if interpreter != python() else "that runs the bench"
    return f"{version(interpreter)} {of_system}"


if __name__ == "__main__":
    raise SystemExit(not main())
