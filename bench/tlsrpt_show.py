"""`mxproof tlsrpt show` over a year of 1000 domains, each reported on by three senders a day, one domain in twenty with failures.

The counts by day are what a million reports leave; how they come to be is the matter of the contract of the journal.
"""

import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.timing import Run, python, timed, verdict
from mxproof.explain.tlsrpt.counted import CountedDomain, CountedWay
from mxproof.explain.tlsrpt.period_told import period_of, told_period
from mxproof.render.text.paper import Paper
from mxproof.render.text.period import period_text
from mxproof.store.journal.days import DayCounts
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.sqlite import SqlitePlace

DOMAINS = 1000
DAYS = 365
SENDERS = ("google.com", "microsoft.com", "mail.ru")
FAILING_EACH = 20
ROUNDS = 5
SHOW_S_MAX = 0.5


def main() -> bool:
    """Measure and print; tell whether the figure holds."""
    with tempfile.TemporaryDirectory(prefix="mxproof-bench-") as folder:
        path = Path(folder) / "journal.db"
        _filled(path)
        print(f"{DOMAINS * DAYS * len(SENDERS)} reports, {path.stat().st_size >> 20} MiB of counts")
        looks = {name: _look_s(path, name) for name in ("", "d7.example")}
        processes = {name: _process(path, name) for name in looks}
    for name, took in looks.items():
        wall_s, cpu_s = (
            statistics.median(getattr(run, what) for run in processes[name]) for what in ("wall_s", "cpu_s")
        )
        print(
            f"{name or 'all domains':<12} read and told {took:.3f} s, as a process {wall_s:.3f} s,"
            f" {cpu_s:.3f} s of them computing"
        )
    slowest_s = max(statistics.median(run.wall_s for run in runs) for runs in processes.values())
    return verdict("a year of 1000 domains, s", slowest_s, SHOW_S_MAX)


def _filled(path: Path) -> None:
    journal = Journal(f"sqlite:{path}")
    journal.open()
    journal.close()
    last = period_of(1, datetime.now(UTC)).last
    engine = SqlitePlace(path).engine()
    for day in range(last - DAYS + 1, last + 1):
        counts = DayCounts()
        for sender in SENDERS:
            counts.add(day, sender, "verified", [_domain(number, day) for number in range(DOMAINS)])
        with engine.begin() as connection:
            counts.write(connection)
    engine.dispose()


def _domain(number: int, day: int) -> CountedDomain:
    failed = 3 if (number + day) % FAILING_EACH == 0 else 0
    way = CountedWay("certificate-expired", "", "mtasts_cert_invalid", f"mx{number % 3}.d{number}.example", 3)
    return CountedDomain(f"d{number}.example", 20, failed, 0, False, (way,) if failed else ())


def _look_s(path: Path, domain: str) -> float:
    return statistics.median(_one_look_s(path, domain) for _ in range(ROUNDS))


def _one_look_s(path: Path, domain: str) -> float:
    began = time.perf_counter()
    journal = Journal(f"sqlite:{path}")
    period = period_of(DAYS, datetime.now(UTC), domain)
    assert period_text(told_period(period, journal.counts(period)), Paper())
    journal.close()
    return time.perf_counter() - began


def _process(path: Path, domain: str) -> list[Run]:
    command = [
        *(python(), "-m", "mxproof", "tlsrpt", "show", *([domain] if domain else [])),
        *("--since", str(DAYS), "--store", f"sqlite:{path}", "--config", "/dev/null"),
    ]
    return [timed(command) for _ in range(ROUNDS)]
