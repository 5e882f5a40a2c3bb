"""The watch: domains checked a processor second, pages over a year of history, and slow clients beside a good one.

Throughput is that of a whole worker, as a provider runs it: it claims what is due of DOMAINS domains, asks a lab in a process of its
own, judges, and keeps what came of it in SQLite, each check safe on disk. The lab serves SERVED of them, and those are due. What counts is its processor time, so that the lab, which
plays the world, is not measured. An hour on two cores is projected from that; how many a second it really did beside the lab is shown.

Pages are read one after the other by one who is logged in, from a process that does nothing else, over a store with a year of hourly
checks of a thousand domains (`watch_year`). Reports are of domains nobody has looked at before. The load of the machine is shown, since
both figures suffer from others.
"""

import json
import os
import random
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.timing import python, verdict
from bench.watch_client import READY, Reader, at
from bench.watch_year import write_year
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.watched import WatchedDomain
from real.bed.process import Daemon
from real.watch.processes import COMMAND, Asked, Watch, await_checks, configured, lab
from support_provider import provided

DOMAINS = 10_000
SERVED = 2_000
CHECKS = 1500
AN_HOUR_MIN = 10_000
CORES = 2
WEEK_MINUTES = 7 * 24 * 60
PAGE_P99_MS_MAX = 100.0
OVERVIEW_FIRST_BYTE_MS_MAX = 200.0
SLOW = 1000
SLOWER_MAX = 2.0
READS = 100
ACCOUNT, PASSWORD = "ada", "correct horse battery staple"
FILES = 4096


def main() -> bool:
    """Measure and print; tell whether the figures hold."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, FILES)), hard))
    with tempfile.TemporaryDirectory(prefix="mxproof-bench-") as folder:
        fast = _throughput(Path(folder))
    with tempfile.TemporaryDirectory(prefix="mxproof-bench-") as folder:
        read = _pages(Path(folder))
    return fast and read


def _load() -> str:
    return f"load {os.getloadavg()[0]:.1f}"


def _throughput(folder: Path) -> bool:
    served, others = provided(DOMAINS)[:SERVED], provided(DOMAINS)[SERVED:]
    with lab(folder, SERVED) as asked:
        more = f"jobs = 16\n[[domain]]\nnames = {json.dumps(others)}\ninterval_minutes = {WEEK_MINUTES}\n"
        watch = configured(folder, asked, f"sqlite:{folder}/journal.db", served, more)
        _put_off(watch, others)
        with watch.running("worker") as worker:
            await_checks(worker, 1)
            began, before_s = time.perf_counter(), cpu_s(worker.process.pid)
            await_checks(worker, CHECKS + 1)
            took_s, spent_s = time.perf_counter() - began, cpu_s(worker.process.pid) - before_s
    a_cpu_second = CHECKS / spent_s
    print(
        f"{CHECKS} of {DOMAINS} domains: {a_cpu_second:.1f} a processor second of the worker,"
        f" {CHECKS / took_s:.1f} a second beside the lab ({_load()})"
    )
    hour = CORES * 3600 * a_cpu_second
    print(f"projected, {CORES} workers with a core each: {hour:.0f} an hour")
    return verdict("time to that of 10 000 domains an hour", AN_HOUR_MIN / hour, 1.0)


def _put_off(watch: Watch, domains: list[str]) -> None:
    """Have domains watched that are due in some days."""
    with closing(Journal(watch.store)) as journal:
        every = [WatchedDomain(name, 60.0 * WEEK_MINUTES) for name in domains]
        WatchJournal(journal).set_watched(every, datetime.now(UTC) + timedelta(days=3))


def _pages(folder: Path) -> bool:
    began = time.perf_counter()
    domains = write_year(folder / "journal.db")
    size = sum(one.stat().st_size for one in folder.glob("journal.db*"))
    print(
        f"a year of {len(domains)} domains: {size / 2**30:.1f} GiB, made in {time.perf_counter() - began:.0f} s"
    )
    return pages_of(folder, domains)


def pages_of(folder: Path, domains: list[str]) -> bool:
    """Read the pages over the store in `folder`."""
    port = free_port()
    web = f'[web]\nlisten = "inet:127.0.0.1:{port}"\n'
    nobody = Asked("127.0.0.1:9", "", ())
    watch = configured(folder, nobody, f"sqlite:{folder}/journal.db", domains, web)
    account_in(watch)
    with watch.running("pages", "--pages-only") as pages:
        pages.await_ready()
        reader = Reader(port, ACCOUNT, PASSWORD)
        reader.read("/", f"/domains/{domains[0]}", "/senders")  # what is loaded once is loaded
        took = {}
        for name, paths in _each_page(domains):
            before_s = cpu_s(pages.process.pid)
            took[name] = reader.read(*paths)
            each_ms = 1e3 * (cpu_s(pages.process.pid) - before_s) / len(paths)
            print(
                f"{name:<22} {took[name].row()}, {each_ms:.0f} ms of processor time each ({_load()})",
                flush=True,
            )
        good = reader.read(*["/"] * READS)
        with _slow_clients(port):
            beside = reader.read(*["/"] * READS)
        memory_mb = memory_mb_of(pages)
    print(
        f"overview beside {SLOW} slow clients: {beside.row()}; memory after all that {memory_mb:.0f} MB ({_load()})"
    )
    fast = [
        verdict(f"{name}, p99", at(one.whole, 0.99), PAGE_P99_MS_MAX, " ms") for name, one in took.items()
    ]
    first = verdict(
        "overview, first byte, p99", at(took["overview"].first, 0.99), OVERVIEW_FIRST_BYTE_MS_MAX, " ms"
    )
    slower = at(beside.whole, 0.5) / at(good.whole, 0.5)
    return all(fast) and first and verdict(f"beside {SLOW} slow clients, ratio", slower, SLOWER_MAX)


def _each_page(domains: list[str]) -> Iterator[tuple[str, list[str]]]:
    some = random.Random(1).sample(domains[1:], READS)
    yield "overview", ["/"] * READS
    yield "overview, further on", [f"/?from={100 * number}" for number in range(10)]
    yield "search", [f"/?q={one[:4]}" for one in some]
    yield "a domain", [f"/domains/{one}" for one in some]
    yield "a domain, again", [f"/domains/{some[0]}"] * READS
    yield "senders", ["/senders"] * READS
    yield "a sender", ["/senders/microsoft"] * READS
    yield "news", ["/news"] * READS
    yield "settings", ["/settings"] * READS
    yield "a feed", [f"/domains/{one}/feed" for one in some]


def account_in(watch: Watch) -> None:
    """Make an account that may log in."""
    command = (*COMMAND, "watch", "user", "add", ACCOUNT, "--config", str(watch.folder / "watch.toml"))
    subprocess.run(command, input=f"{PASSWORD}\n", text=True, check=True, stderr=subprocess.DEVNULL)


@contextmanager
def _slow_clients(port: int) -> Iterator[None]:
    command = (python(), "-m", "bench.watch_client", str(port), str(SLOW))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as slow:
        assert slow.stdout is not None
        assert slow.stdout.readline().strip() == READY
        try:
            yield
        finally:
            slow.kill()


def cpu_s(process: int) -> float:
    """Return the processor time that a process has taken so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb_of(one: Daemon) -> float:
    """Return the resident memory of a process."""
    pages = int(Path(f"/proc/{one.process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
