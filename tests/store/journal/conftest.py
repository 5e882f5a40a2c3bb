"""A journal in SQLite, one file for each module of tests, and empty for each test."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import Connection, delete

from mxproof.store.journal.journal import Journal
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.whole_schema import WHOLE


@pytest.fixture(scope="module")
def kept_journal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    with closing(Journal(f"sqlite:{tmp_path_factory.mktemp('journal')}/journal.db")) as made:
        yield made


@pytest.fixture
def journal(kept_journal: Journal) -> Journal:
    kept_journal.close()  # so that no connections are left of the threads of another test
    kept_journal.writes(_empty)
    return kept_journal


@pytest.fixture
def watch(journal: Journal) -> WatchJournal:
    return WatchJournal(journal)


def _empty(connection: Connection) -> None:
    for table in reversed(WHOLE.sorted_tables):
        connection.execute(delete(table))
