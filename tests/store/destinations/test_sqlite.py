"""Destinations in a file of SQLite: whose it is, what is written survives, and what is read where nothing can be written."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from mxproof.store.destinations.destination import OPERATION_TIMEOUT_S, StoreError
from mxproof.store.destinations.sqlite import CACHE_KIB, _Sqlite, sqlite_store
from support_kill import killed_while_writing
from support_long import EXHAUSTIVE
from support_store import destination

KILLS = 5
"""The long run stands in tests/real."""


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with closing(sqlite_store(path)) as store:
        store.write([destination()])
        assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}


def test_a_file_that_is_no_database_is_an_error_and_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    path.write_bytes(b"this is no database, and it is long enough to be looked at" * 20)
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"state\.db: .*not a database"):
        sqlite_store(path).read("example.com")
    assert path.read_bytes() == before


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        sqlite_store(tmp_path / "none" / "state.db").load(1)


def test_a_row_of_another_version_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    store = sqlite_store(path)
    store.write([destination(), destination("other.example")])
    store.close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE mxproof_destination SET policy = 'x' WHERE key = 'example.com'")
        connection.execute("UPDATE mxproof_destination SET findings = 'x' WHERE key = 'other.example'")
    connection.close()
    (kept,) = store.load(10)
    assert (kept.key, kept.held.policy, kept.held.decision) == (
        "other.example",
        destination().held.policy,
        None,
    )
    store.close()


def test_what_is_written_is_on_the_disk_before_it_is_acknowledged(tmp_path: Path) -> None:
    with closing(_Sqlite(tmp_path / "state.db").connect()) as opened:
        cursor = opened.cursor()
        told = []
        for name in ("journal_mode", "synchronous", "cache_size", "busy_timeout"):
            cursor.execute(f"PRAGMA {name}")
            told += [value for (value,) in cursor.fetchall()]  # type: ignore[misc] # of a setting there is one value
    assert told == ["wal", 2, -CACHE_KIB, 1000 * OPERATION_TIMEOUT_S]


@pytest.mark.parametrize(
    ("log", "is_everything"), [(None, True), (b"", True), (b"what was written last", False)], ids=str
)
def test_a_file_is_read_without_its_log_where_nothing_waits_there(
    tmp_path: Path, log: bytes | None, *, is_everything: bool
) -> None:
    path = tmp_path / "state.db"
    if log is not None:
        path.with_name("state.db-wal").write_bytes(log)
    assert _Sqlite(path)._without_log() == (("mode=ro&immutable=1", "NORMAL"),) * is_everything


def test_what_cannot_be_opened_at_all_is_no_way_to_read(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    assert _Sqlite(path).connect_to_read() is None
    assert list(tmp_path.iterdir()) == [], "reading makes no file"
    path.write_bytes(b"this is no database, and it is long enough to be looked at" * 20)
    assert _Sqlite(path).connect_to_read() is None


def test_who_only_reads_sees_what_was_written_last_and_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with closing(sqlite_store(path)) as store:
        store.write([destination()])
        connection = _Sqlite(path).connect_to_read()
        assert connection is not None
        with closing(connection):
            cursor = connection.cursor()
            cursor.execute("SELECT key FROM mxproof_destination")
            assert [row[0] for row in cursor.fetchall()] == ["example.com"]
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                cursor.execute("DELETE FROM mxproof_destination")
        store.write([destination("other.example")])
        assert len(store.load(9)) == 2


def test_a_full_disk_is_an_error_and_loses_nothing_that_was_written(tmp_path: Path) -> None:
    script = f"""
import resource, signal
from pathlib import Path
from mxproof.store.destinations.destination import OPERATION_TIMEOUT_S, StoreError
from mxproof.store.destinations.sqlite import CACHE_KIB, _Sqlite, sqlite_store
from support_kill import killed_while_writing
from support_store import destination
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = sqlite_store(Path({str(tmp_path / "state.db")!r}))
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
written = 0
try:
    for number in range(10_000):
        store.write([destination(f"d{{number}}.example")])
        written += 1
except StoreError as error:
    print(written)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
store.write([destination("after.example")])
assert store.read("after.example") is not None
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, timeout=60)
    written = int(done.stdout)
    store = sqlite_store(tmp_path / "state.db")
    assert written > 10
    assert len(store.load(20_000)) >= written + 1
    store.close()


@EXHAUSTIVE
@pytest.mark.parametrize("ending", ["close", "kill"])
def test_what_is_stored_is_read_where_nothing_can_be_written(tmp_path: Path, ending: str) -> None:
    path = tmp_path / "state.db"
    script = f"""
import os, sys
from pathlib import Path
from mxproof.store.destinations.sqlite import sqlite_store
from support_store import destination
store = sqlite_store(Path({str(path)!r}))
store.write([destination(), destination("other.example")])
if sys.argv[1] == "close":
    store.close()
os._exit(0)
"""
    subprocess.run([sys.executable, "-c", script, ending], check=True, timeout=60)
    script = f"""
import resource, signal
from pathlib import Path
from mxproof.store.destinations.destination import OPERATION_TIMEOUT_S, StoreError
from mxproof.store.destinations.sqlite import CACHE_KIB, _Sqlite, sqlite_store
from support_store import destination
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
store = sqlite_store(Path({str(path)!r}))
assert store.read("example.com") == destination()
assert {{one.key for one in store.load(10)}} == {{"example.com", "other.example"}}
try:
    store.write([destination("late.example")])
    raise AssertionError("written without a disk")
except StoreError:
    pass
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
store.write([destination("late.example")])
assert len(store.load(10)) == 3
store.close()
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


@EXHAUSTIVE
def test_nothing_acknowledged_is_lost_when_the_writer_is_killed(tmp_path: Path) -> None:
    killed_while_writing(tmp_path / "state.db", KILLS)
