"""The file of SQLite that a daemon has open is not taken from it by a command that looks in: both see the same."""

import fcntl
import os
import sqlite3
import struct
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from mxproof.store.journal.journal import Journal
from mxproof.store.journal.met_journal import MetJournal
from mxproof.store.journal.publication_journal import PublicationJournal
from mxproof.store.journal.sqlite import JOURNAL_FILE_MODE, SqlitePlace
from support_outgoing import met_on
from support_sqlite import looked_into

NOBODY = 65534
_DAYS = "SELECT count(*) FROM mxproof_met_day"


def test_what_is_written_after_another_process_looked_in_is_seen_by_the_next(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    # As in a daemon: what was opened first goes on writing, and another is opened beside it.
    with closing(Journal(f"sqlite:{path}")) as one, closing(Journal(f"sqlite:{path}")) as two:
        met_on(one, date(2026, 3, 1), "a.example")
        assert len(MetJournal(two).tallies()) == 1
        assert looked_into(path, _DAYS) == 1
        met_on(one, date(2026, 3, 2), "a.example")
        assert looked_into(path, _DAYS) == 2


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    journal = Journal(f"sqlite:{tmp_path}/journal.db")
    journal.open()
    journal.close()
    assert (tmp_path / "journal.db").stat().st_mode & 0o777 == JOURNAL_FILE_MODE


def test_what_root_makes_belongs_to_whoever_has_the_folder_the_lock_too(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        os.chown(tmp_path, NOBODY, NOBODY)
    journal = Journal(f"sqlite:{tmp_path}/journal.db")
    journal.open()
    with PublicationJournal(journal).alone("example.com"):
        made = {one.name: one.stat().st_uid for one in tmp_path.iterdir()}
    journal.close()
    assert {"journal.db", "journal.db.alone"} <= set(made)
    assert set(made.values()) == {tmp_path.stat().st_uid}


def locked_byte(seen_from: int) -> tuple[int, int] | None:
    """Return place and length of what this process has locked in a file, as one that has it open apart is told; None where nothing."""
    layout = "hhqqi4x"
    asked = struct.pack(layout, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
    kind, _, start, length, _ = struct.unpack(layout, fcntl.fcntl(seen_from, fcntl.F_OFD_GETLK, asked))
    return None if kind == fcntl.F_UNLCK else (start, length)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells one process of its own locks")
def test_who_is_alone_locks_one_byte_for_each_name_and_lets_go_of_it_however_it_ends(tmp_path: Path) -> None:
    place = SqlitePlace(tmp_path / "journal.db")
    with place.alone("example.com"):
        seen_from = os.open(tmp_path / "journal.db.alone", os.O_RDWR)
        one = locked_byte(seen_from)
    assert locked_byte(seen_from) is None
    with place.alone("example.net"):
        other = locked_byte(seen_from)
    assert one is not None
    assert other is not None
    assert (one[1], other[1], one[0] == other[0]) == (1, 1, False)
    with pytest.raises(KeyError), place.alone("example.com"):
        raise KeyError
    assert locked_byte(seen_from) is None
    os.close(seen_from)


def test_what_is_written_outlives_a_loss_of_power(tmp_path: Path) -> None:
    """By each connection: the file is written before whoever writes is told so, and rows refer to rows."""
    place = SqlitePlace(tmp_path / "journal.db")
    for _ in range(2):
        with closing(place._connect()) as connection:
            asked = ("journal_mode", "synchronous", "foreign_keys")
            assert [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in asked] == ["wal", 2, 1]


def test_a_copy_that_is_damaged_takes_the_place_of_nothing(tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("CREATE TABLE one (name TEXT)")
        connection.execute("CREATE INDEX names ON one (name)")
        connection.execute("INSERT INTO one VALUES ('a')")
        connection.commit()
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("DELETE FROM sqlite_schema WHERE name = 'names'")
        connection.commit()
    place = SqlitePlace(tmp_path / "journal.db")
    with pytest.raises(sqlite3.DatabaseError, match=r"copy\.db"):
        place.take_from(copy)
    assert looked_into(tmp_path / "journal.db", "SELECT count(*) FROM sqlite_schema") == 0
