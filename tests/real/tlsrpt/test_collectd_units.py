"""The units of contrib for what collects, under a systemd that runs: installed as the guide says, told by a Postfix in its chroot,
restarted, killed, and given a key.
"""

import base64
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from real.bed.edition import WORLDS_FOLDER
from real.bed.network import COMMAND_WITHIN_S, Machine, network
from real.bed.system import CHECKOUT, PYTHON, System, booted
from support_datagram import DATAGRAMS

GUIDE = Path(__file__).parents[3] / "docs/guides/tls-reports-from-postfix.md"
HOST = Machine("mta", "mta.example.com", "198.51.100.20", "2001:db8:1::20")
SERVICE = "mxproof-collect.service"
SOCKET = "mxproof-collect.socket"
QUEUE = "/var/spool/postfix"
QUEUE_LENGTH = 512
WITHIN_S = 120.0
_TELL = """
import base64, os, pwd, socket, sys
user = pwd.getpwnam(sys.argv[1])
os.chroot(sys.argv[2])
os.chdir("/")
os.setgroups([])
os.setgid(user.pw_gid)
os.setuid(user.pw_uid)
one = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
one.setblocking(False)
for text in sys.argv[3:]:
    one.sendto(base64.b64decode(text), "mxproof/tlsrpt")
"""
_KEY = """\
[Service]
LoadCredential=tlsrpt.key:/etc/mxproof/tlsrpt.key
"""

pytestmark = pytest.mark.usefixtures("host")


@pytest.fixture(scope="module")
def system(host: None) -> Iterator[System]:
    """Boot, and install as the guide does; only how the program itself gets there is another matter."""
    steps = [line for line in GUIDE.read_text().splitlines() if line.startswith(("install ", "systemctl "))]
    assert steps[2].startswith("systemctl enable --now "), steps
    with (
        tempfile.TemporaryDirectory(prefix="mxproof-collectd-", dir=WORLDS_FOLDER) as made,
        network("collectd", [HOST], HOST) as wire,
    ):
        longer = ("sysctl", "--quiet", "-w", f"net.unix.max_dgram_qlen={QUEUE_LENGTH}")
        subprocess.run(wire.inside(HOST, *longer), check=True, timeout=COMMAND_WITHIN_S)
        with booted(wire, HOST, Path(made) / "system") as system:
            # As every container has it: systemd mounts credentials beside itself, and has them appear here.
            system.told("mount", "--make-rshared", "/")
            system.told("sh", "-ec", "\n".join((f"cd {CHECKOUT}", "rm -rf /etc/mxproof", *steps[:3])))
            yield system


def shown(system: System, unit: str, *names: str) -> list[str]:
    lines = system.told("systemctl", "show", unit, *(f"--property={name}" for name in names)).splitlines()
    found = dict(line.split("=", 1) for line in lines)
    return [found[name] for name in names]


def tell(system: System, times: int, user: str = "postfix") -> subprocess.CompletedProcess[str]:
    """Send datagrams as smtp(8) does in its chroot."""
    data = (base64.b64encode(DATAGRAMS[0]).decode() for _ in range(times))
    python = Path(sys.executable).resolve().name
    return system.run(
        "env", f"LD_LIBRARY_PATH={PYTHON}/lib", f"{PYTHON}/bin/{python}", "-c", _TELL, user, QUEUE, *data
    )


def counted(system: System) -> int:
    """Return how many delivery attempts are on disk."""
    program = ("mxproof", "tlsrpt", "status", "--config", "/etc/mxproof/collect.toml", "--format", "json")
    said = system.run("sh", "-c", f"{' '.join(program)} | grep -o '\"attempts\": [0-9]*'")
    return sum(int(line.split()[1]) for line in said.stdout.splitlines())


def until(true: Callable[[], bool]) -> None:
    """Ask again until `true`; each time is a question to another process."""
    end_s = time.monotonic() + WITHIN_S
    while not true():
        assert time.monotonic() < end_s


def metrics(system: System) -> str:
    return system.told(
        "curl", "--silent", "--retry", "20", "--retry-connrefused", "http://127.0.0.1:8464/metrics"
    )


def test_the_units_hold_no_mistake(system: System) -> None:
    done = system.run(
        "systemd-analyze", "verify", *(f"/etc/systemd/system/{one}" for one in (SERVICE, SOCKET))
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert shown(system, SERVICE, "ActiveState", "SubState", "UnitFileState") == [
        "active",
        "running",
        "enabled",
    ]


def test_the_socket_is_for_postfix_alone_and_as_long_as_the_kernel_was_told(system: System) -> None:
    assert system.told("stat", "--format=%U %G %a", f"{QUEUE}/mxproof/tlsrpt") == "postfix postfix 660\n"
    assert system.told("stat", "--format=%U %G %a", f"{QUEUE}/mxproof") == "root root 755\n"
    assert f"mxproof_collect_queue_length {QUEUE_LENGTH}\n" in metrics(system)


def test_postfix_tells_it_from_its_chroot_and_nobody_else_may(system: System) -> None:
    before = counted(system)
    assert tell(system, 3).returncode == 0
    until(lambda: counted(system) == before + 3)
    assert "PermissionError" in tell(system, 1, "nobody").stderr


def test_what_comes_while_it_is_away_waits_in_the_socket(system: System) -> None:
    before = counted(system)
    system.told("systemctl", "stop", SERVICE)
    # The socket stays, and starts the daemon once somebody sends to it.
    assert tell(system, 100).returncode == 0
    until(lambda: counted(system) == before + 100)
    system.told("systemctl", "restart", SERVICE)
    assert tell(system, 1).returncode == 0
    until(lambda: counted(system) == before + 101)


def test_what_was_written_outlives_a_kill_and_it_comes_back(system: System) -> None:
    before = counted(system)
    (main,) = shown(system, SERVICE, "MainPID")
    system.told("systemctl", "kill", "--signal=KILL", SERVICE)
    until(lambda: shown(system, SERVICE, "MainPID")[0] not in {"0", main})
    assert tell(system, 2).returncode == 0
    until(lambda: counted(system) == before + 2)


def test_the_key_of_root_reaches_the_daemon_as_the_guide_says(system: System) -> None:
    assert _KEY in GUIDE.read_text().replace("```\n[Service]", "[Service]")
    system.told("openssl", "genrsa", "-out", "/etc/mxproof/tlsrpt.key", "2048")
    folder = system.root / f"etc/systemd/system/{SERVICE}.d"
    folder.mkdir()
    (folder / "override.conf").write_text(_KEY)
    config = system.root / "etc/mxproof/collect.toml"
    key = 'dkim = ["tlsrpt=/run/credentials/mxproof-collect.service/tlsrpt.key"]'
    assert f"# {key}" in config.read_text()
    sends = config.read_text().replace(f"# {key}", key)
    config.write_text(sends.replace('contact = ""', 'contact = "tls-reports@example.com"'))
    system.told("systemctl", "daemon-reload")
    system.told("systemctl", "restart", SERVICE)
    assert "mxproof_collect_send_waiting 0\n" in metrics(system)
    assert shown(system, SERVICE, "ActiveState", "NRestarts") == ["active", "0"]


def test_it_is_told_to_end_and_ends_well(system: System) -> None:
    system.told("systemctl", "stop", SOCKET, SERVICE)
    assert shown(system, SERVICE, "ActiveState", "Result", "ExecMainStatus") == ["inactive", "success", "0"]
