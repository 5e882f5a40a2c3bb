"""`mxproof watch backup` and `restore`: what comes back is what there was, and nothing is lost on the way."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mxproof.cli.exit import DONE, PROBLEM, USAGE
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.revision import VERSION_TABLE
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.watched import KeptNews
from support_cli import mxproof, one_line
from support_watched_store import watched_store

NOW = datetime.now(UTC)


@pytest.fixture
def store(tmp_path: Path) -> str:
    return watched_store(tmp_path, NOW)


@pytest.fixture
def copy(tmp_path: Path, store: str) -> Path:
    """Make a back-up of the store."""
    file = tmp_path / "copy.db"
    assert mxproof("watch", "backup", str(file), "--store", store).returncode == DONE
    return file


def news_in(store: str) -> list[KeptNews]:
    journal = Journal(store)
    try:
        return WatchJournal(journal).news()
    finally:
        journal.close()


def test_what_is_brought_back_is_what_there_was(tmp_path: Path, store: str, copy: Path) -> None:
    other = f"sqlite:{tmp_path}/other.db"
    assert mxproof("watch", "restore", str(copy), "--store", other).returncode == DONE
    assert news_in(other) == news_in(store)
    assert sorted(one.name for one in tmp_path.glob("copy.db*")) == ["copy.db"]


def test_a_store_that_is_there_stays_unless_it_is_to_be_replaced(store: str, copy: Path) -> None:
    mxproof("watch", "alert", "acknowledge", "--store", store)
    refused = mxproof("watch", "restore", str(copy), "--store", store)
    assert refused.returncode == PROBLEM
    assert "--replace" in one_line(refused.stderr)
    assert news_in(store)[0].acknowledged_by is not None
    assert mxproof("watch", "restore", str(copy), "--replace", "--store", store).returncode == DONE
    assert news_in(store)[0].acknowledged_by is None


def test_a_file_that_is_there_is_not_written_over(store: str, copy: Path) -> None:
    before = copy.read_bytes()
    assert mxproof("watch", "backup", str(copy), "--store", store).returncode == USAGE
    assert copy.read_bytes() == before


@pytest.mark.parametrize("kind", ["missing", "text", "other", "newer"])
def test_what_is_no_back_up_is_refused_and_changes_nothing(tmp_path: Path, copy: Path, kind: str) -> None:
    file = tmp_path / "wrong.db"
    if kind == "text":
        file.write_text("no database at all", encoding="utf-8")
    elif kind == "other":
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("CREATE TABLE one (number)")
    elif kind == "newer":
        file.write_bytes(copy.read_bytes())
        with closing(sqlite3.connect(file)) as connection:
            connection.execute(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
            connection.commit()
    target = tmp_path / "target.db"
    done = mxproof("watch", "restore", str(file), "--store", f"sqlite:{target}")
    assert done.returncode == PROBLEM
    assert "wrong.db" in one_line(done.stderr)
    assert not target.exists()


def test_where_there_is_no_store_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    done = mxproof("watch", "backup", str(tmp_path / "copy.db"), "--store", f"sqlite:{tmp_path}/none.db")
    assert done.returncode == PROBLEM
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said(tmp_path: Path, store: str) -> None:
    done = mxproof("watch", "backup", str(tmp_path / "missing" / "copy.db"), "--store", store)
    assert done.returncode == USAGE
    assert "missing" in one_line(done.stderr)
