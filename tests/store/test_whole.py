"""A file that is there whole or not at all, and whose it is."""

import os
from pathlib import Path

import pytest

from mxproof.store.whole import READABLE, make_folder, replace_file

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
