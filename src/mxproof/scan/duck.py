"""The door to DuckDB: the tables of a scan, and of one that it is compared with, asked in SQL."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from mxproof.render.text.rows import Cell
from mxproof.scan.continuing import finished_manifest
from mxproof.scan.error import ScanError
from mxproof.scan.folder import ScanFolder
from mxproof.scan.table import TABLES

if TYPE_CHECKING:
    import duckdb


_ROWS_AT_ONCE = 1000


class FoundRows(msgspec.Struct, frozen=True):
    """What was found: the names of the columns, and the rows as they come."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[Cell, ...]]


class ScanTables:
    """The tables of a scan as views `domains`, `findings` and `verdicts`; with `earlier`, of that as `earlier_domains` and so on."""

    def __init__(
        self, connection: "duckdb.DuckDBPyConnection", earlier: ScanFolder | None, folder: ScanFolder
    ) -> None:
        self._connection = connection
        for place, prefix in ((folder, ""), (earlier, "earlier_")):
            for table in TABLES if place is not None else ():
                assert place is not None, "seen above"
                files = place.table_files(table).replace("'", "''")
                self._connection.execute(
                    f"CREATE VIEW {prefix}{table.name} AS SELECT * FROM read_parquet('{files}', union_by_name=true)"  # noqa: S608 - names of ours, and a path in quotes
                )

    def ask(self, sql: str, values: Sequence[str] = ()) -> FoundRows:
        """Return what a query finds; raises ScanError for one that DuckDB does not take."""
        import duckdb  # noqa: PLC0415 - the extra `scan` may be missing, which `opened` says

        try:
            cursor = self._connection.execute(sql, list(values))
            columns = tuple(one[0] for one in cursor.description or ())
        except duckdb.Error as error:
            first, _, _ = str(error).strip().partition("\n")
            raise ScanError(f"the query: {first}") from None
        return FoundRows(columns, _rows(cursor))


def _rows(cursor: "duckdb.DuckDBPyConnection") -> Iterator[tuple[Cell, ...]]:
    while rows := cursor.fetchmany(_ROWS_AT_ONCE):
        for row in rows:
            yield tuple(_cell(value) for value in row)


def _cell(value: object) -> Cell:
    match value:
        case None | str() | int() | float() | datetime():
            return value
        case list() | tuple():
            return tuple(_cell(one) for one in value)
        case date():
            return value.isoformat()
        case _:
            return str(value)


@contextmanager
def opened(folder: Path, earlier: Path | None = None) -> Iterator[ScanTables]:
    """Open the tables of a finished scan; raises ScanError where there is none, or no DuckDB."""
    for one in (folder, earlier):
        if one is not None:
            finished_manifest(one)
    try:
        import duckdb  # noqa: PLC0415 - the extra `scan` may be missing
    except ImportError:
        raise ScanError(
            "duckdb is not installed, and a scan is asked with it; install mxproof[scan]"
        ) from None
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_progress_bar = false")  # DuckDB would write it where the data go
        yield ScanTables(connection, ScanFolder(earlier) if earlier is not None else None, ScanFolder(folder))
