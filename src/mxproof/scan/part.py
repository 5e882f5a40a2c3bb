"""A part of a scan: one file with a few counts and sections that can be read one by one.

```
mxproof-part-1 and LF  length of the index (4 bytes, big-endian)  index (msgpack)  sections (msgpack in zstd) ...
```
A part is written under another name and renamed, so that it is there whole or not at all: a task whose part is there is
done, whoever was killed when. Certificates are plain bytes within.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from mxproof.evidence import Der
from mxproof.scan.arrow import compressed, decompressed
from mxproof.scan.error import ScanError
from mxproof.store.whole import replace_file

MAGIC = b"mxproof-part-1\n"
_LENGTH_BYTES = 4
T = TypeVar("T")
Counts = Mapping[str, int]


class PartSection(msgspec.Struct, frozen=True, array_like=True):
    """Where a section lies behind the index, and its size before and after packing."""

    start: int
    packed_bytes: int
    plain_bytes: int


class PartIndex(msgspec.Struct, frozen=True, array_like=True):
    """What stands at the beginning of a part."""

    counts: dict[str, int]
    sections: dict[int, PartSection]


def write_part(path: Path, sections: Mapping[int, object], counts: Counts) -> None:
    """Write a part with these values by number; raises OSError, and then there is none."""
    encoder = msgspec.msgpack.Encoder(enc_hook=_plain)
    places: dict[int, PartSection] = {}
    pieces: list[bytes] = []
    start = 0
    for number, value in sections.items():
        plain = encoder.encode(value)
        packed = compressed(plain)
        places[number] = PartSection(start, len(packed), len(plain))
        pieces.append(packed)
        start += len(packed)
    index = encoder.encode(PartIndex(dict(counts), places))
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, [MAGIC, len(index).to_bytes(_LENGTH_BYTES, "big"), index, *pieces])


class ScanPart:
    """A part that was written; raises ScanError where the file is none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as file:
            begin = file.read(len(MAGIC) + _LENGTH_BYTES)
            if not begin.startswith(MAGIC):
                raise ScanError(f"{path}: is no part of a scan that this version reads")
            length = int.from_bytes(begin[len(MAGIC) :], "big")
            try:
                self._index = msgspec.msgpack.decode(file.read(length), type=PartIndex)
            except msgspec.DecodeError as error:
                raise ScanError(f"{path}: a damaged part of a scan ({error})") from None
            self._behind = len(begin) + length

    @property
    def counts(self) -> Counts:
        """What was counted when it was written."""
        return self._index.counts

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of its sections."""
        return tuple(self._index.sections)

    def section(self, number: int, kind: type[T]) -> T | None:
        """Return a section as a value of `kind`, None where there is none of this number."""
        place = self._index.sections.get(number)
        if place is None:
            return None
        with self._path.open("rb") as file:
            file.seek(self._behind + place.start)
            packed = file.read(place.packed_bytes)
        try:
            plain = decompressed(packed, place.plain_bytes)
            return msgspec.msgpack.decode(plain, type=kind, dec_hook=_certificate)
        except (msgspec.DecodeError, OSError, ValueError) as error:
            raise ScanError(f"{self._path}: a damaged part of a scan ({error})") from None

    def needed(self, number: int, kind: type[T]) -> T:
        """Return a section that has to be there."""
        found = self.section(number, kind)
        if found is None:
            raise ScanError(f"{self._path}: a damaged part of a scan (no section {number})")
        return found


def _plain(value: object) -> bytes:
    if not isinstance(value, Der):
        raise NotImplementedError(type(value).__name__)
    return bytes(value)


def _certificate(_kind: type, value: object) -> Der:
    if not isinstance(value, bytes):
        raise TypeError("a certificate was expected")
    return Der(value)
