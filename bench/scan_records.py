"""A whole scan at depth records over sockets: its processor time a domain, and what judging it again costs and holds.

The population of a rehearsal is served by knot on loopback and `mxproof scan run` asks it with two workers; what is counted is user
and system time of the command and its workers from its beginning to its end, knot apart. The limit is for the two processors that a
scan may have: a thousand domains for two seconds of processor time. What `mxproof scan judge` holds is compared with a list that is
three times as long; the names of domains that are alike are all that grows.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.timing import verdict
from mxproof.scan.depth import ScanDepth
from mxproof.scan.folder import ScanFolder
from mxproof.scan.local_engine import LocalEngine
from mxproof.scan.rehearsal import CLASSES, MadeUp, begin_rehearsal, rehearsed, rehearsed_list
from mxproof.scan.running import ScanStanding, scan
from real.scan.population import REVERSE_ZONE, reverse_zone, zone
from real.scan.zone_server import free_peer, zones_served

DOMAINS_COUNT = 20_000
KEPT_COUNT = int(os.environ.get("MXPROOF_SCAN_DOMAINS", "10000"))
TIMES_AS_MANY = 3
WORKERS = 2
EACH_MS_MAX = 1.0
MORE_MEMORY_MAX = 1.1
JUDGING_MINUTES_MAX = 20.0
MILLION = 1_000_000


def main() -> bool:
    """Measure and print; tell whether the figures hold."""
    if shutil.which("knotd") is None:
        print("records: knotd is not installed; nothing was measured")
        return True
    folder = Path(tempfile.mkdtemp(prefix="bench-records-"))
    try:
        return all((_over_sockets(folder), _judged_again(folder)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _over_sockets(folder: Path) -> bool:
    lines = [line.decode() for line in rehearsed_list(DOMAINS_COUNT)]
    (folder / "list").write_text("".join(lines), encoding="ascii")
    domains = [line.strip() for line in lines]
    served = folder / "zones"
    served.mkdir()
    peer = free_peer()
    zones = {
        "example.": zone(MadeUp(DOMAINS_COUNT, CLASSES), domains, bytes(32)),
        REVERSE_ZONE: reverse_zone(),
    }
    with zones_served(zones, served, peer):
        spent_s, _ = _spent("run", folder / "scan", "--file", str(folder / "list"), "--resolver", str(peer))
    rate = DOMAINS_COUNT / spent_s
    print(f"depth records over sockets: {rate:,.0f} domains a processor second, {WORKERS * rate:,.0f} on two")
    return verdict(
        "a domain at depth records over sockets, on two processors", 1000 / rate / WORKERS, EACH_MS_MAX, " ms"
    )


def _judged_again(folder: Path) -> bool:
    held = []
    for count in (KEPT_COUNT, TIMES_AS_MANY * KEPT_COUNT):
        place = ScanFolder(folder / f"kept-{count}")
        place.path.mkdir()
        begin_rehearsal(place, count, ScanDepth.RECORDS)
        with LocalEngine(place.path, WORKERS, rehearsed) as engine:
            scan(place, engine, _untold)
        spent_s, peak_kib = _spent("judge", place.path, workers=1)
        print(f"{count:,} domains judged again: {spent_s:.1f} s, {peak_kib / 1024:.0f} MiB at most")
        held.append((spent_s / count, peak_kib))
        shutil.rmtree(place.path)
    return all(
        (
            verdict(f"memory for {TIMES_AS_MANY} times as many", held[1][1] / held[0][1], MORE_MEMORY_MAX),
            verdict(
                "a million domains judged again on one",
                held[1][0] * MILLION / 60,
                JUDGING_MINUTES_MAX,
                " min",
            ),
        )
    )


def _spent(command: str, folder: Path, *options: str, workers: int = WORKERS) -> tuple[float, int]:
    """Run `mxproof scan` and return its processor seconds, and the most that it or one of its workers held in KiB."""
    arguments = [sys.executable, "-m", "mxproof", "scan", command, str(folder), "--workers", str(workers)]
    with subprocess.Popen(
        [*arguments, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"{command} ended with {process.returncode}"
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def _untold(_standing: ScanStanding) -> None:
    """Tell nobody."""


if __name__ == "__main__":
    raise SystemExit(not main())
