"""A file that is there whole or not at all, whatever happens while it is written.

It is written beside its place under a name of its own, brought to the disk, and then given its name. Where that does not come to
pass nothing is left of it, and what stood there before stays. A link keeps leading where it leads. What root writes belongs to whoever
had it before, or else has the folder: a daemon reads there under a user of its own.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

READABLE = 0o644
"""The mode of a file that somebody else serves."""


def replace_file(path: Path, pieces: Iterable[bytes], mode: int | None = None) -> None:
    """Write the file in place of what was there, with the mode of that; raises OSError, and then nothing is changed.

    A new file has `mode`, None for that of any file of this user.
    """
    target = path.resolve()
    beside = target.with_name(hidden(target.name))
    try:
        with beside.open("xb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
            before = target.stat() if target.exists() else None
            give(file.fileno(), before or target.parent.stat())
            if before is not None:
                mode = before.st_mode & 0o7777
            if mode is not None:
                os.fchmod(file.fileno(), mode)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def make_folder(path: Path) -> None:
    """Make a folder, and those above it that are not there; of root's each belongs to whoever has the one above."""
    for one in reversed((path, *path.parents)):
        if not one.exists():
            one.mkdir(exist_ok=True)
            give(one, one.parent.stat())


def give(what: int | Path, owner: os.stat_result) -> None:
    """Give a file or a folder of root to the owner of another one, where this process may."""
    if os.geteuid() == 0:
        with suppress(PermissionError):
            os.chown(what, owner.st_uid, owner.st_gid)


def hidden(name: str) -> str:
    """Return a name beside `name` that nobody else has, and that programs which read folders pass over."""
    return f".{name[:100]}.{os.urandom(8).hex()}"
