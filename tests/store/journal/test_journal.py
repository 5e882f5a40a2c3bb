"""The journal as a whole: it opens when it is used, again after it was closed, and says why it cannot."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, text

from mxproof.formats.errors import ConfigError
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.keeping import keep
from mxproof.store.journal.revision import VERSION_TABLE
from mxproof.store.journal.schema import UNVERIFIED
from support_journal import EVER, arrival, report

STRAY = {"report": 99, "tried_at": 0.0}


def test_works_again_after_it_was_closed(journal: Journal) -> None:
    journal.keep([arrival(report())])
    journal.close()
    assert journal.counts(EVER).senders[0].reports == 1


@pytest.mark.parametrize("where", ["missing/journal.db", "folder"])
def test_what_cannot_be_opened_is_an_error_that_names_it(tmp_path: Path, where: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(JournalError, match=where):
        Journal(f"sqlite:{tmp_path}/{where}").counts(EVER)


def test_what_is_no_database_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "journal.db").write_bytes(b"something else" * 100)
    with pytest.raises(JournalError, match="not a database"):
        Journal(f"sqlite:{tmp_path}/journal.db").open()


def test_an_error_says_where_and_what_the_system_says(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "journal.db"
    journal = Journal(f"sqlite:{path}")
    for work in (journal.open, lambda: journal.counts(EVER)):
        with pytest.raises(JournalError) as caught:
            work()
        assert str(caught.value) == f"{path}: No such file or directory"


def test_an_error_of_a_statement_says_on_one_line_what_the_database_says(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with closing(Journal(f"sqlite:{path}")) as journal, pytest.raises(JournalError) as caught:
        journal.writes(lambda connection: connection.execute(text("SELECT *\nFROM nowhere")))
    assert str(caught.value) == f"{path}: no such table: nowhere"


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (OSError(28, "No space left on device"), "No space left on device"),
        (OSError("half a\ndisk"), "half a disk"),
        (OSError(), "OSError"),
        (JournalError("in other hands"), "in other hands"),
    ],
)
def test_an_error_of_what_is_done_says_at_least_its_kind(
    journal: Journal, raised: Exception, said: str
) -> None:
    def fails(_: object) -> None:
        raise raised

    with pytest.raises(JournalError) as caught:
        journal.reads(fails)
    assert str(caught.value).partition(": ")[2] == said


def test_what_failed_left_nothing_behind(journal: Journal) -> None:
    def fails(connection: Connection) -> None:
        keep(connection, [arrival(report())])
        raise OSError

    with pytest.raises(JournalError):
        journal.writes(fails)
    assert journal.counts(EVER).senders == ()


def test_a_journal_is_closed_however_often_it_is_said(tmp_path: Path) -> None:
    journal = Journal(f"sqlite:{tmp_path}/journal.db")
    journal.close()
    assert list(tmp_path.iterdir()) == []
    journal.open()
    journal.close()
    journal.close()
    assert [one.name for one in tmp_path.iterdir()] == ["journal.db"]


@pytest.mark.parametrize(
    "url", ["", "memory:", "sqlite:relative.db", "redis://x", "postgresql:x", "mysql://u:secret@h"]
)
def test_a_url_of_another_kind_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Journal(url)
    assert "secret" not in str(caught.value)


def test_rows_that_belong_to_nothing_are_refused_from_the_first_use_on(tmp_path: Path) -> None:
    with closing(Journal(f"sqlite:{tmp_path}/journal.db")) as journal:
        for _ in range(2):
            with pytest.raises(JournalError, match="FOREIGN KEY"):
                journal.writes(lambda connection: connection.execute(insert(UNVERIFIED), STRAY))
            journal.close()


def test_whoever_writes_keeps_other_writers_out_from_its_beginning_and_whoever_reads_does_not(
    tmp_path: Path,
) -> None:
    path = tmp_path / "journal.db"

    def is_free(_: Connection) -> bool:
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return False
            return True

    with closing(Journal(f"sqlite:{path}")) as journal:
        journal.open()
        assert [journal.writes(is_free), journal.reads(is_free), journal.writes(is_free)] == [
            False,
            True,
            False,
        ]


def test_a_journal_that_could_not_be_brought_up_to_date_is_not_taken_for_one_that_was(tmp_path: Path) -> None:
    url = f"sqlite:{tmp_path}/journal.db"
    with closing(Journal(url)) as journal:
        journal.writes(
            lambda connection: connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
        )
    with closing(Journal(url)) as journal:
        for work in (journal.open, lambda: journal.counts(EVER)):
            with pytest.raises(JournalError, match="newer mxproof"):
                work()


def test_what_is_committed_is_on_disk_whoever_connects(tmp_path: Path) -> None:
    wanted = {"synchronous": 2, "foreign_keys": 1, "journal_mode": "wal"}
    with closing(Journal(f"sqlite:{tmp_path}/journal.db")) as journal:
        for work in (journal.writes, journal.reads):
            found = work(
                lambda connection: {
                    name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted
                }
            )
            assert found == wanted
