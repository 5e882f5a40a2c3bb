"""The back ends that speak SQL: the contract of a store, kept by SQLite, and what becomes of one whose database fails."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mxproof.store.destinations.destination import PAGE_DESTINATIONS, Store, StoreError
from mxproof.store.destinations.sql import ROWS_AT_ONCE, DatabaseConnection, SqlStore
from mxproof.store.destinations.sqlite import sqlite_store
from support_store import AT, CONTRACT, destination


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with closing(sqlite_store(tmp_path / "state.db")) as made:
        yield made


@pytest.mark.parametrize("rule", CONTRACT, ids=lambda rule: rule.__name__)
def test_sqlite_keeps_the_contract(store: SqlStore, rule: Callable[[Store], None]) -> None:
    rule(store)


class Failing:
    """A database in memory that fails with `error` as soon as there is one; `is_read` says whether it can be read even then."""

    errors: tuple[type[Exception], ...] = (sqlite3.Error, OSError)
    where = "a database"
    blob = "BLOB"
    placeholder = "?"
    shared = False

    def __init__(self, path: Path, *, is_read: bool = False) -> None:
        self.error: Exception | None = None
        self.connected = 0
        self._path = path
        self._is_read = is_read

    def connect(self) -> DatabaseConnection:
        if self.error is not None:
            raise self.error
        self.connected += 1
        return sqlite3.connect(self._path)

    def connect_to_read(self) -> DatabaseConnection | None:
        return sqlite3.connect(self._path) if self._is_read else None


def table_lost(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE mxproof_destination")


def made_unreadable(path: Path, where: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"UPDATE mxproof_destination SET policy = 'x' WHERE {where}")
        connection.commit()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "No space left on device"), "No space left on device"),
        (OSError("half a\ndisk"), "half a disk"),
        (sqlite3.OperationalError("disk I/O\nerror"), "disk I/O error"),
        (sqlite3.Error(), "Error"),
    ],
)
def test_an_error_says_where_and_on_one_line_what_the_database_says(
    tmp_path: Path, error: Exception, said: str
) -> None:
    database = Failing(tmp_path / "state.db")
    database.error = error
    store = SqlStore(database)
    for work in (lambda: store.read("example.com"), lambda: list(store.pages(9)), lambda: store.write([])):
        with pytest.raises(StoreError) as caught:
            work()
        assert str(caught.value) == f"a database: {said}"


def test_what_cannot_be_written_to_is_read_where_there_is_a_way(tmp_path: Path) -> None:
    database = Failing(tmp_path / "state.db", is_read=True)
    store = SqlStore(database)
    store.write([destination(), destination("other.example", asked_s=1)])
    store.close()
    database.error = OSError(30, "Read-only file system")
    assert store.read("example.com") == destination()
    assert [[one.key for one in page] for page in store.pages(9)] == [["other.example", "example.com"]]
    with pytest.raises(StoreError, match="Read-only"):
        store.write([destination()])
    table_lost(tmp_path / "state.db")
    with pytest.raises(StoreError, match="Read-only"):
        store.read("example.com")


def test_a_connection_is_kept_until_it_fails_and_then_made_anew(tmp_path: Path) -> None:
    database = Failing(tmp_path / "state.db")
    with closing(SqlStore(database)) as store:
        for _ in range(2):
            store.write([destination()])
        assert database.connected == 1
        table_lost(tmp_path / "state.db")
        with pytest.raises(StoreError, match="no such table"):
            store.due_count(AT)
        assert (store.due_count(AT), database.connected) == (0, 2)


def test_a_page_of_which_nothing_can_be_read_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with closing(sqlite_store(path)) as store:
        store.write(
            [destination(f"d{number}.example", asked_s=number) for number in range(2 * PAGE_DESTINATIONS)]
        )
        made_unreadable(path, f"asked_at >= {AT.timestamp() + PAGE_DESTINATIONS}")
        pages = list(store.pages(9_999))
        assert [[pages[0][0].key, pages[0][-1].key, len(one)] for one in pages] == [
            ["d99.example", "d0.example", 100]
        ]


def test_what_no_version_has_written_is_left_out(store: SqlStore, tmp_path: Path) -> None:
    store.write([destination("a.example", asked_s=1), destination("b.example", asked_s=2)])
    made_unreadable(tmp_path / "state.db", "key = 'b.example'")
    assert [[one.key for one in page] for page in store.pages(9)] == [["a.example"]]
    assert [one.key for one in store.load(9)] == ["a.example"]
    made_unreadable(tmp_path / "state.db", "key = 'a.example'")
    assert list(store.pages(9)) == []


def test_more_rows_are_read_than_are_in_memory_at_once(store: SqlStore) -> None:
    store.write([destination(f"d{number}.example", None) for number in range(ROWS_AT_ONCE + 1)])
    assert len(store.load(9_999)) == ROWS_AT_ONCE + 1


def test_a_store_that_was_never_used_is_closed(tmp_path: Path) -> None:
    store = sqlite_store(tmp_path / "state.db")
    store.close()
    store.close()
    assert list(tmp_path.iterdir()) == []
