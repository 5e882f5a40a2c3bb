"""A log file followed through rotation: every line once."""

import bz2
import gzip
import lzma
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from mxproof.serve.silence.log_file import READ_BYTES_MAX, FilePlace, LogFile


class Reader:
    """Reads on from where it was."""

    def __init__(self, path: Path) -> None:
        self.log = LogFile(path)
        self.place: FilePlace | None = None

    def read(self) -> bytes:
        got = b""
        more = True
        while more:
            lines, self.place, more = self.log.since(self.place)
            got += lines
        return got


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mail.log"


@pytest.fixture
def reader(path: Path) -> Reader:
    return Reader(path)


def append(path: Path, text: bytes) -> None:
    with path.open("ab") as opened:
        opened.write(text)


def test_what_is_new_is_read_once(path: Path, reader: Reader) -> None:
    append(path, b"one\n")
    assert reader.read() == b"one\n"
    assert reader.read() == b""
    append(path, b"two\nthr")
    assert reader.read() == b"two\n"
    append(path, b"ee\n")
    assert reader.read() == b"three\n"


def test_what_was_left_of_a_rotated_file_is_read_before_the_new_one(path: Path, reader: Reader) -> None:
    append(path, b"one\n")
    assert reader.read() == b"one\n"
    append(path, b"two\n")
    path.rename(path.with_name("mail.log.1"))
    append(path, b"three\n")
    assert reader.read() == b"two\nthree\n"
    assert reader.read() == b""


def test_a_rotated_file_is_written_to_until_the_new_one_has_lines(path: Path, reader: Reader) -> None:
    append(path, b"one\n")
    assert reader.read() == b"one\n"
    old = path.with_name("mail.log-20260301")
    path.rename(old)
    append(path, b"")
    assert reader.read() == b""
    append(old, b"two\n")
    append(path, b"three\n")
    assert reader.read() == b"two\nthree\n"


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
}


def rotate(path: Path, number: int, *, packed: str = "") -> None:
    """Move files on as log rotation does, each written to a while after the one before."""
    for before in range(number, 1, -1):
        for end in PACKED:
            old = path.with_name(f"{path.name}.{before - 1}{end}")
            if old.exists():
                old.rename(path.with_name(f"{path.name}.{before}{end}"))
    second = path.with_name(f"{path.name}.2")
    if packed and second.exists():
        times = second.stat()
        Path(f"{second}{packed}").write_bytes(PACKED[packed](second.read_bytes()))
        os.utime(f"{second}{packed}", ns=(times.st_atime_ns, times.st_mtime_ns))
        second.unlink()
    first = path.with_name(f"{path.name}.1")
    path.rename(first)
    os.utime(first, (1_000_000 + number * 1000, 1_000_000 + number * 1000))


@pytest.mark.parametrize("packed", list(PACKED))
@pytest.mark.parametrize("rotations", [2, 3, 4])
def test_several_rotations_while_nobody_read_lose_nothing(
    path: Path, reader: Reader, rotations: int, packed: str
) -> None:
    append(path, b"one\n")
    assert reader.read() == b"one\n"
    append(path, b"two\n")
    want = b"two\n"
    for number in range(1, rotations + 1):
        rotate(path, number, packed=packed)
        line = b"after rotation %d\n" % number
        append(path, line)
        want += line
    assert reader.read() == want
    assert reader.read() == b""


def test_a_file_that_lies_beside_and_was_read_before_is_not_read_again(path: Path, reader: Reader) -> None:
    append(path, b"the first week\n")
    rotate(path, 1)
    append(path, b"the second week\n")
    assert reader.read() == b"the second week\n"
    rotate(path, 2)
    append(path, b"the third week\n")
    assert reader.read() == b"the third week\n"


@pytest.mark.parametrize("written_s", [1, 2_000_000_000], ids=["before it", "behind it"])
def test_a_rotated_file_that_cannot_be_read_is_passed_over(
    path: Path, reader: Reader, written_s: int
) -> None:
    append(path, b"one\n")
    assert reader.read() == b"one\n"
    append(path, b"two\n")
    rotate(path, 1)
    damaged = path.with_name("mail.log.0.gz")
    damaged.write_bytes(b"\x1f\x8bno gzip")
    os.utime(damaged, (written_s, written_s))
    append(path, b"three\n")
    assert reader.read() == b"two\nthree\n"
    assert reader.read() == b""


def test_what_only_begins_with_the_name_of_the_log_is_another_log(path: Path, reader: Reader) -> None:
    append(path, b"one\n")
    assert reader.read() == b"one\n"
    rotate(path, 1)
    for name in ("mail.log.old", "mail.log-backup", "mail.log.1.zip", "mail.logs.1"):
        path.with_name(name).write_bytes(b"one\nno line of this log\n")
    append(path, b"two\n")
    assert reader.read() == b"two\n"


@pytest.mark.parametrize("text", [b"new\n", b"longer than it was before\n"])
def test_a_file_that_was_emptied_is_read_from_its_beginning(path: Path, reader: Reader, text: bytes) -> None:
    append(path, b"the first\n")
    assert reader.read() == b"the first\n"
    os.truncate(path, 0)
    append(path, text)
    assert reader.read() == text


def test_a_file_that_is_missing_has_nothing_new(path: Path, reader: Reader) -> None:
    assert reader.read() == b""
    append(path, b"one\n")
    assert reader.read() == b"one\n"
    path.unlink()
    assert reader.read() == b""


def test_much_is_read_in_parts(path: Path, reader: Reader) -> None:
    line = b"x" * 999 + b"\n"
    text = line * (READ_BYTES_MAX // len(line) + 10)
    append(path, text)
    lines, _, more = reader.log.since(None)
    assert more
    assert lines.endswith(b"\n")
    assert reader.read() == text
