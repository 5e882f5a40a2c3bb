"""A file that is written is there whole or not at all."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from mxproof.cli.exit import RunError
from mxproof.cli.whole_file import write_folder, write_whole


def _interrupted() -> Iterator[bytes]:
    yield b"the first half"
    raise KeyboardInterrupt


def test_a_file_holds_all_pieces_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    write_whole(tmp_path / "report", [b"one", b"two"])
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("report", b"onetwo")]


def test_what_is_interrupted_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "report", _interrupted())
    assert list(tmp_path.iterdir()) == []


def test_what_is_interrupted_leaves_the_older_file(tmp_path: Path) -> None:
    (tmp_path / "report").write_bytes(b"of yesterday")
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "report", _interrupted())
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("report", b"of yesterday")]


def test_a_file_keeps_its_mode_and_a_new_one_has_that_of_the_process(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_bytes(b"")
    old.chmod(0o640)
    before = os.umask(0o027)
    try:
        for path in (old, tmp_path / "new"):
            write_whole(path, [b"x"])
            assert stat.S_IMODE(path.stat().st_mode) == 0o640
    finally:
        os.umask(before)


def test_a_link_keeps_leading_where_it_leads(tmp_path: Path) -> None:
    (tmp_path / "there").write_bytes(b"")
    (tmp_path / "here").symlink_to("there")
    write_whole(tmp_path / "here", [b"x"])
    assert (tmp_path / "here").is_symlink()
    assert (tmp_path / "there").read_bytes() == b"x"


def test_what_is_no_file_is_written_to_and_stays(tmp_path: Path) -> None:
    write_whole(Path("/dev/null"), [b"x"])
    assert Path("/dev/null").is_char_device()


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(RunError):
        write_whole(tmp_path / "gone" / "report", [b"x"])


def test_a_folder_is_there_with_all_its_files_or_not_at_all(tmp_path: Path) -> None:
    write_folder(tmp_path / "new", {"a": b"1", "b/c": b"2"})
    assert {
        one.relative_to(tmp_path).as_posix(): one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()
    } == {
        "new/a": b"1",
        "new/b/c": b"2",
    }
    (tmp_path / "empty").mkdir()
    write_folder(tmp_path / "empty", {"a": b"1"})
    for full in ("new", "empty"):
        with pytest.raises(RunError):
            write_folder(tmp_path / full, {"z": b""})
    with pytest.raises(RunError):
        write_folder(tmp_path / "broken", {"a": b"1", "a/b": b"2"})
    assert sorted(one.name for one in tmp_path.iterdir()) == ["empty", "new"]


def test_an_empty_folder_stays_the_one_that_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tmp_path.stat().st_ino
    monkeypatch.chdir(tmp_path)
    write_folder(Path(), {"a": b"1", "b/c": b"2"})
    assert tmp_path.stat().st_ino == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a", "b"]
    assert (tmp_path / "b/c").read_bytes() == b"2"


@pytest.mark.parametrize("is_there", [False, True])
def test_a_folder_that_cannot_be_written_whole_is_named_and_left_as_it_was(
    tmp_path: Path, is_there: bool
) -> None:
    folder = tmp_path / "way"
    if is_there:
        folder.mkdir()
    with pytest.raises(RunError) as caught:
        write_folder(folder, {"a": b"1", "b/c": b"2", "x" * 300: b""})
    assert str(caught.value).startswith(f"{folder}: ")
    assert list(tmp_path.rglob("*")) == [folder][: int(is_there)]
