"""What it costs to look again at a destination whose policy is held, beside postfix-mta-sts-resolver.

python -m bench.policyd_recheck

Every request comes after the grace. The peer asks for the record each time. The daemon asks for what has expired: with
TTLs of an hour that is nothing, and with those of a minute, a minute later, it is everything. Zones are served with a
TTL of an hour, then anew with one of a second, which is over before each round, as a minute would be. Seconds of
processor time count, in interleaved rounds; the servers of DNS and HTTPS are not measured.
"""

import os
import statistics
import time
from contextlib import ExitStack

import msgspec

from bench.policyd import (
    OURS,
    PORT,
    STORED,
    THEIRS,
    Load,
    Server,
    installed,
    load,
    ours_command,
    theirs_command,
    up,
)
from bench.policyd_world import BenchWorld, bench_world
from bench.timing import python, verdict
from real.bed.process import running

DANE = "policyd, memory, DANE"
DANE_STORED = "policyd, sqlite, DANE"
DOMAINS = 1000
CONNECTIONS = 32
ROUNDS = 5
HOUR_S, SHORT_S = 3600, 1
VALIDATING = "127.0.0.2"
GRACE_S = 0.001
GOALS = (1.0, 2.0)
"""The ratios to the peer that are wanted, without DANE and with it."""


class Case(msgspec.Struct, frozen=True):
    """A TTL, and what each server needed for a look-up: seconds of processor time, a value a round."""

    ttl_s: int
    costs: dict[str, list[float]]


def main() -> bool:
    """Measure and print; tell whether the figures hold."""
    if os.geteuid() != 0:
        print("not measured: network namespaces need root")
        return True
    held = [_judged(_measured(ttl_s)) for ttl_s in (HOUR_S, SHORT_S)]
    return all(held)


def _measured(ttl_s: int) -> Case:
    costs: dict[str, list[float]] = {}
    with bench_world(ttl_s=ttl_s, domains=DOMAINS) as world, ExitStack() as stack:
        relay = [python(), "-m", "bench.policyd_validating", VALIDATING, "127.0.0.1"]
        log = world.folder / "validating.log"
        stack.enter_context(running("validating", world.inside(*relay), log, "ready")).await_ready()
        servers = [stack.enter_context(up(world, *one)) for one in _commands(world)]
        for server in servers:
            _round(world, server)
        for _ in range(ROUNDS):
            for server in servers:
                time.sleep(SHORT_S + 0.1 if ttl_s == SHORT_S else 0)
                costs.setdefault(server.name, []).append(1 / _round(world, server).per_cpu_s)
    return Case(ttl_s, costs)


def _round(world: BenchWorld, server: Server) -> Load:
    return load(world, server, CONNECTIONS, DOMAINS, 0, DOMAINS)


def _commands(world: BenchWorld) -> list[tuple[str, list[str], str, int]]:
    ready = "ready version"
    rows: list[tuple[str, list[str], str, int]] = [
        (THEIRS, theirs_command(world, installed(), PORT, grace_s=0), "Server started", PORT)
    ]
    for place, (name, store, dane) in enumerate(
        (
            (OURS, "memory:", False),
            (STORED, f"sqlite:{world.folder}/plain.db", False),
            (DANE, "memory:", True),
            (DANE_STORED, f"sqlite:{world.folder}/dane.db", True),
        ),
        start=1,
    ):
        port = PORT + place
        resolver = VALIDATING if dane else "127.0.0.1"
        command = ours_command(world, store, port, grace_s=GRACE_S, resolver=resolver, trust_ad=dane)
        rows.append((name, command, ready, port))
    return rows


def _judged(case: Case) -> bool:
    about = "an hour" if case.ttl_s == HOUR_S else "a minute"
    for name, costs in case.costs.items():
        print(f"{name:<26} TTLs of {about}: {1e6 * statistics.median(costs):6.0f} us a look-up")
    plain, dane = GOALS
    limits = {OURS: plain, STORED: plain, DANE: dane, DANE_STORED: dane}
    held = []
    for name, limit in limits.items():
        pairs = zip(case.costs[name], case.costs[THEIRS], strict=True)
        ratio = statistics.median(ours / theirs for ours, theirs in pairs)
        held.append(verdict(f"{name}: cpu of a look-up, TTLs of {about}, ratio to the peer", ratio, limit))
    return all(held)


if __name__ == "__main__":
    raise SystemExit(not main())
