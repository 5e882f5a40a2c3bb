"""Bring the schema of a journal to its newest revision, in one transaction and one process at a time.

The lock is that of the transaction: SQLite has one writer, and PostgreSQL an advisory lock. Whoever waited for it finds the
work done. A journal that is not there yet is made as it is now, at once; one of an earlier release is led through the
revisions since, and one that fails leaves it as it was. alembic is loaded for that alone.
"""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Dialect, inspect, text
from sqlalchemy.engine.mock import MockConnection

from mxproof.store.journal.error import JournalError
from mxproof.store.journal.revision import REVISION, VERSION_TABLE
from mxproof.store.journal.table_parts import say_conditions
from mxproof.store.journal.whole_schema import WHOLE

MIGRATIONS = Path(__file__).parent / "migrations"

_LOCK = 0x6D787072
"""The number of the advisory lock: no other program is likely to have it."""
_MAKE_VERSION = (
    f"CREATE TABLE {VERSION_TABLE} (version_num VARCHAR(32) NOT NULL,"
    f" CONSTRAINT {VERSION_TABLE}_pkc PRIMARY KEY (version_num))"
)
"""The table in which alembic looks for the revision, as it makes it itself."""
_ALL_TABLES: Final[dict[str, tuple[str, ...]]] = {}
"""What makes the tables of a journal, by the name of the dialect."""


def bring_up_to_date(connection: Connection) -> None:
    """Make the tables where there is no journal yet, and migrate them where there is; raises JournalError as `migrate` does."""
    locked(connection)
    if inspect(connection).has_table(VERSION_TABLE):
        migrate(connection)
    else:
        make(connection)


def make(connection: Connection) -> None:
    """Make a new journal as the newest revision has it."""
    for statement in _all_tables(connection.dialect):
        connection.exec_driver_sql(statement)
    connection.execute(text(_MAKE_VERSION))
    connection.execute(text(f"INSERT INTO {VERSION_TABLE} VALUES (:revision)"), {"revision": REVISION})  # noqa: S608 - a constant


def _all_tables(dialect: Dialect) -> tuple[str, ...]:
    """Return the statements that make all tables and indexes, which SQLAlchemy works out once in a process."""
    if dialect.name not in _ALL_TABLES:
        statements: list[str] = []
        say_conditions(WHOLE, dialect)
        asked = MockConnection(dialect, lambda one, *_: statements.append(str(one.compile(dialect=dialect))))
        WHOLE.create_all(asked, checkfirst=False)
        _ALL_TABLES[dialect.name] = tuple(statements)
    return _ALL_TABLES[dialect.name]


def locked(connection: Connection) -> None:
    """Keep others from migrating until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def migrate(connection: Connection, folder: Path = MIGRATIONS, target: str = REVISION) -> None:
    """Apply the revisions in `folder` that lead to `target`, under the lock; raises JournalError for a schema newer than those."""
    from alembic.operations import Operations  # noqa: PLC0415 - a journal that is up to date needs it not
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    script = ScriptDirectory(str(folder))
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    before = context.get_current_revision()
    if before is not None and before not in {one.revision for one in script.walk_revisions()}:
        raise JournalError(
            f"its schema ({before}) was made by a newer mxproof; this one knows it up to {target}"
        )
    pending = list(script.iterate_revisions(target, before or "base"))
    with Operations.context(context):
        for revision in reversed(pending):
            revision.module.upgrade()
            context.stamp(script, revision.revision)
    if connection.dialect.name == "sqlite" and pending:
        astray = connection.execute(text("PRAGMA foreign_key_check")).first()
        if astray is not None:
            raise JournalError(f"a revision left rows of {astray[0]} without what they belong to")
