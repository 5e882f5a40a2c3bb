"""Two that open one new file of SQLite at the same moment, as a daemon and a command do."""

import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Timer

import pytest

from mxproof.store.shared.sqlite import write_ahead


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
