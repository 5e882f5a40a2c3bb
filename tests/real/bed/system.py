"""A system that is booted: this machine's own a second time, or that of another root; systemd first, in namespaces of its own.

It sees the root file system with memory laid over it, where all that is written goes, and it shares the network of one
machine of a world. None of the services of this machine run in it: it has no units but those of
packages, and boots no further than basic.target. It is gone when its first process is.
"""

import os
import signal
import socket
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec

from real.bed.network import COMMAND_WITHIN_S, Machine, Network
from real.bed.process import STOP_WITHIN_S, Daemon, running

SYSTEMD = "/lib/systemd/systemd"
BOOTED_WITHIN_S = 120.0
PYTHON = "/opt/mxproof-python"
PACKAGES = "/opt/mxproof-packages"
CHECKOUT = "/opt/mxproof-checkout"
SHARED = "/opt/mxproof-shared"
WRITTEN = "/opt/mxproof-written"

_ROOT = Path(__file__).parents[3]
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_GROUPS = "mount -t cgroup2 none /mnt/group"

_BOOT = f"""\
set -eu
group=$1
base=$2
shift 2
mount -t tmpfs -o mode=755 none /mnt
mkdir /mnt/upper /mnt/work /mnt/root /mnt/group
mount -t overlay -o lowerdir=$base,upperdir=/mnt/upper,workdir=/mnt/work none /mnt/root
{_GROUPS}
[ ! -d "/mnt/group/$group" ] || find "/mnt/group/$group" -depth -type d -exec rmdir {{}} +
mkdir "/mnt/group/$group"
echo $$ > "/mnt/group/$group/cgroup.procs"
set -- "$@" /mnt/upper {WRITTEN}
while [ $# -gt 0 ]; do
    mkdir -p "/mnt/root$2"
    mount --bind "$1" "/mnt/root$2"
    shift 2
done
exec unshare --mount --cgroup --uts --ipc --pid --fork --kill-child sh -c "$BEGIN"
"""
"""Arguments: a name for the control group, the root that memory is laid over, then pairs of a folder and where it shall be seen.

A group of that name without a process is of a test that was killed, for a kernel that forgets its mounts keeps its groups.
"""

_BEGIN = f"""\
set -eu
cd /mnt/root
mount -t proc proc proc
mount --bind proc/sys proc/sys
mount -o remount,ro,bind proc/sys
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 none dev
for name in null zero full random urandom tty; do
    touch dev/$name
    mount --bind /dev/$name dev/$name
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts
ln -s pts/ptmx dev/ptmx
mount -t tmpfs -o mode=755 none run
mount -t tmpfs -o mode=1777 none tmp
mount -t tmpfs -o mode=755 none etc/systemd/system
: > etc/fstab
mkdir dev/before
pivot_root . dev/before
umount -l dev/before
rmdir dev/before
exec setpriv --bounding-set=-sys_module,-sys_time,-sys_rawio,-syslog,-mac_admin \\
    env -i container=mxproof PATH={_PATH} NOTIFY_SOCKET={SHARED}/notify \\
    {SYSTEMD} --unit=basic.target
"""
"""What is beyond namespaces stays as it is: kernel settings, modules, the clock."""

_CLEAR = f"""\
set -eu
mount -t tmpfs none /mnt
mkdir /mnt/group
{_GROUPS}
[ ! -d "/mnt/group/$1" ] || find "/mnt/group/$1" -depth -type d -exec rmdir {{}} +
"""

_PROGRAM = f"""\
#!/bin/sh
LD_LIBRARY_PATH={PYTHON}/lib PYTHONPATH={CHECKOUT}/src:{PACKAGES} exec {PYTHON}/bin/{{python}} -m mxproof "$@"
"""


class System(msgspec.Struct, frozen=True):
    """A booted system: its first process as seen from here."""

    init: int

    @property
    def root(self) -> Path:
        """Return its root folder."""
        return Path(f"/proc/{self.init}/root")

    @property
    def written(self) -> Path:
        """Return the folder of what was written to it, as far as that has not gone to its /run and /tmp."""
        return self.root / WRITTEN.lstrip("/")

    def run(self, *argv: str, within_s: float = COMMAND_WITHIN_S) -> subprocess.CompletedProcess[str]:
        """Run a command in it."""
        enter = (
            "nsenter",
            f"--target={self.init}",
            "--mount",
            "--cgroup",
            "--uts",
            "--ipc",
            "--net",
            "--pid",
        )
        command = (*enter, "--wd=/", "env", "-i", f"PATH={_PATH}", "LC_ALL=C.UTF-8", *argv)
        return subprocess.run(command, capture_output=True, text=True, timeout=within_s, check=False)

    def told(self, *argv: str, within_s: float = COMMAND_WITHIN_S) -> str:
        """Return what a command prints that has to succeed."""
        done = self.run(*argv, within_s=within_s)
        assert done.returncode == 0, (argv, done.stdout, done.stderr)
        return done.stdout


@contextmanager
def booted(network: Network, machine: Machine, folder: Path) -> Iterator[System]:
    """Boot this machine's system in the network of `machine`, with a `mxproof` that is this one; it sees `folder` as SHARED."""
    binds: dict[str | Path, str] = {
        sys.base_prefix: PYTHON,
        sysconfig.get_path("purelib"): PACKAGES,
        _ROOT: CHECKOUT,
    }
    with _booted(network, machine, folder, Path("/"), binds) as made:
        program = made.root / "usr/local/bin/mxproof"
        program.write_text(_PROGRAM.format(python=Path(sys.executable).resolve().name))
        program.chmod(0o755)
        yield made


@contextmanager
def booted_root(network: Network, machine: Machine, folder: Path, root: Path) -> Iterator[System]:
    """Boot the system of another root, with what is installed there; it sees `folder` as SHARED."""
    with _booted(network, machine, folder, root, {}) as made:
        yield made


@contextmanager
def _booted(
    network: Network, machine: Machine, folder: Path, root: Path, more: Mapping[str | Path, str]
) -> Iterator[System]:
    folder.mkdir()
    group = network.namespace(f"system-{machine.name}")
    binds = {**more, folder: SHARED}
    pairs = (str(one) for pair in binds.items() for one in pair)
    enter = ("env", f"BEGIN={_BEGIN}", "unshare", "--mount", "--propagation", "private", "sh", "-c", _BOOT)
    command = network.inside(machine, *enter, "boot", group, str(root), *pairs)
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as notified:
        notified.bind(str(folder / "notify"))
        notified.settimeout(BOOTED_WITHIN_S)
        try:
            with running("systemd", command, folder / "boot.log", ready="") as daemon:
                made = _system(daemon, notified)
                try:
                    yield made
                finally:
                    os.kill(made.init, signal.SIGKILL)  # and with it goes everything that runs in it
                    daemon.process.wait(STOP_WITHIN_S)
        finally:
            clear = ("unshare", "--mount", "--propagation", "private", "sh", "-c", _CLEAR, "clear", group)
            subprocess.run(clear, check=True, timeout=COMMAND_WITHIN_S)


def _system(daemon: Daemon, notified: socket.socket) -> System:
    """Return the system once it says that it is up (sd_notify(3))."""
    waiting = daemon.process.pid
    try:
        while b"READY=1" not in notified.recv(4096).split(b"\n"):
            pass
    except TimeoutError:
        raise TimeoutError(f"systemd is not up within {BOOTED_WITHIN_S:g} s: {daemon.text()}") from None
    notified.close()  # for systemd would wait for somebody to read all that it goes on to say
    (init,) = Path(f"/proc/{waiting}/task/{waiting}/children").read_text().split()
    return System(int(init))
