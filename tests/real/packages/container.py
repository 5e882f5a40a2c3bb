"""A root with buildah and podman, without a network, in which the image is built and run; nothing of it is left behind."""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from keeping import ROOT
from real.bed.edition import WORLDS_FOLDER
from real.bed.process import Daemon, running
from real.packages.installed import CURRENT, bring

SUITE = "trixie"
CONTAINER_ROOT = Path(os.environ.get("MXPROOF_CONTAINER", "/var/cache/mxproof/container"))
"""The root that tools/install-container makes."""
CONTRIB = ROOT / "contrib" / "container"
IMAGE = "localhost/mxproof"
SHARED = "/opt/shared"
WITHIN_S = 1200.0
LIMITS = ("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024")
"""Below those of whoever runs the tests, who may not be allowed to raise them."""
ALONE = ("--cgroups=disabled", *LIMITS)

_BEGIN = f"""\
set -eu
mount -t tmpfs -o mode=755 none /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay -o lowerdir=$1,upperdir=/mnt/upper,workdir=/mnt/work none /mnt/root
cd /mnt/root
mkdir -p .{SHARED}
mount --bind "$2" .{SHARED}
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t cgroup2 none sys/fs/cgroup
mount --rbind /dev dev
mkdir -p var/lib/containers
for folder in run var/lib/containers; do mount -t tmpfs -o mode=755 none $folder; done
mount -t tmpfs -o mode=1777 none tmp
pivot_root . mnt
umount -l /mnt
echo begun
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root sleep infinity
"""
"""Arguments: the root that memory is laid over, and the folder that is seen in it.

It is the root of its mounts and no mere chroot: what is run in a container that is up already enters by its mounts.
"""


class Workshop(msgspec.Struct, frozen=True):
    """The root while it is there, by its process."""

    daemon: Daemon

    def run(self, *argv: str) -> subprocess.CompletedProcess[str]:
        """Run a command in it."""
        waiting = self.daemon.process.pid
        (inner,) = Path(f"/proc/{waiting}/task/{waiting}/children").read_text().split()
        enter = ("nsenter", f"--target={inner}", "--mount", "--pid", "--net", "--uts", "--ipc")
        around = ("env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "TMPDIR=/tmp")
        return subprocess.run(
            (*enter, f"--root=/proc/{inner}/root", "--wdns=/", *around, *argv),
            capture_output=True,
            text=True,
            timeout=WITHIN_S,
            check=False,
        )

    def told(self, *argv: str) -> str:
        """Return what a command prints that has to succeed."""
        done = self.run(*argv)
        assert done.returncode == 0, (argv, done.stdout, done.stderr)
        return done.stdout

    def start(self, name: str, *options: str) -> None:
        """Start a container of the image in the background, with nobody but itself on its network."""
        self.told("podman", "run", "--detach", "--name", name, *ALONE, "--network=none", *options, IMAGE)


@contextmanager
def workshop() -> Iterator[Workshop]:
    """Open it, with the packages of this commit and the files of the container beside each other in SHARED."""
    with tempfile.TemporaryDirectory(prefix="mxproof-container-", dir=WORLDS_FOLDER) as made:
        folder = Path(made)
        shared = folder / "shared"
        shared.mkdir()
        bring(SUITE, CURRENT, shared)
        for file in CONTRIB.iterdir():
            (shared / file.name).write_bytes(file.read_bytes())
        spaces = (
            "--mount",
            "--propagation",
            "private",
            "--pid",
            "--net",
            "--uts",
            "--ipc",
            "--fork",
            "--kill-child",
        )
        command = ("unshare", *spaces, "sh", "-c", _BEGIN, "begin", str(CONTAINER_ROOT), str(shared))
        with running("workshop", command, folder / "log", ready="begun") as daemon:
            daemon.await_ready()
            yield Workshop(daemon)


def composed(service: str) -> tuple[str, ...]:
    """Return the options of podman that the service in the example of compose is described by, apart from its network."""
    told = msgspec.yaml.decode((CONTRIB / "compose.yml").read_bytes())["services"][service]
    return (
        f"--read-only={str(told['read_only']).lower()}",
        *(f"--cap-drop={one}" for one in told["cap_drop"]),
        *(f"--security-opt={one}" for one in told["security_opt"]),
        *(f"--tmpfs={one}" for one in told["tmpfs"]),
        *(f"--volume={one}" for one in told["volumes"]),
        f"--stop-timeout={re.sub('s$', '', told['stop_grace_period'])}",
    )
