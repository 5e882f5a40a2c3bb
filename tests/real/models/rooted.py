"""Another Debian on a machine of a world: its folder as the root, with memory laid over it, where all that is written goes.

It has mounts, processes and a name of its own; devices are those that a mail system needs, and what is sent to syslog
is a log. All of it is gone when its first process is.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from real.bed.network import COMMAND_WITHIN_S, Machine, Network
from real.bed.process import STOP_WITHIN_S, Daemon, running

SENDERS = Path(os.environ.get("MXPROOF_SENDERS", "/var/cache/mxproof/senders"))
TRIXIE = SENDERS / "trixie"
HARAKA_FOLDER = SENDERS / "haraka"
ROOTS = "/etc/ssl/certs/ca-certificates.crt"
"""Where the roots that are trusted are, in the system."""

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

_ENTER = """\
set -eu
root=$1 folder=$2 name=$3 address=$4 roots=$5 at=$6 more=$7
hostname "$name"
mount -t tmpfs -o mode=755 none /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay -o "lowerdir=$root,upperdir=/mnt/upper,workdir=/mnt/work" none /mnt/root
cp /etc/resolv.conf /mnt/root/etc/resolv.conf
printf '127.0.0.1 localhost\\n%s %s\\n' "$address" "$name" > /mnt/root/etc/hosts
echo "$name" > /mnt/root/etc/mailname
cp "$roots" "/mnt/root$at"
mkdir -p "/mnt/root$folder"
mount --bind "$folder" "/mnt/root$folder"
if [ -n "$more" ]; then
    mkdir -p "/mnt/root$more"
    mount --bind "$more" "/mnt/root$more"
fi
cd /mnt/root
mount -t proc proc proc
mount -t tmpfs -o mode=755 none dev
mount -t tmpfs -o mode=755 none run
for device in null zero full random urandom tty; do
    touch dev/$device
    mount --bind /dev/$device dev/$device
done
mkdir -m 1777 dev/shm
ln -s /proc/self/fd dev/fd
ln -s "$folder/syslog" dev/log
exec chroot /mnt/root sh -c 'echo ready; exec sleep infinity'
"""


class System(msgspec.Struct, frozen=True):
    """A system that is up: its first process as seen from here, its name, the folder that both see, and its syslog."""

    init: int
    host: str
    folder: Path
    syslog: Daemon

    def command(self, *argv: str) -> tuple[str, ...]:
        """Return the command that runs `argv` in it."""
        spaces = ("--mount", "--uts", "--net", "--pid", "--root", "--wd")
        return (
            "nsenter", f"--target={self.init}", *spaces, "env", "-i", f"PATH={_PATH}", "LC_ALL=C.UTF-8", *argv,
        )  # fmt: skip

    def told(self, *argv: str, given: bytes = b"", within_s: float = COMMAND_WITHIN_S) -> str:
        """Run `argv` in it, which has to succeed, and return what it prints."""
        done = subprocess.run(
            self.command(*argv), input=given, capture_output=True, timeout=within_s, check=False
        )
        assert done.returncode == 0, (argv, done.stdout, done.stderr)
        return done.stdout.decode()

    def write(self, path: str, text: str) -> None:
        """Write a file of it, with the folders above."""
        self.told("sh", "-c", 'mkdir -p "$(dirname "$1")"; cat > "$1"', "write", path, given=text.encode())


@contextmanager
def system(
    network: Network, machine: Machine, roots: Path, folder: Path, more: Path | str = ""
) -> Iterator[System]:
    """Have that Debian on `machine`, trusting `roots`; it sees `folder` and `more` where they are outside."""
    folder.mkdir()
    folder.chmod(0o755)
    enter = ("unshare", "--mount", "--uts", "--pid", "--fork", "--kill-child", "--propagation", "private")
    arguments = (str(TRIXIE), str(folder), machine.host, machine.ipv4, str(roots), ROOTS, str(more))
    command = network.inside(machine, *enter, "sh", "-c", _ENTER, "enter", *arguments)
    syslog = (sys.executable, str(Path(__file__).with_name("log_socket.py")), str(folder / "syslog"))
    with ExitStack() as stack:
        log = stack.enter_context(running("syslog", syslog, folder / "syslog.log", ready="ready"))
        log.await_ready()
        daemon = stack.enter_context(running("system", command, folder / "system.log", ready="ready"))
        stack.callback(_end, daemon)
        daemon.await_ready()
        waiting = daemon.process.pid
        (init,) = Path(f"/proc/{waiting}/task/{waiting}/children").read_text().split()
        yield System(int(init), machine.host, folder, log)


def _end(daemon: Daemon) -> None:
    """End the first process, and with it all others: what waits for it takes no notice of SIGTERM."""
    daemon.process.kill()
    daemon.process.wait(STOP_WITHIN_S)
