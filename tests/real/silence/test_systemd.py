"""The unit of contrib under a systemd that runs: a log and the journal followed, killed, and every mail counted once."""

import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from mxproof.rhythm.kept import KeptDetector
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.silence import SilenceJournal
from real.bed.edition import WORLDS_FOLDER
from real.bed.network import Machine, network
from real.bed.system import CHECKOUT, System, booted

GUIDE = Path(__file__).parents[3] / "docs/guides/a-sender-is-silent.md"
HOST = Machine("mta", "mta.example.com", "198.51.100.20", "2001:db8:1::20")
SERVICE = "mxproof-silence.service"
LOG = "var/log/mail.log"
STORE = "var/lib/private/mxproof"
WITHIN_S = 120.0
MAILS = 3
"""So many of one sender are remembered one by one."""
_JOURNALD = """\
[Service]
ExecStart=
ExecStart=/usr/local/bin/mxproof watch follow --journald --store sqlite:/var/lib/mxproof/journal.db
"""

pytestmark = pytest.mark.usefixtures("host")


@pytest.fixture(scope="module")
def system(host: None) -> Iterator[System]:
    """Boot, and install as the guide does; only how the program itself gets there is another matter."""
    steps = [line for line in GUIDE.read_text().splitlines() if line.startswith(("install ", "systemctl "))]
    assert len(steps) == 2, steps
    with (
        tempfile.TemporaryDirectory(prefix="mxproof-silence-", dir=WORLDS_FOLDER) as made,
        network("silence", [HOST], HOST) as wire,
        booted(wire, HOST, Path(made) / "system") as system,
    ):
        (system.root / LOG).write_text("")
        system.told("chgrp", "adm", f"/{LOG}")
        system.told("chmod", "640", f"/{LOG}")
        system.told("sh", "-ec", "\n".join((f"cd {CHECKOUT}", *steps)))
        yield system


def shown(system: System, *names: str) -> list[str]:
    lines = system.told("systemctl", "show", SERVICE, *(f"--property={name}" for name in names)).splitlines()
    found = dict(line.split("=", 1) for line in lines)
    return [found[name] for name in names]


def until(true: Callable[[], bool], system: System) -> None:
    """Ask again until `true`; each time is a question to another process."""
    end_s = time.monotonic() + WITHIN_S
    while not true():
        assert time.monotonic() < end_s, system.run("journalctl", "--no-pager", "--lines=50").stdout
        time.sleep(0.5)


def mail(host: str, number: int) -> str:
    return f"postfix/smtpd[7]: 4F1A2B3C{number:02X}: client={host}[192.0.2.1]\n"


def write(system: System, host: str, first: int, last: int) -> None:
    """Log mails as Postfix does by syslog."""
    now = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
    with (system.root / LOG).open("a") as log:
        log.writelines(f"{now} mx {mail(host, number)}" for number in range(first, last))


def journaled(system: System, host: str, first: int, last: int) -> None:
    """Log mails as Postfix does where the journal takes its lines.

    Whoever writes stays, as Postfix's processes do, until they are taken: the journal asks a process for its unit.
    """
    said = "".join(
        f"echo '{mail(host, number).partition(': ')[2].strip()}'\n" for number in range(first, last)
    )
    system.told(
        *("systemd-run", "--wait", f"--unit=postfix-{host.replace('.', '-')}-{first}", "--quiet"),
        *("systemd-cat", "--identifier=postfix/smtpd", "sh", "-c", f"{said}journalctl --sync\n"),
    )


def counted(system: System, log: str) -> dict[str, int]:
    """Return how many mails of each sender are remembered, from a copy of the store."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("journal.db", "journal.db-wal"):
            with suppress(FileNotFoundError):  # whoever closes the store last takes the second away
                shutil.copy(system.root / STORE / name, folder)
        try:
            kept = SilenceJournal(Journal(f"sqlite:{folder}/journal.db")).log(log)
        except (JournalError, sqlite3.Error):  # copied while it was written to
            return {}
    if kept is None:
        return {}
    found = msgspec.msgpack.decode(kept.detector, type=KeptDetector).candidates
    return {name: len(times) for name, times in found.items()}


def main_pid(system: System) -> int:
    return int(shown(system, "MainPID")[0])


def killed(system: System) -> None:
    before = main_pid(system)
    system.told("systemctl", "kill", "--signal=KILL", SERVICE)
    until(lambda: main_pid(system) not in {0, before}, system)


def test_the_unit_holds_no_mistake_and_systemd_takes_every_line(system: System) -> None:
    done = system.run("systemd-analyze", "verify", f"/etc/systemd/system/{SERVICE}")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    said = system.told("journalctl", "--boot", "--output=cat", "_PID=1").splitlines()
    about = [line for line in said if "mxproof-silence" in line]
    assert not [line for line in about if re.search("unknown|ignor|deprecat|obsolete", line, re.IGNORECASE)]


def test_a_log_is_counted_once_over_a_kill_and_a_rotation(system: System) -> None:
    assert shown(system, "ActiveState", "UnitFileState") == ["active", "enabled"]
    write(system, "mx.one.example", 0, 2)
    until(lambda: counted(system, f"/{LOG}") == {"one.example": 2}, system)
    killed(system)
    write(system, "mx.one.example", 2, MAILS)
    write(system, "mx.two.example", 0, 1)
    system.told("mv", f"/{LOG}", f"/{LOG}.1")
    system.told("install", "-m", "640", "-g", "adm", "/dev/null", f"/{LOG}")
    write(system, "mx.two.example", 1, MAILS)
    until(lambda: counted(system, f"/{LOG}") == {"one.example": MAILS, "two.example": MAILS}, system)


def test_the_journal_is_counted_once_over_a_kill(system: System) -> None:
    override = system.root / f"etc/systemd/system/{SERVICE}.d/journald.conf"
    override.parent.mkdir()
    override.write_text(_JOURNALD)
    system.told("systemctl", "daemon-reload")
    system.told("systemctl", "restart", SERVICE)
    journaled(system, "mx.three.example", 0, 2)
    until(lambda: counted(system, "journald") == {"three.example": 2}, system)
    killed(system)
    journaled(system, "mx.three.example", 2, MAILS)
    journaled(system, "mx.four.example", 0, 1)
    until(lambda: counted(system, "journald") == {"three.example": MAILS, "four.example": 1}, system)


def test_it_is_told_to_end_and_ends_well(system: System) -> None:
    system.told("systemctl", "stop", SERVICE)
    assert shown(system, "Result", "ExecMainCode", "ExecMainStatus") == ["success", "1", "0"]
