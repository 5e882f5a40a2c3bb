"""What a command that reads mail is given: each piece in turn, what it is called, and what is said of what is none."""

import io
import os
import sys
from pathlib import Path

import pytest

from mxproof.cli.exit import USAGE, RunError
from mxproof.cli.pieces import Piece, PieceReading, pieces
from support_terminal import TypedStdin

READING = PieceReading(20, 10, "waiting for a bounce on stdin; Ctrl-D ends it", takes_text=True)
FILES_ALONE = PieceReading(20, 10, "waiting for a report on stdin; Ctrl-D ends it", takes_text=False)
MBOX = b"From a@example.com\nA: 1\n\nFrom b@example.com\nB: 2\n\n0123456789\n"


def read(*inputs: str, reading: PieceReading = READING) -> list[Piece]:
    return list(pieces(inputs, reading))


def refused(*inputs: str, reading: PieceReading = READING) -> str:
    with pytest.raises(RunError) as error:
        read(*inputs, reading=reading)
    assert error.value.status == USAGE
    return str(error.value)


def filled(path: Path, data: bytes = b"data") -> str:
    path.write_bytes(data)
    return str(path)


def test_one_file_is_one_piece_and_one_of_several_is_one_of_many(tmp_path: Path) -> None:
    one, two = filled(tmp_path / "one", b"1"), filled(tmp_path / "two", b"2")
    assert read(one) == [Piece(one, b"1", of_many=False)]
    assert read(one, two) == [Piece(one, b"1", of_many=True), Piece(two, b"2", of_many=True)]


def test_a_file_is_read_up_to_a_limit(tmp_path: Path) -> None:
    path = filled(tmp_path / "file", b"x" * 20)
    assert read(path) == [Piece(path, b"x" * 20, of_many=False, cut=False)]
    filled(tmp_path / "file", b"x" * 21)
    assert read(path) == [Piece(path, b"x" * 20, of_many=False, cut=True)]


def test_the_messages_of_an_mbox_are_many_each_up_to_a_limit(tmp_path: Path) -> None:
    path = filled(tmp_path / "mbox", MBOX)
    assert read(path) == [
        Piece(f"{path}:1", b"A: 1\n\n", of_many=True),
        Piece(f"{path}:2", b"B: 2\n\n0123", of_many=True),
    ]


def test_stdin_is_read_where_nothing_is_named_and_for_a_hyphen(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for inputs in ((), ("-",)):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"data")))
        assert read(*inputs) == [Piece("stdin", b"data", of_many=False)]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(MBOX)))
    assert [one.name for one in read()] == ["stdin:1", "stdin:2"]
    assert capsys.readouterr().err == ""


def test_a_file_that_is_stdin_is_read_as_it_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Path(filled(tmp_path / "file")).open() as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert read() == [Piece("stdin", b"data", of_many=False)]


def test_who_sits_at_a_terminal_and_names_nothing_is_told_what_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", TypedStdin(b"data"))
    read(filled(tmp_path / "file"))
    assert capsys.readouterr().err == ""
    assert read() == [Piece("stdin", b"data", of_many=False)]
    assert capsys.readouterr().err == "mxproof: waiting for a bounce on stdin; Ctrl-D ends it\n"


def test_nothing_is_read_from_a_stdin_that_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert refused() == "stdin is closed; nothing can be read from it"


@pytest.mark.parametrize("text", ["451 4.4.8 not now", "451 " + "x" * 5000])
def test_text_with_a_space_in_it_is_the_piece_itself(text: str) -> None:
    whole = text.encode()
    assert read(text) == [Piece("text", whole[:20], of_many=False, cut=len(whole) > 20)]


def test_what_is_no_file_and_no_text_is_refused(tmp_path: Path) -> None:
    path = f"{tmp_path}/none"
    assert refused(f" {path}\n") == (
        f" {path}\n: no such file; expected a file, a folder, or text with a space in it"
    )
    assert refused("451 4.4.8", reading=FILES_ALONE) == (
        "451 4.4.8: no such file; expected a file or a folder"
    )


def test_a_name_that_is_no_utf_8_is_printed_with_escapes(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/b\xfccher")
    assert refused(path) == (
        f"{tmp_path}/b\\xfccher: no such file; expected a file, a folder, or text with a space in it"
    )
    assert read(filled(Path(path))) == [Piece(f"{tmp_path}/b\\xfccher", b"data", of_many=False)]


def test_a_maildir_is_read_where_mail_is_delivered(tmp_path: Path) -> None:
    for part in ("cur", "new", "tmp"):
        (tmp_path / part).mkdir()
        filled(tmp_path / part / "b", part.encode())
    filled(tmp_path / "cur" / "a", b"first")
    filled(tmp_path / "maildirfolder")
    assert read(str(tmp_path)) == [
        Piece(f"{tmp_path}/cur/a", b"first", of_many=True),
        Piece(f"{tmp_path}/cur/b", b"cur", of_many=True),
        Piece(f"{tmp_path}/new/b", b"new", of_many=True),
    ]


def test_a_maildir_may_lack_a_part(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    filled(tmp_path / "new" / "a")
    filled(tmp_path / "beside")
    assert read(str(tmp_path)) == [Piece(f"{tmp_path}/new/a", b"data", of_many=True)]


def test_the_files_of_any_other_folder_are_read_in_order_of_name(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    filled(tmp_path / "below" / "c")
    two, one = filled(tmp_path / "b"), filled(tmp_path / "a")
    assert read(str(tmp_path)) == [Piece(one, b"data", of_many=True), Piece(two, b"data", of_many=True)]


def test_a_message_that_a_mail_reader_takes_away_is_passed_over(tmp_path: Path) -> None:
    first, gone, last = (filled(tmp_path / name) for name in "abc")
    reading = pieces((str(tmp_path),), READING)
    assert next(reading).name == first
    Path(gone).unlink()
    assert [one.name for one in reading] == [last]
