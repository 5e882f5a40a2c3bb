"""The unit of contrib under a systemd that runs: installed as the guide says, posted to, killed, reloaded and held in."""

import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from real.bed.edition import WORLDS_FOLDER
from real.bed.network import Machine, network
from real.bed.system import CHECKOUT, SHARED, System, booted
from support_tlsrpt_days import written

GUIDE = Path(__file__).parents[3] / "docs/guides/take-tls-reports-in.md"
HOST = Machine("mta", "mta.example.com", "198.51.100.20", "2001:db8:1::20")
SERVICE = "mxproof-tlsrpt.service"
CONFIG = "etc/mxproof/tlsrpt.toml"
WITHIN_S = 60.0

pytestmark = pytest.mark.usefixtures("host")


@pytest.fixture(scope="module")
def system(host: None) -> Iterator[System]:
    """Boot, and install as the guide does; only how the program itself gets there is another matter."""
    steps = [line for line in GUIDE.read_text().splitlines() if line.startswith(("install ", "systemctl "))]
    assert len(steps) == 3, steps
    with (
        tempfile.TemporaryDirectory(prefix="mxproof-tlsrpt-", dir=WORLDS_FOLDER) as made,
        network("tlsrptd", [HOST], HOST) as wire,
        booted(wire, HOST, Path(made) / "system") as system,
    ):
        system.told("sh", "-ec", "\n".join((f"cd {CHECKOUT}", "mkdir -p /etc/mxproof", *steps)))
        yield system


def shown(system: System, *names: str) -> list[str]:
    lines = system.told("systemctl", "show", SERVICE, *(f"--property={name}" for name in names)).splitlines()
    found = dict(line.split("=", 1) for line in lines)
    return [found[name] for name in names]


def posted(system: System, number: int, domain: str = "example.com") -> str:
    """Post a report inside, and return the status of the answer."""
    report = system.root / SHARED.lstrip("/") / f"{number}.json"
    report.write_bytes(written(number=number, domain=domain))
    return system.told(
        *("curl", "--silent", "--retry", "10", "--retry-connrefused", "--output", "/dev/null"),
        *(
            "--write-out",
            "%{http_code}",
            "--data-binary",
            f"@{SHARED}/{number}.json",
            "http://127.0.0.1:8460/tlsrpt",
        ),
    )


def until(true: Callable[[], bool]) -> None:
    """Ask again until `true`; each time is a question to another process."""
    end_s = time.monotonic() + WITHIN_S
    while not true():
        assert time.monotonic() < end_s


def main_pid(system: System) -> int:
    return int(shown(system, "MainPID")[0])


def test_the_unit_holds_no_mistake_and_systemd_takes_every_line(system: System) -> None:
    done = system.run("systemd-analyze", "verify", f"/etc/systemd/system/{SERVICE}")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    said = system.told("journalctl", "--boot", "--output=cat", "_PID=1").splitlines()
    about = [line for line in said if "mxproof-tlsrpt" in line]
    assert about != []
    assert not [
        line for line in about if re.search("unknown|ignor|fail|deprecat|obsolete", line, re.IGNORECASE)
    ]


def test_it_serves_and_what_it_keeps_outlives_a_kill(system: System) -> None:
    assert shown(system, "ActiveState", "SubState", "UnitFileState") == ["active", "running", "enabled"]
    assert posted(system, 1) == "201"
    before = main_pid(system)
    system.told("systemctl", "kill", "--signal=KILL", SERVICE)
    until(lambda: main_pid(system) not in {0, before})
    assert [posted(system, 1), posted(system, 2)] == ["200", "201"]


def test_a_reload_takes_over_the_domains_in_the_same_process(system: System) -> None:
    config = system.root / CONFIG
    shipped = config.read_text()
    assert posted(system, 3, "other.example") == "422"
    before = main_pid(system)
    config.write_text(shipped.replace('["example.com"]', '["example.com", "other.example"]'))
    try:
        system.told("systemctl", "reload", SERVICE)
        until(lambda: posted(system, 4, "other.example") in {"200", "201"})
        assert main_pid(system) == before
    finally:
        config.write_text(shipped)
        system.told("systemctl", "reload", SERVICE)


def test_the_process_can_do_nothing_beyond_its_work(system: System) -> None:
    process = system.root / "proc" / str(main_pid(system))
    status = dict(line.split(":\t", 1) for line in (process / "status").read_text().splitlines())
    held = {name: status[name].strip() for name in ("CapEff", "CapPrm", "CapBnd", "NoNewPrivs", "Seccomp")}
    none = f"{0:016x}"
    assert held == {"CapEff": none, "CapPrm": none, "CapBnd": none, "NoNewPrivs": "1", "Seccomp": "2"}
    uid = int(status["Uid"].split()[0])
    assert uid != 0
    places = (system.written, system.root / "run")
    files = (Path(at, name) for top in places for at, _, names in os.walk(top) for name in names)
    made = {path.name for path in files if path.lstat().st_uid == uid}
    assert made - {"journal.db-shm", "journal.db-wal"} == {"journal.db", "lmtp"}


def test_it_is_told_to_end_and_ends_well(system: System) -> None:
    system.told("systemctl", "stop", SERVICE)
    assert shown(system, "Result", "ExecMainCode", "ExecMainStatus") == ["success", "1", "0"]
    assert "mxproof_tlsrpt" not in system.told(
        "systemctl", "list-units", "--failed", "--plain", "--no-legend"
    )
    system.told("systemctl", "start", SERVICE)
    assert posted(system, 1) == "200"
