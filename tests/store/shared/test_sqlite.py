"""Two that open one file of SQLite, as a daemon and a command do: at the same moment, or one while the other ends."""

import errno
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Timer

import pytest

from mxproof.store.shared.sqlite import make_file, write_ahead
from support_sqlite import looked_into

NOBODY = 65534
_TABLES = "SELECT count(*) FROM sqlite_master WHERE type = 'table'"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new.db"


def _reading(path: Path) -> sqlite3.Connection:
    """Return a connection in the middle of reading a file that is not written ahead."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("CREATE TABLE one (number)")
    connection.execute("BEGIN")
    connection.execute("SELECT count(*) FROM one").fetchall()
    return connection


def test_it_waits_for_whoever_reads_the_new_file(path: Path) -> None:
    with closing(_reading(path)) as reader, closing(sqlite3.connect(path)) as opened:
        ends = Timer(0.1, reader.rollback)
        ends.start()
        write_ahead(opened, 60)
        ends.join()
        assert opened.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_it_gives_up_at_its_limit(path: Path) -> None:
    with (
        closing(_reading(path)),
        closing(sqlite3.connect(path, timeout=0)) as opened,
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        write_ahead(opened, 60)


def test_a_file_that_is_no_database_is_refused_at_once(path: Path) -> None:
    path.write_bytes(b"not a database, and longer than the head of one would be" * 20)
    with (
        closing(sqlite3.connect(path)) as opened,
        pytest.raises(sqlite3.DatabaseError, match="not a database"),
    ):
        write_ahead(opened, 60)


def test_a_file_that_can_only_be_read_is_refused_at_once_and_not_waited_for(path: Path) -> None:
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE one (number)")
    tried: list[str] = []
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as opened:
        opened.set_trace_callback(tried.append)
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            write_ahead(opened, 0.2)
    assert tried == ["PRAGMA journal_mode = WAL"]


def test_a_file_is_made_for_its_owner_alone_and_one_that_is_there_stays(path: Path) -> None:
    make_file(path, 0o600)
    assert (path.stat().st_mode & 0o777, path.read_bytes()) == (0o600, b"")
    path.write_bytes(b"there")
    make_file(path, 0o640)
    assert (path.stat().st_mode & 0o777, path.read_bytes()) == (0o600, b"there")


def test_what_root_makes_belongs_to_whoever_has_the_folder_and_what_sqlite_makes_beside_it_too(
    path: Path,
) -> None:
    if os.geteuid() == 0:
        os.chown(path.parent, NOBODY, NOBODY)
    make_file(path, 0o600)
    with closing(sqlite3.connect(path, isolation_level=None)) as opened:
        write_ahead(opened, 60)
        opened.execute("CREATE TABLE one (number)")
        made = {one.name: one.stat().st_uid for one in path.parent.iterdir()}
    assert made == dict.fromkeys(("new.db", "new.db-wal", "new.db-shm"), path.parent.stat().st_uid)


def test_a_file_is_made_where_a_link_points(path: Path, tmp_path: Path) -> None:
    path.symlink_to(tmp_path / "elsewhere.db")
    make_file(path, 0o600)
    assert (tmp_path / "elsewhere.db").stat().st_mode & 0o777 == 0o600


def test_what_is_made_where_a_link_points_belongs_to_whoever_has_the_folder_there(
    path: Path, tmp_path: Path
) -> None:
    there = tmp_path / "there"
    there.mkdir()
    if os.geteuid() == 0:
        os.chown(there, NOBODY, NOBODY)
    path.symlink_to(there / "elsewhere.db")
    make_file(path, 0o600)
    assert (there / "elsewhere.db").stat().st_uid == there.stat().st_uid


def test_a_file_that_is_not_for_this_user_is_refused_by_its_name(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_bytes(b"there")
    asked: list[tuple[Path, int]] = []

    def access(what: Path, mode: int) -> bool:
        asked.append((what, mode))
        return False

    monkeypatch.setattr(os, "access", access)
    with pytest.raises(PermissionError) as refused:
        make_file(path, 0o600)
    assert (refused.value.errno, refused.value.filename) == (errno.EACCES, str(path))
    assert asked == [(path, os.R_OK | os.W_OK)]
    assert path.read_bytes() == b"there"


def test_who_has_waited_is_in_no_transaction_and_writes_at_once(path: Path) -> None:
    with (
        closing(_reading(path)) as reader,
        closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as opened,
    ):
        opened.set_trace_callback(lambda said: reader.rollback() if said == "BEGIN EXCLUSIVE" else None)
        write_ahead(opened, 60)
        assert not opened.in_transaction
        assert opened.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        opened.execute("CREATE TABLE two (number)")
        assert reader.execute(_TABLES).fetchone() == (2,)


def test_another_process_that_looks_in_leaves_what_is_being_written(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as one:
        write_ahead(one, 60)
        one.execute("CREATE TABLE one (number)")
        make_file(path, 0o600)
        assert looked_into(path, _TABLES) == 1
        one.execute("CREATE TABLE two (number)")
        assert looked_into(path, _TABLES) == 2
