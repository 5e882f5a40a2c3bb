"""A log file followed through rotation: what was written since a place in it.

| what is found at the path | what is read |
|---|---|
| the same file, longer | what is behind the place |
| another file | what is left of the old one, if it lies beside under another name, those rotated after it, and the new one |
| the same file, shorter or with another beginning | what is left of it in a copy beside, and all of it: it was emptied, or another took its number |

A line that is not ended yet is left for the next time. While the new file is empty, somebody may still write to the old one. Rotated
files are known by their beginning, so that one that was packed (gzip, bzip2, xz) or copied is found as well, and follow one another in the
order in which they were last written to; a packed file is unpacked from its beginning for each part that is read of it.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from mxproof.formats.maillog.packed import UNPACK_ERRORS, Log, unpacked

READ_BYTES_MAX = 8 * 1024 * 1024
_BEGINNING_BYTES = 256
_BESIDE_MAX = 1000
_ROTATED = re.compile(r"[.-]\d[\d-]*(?:\.(?:gz|bz2|xz))?")


class FilePlace(msgspec.Struct, frozen=True):
    """How far a file was read; `beginning` is a digest of its first `beginning_bytes`."""

    device: int
    inode: int
    offset: int
    beginning: str
    beginning_bytes: int


class LogFile:
    """A log at a path."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def since(self, place: FilePlace | None) -> tuple[bytes, FilePlace | None, bool]:
        """Return whole lines behind `place`, READ_BYTES_MAX at most, the place behind them, and whether there is more.

        Raises OSError where the file cannot be read; one that is missing just now has nothing new.
        """
        try:
            opened = self._path.open("rb")
        except FileNotFoundError:
            return b"", place, False
        with opened:
            here = os.fstat(opened.fileno())
            if place is None:
                return _lines(opened, here, 0)
            if (here.st_dev, here.st_ino) == (place.device, place.inode):
                if here.st_size >= place.offset and _begins_as(opened, place):
                    return _lines(opened, here, place.offset)
                return self._rotated(place) or _lines(opened, here, 0)
            if not here.st_size:
                return b"", place, False
            return self._rotated(place) or _lines(opened, here, 0)

    def _rotated(self, place: FilePlace) -> tuple[bytes, FilePlace, bool] | None:
        """Return what is next in the file of `place`, or in those that were rotated after it; None where nothing is left there."""
        found = False
        for path in self._beside():
            try:
                with _unpacked(path) as one:
                    same = bool(place.beginning_bytes) and _begins_as(one, place)
                    if found is same:  # another one before it, or a copy of it behind
                        continue
                    offset = 0 if found else place.offset
                    found = True
                    lines, behind, _ = _lines(one, path.stat(), offset, ended=True)
            except UNPACK_ERRORS:
                continue
            if lines:
                return lines, behind, True
        return None

    def _beside(self) -> list[Path]:
        """Return the files that log rotation has left beside this one, by their names, the one last written to last."""
        found = []
        for path in sorted(self._path.parent.glob(f"{self._path.name}[.-]*"))[:_BESIDE_MAX]:
            if _ROTATED.fullmatch(path.name, len(self._path.name)):
                with suppress(OSError):
                    found.append((path.stat().st_mtime_ns, path))
        return [path for _, path in sorted(found)]


@contextmanager
def _unpacked(path: Path) -> Iterator[Log]:
    with path.open("rb") as opened:
        yield unpacked(opened)


def _begins_as(opened: Log, place: FilePlace) -> bool:
    opened.seek(0)
    return _digest(opened.read(place.beginning_bytes)) == place.beginning


def _lines(
    opened: Log, status: os.stat_result, offset: int, *, ended: bool = False
) -> tuple[bytes, FilePlace, bool]:
    opened.seek(offset)
    read = opened.read(READ_BYTES_MAX)
    more = len(read) == READ_BYTES_MAX
    if not ended or more:
        whole = read.rfind(b"\n") + 1
        read = read[:whole] if whole or not more else read
    opened.seek(0)
    beginning = opened.read(min(_BEGINNING_BYTES, offset + len(read)))
    place = FilePlace(status.st_dev, status.st_ino, offset + len(read), _digest(beginning), len(beginning))
    return read, place, more


def _digest(beginning: bytes) -> str:
    return hashlib.sha256(beginning).hexdigest()
