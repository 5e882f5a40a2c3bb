"""The back ends that speak SQL: the contract of a store, kept by SQLite, and what becomes of one whose database fails."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from mxproof.store.destinations.destination import PAGE_DESTINATIONS, Store, StoreError
from mxproof.store.destinations.sql import ROWS_AT_ONCE, DatabaseConnection, SqlStore, Value
from mxproof.store.destinations.sqlite import sqlite_store
from support_store import AT, CONTRACT, destination

Row = tuple[str, bytes | None, bytes, float, float | None]


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


def test_whatever_is_written_at_once_is_written_in_the_order_of_its_keys(tmp_path: Path) -> None:
    """Else two writers of one database each wait for a row that the other has."""
    told: list[str] = []

    class Told(Failing):
        def connect(self) -> DatabaseConnection:
            connection = sqlite3.connect(tmp_path / "state.db")
            connection.set_trace_callback(told.append)
            return connection

    with closing(SqlStore(Told(tmp_path / "state.db"))) as store:
        keys = ["c.example", "a.example", "b.example"]
        store.write([destination(key) for key in keys])
    rows = [line for line in told if line.lstrip().startswith("INSERT")]
    assert [next(key for key in keys if key in row) for row in rows] == sorted(keys)
    assert told.count("COMMIT") == 1


class Stumbling:
    """A connection that fails once it was asked for so many things, then and ever after."""

    def __init__(self, path: Path, steps: int) -> None:
        self._connection = sqlite3.connect(path)
        self._steps = steps
        self.is_closed = False

    def _step(self) -> None:
        self._steps -= 1
        if self._steps < 0:
            raise sqlite3.OperationalError("gone away")

    def cursor(self) -> "Stumbling":
        self._cursor = self._connection.cursor()
        return self

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount

    def execute(self, statement: str, values: Sequence[Value] = (), /) -> object:
        self._step()
        return self._cursor.execute(statement, values)

    def executemany(self, statement: str, values: Iterable[Sequence[Value]], /) -> object:
        self._step()
        return self._cursor.executemany(statement, values)

    def fetchall(self) -> list[Row]:
        self._step()
        return self._cursor.fetchall()

    def fetchmany(self, size: int) -> list[Row]:
        self._step()
        return self._cursor.fetchmany(size)

    def commit(self) -> None:
        self._step()
        self._connection.commit()

    def close(self) -> None:
        self.is_closed = True
        self._connection.rollback()
        self._connection.close()


class Stumbled(Failing):
    """A database whose connections fail after so many steps each, the last never."""

    def __init__(self, path: Path, *steps: int) -> None:
        super().__init__(path)
        self._there = path
        self._steps = list(steps)
        self.made: list[Stumbling] = []

    def connect(self) -> DatabaseConnection:
        self.made.append(Stumbling(self._there, self._steps.pop(0) if self._steps else 1_000_000))
        return self.made[-1]


SETTING_UP = 5
"""Two tables, two indices and a commit."""


@pytest.mark.parametrize("steps", range(SETTING_UP + 2))
def test_a_connection_that_fails_at_any_step_is_let_go_of_and_what_it_was_at_is_done_whole_the_next_time(
    tmp_path: Path, steps: int
) -> None:
    database = Stumbled(tmp_path / "state.db", steps)
    with closing(SqlStore(database)) as store:
        with pytest.raises(StoreError, match=r"^a database: gone away$"):
            store.write([destination(), destination("other.example")])
        assert database.made[0].is_closed
        assert list(store.load(9)) == []
        store.write([destination(), destination("other.example")])
        assert len(store.load(9)) == len(database.made) == 2
    assert database.made[1].is_closed


@pytest.mark.parametrize("steps", range(3))
def test_pages_that_end_with_a_failure_say_so_and_are_not_the_end_of_what_is_stored(
    tmp_path: Path, steps: int
) -> None:
    database = Stumbled(tmp_path / "state.db", 1000, steps)
    with closing(SqlStore(database)) as store:
        store.write([destination(f"d{n}.example", asked_s=n) for n in range(2 * PAGE_DESTINATIONS)])
        pages = store.pages(9999)
        for _ in range(steps - 1):
            assert len(next(pages)) == PAGE_DESTINATIONS
        with pytest.raises(StoreError, match=r"^a database: gone away$"):
            next(pages)
        assert [one.is_closed for one in database.made] == [False, True]
        assert sum(len(page) for page in store.pages(9999)) == 2 * PAGE_DESTINATIONS
        assert [one.is_closed for one in database.made] == [False, True, True]


def test_pages_over_a_connection_that_cannot_be_set_up_are_an_error_and_the_next_are_all(
    tmp_path: Path,
) -> None:
    database = Stumbled(tmp_path / "state.db", 1, 0)
    with closing(SqlStore(database)) as store:
        with pytest.raises(StoreError, match=r"^a database: gone away$"):
            next(store.pages(9))
        store.write([destination()])
        assert [[one.key for one in page] for page in store.pages(9)] == [["example.com"]]
        assert [one.is_closed for one in database.made] == [True, True, False, True]
