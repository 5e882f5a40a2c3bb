"""Insertions that meet what is there already: both back ends have the same, under two names."""

from typing import TypeAlias

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

InsertOrMeet: TypeAlias = Insert


def insertion(connection: Connection, table: Table) -> InsertOrMeet:
    """Return an INSERT into `table` with `on_conflict_do_nothing` and `on_conflict_do_update`."""
    if connection.dialect.name != "postgresql":
        return sqlite_insert(table)
    from sqlalchemy.dialects.postgresql import insert  # noqa: PLC0415 - a journal in SQLite need not load it

    return insert(table)  # type: ignore[return-value]  # the same methods, and no type in common
