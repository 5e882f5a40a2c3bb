"""The unit of contrib under a systemd that runs: installed as the guide says, it serves without any right of root."""

import datetime as dt
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from real.bed.ca import Authority
from real.bed.edition import WORLDS_FOLDER
from real.bed.network import Machine, network
from real.bed.system import CHECKOUT, System, booted

GUIDE = Path(__file__).parents[3] / "docs/guides/run-a-public-sender-test.md"
HOST = Machine("probe", "ns.probe.example.org", "192.0.2.55", "2001:db8::192:0:2:55")
ZONE, ADDRESSES = "probe.example.org", "198.51.100.0/28"
SERVICE = "mxproof-sendertest.service"
STATE = "var/lib/mxproof-sendertest"
RUNS = 4
WITHIN_S = 120.0
STEPS = ("useradd ", "install ", "systemctl start ")


@pytest.fixture(scope="module")
def system(host: None) -> Iterator[System]:
    """Boot, put certificates down, and install as the guide does."""
    steps = [line for line in GUIDE.read_text().splitlines() if line.startswith(STEPS)]
    assert len({line.split()[0] for line in steps}) == len(STEPS), steps
    with (
        tempfile.TemporaryDirectory(prefix="mxproof-probe-", dir=WORLDS_FOLDER) as made,
        network("probe", [HOST], HOST) as wire,
        booted(wire, HOST, Path(made) / "system") as system,
    ):
        system.told("ip", "route", "add", "local", ADDRESSES, "dev", "lo")
        _certificates(system, Authority(Path(made) / "ca", dt.datetime.now(dt.UTC)))
        system.told("sh", "-ec", "\n".join((f"cd {CHECKOUT}", *steps)))
        end_s = time.monotonic() + WITHIN_S
        while "served until a signal" not in _journal(system):
            assert time.monotonic() < end_s, _journal(system)
            time.sleep(0.5)
        yield system


def _certificates(system: System, authority: Authority) -> None:
    folder = system.root / "etc/mxproof/sendertest"
    folder.mkdir(parents=True, mode=0o700)
    for _ in range(RUNS):
        for line in system.told("/usr/local/bin/mxproof", "sendertest", "names", ZONE).splitlines():
            file, *names = line.split()
            if not (folder / file).exists():
                (folder / file).write_text(authority.issue(tuple(names)).pem.read_text())
                (folder / file).chmod(0o600)


def _journal(system: System) -> str:
    return system.run("journalctl", "--no-pager", f"--unit={SERVICE}").stdout


def _status(system: System) -> dict[str, str]:
    pid = system.told("systemctl", "show", SERVICE, "--property=MainPID", "--value").strip()
    lines = system.told("cat", f"/proc/{pid}/status").splitlines()
    return dict(line.split(":\t", 1) for line in lines if ":\t" in line)


def test_it_goes_on_as_its_user_without_any_right_of_root(system: System) -> None:
    status = _status(system)
    user = system.told("id", "--user", "mxproof-sendertest").strip()
    assert user != "0"
    assert set(status["Uid"].split()) == {user}
    assert {int(status[one], 16) for one in ("CapPrm", "CapEff", "CapAmb")} == {0}


def test_every_run_is_there_and_written_when_the_service_ends(system: System) -> None:
    runs = [one.parent for one in (system.root / STATE).glob("*/recipients")]
    assert len(runs) == RUNS
    system.told("systemctl", "stop", SERVICE)
    assert system.told("systemctl", "show", SERVICE, "--property=Result", "--value").strip() == "success"
    assert [one for one in runs if not (one / "observed.json").is_file()] == []
    assert (system.root / STATE / "zone.key").stat().st_mode & 0o777 == 0o600
