"""Two that open one file of SQLite, as a daemon and a command do: at the same moment, or one while the other ends."""

import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from threading import Timer

import pytest

from mxproof.store.shared.sqlite import make_file, write_ahead


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


def test_what_is_written_after_another_process_has_ended_is_there(path: Path) -> None:
    """A process with two connections: were its locks gone with the making of the second, the other would delete the log that it uses."""
    with closing(_opened(path)) as first, closing(_opened(path)):
        first.execute("CREATE TABLE one (number)")
        _other(path, "SELECT count(*) FROM one")
        first.execute("INSERT INTO one VALUES (7)")
        assert _other(path, "SELECT number FROM one") == "[(7,)]"


def _opened(path: Path) -> sqlite3.Connection:
    make_file(path, 0o600)
    opened = sqlite3.connect(path, isolation_level=None)
    write_ahead(opened, 60)
    opened.execute("SELECT count(*) FROM sqlite_master").fetchall()
    return opened


def _other(path: Path, statement: str) -> str:
    """Return what another process reads, which ends then."""
    program = f"import sqlite3; c = sqlite3.connect({str(path)!r}); print(c.execute({statement!r}).fetchall()); c.close()"
    done = subprocess.run((sys.executable, "-c", program), capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_file_is_made_for_its_owner_and_one_that_is_there_stays_as_it_is(path: Path) -> None:
    make_file(path, 0o600)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_bytes(b"something")
    path.chmod(0o640)
    make_file(path, 0o600)
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"something", 0o640)


def test_a_link_to_a_file_that_is_not_there_yet_leads_to_a_new_one(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(path)
    make_file(link, 0o600)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
