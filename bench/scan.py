"""Scanning: what asking and judging a made-up population cost of our own processor time, and how fast its tables answer.

The population answers within the process, so that what is measured is the scan alone, without sockets and servers. Figures are
for each of the two processors that a scan at depth `records` may have, and for one where it judges again.
"""

import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from bench.timing import verdict
from mxproof.scan.depth import ScanDepth
from mxproof.scan.duck import opened
from mxproof.scan.folder import ScanFolder
from mxproof.scan.manifest import MANIFEST_FILE
from mxproof.scan.perform import perform
from mxproof.scan.queries import QUERIES
from mxproof.scan.rehearsal import begin_rehearsal, rehearsed
from mxproof.scan.running import ScanStanding, rejudged, scan
from mxproof.scan.table import TABLES
from mxproof.scan.task import ScanTask, TaskDone

REHEARSED_COUNT = 2000
MILLION = 1_000_000
PROCESSORS = 2
EACH_MS_MAX = 1.0
JUDGING_MINUTES_MAX = 20.0
QUERY_S_MAX = 1.0


def main() -> bool:
    """Measure and print; tell whether the figures hold."""
    folder = ScanFolder(Path(tempfile.mkdtemp(prefix="bench-scan-")))
    try:
        return _measured(folder)
    finally:
        shutil.rmtree(folder.path, ignore_errors=True)


def _measured(folder: ScanFolder) -> bool:
    begin_rehearsal(folder, REHEARSED_COUNT, ScanDepth.RECORDS)
    asking, again = _Timed(folder), _Timed(folder)
    scan(folder, asking, _untold)
    rejudged(folder, again, _untold)
    told = ", ".join(
        f"{name} {1000 * seconds / REHEARSED_COUNT:.2f}" for name, seconds in asking.spent_s.items()
    )
    print(
        f"processor milliseconds a domain: {told}; judged again {1000 * again.total_s / REHEARSED_COUNT:.2f}"
    )
    each_ms = 1000 * asking.total_s / REHEARSED_COUNT / PROCESSORS
    minutes = again.total_s / REHEARSED_COUNT * MILLION / 60
    return all(
        (
            verdict("a domain at depth records, on two processors", each_ms, EACH_MS_MAX, " ms"),
            verdict("a million domains judged again on one", minutes, JUDGING_MINUTES_MAX, " min"),
            verdict("the slowest query over a million domains", _slowest_s(folder), QUERY_S_MAX, " s"),
        )
    )


class _Timed:
    """Tasks in this process, with the processor seconds of each phase."""

    def __init__(self, folder: ScanFolder) -> None:
        self._folder = folder
        self.spent_s: dict[str, float] = {}

    @property
    def total_s(self) -> float:
        """All of them."""
        return sum(self.spent_s.values())

    def run(self, tasks: Iterable[ScanTask]) -> Iterator[TaskDone]:
        """Do each task."""
        for task in tasks:
            began = time.process_time()
            done = perform(self._folder.path, task, rehearsed)
            self.spent_s[task.phase] = self.spent_s.get(task.phase, 0.0) + time.process_time() - began
            yield done


def _slowest_s(folder: ScanFolder) -> float:
    """Return the wall seconds of the slowest named query over a million domains, which are these under other names."""
    many = ScanFolder(folder.path / "many")
    with opened(folder.path) as tables:
        for table in TABLES:
            file = many.table(table, 0)
            file.parent.mkdir(parents=True)
            rows = f"SELECT * REPLACE (domain || n AS domain) FROM {table.name}, range({MILLION // REHEARSED_COUNT}) AS t(n)"
            list(tables.ask(f"COPY ({rows}) TO '{file}' (FORMAT parquet, COMPRESSION zstd)").rows)
    shutil.copy(folder.path / MANIFEST_FILE, many.path)
    slowest = 0.0
    with opened(many.path) as tables:
        for one in QUERIES:
            began = time.perf_counter()
            found = sum(1 for _ in tables.ask(one.sql).rows)
            took = time.perf_counter() - began
            print(f"{one.name:<16} {found:5} rows {took:.2f} s")
            slowest = max(slowest, took)
    return slowest


def _untold(_standing: ScanStanding) -> None:
    """Tell nobody."""
