"""Destinations in PostgreSQL: what it is told that differs from SQLite; with a real one they are tried in tests/real/store."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest

from mxproof.store.destinations.destination import OPERATION_TIMEOUT_S, Store, StoreError
from mxproof.store.destinations.postgresql import postgresql_store
from mxproof.store.destinations.sql import DatabaseConnection, SqlStore, Value
from support_store import CONTRACT, destination

CONNINFO = "host=192.0.2.1 dbname=mxproof"
ANSWERED_MS = 2000


class Cursor:
    """A cursor that takes the placeholders and types of PostgreSQL, and no others."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor
        self.fetchall = cursor.fetchall
        self.fetchmany = cursor.fetchmany

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount

    def execute(self, statement: str, values: Sequence[Value] = (), /) -> object:
        return self._cursor.execute(_understood(statement), values)

    def executemany(self, statement: str, values: Iterable[Sequence[Value]], /) -> object:
        return self._cursor.executemany(_understood(statement), values)


def _understood(statement: str) -> str:
    if "?" in statement or "BLOB" in statement:
        raise psycopg.errors.SyntaxError(statement)
    return statement.replace("%s", "?")


class Connection:
    """A connection that fails as `error` says, and as psycopg does once it is closed."""

    def __init__(self, path: Path, server: "Server") -> None:
        self._connection = sqlite3.connect(path)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._server = server
        self.is_closed = False

    def cursor(self) -> Cursor:
        if self._server.error is not None:
            raise self._server.error
        if self.is_closed:
            raise psycopg.OperationalError("the connection is closed")
        return Cursor(self._connection.cursor())

    def commit(self) -> None:
        self._connection.commit()

    def close(self) -> None:
        self.is_closed = True
        self._connection.close()


class Server:
    """A server that was connected to with these settings."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.error: Exception | None = None
        self.told: list[dict[str, Any]] = []
        self.connections: list[Connection] = []

    def connect(self, conninfo: str, **settings: Any) -> DatabaseConnection:  # noqa: ANN401 - as psycopg has it
        self.told.append({"conninfo": conninfo, **settings})
        self.connections.append(Connection(self._path, self))
        return cast("DatabaseConnection", self.connections[-1])


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    made = Server(tmp_path / "state.db")
    monkeypatch.setattr(psycopg, "connect", made.connect)
    return made


@pytest.fixture
def store(server: Server) -> Iterator[SqlStore]:
    with closing(postgresql_store(CONNINFO)) as made:
        yield made
    assert all(one.is_closed for one in server.connections)


@pytest.mark.parametrize("rule", CONTRACT, ids=lambda rule: rule.__name__)
def test_postgresql_is_told_the_same_in_its_own_words(store: SqlStore, rule: Callable[[Store], None]) -> None:
    rule(store)


def test_nothing_waits_longer_for_the_server_than_for_any_back_end(store: SqlStore, server: Server) -> None:
    assert (server.told, store.shared) == ([], True), "it connects when it has to"
    store.write([destination()])
    assert round(OPERATION_TIMEOUT_S * 1000) == ANSWERED_MS
    assert server.told == [
        {
            "conninfo": CONNINFO,
            "connect_timeout": 2,
            "tcp_user_timeout": ANSWERED_MS,
            "options": f"-c statement_timeout={ANSWERED_MS} -c lock_timeout={ANSWERED_MS}",
            "application_name": "mxproof policyd",
        }
    ]


@pytest.mark.parametrize("error", [psycopg.OperationalError("gone\naway"), OSError("gone away")])
def test_a_server_that_goes_away_is_named_without_its_password_and_connected_to_again(
    store: SqlStore, server: Server, error: Exception
) -> None:
    store.write([destination()])
    server.error = error
    asked: list[Callable[[], object]] = [
        lambda: store.read("example.com"),
        lambda: store.write([destination()]),
    ]
    for work in asked:
        with pytest.raises(StoreError, match=r"^PostgreSQL: gone away$"):
            work()
    server.error = None
    assert store.read("example.com") == destination()
    assert [one.is_closed for one in server.connections] == [True] * (len(server.connections) - 1) + [False]


@pytest.mark.parametrize("conninfo", ["no connection string", "host=127.0.0.1 nothing=1"])
def test_what_names_no_database_is_refused_at_once(conninfo: str, server: Server) -> None:
    with pytest.raises(ValueError, match=r"^not a connection string$"):
        postgresql_store(conninfo)
    assert server.told == []
