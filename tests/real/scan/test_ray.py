"""A scan on a cluster of Ray: two machines on a wire of their own, one of which fails, and storage that one does not see.

Ray is installed by `make test-real` from a lock file of its own. It has no dashboard here and tells nobody that it is used.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec
import pytest

from mxproof.scan.beginning import ScanWay, begin
from mxproof.scan.depth import ScanDepth
from mxproof.scan.domain_list import DomainList
from mxproof.scan.folder import ScanFolder
from mxproof.scan.manifest import read_manifest
from mxproof.scan.rehearsal import rehearsed_list
from mxproof.scan.running import scan
from real.bed.network import Machine, Network, network
from real.bed.process import running
from support_scan import ASKING, VANTAGE, Here, made_up, tables_of, untold

ONE = Machine("one", "one.example", "192.0.2.1", "2001:db8::1")
TWO = Machine("two", "two.example", "192.0.2.2", "2001:db8::2")
ADDRESS = f"{ONE.ipv4}:6379"
DOMAINS_COUNT = 1500
CHUNK_DOMAINS = 25
TASKS_BEFORE = 15
STORE_BYTES = 80_000_000
WITHIN_S = 600.0
_RAY = str(Path(sys.executable).with_name("ray"))
_DRIVER = """
import os, sys
from pathlib import Path
from mxproof.scan.error import ScanError
from mxproof.scan.folder import ScanFolder
from mxproof.scan.ray_engine import RayEngine
from mxproof.scan.running import scan
from support_scan import made_up_here
def tell(standing):
    print(standing.stage, standing.done, flush=True)
folder = ScanFolder(Path(sys.argv[1]))
try:
    with RayEngine(folder.path, sys.argv[2], None, made_up_here) as engine:
        scan(folder, engine, tell)
except ScanError as error:
    sys.exit(f"refused: {error}")
"""


class Cluster(msgspec.Struct, frozen=True):
    """Two nodes; `marks` is where each puts a file of its name when it has done a task."""

    network: Network
    marks: Path

    def driver(self, folder: ScanFolder) -> subprocess.Popen[str]:
        """Start the scan of a folder on the first node."""
        return subprocess.Popen(
            self.network.inside(ONE, sys.executable, "-c", _DRIVER, str(folder.path), ADDRESS),
            env=_environment(self.marks / ONE.name),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@contextmanager
def cluster(marks: Path, *before_two: str) -> Iterator[Cluster]:
    """Start two nodes, the second by `before_two`, as long as the block lasts."""
    with ExitStack() as stack:
        temp = stack.enter_context(
            tempfile.TemporaryDirectory(prefix="ray", dir="/tmp", ignore_cleanup_errors=True)
        )
        wire = stack.enter_context(network(f"ray{os.getpid()}", (ONE, TWO), ONE))
        ways = (
            (ONE, (), ("--head", "--port=6379", "--include-dashboard=false", f"--temp-dir={temp}")),
            (TWO, before_two, (f"--address={ADDRESS}",)),
        )
        for machine, before, options in ways:
            command = (
                *("env", *(f"{name}={value}" for name, value in _environment(marks / machine.name).items())),
                *(*before, _RAY, "start", "--block", "--disable-usage-stats", "--num-cpus=1"),
                *(f"--node-ip-address={machine.ipv4}", f"--object-store-memory={STORE_BYTES}", *options),
            )
            inside = wire.inside(machine, *command)
            stack.enter_context(
                running(machine.name, inside, marks / f"{machine.name}.log", ready="Ray runtime started")
            ).await_ready()
        yield Cluster(wire, marks)


def _environment(mark: Path) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "MXPROOF_TEST_MARK": str(mark),
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_raylet_start_wait_time_s": "300",
    }


@pytest.fixture
def folder(host: None, tmp_path: Path) -> ScanFolder:
    return _begun(tmp_path / "scan")


def _begun(path: Path) -> ScanFolder:
    path.mkdir()
    place = ScanFolder(path)
    listed = DomainList(rehearsed_list(DOMAINS_COUNT), refuse=lambda line: pytest.fail(str(line)))
    begin(place, listed, ScanWay(ScanDepth.POLICY, ASKING, VANTAGE, ()), chunk_domains=CHUNK_DOMAINS)
    return place


def test_a_node_that_fails_leaves_each_result_once(folder: ScanFolder, tmp_path: Path) -> None:
    whole = _begun(tmp_path / "whole")
    scan(whole, Here(whole.path, made_up), untold)
    with cluster(tmp_path) as nodes:
        driver = nodes.driver(folder)
        assert driver.stdout is not None
        for count, _ in enumerate(driver.stdout):
            if count > TASKS_BEFORE and (tmp_path / TWO.name).exists():
                break
        nodes.network.fail(TWO)
        _, said = driver.communicate(timeout=WITHIN_S)
    assert driver.returncode == 0, said
    assert (tmp_path / ONE.name).exists()
    domains = [row[0] for row in tables_of(folder)["domains"]]
    assert len(domains) == len(set(domains)) == DOMAINS_COUNT
    assert tables_of(folder) == tables_of(whole)
    assert [one.name for one in folder.path.iterdir() if one.name.startswith(".cluster")] == []


def test_storage_that_a_node_does_not_see_is_refused(folder: ScanFolder, tmp_path: Path) -> None:
    hidden = ("unshare", "--mount", "sh", "-c", f'mount -t tmpfs none "{folder.path}" && exec "$@"', "sh")
    with cluster(tmp_path, *hidden) as nodes:
        driver = nodes.driver(folder)
        told, said = driver.communicate(timeout=WITHIN_S)
    assert (driver.returncode, told) == (1, "")
    assert f"node {TWO.ipv4}" in said
    assert "expected storage of all nodes" in said
    assert not read_manifest(folder.path).is_finished
