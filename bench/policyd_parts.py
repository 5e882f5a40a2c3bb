"""Where the processor time of a cold look-up goes, ours and the peer's: memory to memory, no DANE, 32 connections.

python -m bench.policyd_parts

First both are asked in turn for destinations that nobody asked for, a little at a time; then each is looked at by `perf`, which
counts the library that runs at each of its ticks. Needs root and perf. What was measured is written to
`bench/policyd_parts.json`, of which `tools/policyd_figures.py` makes a table.
"""

import os
import re
import signal
import statistics
import subprocess
import time
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bench.policyd import (
    COLD_CONNECTIONS,
    PORT,
    ROOT,
    THEIRS,
    Server,
    installed,
    load,
    ours_command,
    theirs_command,
    up,
)
from bench.policyd_table import machine
from bench.policyd_world import BenchWorld, bench_world

FIGURES = ROOT / "bench" / "policyd_parts.json"
WARM_UP, TURNS, EACH, SAMPLED = 320, 12, 250, 1500
TICKS_A_SECOND = 2000
PERF_STARTS_S = 1.0
PARTS = (
    ("handshake, certificates and their chain", r"_rust\.|libcrypto|libssl|_ssl\."),
    ("event loop of uvloop", r"^loop\."),
    ("messages of DNS, in C", r"_cares"),
    ("interpreter of Python, and what of it is in C", r"python|_cffi"),
    ("kernel", r"kernel|vdso"),
    ("memory, and the rest of the C library", r"^libc\.|ld-linux|^libm\."),
)
"""What a part is called, and the files whose code it is."""
OTHER = "anything else"


class Parts(msgspec.Struct, frozen=True):
    """One run, when and where: processor time of one cold look-up in microseconds, its least and most, and by part.

    `ratio` is how many look-ups we make in the time in which the peer makes one: the median of the turns.
    """

    on: str
    machine: str
    load: tuple[float, float]
    turns: int
    ratio: float
    ours_us: tuple[float, float, float]
    theirs_us: tuple[float, float, float]
    parts: dict[str, tuple[float, float]]


def main() -> bool:
    """Measure and write."""
    if os.geteuid() != 0:
        print("not measured: network namespaces need root")
        return True
    began = os.getloadavg()[0]
    with bench_world(domains=WARM_UP + TURNS * EACH + SAMPLED) as world, ExitStack() as stack:
        theirs = stack.enter_context(
            up(world, THEIRS, theirs_command(world, installed(), PORT), "Server started", PORT)
        )
        own = stack.enter_context(
            up(world, "policyd", ours_command(world, "memory:", PORT + 1), "ready version", PORT + 1)
        )
        ours_us, theirs_us = _turns(world, own, theirs)
        shares = _shares(world, own), _shares(world, theirs)
    middle = statistics.median(ours_us), statistics.median(theirs_us)
    figures = Parts(
        on=f"{datetime.now(UTC):%Y-%m-%d}",
        machine=machine(),
        load=(round(began, 1), round(os.getloadavg()[0], 1)),
        turns=TURNS,
        ratio=statistics.median(their / our for our, their in zip(ours_us, theirs_us, strict=True)),
        ours_us=(min(ours_us), middle[0], max(ours_us)),
        theirs_us=(min(theirs_us), middle[1], max(theirs_us)),
        parts={
            name: (shares[0][name] * middle[0], shares[1][name] * middle[1])
            for name in (*(name for name, _ in PARTS), OTHER)
        },
    )
    FIGURES.write_bytes(msgspec.json.format(msgspec.json.encode(figures), indent=1) + b"\n")
    print(FIGURES.read_text())
    return True


def _turns(world: BenchWorld, own: Server, theirs: Server) -> tuple[list[float], list[float]]:
    """Load both in turn, each first in every other; return the microseconds of one look-up by turn."""
    found: dict[str, list[float]] = {own.name: [], theirs.name: []}
    for server in (own, theirs):
        load(world, server, COLD_CONNECTIONS, WARM_UP, 0, WARM_UP)
    servers = [own, theirs]
    for turn in range(TURNS):
        for server in servers:
            cost = load(world, server, COLD_CONNECTIONS, EACH, WARM_UP + turn * EACH, EACH)
            found[server.name].append(1e6 / cost.per_cpu_s)
        servers.reverse()
    return found[own.name], found[theirs.name]


def _shares(world: BenchWorld, server: Server) -> dict[str, float]:
    """Return the part of its processor time that a server spends in each of PARTS while it looks up what is cold."""
    samples = world.folder / f"{server.pid}.perf"
    words = ["perf", "record", "--quiet", "-e", "cpu-clock", "-F", str(TICKS_A_SECOND), "-o", str(samples)]
    with subprocess.Popen([*words, "-p", str(server.pid)], stderr=subprocess.DEVNULL) as perf:
        time.sleep(PERF_STARTS_S)
        load(world, server, COLD_CONNECTIONS, SAMPLED, WARM_UP + TURNS * EACH, SAMPLED)
        perf.send_signal(signal.SIGINT)
    listed = subprocess.run(
        ["perf", "script", "-i", str(samples), "-F", "ip,dso"], check=True, capture_output=True, text=True
    )
    files = Counter(Path(one).name for one in re.findall(r"\((.*)\)$", listed.stdout, re.MULTILINE))
    found = Counter({name: 0 for name, _ in PARTS} | {OTHER: 0})
    for file, count in files.items():
        found[next((name for name, form in PARTS if re.search(form, file)), OTHER)] += count
    return {name: count / files.total() for name, count in found.items()}


if __name__ == "__main__":
    raise SystemExit(not main())
