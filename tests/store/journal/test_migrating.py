"""Migrations: the tables they make, and that one with data in hand is whole or not at all."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from mxproof.store.journal.arrival import Kept
from mxproof.store.journal.engine import MIGRATES
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.keeping import keep
from mxproof.store.journal.migrating import bring_up_to_date
from mxproof.store.journal.revision import REVISION, VERSION_TABLE
from mxproof.store.journal.sqlite import SqlitePlace
from mxproof.store.journal.whole_schema import WHOLE
from support_journal import EVER, arrival, report
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

PART_INDEXES = 4


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def engine(path: Path) -> Iterator[Engine]:
    made = SqlitePlace(path).engine()
    yield made
    made.dispose()


def test_the_migrations_make_the_tables_of_the_schema(engine: Engine) -> None:
    migrated(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, WHOLE) == []
        assert revision_of(connection) == REVISION


def test_a_new_journal_is_made_at_once_as_the_migrations_make_it(engine: Engine, tmp_path: Path) -> None:
    migrated(engine)
    new = SqlitePlace(tmp_path / "new.db").engine()
    made(new)
    got = everything_of(new)
    new.dispose()
    assert len([one for one in got if one[0] == "condition"]) == PART_INDEXES
    assert got == everything_of(engine)


def test_a_new_journal_is_made_whole_or_not_at_all(path: Path, engine: Engine) -> None:
    with engine.connect().execution_options(**{MIGRATES: True}) as connection, connection.begin() as making:
        bring_up_to_date(connection)
        making.rollback()
    assert inspect(engine).get_table_names() == []
    assert Journal(f"sqlite:{path}").counts(EVER).senders == ()


def test_a_revision_alters_a_table_with_data_in_it(path: Path, engine: Engine, tmp_path: Path) -> None:
    journal = Journal(f"sqlite:{path}")
    journal.keep([arrival(report())])
    before = journal.counts(EVER)
    kept = rows(engine)
    migrated(engine, folder_with(tmp_path, NEXT), AFTER)
    with engine.connect() as connection:
        columns = {one["name"]: one for one in inspect(connection).get_columns("mxproof_report")}
        assert ("way" in columns, columns["contact"]["nullable"]) == (True, True)
        assert revision_of(connection) == AFTER
    assert rows(engine) == kept
    with engine.connect() as connection:
        assert connection.execute(text("SELECT way FROM mxproof_report")).scalars().all() == ["a test"]
    assert before.senders[0].reports == 1


def test_a_journal_of_the_first_revision_goes_on_with_what_is_in_it(path: Path, engine: Engine) -> None:
    migrated(engine, target="0001")
    with engine.begin() as connection:
        keep(connection, [arrival(report())])
    journal = Journal(f"sqlite:{path}")
    assert [one.reports for one in journal.counts(EVER).senders] == [1]
    assert journal.keep([arrival(report())]) == [(Kept.KNOWN,)]


def test_a_revision_that_fails_changes_nothing(path: Path, engine: Engine, tmp_path: Path) -> None:
    journal = Journal(f"sqlite:{path}")
    journal.keep([arrival(report())])
    kept = rows(engine)
    with pytest.raises(RuntimeError, match="in the middle"):
        migrated(engine, folder_with(tmp_path, BROKEN), AFTER)
    assert rows(engine) == kept
    with engine.connect() as connection:
        assert "way" not in {one["name"] for one in inspect(connection).get_columns("mxproof_report")}
        assert revision_of(connection) == REVISION
    assert journal.counts(EVER).senders[0].reports == 1


def test_a_newer_schema_is_left_alone(path: Path, engine: Engine, tmp_path: Path) -> None:
    migrated(engine, folder_with(tmp_path, NEXT), AFTER)
    with pytest.raises(JournalError, match="newer"):
        Journal(f"sqlite:{path}").counts(EVER)


def test_of_several_that_open_a_new_journal_one_makes_it(path: Path) -> None:
    failed: list[Exception] = []

    def opens() -> None:
        try:
            Journal(f"sqlite:{path}").open()
        except JournalError as error:
            failed.append(error)

    threads = [Thread(target=opens) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []


def test_a_revision_that_takes_away_what_others_belong_to_changes_nothing(
    path: Path, engine: Engine, tmp_path: Path
) -> None:
    Journal(f"sqlite:{path}").keep([arrival(report())])
    kept = rows(engine)
    takes = NEXT + '    op.execute("DELETE FROM mxproof_report")\n'
    with pytest.raises(JournalError, match="without what they belong to"):
        migrated(engine, folder_with(tmp_path, takes), AFTER)
    assert rows(engine) == kept
    with engine.connect() as connection:
        assert revision_of(connection) == REVISION
