"""The units of contrib under a systemd that runs: installed as the guide says, started by a question, held in.

The configuration is that of contrib, word for word: the system shares the network of the resolver's machine, and trusts
the authority of the town as a machine trusts its roots.
"""

import os
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from real.bed.machines import RESOLVER
from real.bed.policyd import ANSWERED_WITHIN_S, PORT, asked_over, socket_inside
from real.bed.system import CHECKOUT, System, booted
from real.bed.town import Town
from real.policyd.case import NOT_FOUND, Case
from real.policyd.silence import silent_host
from real.policyd.worlds import CASES, changing

GUIDE = Path(__file__).parents[3] / "docs/guides/postfix-in-ten-minutes.md"
SERVICE = "mxproof-policyd.service"
SOCKET = "mxproof-policyd.socket"
CONFIG = "etc/mxproof/policyd.toml"
KILLS = 6
"""More than a unit may be started in a short time unless it says otherwise (StartLimitBurst=)."""
RESTARTS = 3
WITHIN_S = 120.0

BY_POLICY, BY_DANE, ABSENT = (
    next(case for case in CASES if case.name == name) for name in ("direct", "tlsa-right", "absent")
)
_OVERRIDE = """
[[override]]
domain = "{domain}"
policy = "encrypt"
reason = "to see a reload"
until = 2999-01-01T00:00:00Z
"""


@pytest.fixture(scope="module")
def installed(place: Town) -> Iterator[System]:
    """Boot, and install as the guide does; only how the program itself gets there is another matter."""
    steps = [line for line in GUIDE.read_text().splitlines() if line.startswith(("install ", "systemctl "))]
    assert len(steps) == 4, steps
    with booted(place.network, RESOLVER, place.folder / "system") as system:
        with (system.root / "etc/ssl/certs/ca-certificates.crt").open("ab") as roots:
            roots.write(place.authority.file.read_bytes())
        system.told("sh", "-ec", "\n".join((f"cd {CHECKOUT}", *steps)))
        assert _shown(system, "ActiveState", "UnitFileState") == ["active", "enabled"]
        yield system


@pytest.fixture
def system(installed: System) -> System:
    """Return the system with the sockets open and no daemon behind them."""
    installed.told("systemctl", "stop", SERVICE)
    installed.told("systemctl", "reset-failed", SOCKET)  # it is started anew more often than anybody would
    installed.told("systemctl", "restart", SOCKET)
    assert _shown(installed, "ActiveState") == ["inactive"]
    return installed


def test_the_units_hold_no_mistake(installed: System) -> None:
    done = installed.run(
        "systemd-analyze", "verify", *(f"/etc/systemd/system/{unit}" for unit in (SERVICE, SOCKET))
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_systemd_takes_every_line_of_them(installed: System) -> None:
    installed.told("journalctl", "--sync")
    said = installed.told("journalctl", "--boot", "--output=cat", "_PID=1").splitlines()
    about = [line for line in said if "mxproof-policyd" in line]
    assert about != []
    assert [
        line for line in about if re.search("unknown|ignor|fail|deprecat|obsolete", line, re.IGNORECASE)
    ] == []


@pytest.mark.parametrize("case", [BY_POLICY, BY_DANE], ids=lambda case: case.name)
def test_a_question_starts_the_daemon(place: Town, system: System, case: Case) -> None:
    assert _asked(place, case.domain.name) == case.reply
    assert _shown(system, "ActiveState", "SubState", "Result") == ["active", "running", "success"]


def test_a_file_in_the_queue_of_postfix_is_served_as_the_socket_unit_shows(system: System) -> None:
    unit = system.root / "etc/systemd/system" / SOCKET
    shipped = unit.read_text()
    unit.write_text(re.sub(r"^#(ListenStream=|Socket)", r"\1", shipped, flags=re.MULTILINE))
    try:
        system.told("systemctl", "daemon-reload")
        system.told("systemctl", "restart", SOCKET)
        file = "/var/spool/postfix/private/mxproof-policyd"
        with closing(socket.socket(socket.AF_UNIX)) as one:
            one.settimeout(ANSWERED_WITHIN_S)
            one.connect(f"{system.root}{file}")
            assert asked_over(one, "postfix", BY_POLICY.domain.name) == BY_POLICY.reply
        assert system.told("stat", "--format=%U %a", file) == "postfix 600\n"
    finally:
        unit.write_text(shipped)
        system.told("systemctl", "daemon-reload")


def test_the_service_listens_by_itself_where_there_is_no_socket_unit(place: Town, system: System) -> None:
    system.told("systemctl", "stop", SOCKET)
    system.told("systemctl", "start", SERVICE)
    assert _asked(place, BY_POLICY.domain.name) == BY_POLICY.reply


def test_a_reload_reads_the_configuration_again_in_the_same_process(place: Town, system: System) -> None:
    key = BY_POLICY.domain.name
    with _configured(system, _OVERRIDE.format(domain=key)):
        assert _asked(place, key) == "OK encrypt"
        before = _main_pid(system)
    system.told("systemctl", "reload", SERVICE)
    _until(lambda: _asked(place, key) == BY_POLICY.reply)
    assert (_main_pid(system), _shown(system, "SubState")) == (before, ["running"])


def test_a_reload_with_a_wrong_file_says_so_and_changes_nothing(place: Town, system: System) -> None:
    assert _asked(place, BY_POLICY.domain.name) == BY_POLICY.reply
    before = _main_pid(system)
    with _configured(system, "\nlisten = 1\n"):
        system.told("systemctl", "reload", SERVICE)
        _until(lambda: "going on with what was" in _journal(system, before, "--priority=err"))
    assert _asked(place, BY_POLICY.domain.name) == BY_POLICY.reply
    assert (_main_pid(system), _shown(system, "SubState")) == (before, ["running"])


def test_nobody_who_asks_notices_a_restart(place: Town, system: System) -> None:
    over = threading.Event()

    def ask() -> list[str]:
        """Ask without a break, over a new connection each time."""
        replies = []
        while not over.is_set():
            replies.append(_asked(place, BY_POLICY.domain.name))
        return replies

    with ThreadPoolExecutor() as threads:
        asking = threads.submit(ask)
        try:
            pids = {_restarted(place, system) for _ in range(RESTARTS)}
        finally:
            over.set()
        assert set(asking.result(WITHIN_S)) == {BY_POLICY.reply}
    assert len(pids) == RESTARTS


def test_a_daemon_that_is_killed_again_and_again_is_there_again(place: Town, system: System) -> None:
    pids = set()
    for _ in range(KILLS):
        assert _asked(place, BY_POLICY.domain.name) == BY_POLICY.reply
        pids.add(_main_pid(system))
        system.told("systemctl", "kill", "--signal=KILL", SERVICE)
    assert _asked(place, BY_POLICY.domain.name) == BY_POLICY.reply
    assert len(pids) == KILLS


def test_a_wrong_configuration_that_is_mended_needs_nothing_else(place: Town, system: System) -> None:
    with ThreadPoolExecutor() as threads:
        with _configured(system, "\nlisten = 1\n"):
            asking = threads.submit(_asked, place, BY_POLICY.domain.name)
            _until(lambda: int(_shown(system, "NRestarts")[0]) > 1)
        assert asking.result(WITHIN_S) == BY_POLICY.reply


def test_a_daemon_that_hangs_is_replaced(place: Town, system: System) -> None:
    hasty = system.root / f"run/systemd/system/{SERVICE}.d/hasty.conf"
    hasty.parent.mkdir(parents=True)
    hasty.write_text("[Service]\nWatchdogSec=1\n")
    try:
        system.told("systemctl", "daemon-reload")
        assert _asked(place, BY_POLICY.domain.name) == BY_POLICY.reply
        before = _main_pid(system)
        system.told("systemctl", "kill", "--signal=STOP", SERVICE)
        assert _asked(place, BY_DANE.domain.name) == BY_DANE.reply
        assert _main_pid(system) != before
    finally:
        hasty.unlink()
        system.told("systemctl", "daemon-reload")


def test_a_daemon_that_is_told_to_end_says_so_answers_and_ends_well(place: Town, system: System) -> None:
    domain = changing("stopped")
    with silent_host(place, domain) as host, ThreadPoolExecutor() as threads:
        asking = threads.submit(_asked, place, domain.name)
        connection, _ = host.accept()
        with connection:
            before = _main_pid(system)
            system.told("kill", "-TERM", str(before))
            _until(lambda: _shown(system, "SubState") == ["stop-sigterm"])
        assert asking.result(WITHIN_S) == NOT_FOUND
        _until(lambda: _main_pid(system) not in {0, before})
    assert _asked(place, ABSENT.domain.name) == ABSENT.reply
    system.told("systemctl", "stop", SERVICE)
    assert _shown(system, "Result", "ExecMainCode", "ExecMainStatus") == ["success", "1", "0"]


def test_the_process_can_do_nothing_beyond_its_work(place: Town, system: System) -> None:
    assert _asked(place, BY_POLICY.domain.name) == BY_POLICY.reply
    process = system.root / "proc" / str(_main_pid(system))
    status = dict(line.split(":\t", 1) for line in (process / "status").read_text().splitlines())
    held = {name: status[name].strip() for name in ("CapEff", "CapPrm", "CapBnd", "NoNewPrivs", "Seccomp")}
    none = f"{0:016x}"
    assert held == {"CapEff": none, "CapPrm": none, "CapBnd": none, "NoNewPrivs": "1", "Seccomp": "2"}
    assert int(status["Uid"].split()[0]) != 0


@pytest.mark.parametrize(
    "folder", ["/", "/etc", "/etc/mxproof", "/usr/local/bin", "/var", "/home", "/root", "/opt"]
)
def test_not_even_root_could_write_elsewhere_from_where_it_is(
    place: Town, system: System, folder: str
) -> None:
    assert _asked(place, BY_POLICY.domain.name) == BY_POLICY.reply
    inside = ("nsenter", f"--target={_main_pid(system)}", "--mount")
    assert system.run(*inside, "touch", f"{folder}/written").returncode != 0
    assert system.run(*inside, "touch", "/var/lib/mxproof/written").returncode == 0


def test_it_writes_its_database_and_its_control_socket_and_nothing_else(place: Town, system: System) -> None:
    assert _asked(place, BY_POLICY.domain.name) == BY_POLICY.reply
    uid = (system.root / "proc" / str(_main_pid(system))).stat().st_uid
    places = (system.written, system.root / "run", system.root / "tmp", system.root / "dev/shm")
    files = (Path(at, name) for top in places for at, _, names in os.walk(top) for name in names)
    written = {path.name for path in files if path.lstat().st_uid == uid}
    assert written == {"policyd.db", "policyd.db-shm", "policyd.db-wal", "policyd.ctl"}


def test_the_journal_knows_how_grave_a_line_is(place: Town, system: System) -> None:
    assert _asked(place, BY_POLICY.domain.name) == BY_POLICY.reply
    pid = _main_pid(system)
    _until(lambda: "ready version=" in _journal(system, pid, "--priority=info..info"))
    assert _journal(system, pid, "--priority=warning") == ""


def test_root_reads_and_purges_beside_the_daemon_and_without_it(place: Town, system: System) -> None:
    key = BY_POLICY.domain.name
    program = ("mxproof", "policyd", "--config", f"/{CONFIG}")
    entry = f"{key}\t{BY_POLICY.reply.removeprefix('OK ')}\n"
    assert _asked(place, key) == BY_POLICY.reply
    assert BY_POLICY.reply in system.told(*program, "query", key)
    system.told(*program, "purge", key)
    assert entry not in system.told(*program, "export")
    assert _asked(place, key) == BY_POLICY.reply
    system.told("systemctl", "stop", SERVICE)
    assert entry in system.told(*program, "export")
    system.told(*program, "list")
    assert _asked(place, ABSENT.domain.name) == ABSENT.reply
    system.told("systemctl", "stop", SERVICE)
    assert ABSENT.domain.name in system.told(*program, "list")


def _asked(place: Town, key: str) -> str:
    with closing(socket_inside(place.network, RESOLVER)) as one:
        one.settimeout(ANSWERED_WITHIN_S)
        one.connect(("127.0.0.1", PORT))
        return asked_over(one, "postfix", key)


def _shown(system: System, *names: str) -> list[str]:
    """Return properties of the service, in the order in which they are named."""
    lines = system.told("systemctl", "show", SERVICE, *(f"--property={name}" for name in names)).splitlines()
    found = dict(line.split("=", 1) for line in lines)
    return [found[name] for name in names]


def _main_pid(system: System) -> int:
    """Return the process of the daemon as the system numbers it, 0 where there is none."""
    return int(_shown(system, "MainPID")[0])


def _restarted(place: Town, system: System) -> int:
    system.told("systemctl", "restart", SERVICE)
    return _main_pid(system)


def _journal(system: System, pid: int, *options: str) -> str:
    """Return what the process has logged, as far as the journal has it yet, without dates."""
    return system.told("journalctl", "--quiet", "--boot", "--output=cat", *options, f"_PID={pid}")


@contextmanager
def _configured(system: System, more: str) -> Iterator[None]:
    """Have `more` at the end of the configuration file."""
    config = system.root / CONFIG
    shipped = config.read_text()
    config.write_text(shipped + more)
    try:
        yield
    finally:
        config.write_text(shipped)


def _until(true: Callable[[], bool]) -> None:
    """Ask again until `true`; each time is a question to another process."""
    end_s = time.monotonic() + WITHIN_S
    while not true():
        assert time.monotonic() < end_s
