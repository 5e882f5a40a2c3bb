"""The Postfix releases of the bed: this machine's own, and that of a newer Debian in a folder (tools/install-postfix310).

A command of the latter runs with that folder as its root, in a mount namespace of its own. There it sees devices and
processes, the resolv.conf of its machine, and the folder of its world under the same path as outside; the mounts end
with the command.
"""

import os
from pathlib import Path

import msgspec

TRIXIE = Path(os.environ.get("MXPROOF_TRIXIE", "/var/cache/mxproof/trixie"))
WORLDS_FOLDER = Path("/tmp")
"""Where the folder of a world has to be, for this is what another root has an empty one of."""

_ENTER = """\
set -eu
root=$1 folder=$2
shift 2
mount -t tmpfs -o mode=1777 none "$root/tmp"
mkdir -p "$root$folder"
mount --bind "$folder" "$root$folder"
mount --bind /etc/resolv.conf "$root/etc/resolv.conf"
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
exec chroot "$root" "$@"
"""


class Edition(msgspec.Struct, frozen=True):
    """One Postfix release and the root of the system that it is installed in."""

    name: str
    root: Path = Path("/")

    def command(self, folder: Path, *argv: str) -> tuple[str, ...]:
        """Return the command that runs `argv` of this release on files below `folder`."""
        if self.root == Path("/"):
            return argv
        enter = ("unshare", "--mount", "--propagation", "private", "sh", "-c", _ENTER, "enter")
        return (*enter, str(self.root), str(folder), *argv)

    def user(self) -> tuple[int, int]:
        """Return the ids of the user and group `postfix` of this release."""
        for line in (self.root / "etc/passwd").read_text().splitlines():
            name, _, uid, gid, *_ = line.split(":")
            if name == "postfix":
                return int(uid), int(gid)
        raise LookupError(f"no user postfix in {self.root}/etc/passwd")


OWN = Edition("own")
NEWER = Edition("trixie", TRIXIE)
