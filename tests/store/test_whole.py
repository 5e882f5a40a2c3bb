"""A file that is there whole or not at all, and whose it is."""

import os
import stat
from pathlib import Path

import pytest

from mxproof.store.whole import READABLE, hidden, make_folder, replace_file

NOBODY = 65534


def owner_and_mode(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_uid, found.st_gid, found.st_mode & 0o777


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of another user, where that can be made."""
    if os.geteuid() == 0:
        os.chown(tmp_path, NOBODY, NOBODY)
    return tmp_path


def test_what_is_new_belongs_to_whoever_has_the_folder(folder: Path) -> None:
    made = folder / "acme" / "certificates"
    make_folder(made)
    make_folder(made)
    replace_file(made / "new.pem", [b"key", b"chain"], 0o600)
    owner = owner_and_mode(folder)[:2]
    assert owner_and_mode(made)[:2] == owner
    assert owner_and_mode(made / "new.pem") == (*owner, 0o600)
    assert (made / "new.pem").read_bytes() == b"keychain"


def test_what_was_there_keeps_its_owner_and_its_mode_and_a_link_leads_on(folder: Path) -> None:
    file, link = folder / "file", folder / "link"
    file.write_bytes(b"before")
    file.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(file, NOBODY - 1, NOBODY - 1)
    link.symlink_to(file)
    before = owner_and_mode(file)
    replace_file(link, [b"after"], READABLE)
    assert link.is_symlink()
    assert (file.read_bytes(), owner_and_mode(file)) == (b"after", before)
    assert sorted(one.name for one in folder.iterdir()) == ["file", "link"]


def test_a_piece_that_cannot_be_made_leaves_what_was_there(folder: Path) -> None:
    file = folder / "file"
    file.write_bytes(b"before")
    with pytest.raises(TypeError):
        replace_file(file, [b"half", 1])  # type: ignore[list-item] # that is what fails
    assert [(one.name, one.read_bytes()) for one in folder.iterdir()] == [("file", b"before")]


def test_what_is_written_is_on_the_disk_before_it_has_its_name_and_then_its_name_is_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = folder / "file"
    file.write_bytes(b"before")
    brought: list[tuple[bool, int, bytes]] = []

    def bring(what: int) -> None:
        found = os.fstat(what)
        is_folder = stat.S_ISDIR(found.st_mode)
        brought.append((is_folder, 0 if is_folder else found.st_size, file.read_bytes()))

    monkeypatch.setattr(os, "fsync", bring)
    replace_file(file, [b"after ", b"it"])
    assert brought == [(False, 8, b"before"), (True, 0, b"after it")]


def test_a_file_that_cannot_have_its_name_leaves_nothing(folder: Path) -> None:
    (folder / "file").mkdir()
    (folder / "file" / "in").write_bytes(b"before")
    with pytest.raises(OSError, match="file"):
        replace_file(folder / "file", [b"after"])
    assert [one.name for one in folder.iterdir()] == ["file"]
    assert (folder / "file" / "in").read_bytes() == b"before"


def test_a_folder_that_another_makes_at_this_moment_is_made(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = folder / "one" / "two"
    made.mkdir(parents=True)
    exists = Path.exists
    monkeypatch.setattr(Path, "exists", lambda one: one != made and exists(one))
    make_folder(made)
    assert made.is_dir()


def test_a_name_beside_another_is_hidden_bounded_and_nobody_elses() -> None:
    names = {hidden("n" * 255) for _ in range(9)}
    assert len(names) == 9
    assert {(one[:101], len(one)) for one in names} == {("." + "n" * 100, 118)}
