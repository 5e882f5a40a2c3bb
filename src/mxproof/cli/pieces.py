"""What a command that reads mail is given: files, mbox files, Maildir folders, stdin or text, one piece after the other."""

import os
import sys
from collections.abc import Iterator
from io import BufferedReader, BytesIO
from pathlib import Path

import msgspec

from mxproof.cli.exit import RunError
from mxproof.cli.streams import STDIN, print_stderr
from mxproof.formats.bounce.mbox import is_mbox, split_mbox

PEEKED_BYTES = 4096
LINE_BYTES_MAX = 64 * 1024
_MAILDIR_PARTS = ("cur", "new")


class PieceReading(msgspec.Struct, frozen=True):
    """How pieces are read: how much of a file and of a message, what is asked for on a terminal, and whether an argument
    with a space in it that is no file is the text itself.
    """

    file_bytes_max: int
    message_bytes_max: int
    asks: str
    takes_text: bool


class Piece(msgspec.Struct, frozen=True):
    """One thing to read, what to call it, whether it is one of many, and whether there was more of it."""

    name: str
    data: bytes
    of_many: bool
    cut: bool = False


def pieces(inputs: tuple[str, ...], reading: PieceReading) -> Iterator[Piece]:
    """Yield every piece of `inputs`, where none are given, of stdin; raises RunError for one that cannot be read."""
    if not inputs and sys.stdin is not None and sys.stdin.isatty():
        print_stderr(reading.asks)
    of_many = len(inputs) > 1
    for given in inputs or (STDIN,):
        path = Path(given)
        try:
            if given == STDIN:
                yield from _stream("stdin", _stdin(), reading, of_many=of_many)
            elif not _exists(path):
                yield from _stream(
                    "text", BufferedReader(BytesIO(_text(given, reading))), reading, of_many=of_many
                )
            elif path.is_dir():
                yield from _folder(path, reading)
            else:
                with path.open("rb") as opened:
                    yield from _stream(_printable(given), opened, reading, of_many=of_many)
        except OSError as error:
            raise RunError(f"{_printable(given)}: cannot be read ({error.strerror})") from None


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False  # pasted text can be longer than a name of a file may be


def _text(given: str, reading: PieceReading) -> bytes:
    if not reading.takes_text:
        raise RunError(f"{_printable(given)}: no such file; expected a file or a folder")
    if " " not in given.strip():
        raise RunError(
            f"{_printable(given)}: no such file; expected a file, a folder, or text with a space in it"
        )
    return os.fsencode(given)


def _stdin() -> BufferedReader:
    if sys.stdin is None:
        raise RunError("stdin is closed; nothing can be read from it")
    stream = sys.stdin.buffer
    return stream if isinstance(stream, BufferedReader) else BufferedReader(BytesIO(stream.read()))


def _stream(name: str, stream: BufferedReader, reading: PieceReading, *, of_many: bool) -> Iterator[Piece]:
    """Yield the messages of an mbox, or all of another stream up to a limit, as one piece."""
    if is_mbox(stream.peek(PEEKED_BYTES)):
        lines = iter(lambda: stream.readline(LINE_BYTES_MAX), b"")
        for number, message in enumerate(split_mbox(lines, reading.message_bytes_max), start=1):
            yield Piece(f"{name}:{number}", message, True)
        return
    data = stream.read(reading.file_bytes_max + 1)
    yield Piece(name, data[: reading.file_bytes_max], of_many, len(data) > reading.file_bytes_max)


def _folder(folder: Path, reading: PieceReading) -> Iterator[Piece]:
    """Yield the files of a Maildir folder, or of any other folder, in order of name.

    A file that cannot be read is told and left out: mail readers move and delete what lies in a Maildir.
    """
    parts = [folder / name for name in _MAILDIR_PARTS if (folder / name).is_dir()]
    for part in parts or [folder]:
        for path in sorted(part.iterdir()):
            if not path.is_file():
                continue
            try:
                opened = path.open("rb")
            except OSError as error:
                print_stderr(f"{_printable(str(path))}: cannot be read ({error.strerror}); left out")
                continue
            with opened:
                yield from _stream(_printable(str(path)), opened, reading, of_many=True)


def _printable(name: str) -> str:
    """Return the name of a file with its bytes that are no UTF-8 as escapes."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
