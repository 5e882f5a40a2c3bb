"""The back ends that speak SQL: two tables and eleven statements, for SQLite and for PostgreSQL.

Both understand the same statements but for the placeholder, so they share them; a toolkit over both would double the
memory and the start-up time of the daemon for these lines of SQL.
"""

import contextlib
from collections.abc import Callable, Generator, Iterable, Sequence
from datetime import UTC, datetime
from typing import Protocol, TypeVar, cast

from mxproof.store.destinations.destination import (
    PAGE_DESTINATIONS,
    PURGES_KEPT_S,
    Destination,
    DestinationRow,
    Purge,
    StoreError,
    from_row,
    to_row,
)

_TABLE = """
CREATE TABLE IF NOT EXISTS mxproof_destination (
    key TEXT PRIMARY KEY,
    policy {blob},
    findings {blob} NOT NULL,
    asked_at DOUBLE PRECISION NOT NULL,
    refresh_at DOUBLE PRECISION
)"""
_PURGES_TABLE = """
CREATE TABLE IF NOT EXISTS mxproof_purge (
    key TEXT PRIMARY KEY,
    purged_at DOUBLE PRECISION NOT NULL
)"""
_INDICES = (
    "CREATE INDEX IF NOT EXISTS mxproof_destination_asked ON mxproof_destination (asked_at)",
    "CREATE INDEX IF NOT EXISTS mxproof_destination_refresh ON mxproof_destination (refresh_at)",
)
_COLUMNS = "SELECT key, policy, findings, asked_at, refresh_at FROM mxproof_destination"
_LOAD = _COLUMNS + " ORDER BY asked_at DESC LIMIT ?"
_READ = _COLUMNS + " WHERE key = ?"
_DUE = _COLUMNS + " WHERE refresh_at <= ? ORDER BY refresh_at LIMIT ?"
_DUE_COUNT = "SELECT count(*) FROM mxproof_destination WHERE refresh_at <= ?"
_SWEEP = "DELETE FROM mxproof_destination WHERE policy IS NULL AND asked_at < ?"
_NOTE_PURGE = """
INSERT INTO mxproof_purge (key, purged_at) VALUES (?, ?)
ON CONFLICT (key) DO UPDATE SET purged_at = excluded.purged_at"""
_PURGES = "SELECT key, purged_at FROM mxproof_purge WHERE purged_at > ?"
_FORGET_PURGES = "DELETE FROM mxproof_purge WHERE purged_at < ?"
_DELETE = "DELETE FROM mxproof_destination WHERE key = ?"
_WRITE = """
INSERT INTO mxproof_destination (key, policy, findings, asked_at, refresh_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET
    policy = COALESCE(excluded.policy, mxproof_destination.policy),
    findings = excluded.findings,
    asked_at = excluded.asked_at,
    refresh_at = CASE WHEN excluded.policy IS NULL AND mxproof_destination.policy IS NOT NULL
        THEN mxproof_destination.refresh_at ELSE excluded.refresh_at END"""

ROWS_AT_ONCE = 1000
"""Rows that are in memory beside the destinations that they hold."""

Result = TypeVar("Result")
Value = str | bytes | float | int | None


class Cursor(Protocol):
    """As much of a DB-API cursor as is used (PEP 249)."""

    @property
    def rowcount(self) -> int:
        """Return how many rows the last statement touched."""

    def execute(self, statement: str, values: Sequence[Value] = (), /) -> object:
        """Run one statement."""

    def executemany(self, statement: str, values: Iterable[Sequence[Value]], /) -> object:
        """Run one statement for each of many rows."""

    def fetchall(self) -> list[tuple[str, bytes | None, bytes, float, float | None]]:
        """Return the rows found."""

    def fetchmany(self, size: int) -> list[tuple[str, bytes | None, bytes, float, float | None]]:
        """Return the next rows found, `size` at most, none at the end."""


class DatabaseConnection(Protocol):
    """As much of a DB-API connection as is used."""

    def cursor(self) -> Cursor:
        """Return a cursor."""

    def commit(self) -> None:
        """Make what was done last."""

    def close(self) -> None:
        """End the connection."""


class Database(Protocol):
    """What one database does differently; `where` names it in messages, without a password."""

    where: str
    errors: tuple[type[Exception], ...]
    blob: str
    placeholder: str
    shared: bool

    def connect(self) -> DatabaseConnection:
        """Return a new connection."""

    def connect_to_read(self) -> DatabaseConnection | None:
        """Return a connection for one reading where `connect` cannot; None where there is no such way."""


class SqlStore:
    """One table in one database."""

    def __init__(self, database: Database) -> None:
        self.shared = database.shared
        self._database = database
        self._connection: DatabaseConnection | None = None

    def load(self, destinations_max: int) -> Sequence[Destination]:
        """Return the destinations asked for last."""
        return self._selected(_LOAD, (destinations_max,))

    def pages(self, destinations_max: int) -> Generator[Sequence[Destination], None, None]:
        """Yield the destinations asked for last, from the last on, over a connection of its own."""
        try:
            self._connected()
            connection = self._database.connect()
        except self._database.errors:
            self._drop()
            yield from filter(
                None, [self.load(destinations_max)]
            )  # there may be a way to read where no other is
            return
        try:
            with contextlib.closing(connection):
                cursor = connection.cursor()
                cursor.execute(self._statement(_LOAD), (destinations_max,))
                while rows := cursor.fetchmany(PAGE_DESTINATIONS):
                    page = _readable(rows)
                    if page:
                        yield page
        except self._database.errors as error:
            raise StoreError(f"{self._database.where}: {_reason(error)}") from None

    def read(self, key: str) -> Destination | None:
        """Return one destination."""
        return next(iter(self._selected(_READ, (key,))), None)

    def write(self, destinations: Sequence[Destination]) -> None:
        """Keep `destinations` in one transaction, in the order of their keys, so that no two writers wait for each other."""
        rows = sorted((to_row(destination) for destination in destinations), key=lambda row: row.key)

        def insert(cursor: Cursor) -> None:
            cursor.executemany(self._statement(_WRITE), [_values(row) for row in rows])

        self._run(insert)

    def due(self, now: datetime, destinations_max: int) -> Sequence[Destination]:
        """Return destinations to refresh."""
        return self._selected(_DUE, (now.timestamp(), destinations_max))

    def due_count(self, now: datetime) -> int:
        """Return how many there are to refresh."""

        def count(cursor: Cursor) -> int:
            cursor.execute(self._statement(_DUE_COUNT), (now.timestamp(),))
            ((found,),) = cast("list[tuple[int]]", cursor.fetchall())
            return found

        return self._run(count)

    def sweep(self, before: datetime) -> int:
        """Forget what holds no policy and was asked for before `before`."""

        def remove(cursor: Cursor) -> int:
            cursor.execute(self._statement(_SWEEP), (before.timestamp(),))
            return cursor.rowcount

        return self._run(remove)

    def delete(self, key: str) -> bool:
        """Forget one destination."""

        def remove(cursor: Cursor) -> bool:
            cursor.execute(self._statement(_DELETE), (key,))
            return cursor.rowcount > 0

        return self._run(remove)

    def purge(self, key: str, at: datetime) -> bool:
        """Forget one destination, and note that."""

        def remove(cursor: Cursor) -> bool:
            cursor.execute(self._statement(_FORGET_PURGES), (at.timestamp() - PURGES_KEPT_S,))
            cursor.execute(self._statement(_NOTE_PURGE), (key, at.timestamp()))
            cursor.execute(self._statement(_DELETE), (key,))
            return cursor.rowcount > 0

        return self._run(remove)

    def purges(self, since: datetime) -> Sequence[Purge]:
        """Return what was purged after `since`."""

        def select(cursor: Cursor) -> list[Purge]:
            cursor.execute(self._statement(_PURGES), (since.timestamp(),))
            rows = cast("list[tuple[str, float]]", cursor.fetchall())
            return [Purge(key, datetime.fromtimestamp(at, UTC)) for key, at in rows]

        return self._run(select)

    def close(self) -> None:
        """End the connection, if there is one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except self._database.errors as error:
                raise StoreError(f"{self._database.where}: closing: {_reason(error)}") from None

    def _selected(self, statement: str, values: Sequence[Value]) -> list[Destination]:
        def select(cursor: Cursor) -> list[Destination]:
            cursor.execute(self._statement(statement), values)
            found = []
            while rows := cursor.fetchmany(ROWS_AT_ONCE):
                found += _readable(rows)
            return found

        try:
            return self._run(select)
        except StoreError:
            destinations = self._read_only(select)
            if destinations is None:
                raise
            return destinations

    def _read_only(self, work: Callable[[Cursor], Result]) -> Result | None:
        """Do `work` without the possibility to write; None where that is not possible either."""
        try:
            connection = self._database.connect_to_read()
            if connection is None:
                return None
            with contextlib.closing(connection):
                return work(connection.cursor())
        except self._database.errors:
            return None

    def _run(self, work: Callable[[Cursor], Result]) -> Result:
        """Do `work` in a transaction; a connection that failed is not used again."""
        try:
            connection = self._connected()
            result = work(connection.cursor())
            connection.commit()
        except self._database.errors as error:
            self._drop()
            raise StoreError(f"{self._database.where}: {_reason(error)}") from None
        return result

    def _connected(self) -> DatabaseConnection:
        if self._connection is None:
            self._connection = self._database.connect()
            cursor = self._connection.cursor()
            for statement in (_TABLE.format(blob=self._database.blob), _PURGES_TABLE, *_INDICES):
                cursor.execute(statement)
            self._connection.commit()
        return self._connection

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(*self._database.errors):
                connection.close()

    def _statement(self, statement: str) -> str:
        return statement.replace("?", self._database.placeholder)


def _readable(rows: Iterable[tuple[str, bytes | None, bytes, float, float | None]]) -> list[Destination]:
    destinations = (from_row(DestinationRow(*row)) for row in rows)
    return [destination for destination in destinations if destination is not None]


def _reason(error: Exception) -> str:
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return " ".join(words.split()) or type(error).__name__


def _values(row: DestinationRow) -> tuple[Value, ...]:
    return row.key, row.policy, row.findings, row.asked_at, row.refresh_at
