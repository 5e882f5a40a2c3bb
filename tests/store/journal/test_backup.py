"""Back-ups of a journal in SQLite: what comes back is what there was, and what is none is refused with what is wrong of it."""

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from mxproof.store.journal.backup import back_up, restore
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.revision import REVISION, VERSION_TABLE
from support_journal import EVER, arrival, report
from support_sqlite import changed

NEWER = f"{int(REVISION) + 1:04}"
OLDER = f"{int(REVISION) - 1:04}"


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Return the URL of a journal that has one report."""
    found = f"sqlite:{tmp_path}/journal.db"
    with closing(Journal(found)) as journal:
        journal.keep([arrival(report())])
    return found


@pytest.fixture
def copy(tmp_path: Path, url: str) -> Iterator[Path]:
    """Yield a back-up of it."""
    made = tmp_path / "copy.db"
    back_up(url, made)
    yield made
    assert sorted(one.name for one in tmp_path.glob("copy.db*")) == ["copy.db"], "a back-up is one file"


def reports_in(url: str) -> int:
    with closing(Journal(url)) as journal:
        return sum(one.reports for one in journal.counts(EVER).senders)


def test_what_is_brought_back_is_what_there_was(tmp_path: Path, copy: Path) -> None:
    restore(copy, f"sqlite:{tmp_path}/other.db", replaces=False)
    assert reports_in(f"sqlite:{tmp_path}/other.db") == 1


def test_a_journal_that_is_there_is_replaced_only_where_that_is_wanted(url: str, copy: Path) -> None:
    with closing(Journal(url)) as journal:
        journal.keep([arrival(report(domain="other"), report(), data=b"two")])
    with pytest.raises(JournalError, match="there is a journal"):
        restore(copy, url, replaces=False)
    restore(copy, url, replaces=True)
    assert reports_in(url) == 1


def test_an_empty_file_is_no_journal_that_would_be_lost(tmp_path: Path, copy: Path) -> None:
    (tmp_path / "empty.db").touch()
    restore(copy, f"sqlite:{tmp_path}/empty.db", replaces=False)
    assert reports_in(f"sqlite:{tmp_path}/empty.db") == 1


@pytest.mark.parametrize("name", ["none.db", "empty.db"])
def test_where_there_is_no_journal_there_is_nothing_to_back_up(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty.db").touch()
    with pytest.raises(JournalError, match="nothing to back up"):
        back_up(f"sqlite:{tmp_path}/{name}", tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()
    assert not (tmp_path / "none.db").exists(), "a look makes none"


def test_a_copy_that_cannot_be_written_is_said(tmp_path: Path, url: str) -> None:
    with pytest.raises(JournalError, match=r"journal\.db: unable to open"):
        back_up(url, tmp_path / "missing" / "copy.db")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("missing", "no such file"),
        ("folder", "no such file"),
        ("text", "no back-up of a journal of mxproof"),
        ("other", "no back-up of a journal of mxproof"),
        ("newer", f"of a newer release .revision {NEWER}; this one knows {REVISION}"),
    ],
)
def test_what_is_no_back_up_is_refused_by_what_is_wrong_of_it(
    tmp_path: Path, copy: Path, kind: str, words: str
) -> None:
    wrong = tmp_path / "wrong.db"
    if kind == "folder":
        wrong.mkdir()
    elif kind == "text":
        wrong.write_text("no database at all" * 100, encoding="utf-8")
    elif kind == "other":
        changed(wrong, "CREATE TABLE one (number)")
    elif kind == "newer":
        wrong.write_bytes(copy.read_bytes())
        changed(wrong, f"UPDATE {VERSION_TABLE} SET version_num = '{NEWER}'")
    with pytest.raises(JournalError, match=words) as caught:
        restore(wrong, f"sqlite:{tmp_path}/target.db", replaces=True)
    assert "wrong.db" in str(caught.value)
    assert not (tmp_path / "target.db").exists()


def test_a_back_up_of_an_earlier_release_is_brought_back(tmp_path: Path, copy: Path) -> None:
    changed(copy, f"UPDATE {VERSION_TABLE} SET version_num = '{OLDER}'")
    target = tmp_path / "target.db"
    restore(copy, f"sqlite:{target}", replaces=False)
    assert target.exists()


@pytest.mark.parametrize("what", ["back up", "restore"])
def test_that_in_postgresql_is_left_to_its_own_tools(tmp_path: Path, copy: Path, what: str) -> None:
    url = "postgresql://u@127.0.0.1/mxproof"
    work = partial(back_up, url, tmp_path / "other.db")
    if what == "restore":
        work = partial(restore, copy, url, replaces=True)
    with pytest.raises(JournalError, match="pg_dump"):
        work()


def test_a_back_up_is_one_file_that_needs_no_second_beside_it(copy: Path) -> None:
    assert copy.read_bytes()[18:20] == b"\1\1", "the header names no write-ahead log"


def test_a_damaged_back_up_takes_the_place_of_nothing(tmp_path: Path, url: str, copy: Path) -> None:
    damaged = tmp_path / "damaged.db"
    held = copy.read_bytes()
    # Free pages that there are none of.
    damaged.write_bytes(held[:36] + (7).to_bytes(4, "big") + held[40:])
    with pytest.raises(JournalError, match="damaged"):
        restore(damaged, url, replaces=True)
    assert reports_in(url) == 1
    with pytest.raises(JournalError, match="damaged"):
        restore(damaged, f"sqlite:{tmp_path}/other.db", replaces=False)
    restore(copy, f"sqlite:{tmp_path}/other.db", replaces=False)
    assert reports_in(f"sqlite:{tmp_path}/other.db") == 1
