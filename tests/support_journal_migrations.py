"""Revisions that no release has, to try migrations with data in hand."""

import shutil
from pathlib import Path

from sqlalchemy import Connection, Engine, select, text

from mxproof.store.journal.engine import MIGRATES
from mxproof.store.journal.migrating import MIGRATIONS, migrate
from mxproof.store.journal.publication_schema import PUBLICATION
from mxproof.store.journal.revision import REVISION, VERSION_TABLE

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
            for table in PUBLICATION.metadata.sorted_tables
        }
