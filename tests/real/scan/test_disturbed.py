"""Scans by `mxproof scan run` that are disturbed as they ask a real resolver: each comes to what an undisturbed one comes to.

MXPROOF_SCAN_DOMAINS=100000 has the long form: so many domains, a worker killed every ten seconds, a resolver away for a minute.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from mxproof.cli.exit import DONE, INTERRUPTED
from mxproof.evidence import Outcome
from mxproof.scan.folder import ScanFolder
from mxproof.scan.keeping import evidence_of_chunk
from mxproof.scan.manifest import MANIFEST_FILE, read_manifest
from mxproof.scan.rehearsal import CLASSES, MadeUp, rehearsed_list
from mxproof.scan.sharing import DOMAINS_PER_CHUNK
from real.scan.population import ServedNames, names_served
from support_scan import untimed

IS_LONG = "MXPROOF_SCAN_DOMAINS" in os.environ
DOMAINS_COUNT = int(os.environ.get("MXPROOF_SCAN_DOMAINS", "2000"))
CHUNKS = DOMAINS_COUNT // DOMAINS_PER_CHUNK
BETWEEN_S = 10.0
"""From one death of a worker to the next, in the long form."""
PARTS_BETWEEN = 4
"""So many parts are written from one death to the next, in the short form."""
AWAY_S = 60.0 if IS_LONG else 4.0
DRIVERS_END = (
    (signal.SIGINT, INTERRUPTED, CHUNKS // 2),
    (signal.SIGKILL, -signal.SIGKILL, 2 * CHUNKS + 2),
)
"""With which signal a driver is ended, its exit status, and how many parts are written by then."""
PLAIN = {Outcome.FOUND, Outcome.EMPTY, Outcome.NXDOMAIN}
LOOK_S = 0.005
WITHIN_S = 1800.0 if IS_LONG else 300.0


class Scanned(msgspec.Struct, frozen=True):
    """A list, the names that are asked about it, and what an undisturbed scan came to."""

    listed: Path
    names: ServedNames
    whole: ScanFolder

    def run(self, folder: ScanFolder) -> subprocess.Popen[str]:
        """Begin a scan, or go on with it."""
        is_begun = (folder.path / MANIFEST_FILE).exists()
        options = () if is_begun else ("--file", str(self.listed), "--resolver", str(self.names.resolver))
        command = (sys.executable, "-m", "mxproof", "scan", "run", str(folder.path), "--workers", "2")
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        return subprocess.Popen(
            (*command, *options),
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.fixture(scope="module")
def scanned(host: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scanned]:
    place = tmp_path_factory.mktemp("disturbed")
    lines = [line.decode() for line in rehearsed_list(DOMAINS_COUNT)]
    (place / "list").write_text("".join(lines))
    domains = [line.strip() for line in lines]
    with names_served(MadeUp(DOMAINS_COUNT, CLASSES), domains, place) as names:
        found = Scanned(place / "list", names, ScanFolder(place / "whole"))
        with names.resolving():
            _ended(found.run(found.whole), DONE)
        yield found


def test_workers_and_drivers_that_are_killed_leave_each_result_once(scanned: Scanned, tmp_path: Path) -> None:
    folder = ScanFolder(tmp_path / "scan")
    deaths = 0
    with scanned.names.resolving():
        for deadly, status, parts in DRIVERS_END:
            driver = scanned.run(folder)
            deaths += _workers_killed(driver, folder, parts)
            driver.send_signal(deadly)
            _ended(driver, status)
            assert not read_manifest(folder.path).is_finished
        driver = scanned.run(folder)
        deaths += _workers_killed(driver, folder, None)
        _ended(driver, DONE)
    assert deaths > len(DRIVERS_END)
    _same(folder, scanned.whole)


def test_a_resolver_that_goes_away_costs_no_answer(scanned: Scanned, tmp_path: Path) -> None:
    folder = ScanFolder(tmp_path / "scan")
    with scanned.names.resolving():
        driver = scanned.run(folder)
        while not _parts(folder):
            assert driver.poll() is None, driver.communicate()
            time.sleep(LOOK_S)
    time.sleep(AWAY_S)
    assert driver.poll() is None
    with scanned.names.resolving():
        _ended(driver, DONE)
    _same(folder, scanned.whole)
    chunks = range(read_manifest(folder.path).chunks)
    every = (one for chunk in chunks for one in evidence_of_chunk(folder, chunk))
    assert {answer.outcome for one in every for answer in one.answers.values()} == PLAIN


def _workers_killed(driver: subprocess.Popen[str], folder: ScanFolder, parts: int | None) -> int:
    """Kill the oldest worker over and over, until there are so many parts or the scan has ended; return how many died."""
    deaths, before, last = 0, _parts(folder), time.monotonic()
    while driver.poll() is None and (parts is None or _parts(folder) < parts):
        time.sleep(LOOK_S)
        is_due = time.monotonic() - last >= BETWEEN_S if IS_LONG else _parts(folder) - before >= PARTS_BETWEEN
        workers = _children(driver.pid)
        if is_due and workers:
            os.kill(min(workers), signal.SIGKILL)
            deaths, before, last = deaths + 1, _parts(folder), time.monotonic()
    return deaths


def _children(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:  # it has ended meanwhile
        return []


def _parts(folder: ScanFolder) -> int:
    """Return how many parts there are of what is asked and answered while the scan runs."""
    return sum(1 for _ in (folder.path / "work").rglob("*.part"))


def _ended(driver: subprocess.Popen[str], status: int) -> None:
    _, said = driver.communicate(timeout=WITHIN_S)
    assert driver.returncode == status, said


def _same(folder: ScanFolder, whole: ScanFolder) -> None:
    """See that each domain has its result once, and the one that it has in the other scan."""
    got = untimed(folder)
    assert len({row[0] for row in got["domains"]}) == len(got["domains"]) == DOMAINS_COUNT
    assert got == untimed(whole)
