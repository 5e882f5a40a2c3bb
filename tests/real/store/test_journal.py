"""The contract of the journal, kept by a real PostgreSQL, with several collectors writing to it at once."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from mxproof.store.journal.arrival import Kept
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.postgresql import PostgresqlPlace
from mxproof.store.journal.revision import REVISION, VERSION_TABLE
from mxproof.store.journal.whole_schema import WHOLE
from real.store.servers import folder_of, postgresql
from support_journal import EVER, arrival, report, with_counts
from support_journal_migrations import (
    AFTER,
    BROKEN,
    NEXT,
    everything_of,
    folder_with,
    made,
    migrated,
    revision_of,
    rows,
)
from support_journal_promises import promises

COLLECTORS = 4
REPORTS = 40


def url_of(folder: Path) -> str:
    return f"postgresql:///postgres?host={folder}&user=postgres"


@contextmanager
def engine_of(folder: Path) -> Iterator[Engine]:
    made = PostgresqlPlace(url_of(folder)).engine()
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with folder_of("postgres") as made, postgresql(made):
        yield made


@pytest.fixture
def journal(folder: Path) -> Iterator[Journal]:
    with engine_of(folder) as engine, engine.begin() as connection:
        WHOLE.drop_all(connection)
        connection.execute(text(f"DROP TABLE IF EXISTS {VERSION_TABLE}"))
    with closing(Journal(url_of(folder))) as made:
        yield made


@pytest.mark.parametrize("promise", [pytest.param(promise, id=name) for name, promise in promises()])
def test_postgresql_keeps_what_a_journal_promises(
    journal: Journal, promise: Callable[[Journal], None]
) -> None:
    promise(journal)


def test_postgresql_keeps_a_second_process_out_of_a_domain(folder: Path) -> None:
    with (
        closing(Journal(url_of(folder))) as one,
        closing(Journal(url_of(folder))) as other,
        one.alone("example.com") as still,
    ):
        still()
        with pytest.raises(JournalError, match=re.escape("example.com")), other.alone("example.com"):
            pass


@pytest.mark.usefixtures("journal")
def test_a_new_journal_is_made_at_once_as_the_migrations_make_it(folder: Path) -> None:
    with engine_of(folder) as engine:
        migrated(engine)
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
            assert compare_metadata(context, WHOLE) == []
        got = everything_of(engine)
        with engine.begin() as connection:
            WHOLE.drop_all(connection)
            connection.execute(text(f"DROP TABLE {VERSION_TABLE}"))
        made(engine)
        assert everything_of(engine) == got


def test_several_collectors_count_each_report_once(journal: Journal, folder: Path) -> None:
    reports = [
        report(with_counts(2, 1, f"d{number % 7}.example", id=str(number))) for number in range(REPORTS)
    ]
    became: list[Kept] = []
    failed: list[Exception] = []

    def collects(turn: int) -> None:
        order = reports if turn % 2 else reports[::-1]
        try:
            with closing(Journal(url_of(folder))) as mine:
                for place in range(0, REPORTS, 5):
                    for many in mine.keep([arrival(*order[place : place + 5], data=str(place).encode())]):
                        became.extend(many)
        except JournalError as error:
            failed.append(error)

    threads = [Thread(target=collects, args=(turn,)) for turn in range(COLLECTORS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []
    assert became.count(Kept.NEW) == REPORTS
    assert became.count(Kept.KNOWN) == (COLLECTORS - 1) * REPORTS
    (sender,) = journal.counts(EVER).senders
    assert (sender.reports, sender.success, sender.failure) == (REPORTS, 2 * REPORTS, REPORTS)


def test_a_revision_alters_a_table_with_data_in_it_or_nothing(
    journal: Journal, folder: Path, tmp_path: Path
) -> None:
    journal.keep([arrival(report())])
    (tmp_path / "broken").mkdir()
    with engine_of(folder) as engine:
        kept = rows(engine)
        with pytest.raises(RuntimeError, match="in the middle"):
            migrated(engine, folder_with(tmp_path / "broken", BROKEN), AFTER)
        with engine.connect() as connection:
            assert revision_of(connection) == REVISION
        migrated(engine, folder_with(tmp_path, NEXT), AFTER)
        with engine.connect() as connection:
            assert "way" in {one["name"] for one in inspect(connection).get_columns("mxproof_report")}
        assert rows(engine) == kept
    with closing(Journal(url_of(folder))) as later, pytest.raises(JournalError, match="newer"):
        later.open()


def test_an_outage_is_an_error_and_its_end_is_noticed() -> None:
    with folder_of("postgres") as folder, closing(Journal(url_of(folder))) as journal:
        with postgresql(folder):
            journal.keep([arrival(report())])
        with pytest.raises(JournalError):
            journal.keep([arrival(report(with_counts(1, 1, "lost.example")))])
        with postgresql(folder):
            assert journal.counts(EVER).senders[0].reports == 1
            assert journal.keep([arrival(report())]) == [(Kept.KNOWN,)]
