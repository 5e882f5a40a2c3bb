"""Revisions that no release has, to try migrations with data in hand."""

import shutil
from pathlib import Path

from sqlalchemy import Connection, Engine, select, text

from mxproof.store.journal.engine import MIGRATES
from mxproof.store.journal.migrating import MIGRATIONS, bring_up_to_date, locked, migrate
from mxproof.store.journal.revision import REVISION, VERSION_TABLE
from mxproof.store.journal.whole_schema import WHOLE

AFTER = "9999"
"""The revision that no release has."""
NEXT = f'''
"""A column more, one that may be empty, and values out of those that are there."""

from alembic import op
from sqlalchemy import Column, Text

revision = "{AFTER}"
down_revision = "{REVISION}"


def upgrade() -> None:
    with op.batch_alter_table("mxproof_report") as table:
        table.add_column(Column("way", Text))
        table.alter_column("contact", existing_type=Text, nullable=True)
    op.execute("UPDATE mxproof_report SET way = source")
'''
BROKEN = NEXT + '    raise RuntimeError("in the middle")\n'


def folder_with(parent: Path, revision: str) -> Path:
    """Return a folder with the revisions of this release and one more."""
    folder = parent / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / f"{AFTER}_next.py").write_text(revision, encoding="utf-8")
    return folder


def migrated(engine: Engine, folder: Path = MIGRATIONS, target: str = REVISION) -> None:
    """Migrate as the journal does."""
    with engine.connect().execution_options(**{MIGRATES: True}) as connection, connection.begin():
        locked(connection)
        migrate(connection, folder, target)
    engine.dispose()


def revision_of(connection: Connection) -> str | None:
    """Return the revision of a schema that was migrated."""
    found: str | None = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
    return found


def rows(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of all tables, of the columns that this release knows."""
    with engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in WHOLE.sorted_tables
        }


def made(engine: Engine) -> None:
    """Make a new journal at once, as the first that opens it does."""
    with engine.connect().execution_options(**{MIGRATES: True}) as connection, connection.begin():
        bring_up_to_date(connection)
    engine.dispose()


def everything_of(engine: Engine) -> list[tuple[object, ...]]:
    """Return what a database says of its tables: columns with types, nullability and defaults, indexes and constraints."""
    with engine.connect() as connection:
        asked = _OF_POSTGRESQL if connection.dialect.name == "postgresql" else _OF_SQLITE
        return sorted(tuple(row) for query in asked for row in connection.execute(text(query)))


_OF_SQLITE = (
    """SELECT 'column', name, cid, "column", type, "notnull", ifnull(dflt_value, '-'), pk FROM (
         SELECT m.name, c.cid, c.name AS "column", c.type, c."notnull", c.dflt_value, c.pk
         FROM sqlite_master m, pragma_table_xinfo(m.name) c WHERE m.type = 'table')""",
    "SELECT 'table', name, wr, strict FROM pragma_table_list WHERE schema = 'main'",
    """SELECT 'index', m.name, l.name, l."unique", l.origin, l.partial, i.seqno, i.cid, i."desc", i.coll, i.key
         FROM sqlite_master m, pragma_index_list(m.name) l, pragma_index_xinfo(l.name) i WHERE m.type = 'table'""",
    """SELECT 'condition', name, substr(sql, instr(sql, ' WHERE ')) FROM sqlite_master
         WHERE type = 'index' AND instr(sql, ' WHERE ') > 0""",
    """SELECT 'key', m.name, f.seq, f."table", f."from", f."to", f.on_update, f.on_delete, f.match
         FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'""",
    "SELECT 'version', version_num FROM mxproof_journal_version",
)
_OF_POSTGRESQL = (
    """SELECT 'column', table_name, ordinal_position, column_name, data_type, coalesce(character_maximum_length, 0),
         is_nullable, coalesce(column_default, '-') FROM information_schema.columns WHERE table_schema = current_schema()""",
    "SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()",
    """SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
         WHERE connamespace = current_schema()::regnamespace""",
    "SELECT 'version', version_num FROM mxproof_journal_version",
)
