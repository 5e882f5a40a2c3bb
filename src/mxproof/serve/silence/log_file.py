"""A log file followed through rotation: what was written since a place in it.

| what is found at the path | what is read |
|---|---|
| the same file, longer | what is behind the place |
| another file | what is left of the old one, if it lies beside under another name, and the new one from its beginning |
| the same file, shorter or with another beginning | it was emptied: all of it |

A line that is not ended yet is left for the next time. While the new file is empty, somebody may still write to the old one. A
second rotation before anything was read loses what lay between.
"""

import hashlib
import os
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path

import msgspec

READ_BYTES_MAX = 8 * 1024 * 1024
_BEGINNING_BYTES = 256
_BESIDE_MAX = 1000


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
                emptied = here.st_size < place.offset or not _begins_as(opened, place)
                return _lines(opened, here, 0 if emptied else place.offset)
            if not here.st_size:
                return b"", place, False
            for one in self._beside():
                with one:
                    there = os.fstat(one.fileno())
                    if (there.st_dev, there.st_ino) != (place.device, place.inode):
                        continue
                    lines, behind, _ = _lines(one, there, place.offset, ended=True)
                    if lines:
                        return lines, behind, True
                    break
            return _lines(opened, here, 0)

    def _beside(self) -> Iterator[BufferedReader]:
        """Yield the files whose names begin with that of this one, as log rotation leaves them."""
        found = sorted(self._path.parent.glob(f"{self._path.name}?*"))[:_BESIDE_MAX]
        for one in found:
            try:
                yield one.open("rb")
            except OSError:
                continue


def _begins_as(opened: BufferedReader, place: FilePlace) -> bool:
    opened.seek(0)
    return _digest(opened.read(place.beginning_bytes)) == place.beginning


def _lines(
    opened: BufferedReader, status: os.stat_result, offset: int, *, ended: bool = False
) -> tuple[bytes, FilePlace | None, bool]:
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
