"""Scans whose workers and drivers are killed over and over: each domain has its result once, equal to an undisturbed scan."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mxproof.scan.error import ScanError
from mxproof.scan.local_engine import LocalEngine
from mxproof.scan.manifest import ScanManifest, read_manifest
from mxproof.scan.network import Ask
from mxproof.scan.running import scan
from support_scan import DOMAINS, begun, population, scanned, tables_of, untold


@contextmanager
def deadly(_manifest: ScanManifest) -> Iterator[Ask]:
    """End the worker, as the kernel does that has no memory left."""
    os.kill(os.getpid(), signal.SIGKILL)
    yield population().asks(_manifest).__enter__()


def test_a_task_that_ends_every_worker_ends_the_scan(tmp_path: Path) -> None:
    folder = begun(tmp_path / "scan", DOMAINS)
    with LocalEngine(folder.path, 1, deadly) as engine, pytest.raises(ScanError, match="-9"):
        scan(folder, engine, untold)


@contextmanager
def failing(_manifest: ScanManifest) -> Iterator[Ask]:
    """Fail as a full disk does."""
    raise OSError(28, "No space left on device", "part")
    yield  # type: ignore[unreachable]  # a generator


def test_a_full_disk_is_said_and_leaves_a_scan_that_goes_on(tmp_path: Path) -> None:
    want = tables_of(scanned(tmp_path / "whole", population(), DOMAINS))
    folder = begun(tmp_path / "scan", DOMAINS)
    with LocalEngine(folder.path, 1, failing) as engine, pytest.raises(ScanError, match="No space left"):
        scan(folder, engine, untold)
    with LocalEngine(folder.path, 1, population().asks) as engine:
        scan(folder, engine, untold)
    assert tables_of(folder) == want


_DRIVER = """
import os, signal, sys
from pathlib import Path
from support_scan import population, untold
from mxproof.scan.folder import ScanFolder
from mxproof.scan.local_engine import LocalEngine
from mxproof.scan.running import scan
ends_at = int(sys.argv[2])
told = []
def tell(standing):
    told.append(standing)
    if len(told) == ends_at:
        os.kill(os.getpid(), signal.SIGKILL)
folder = ScanFolder(Path(sys.argv[1]))
with LocalEngine(folder.path, 2, population().asks) as engine:
    scan(folder, engine, tell)
"""


def test_a_driver_that_is_killed_twice_leaves_each_result_once(tmp_path: Path) -> None:
    want = tables_of(scanned(tmp_path / "whole", population(), DOMAINS))
    folder = begun(tmp_path / "scan", DOMAINS)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    for ends_at in (3, 8):
        driver = [sys.executable, "-c", _DRIVER, str(folder.path), str(ends_at)]
        ended = subprocess.run(driver, env=environment, check=False)
        assert ended.returncode == -signal.SIGKILL
        assert not read_manifest(folder.path).is_finished
    with LocalEngine(folder.path, 2, population().asks) as engine:
        scan(folder, engine, untold)
    assert tables_of(folder) == want
