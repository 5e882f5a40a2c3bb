"""A disk that fills while a scan is made: the scan ends and says so, and goes on to the same results when there is room."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from mxproof.scan.depth import ScanDepth
from mxproof.scan.error import ScanError
from mxproof.scan.folder import ScanFolder
from mxproof.scan.local_engine import LocalEngine
from mxproof.scan.manifest import read_manifest
from mxproof.scan.rehearsal import begin_rehearsal, rehearsed
from mxproof.scan.running import scan
from support_scan import tables_of, untold

DOMAINS_COUNT = 3000
SMALL, LARGE = "size=300k", "size=64m"


@pytest.fixture
def disk(host: None, tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    _mount("-t", "tmpfs", "-o", SMALL, "scan", str(place))
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


def test_a_disk_that_fills_costs_no_result(disk: Path) -> None:
    folder = ScanFolder(disk / "scan")
    folder.path.mkdir()
    begin_rehearsal(folder, DOMAINS_COUNT, ScanDepth.RECORDS)
    with LocalEngine(folder.path, 1, rehearsed) as engine, pytest.raises(ScanError, match="No space left"):
        scan(folder, engine, untold)
    assert not read_manifest(folder.path).is_finished
    _mount("-o", f"remount,{LARGE}", str(disk))
    with LocalEngine(folder.path, 1, rehearsed) as engine:
        scan(folder, engine, untold)
    domains = [row[0] for row in tables_of(folder)["domains"]]
    assert len(domains) == len(set(domains)) == DOMAINS_COUNT
