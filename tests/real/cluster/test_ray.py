"""A scan on a cluster of Ray: two machines on a wire of their own, one of which fails, and storage that one does not see.

Ray is installed by `make test-cluster` from a lock file of its own. It has no dashboard here and tells nobody that it is used. A
node of Ray ends when its agents take longer than 15 seconds to begin, which no setting changes; so nodes come before others here.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from mxproof.net.asking import Peer
from mxproof.scan.folder import ScanFolder
from mxproof.scan.manifest import read_manifest
from mxproof.scan.rehearsal import CLASSES, MadeUp, rehearsed_list
from real.bed.network import Machine, Network, network
from real.bed.process import running
from real.scan.population import REVERSE_ZONE, reverse_zone, zone
from real.scan.zone_server import zones_served
from support_scan import untimed

ONE = Machine("one", "one.example", "192.0.2.1", "2001:db8::1")
TWO = Machine("two", "two.example", "192.0.2.2", "2001:db8::2")
ADDRESS = f"{ONE.ipv4}:6379"
DOMAINS_COUNT = 4000
STORE_BYTES = 80_000_000
READY = "runtime started"
WITHIN_S = 300.0
LOOK_S = 0.01
_AT_WORK = "ray::tried_on_node"
"""What Ray calls a process that does a task of a scan."""
_RAY = str(Path(sys.executable).with_name("ray"))


class Cluster:
    """Two nodes, of which the first has the name server that is asked."""

    def __init__(self, wire: Network, folder: Path) -> None:
        self.network = wire
        self._folder = folder

    def scan(self, folder: ScanFolder, *options: str) -> subprocess.Popen[str]:
        """Begin `mxproof scan run` in a folder on the first node."""
        command = (sys.executable, "-m", "mxproof", "scan", "run", str(folder.path), *options)
        listed = ("--file", str(self._folder / "list"), "--resolver", ONE.ipv4)
        return subprocess.Popen(
            self.network.inside(ONE, *command, *listed),
            env=_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def done(self, driver: subprocess.Popen[str]) -> tuple[int, str]:
        """Return the exit status of a scan when it has ended, and what it said."""
        said, _ = driver.communicate(timeout=WITHIN_S)
        return driver.returncode, said


@contextmanager
def cluster(folder: Path, before_two: Sequence[str]) -> Iterator[Cluster]:
    """Start two nodes, the second by `before_two`, and a name server, as long as the block lasts."""
    domains = [line.decode() for line in rehearsed_list(DOMAINS_COUNT)]
    (folder / "list").write_text("".join(domains))
    people = MadeUp(DOMAINS_COUNT, CLASSES)
    zones = {
        "example.": zone(people, [one.strip() for one in domains], bytes(32)),
        REVERSE_ZONE: reverse_zone(),
    }
    served = folder / "zones"
    served.mkdir()
    with ExitStack() as stack:
        temp = stack.enter_context(
            tempfile.TemporaryDirectory(prefix="ray", dir="/tmp", ignore_cleanup_errors=True)
        )
        wire = stack.enter_context(network(f"ray{os.getpid()}", (ONE, TWO), ONE))
        wire.introduce((ONE, TWO))
        head = ("--head", "--port=6379", "--include-dashboard=false", f"--temp-dir={temp}")
        for machine, before, options in ((ONE, (), head), (TWO, before_two, (f"--address={ADDRESS}",))):
            command = (
                *("env", *(f"{name}={value}" for name, value in _environment().items())),
                *(*before, _RAY, "start", "--block", "--disable-usage-stats", "--num-cpus=1"),
                *(f"--node-ip-address={machine.ipv4}", f"--object-store-memory={STORE_BYTES}", *options),
            )
            command, log = wire.inside(machine, *command), folder / f"{machine.name}.log"
            node = stack.enter_context(running(machine.name, command, log, READY, before_others=True))
            node.await_line(node.ready, WITHIN_S)
        peer = Peer(ONE.ipv4, 53)
        stack.enter_context(zones_served(zones, served, peer, inside=wire.inside(ONE)))
        yield Cluster(wire, folder)


def _environment() -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_raylet_start_wait_time_s": "240",
    }


def test_a_cluster_gives_each_result_once_or_is_refused(host: None, tmp_path: Path) -> None:
    unseen, whole, halved = (ScanFolder(tmp_path / name) for name in ("unseen", "whole", "halved"))
    unseen.path.mkdir()
    hidden = ("unshare", "--mount", "sh", "-c", f'mount -t tmpfs none "{unseen.path}" && exec "$@"', "sh")
    with cluster(tmp_path, hidden) as nodes:
        status, said = nodes.done(nodes.scan(unseen, "--engine", "ray", "--address", ADDRESS))
        assert status == 1, said
        assert f"node {TWO.ipv4}" in said
        assert "expected storage of all nodes" in said
        assert not (unseen.path / "work").exists()
        status, said = nodes.done(nodes.scan(whole))
        assert status == 0, said
        driver = nodes.scan(halved, "--engine", "ray", "--address", ADDRESS)
        while not nodes.network.runs(TWO, _AT_WORK):
            assert driver.poll() is None, driver.communicate()
            time.sleep(LOOK_S)
        nodes.network.fail(TWO)
        assert not read_manifest(halved.path).is_finished
        status, said = nodes.done(driver)
        assert status == 0, said
    got = untimed(halved)
    domains = [row[0] for row in got["domains"]]
    assert len(domains) == len(set(domains)) == DOMAINS_COUNT
    assert got == untimed(whole)
    assert [one.name for one in halved.path.iterdir() if one.name.startswith(".cluster")] == []
