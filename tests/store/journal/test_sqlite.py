"""The file of SQLite that a daemon has open is not taken from it by a command that looks in: both see the same."""

from contextlib import closing
from datetime import date
from pathlib import Path

from mxproof.store.journal.journal import Journal
from mxproof.store.journal.met_journal import MetJournal
from support_outgoing import met_on
from support_sqlite import looked_into

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
