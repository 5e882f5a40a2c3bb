"""The door to pyarrow: tables as Parquet, and zstd. Its functions have no types, so that they get them here."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

from mxproof.scan.error import ScanError
from mxproof.scan.table import ColumnType, Table
from mxproof.store.whole import replace_file

_MISSING = "pyarrow is not installed, and a scan keeps what it finds with it; install mxproof[scan]"


def compressed(plain: bytes) -> bytes:
    """Return `plain` packed with zstd."""
    return cast("bytes", _arrow().compress(plain, codec="zstd", asbytes=True))


def decompressed(packed: bytes, plain_bytes: int) -> bytes:
    """Return what was packed; raises OSError or ValueError where that is not of this size."""
    plain = _arrow().decompress(packed, decompressed_size=plain_bytes, codec="zstd", asbytes=True)
    return cast("bytes", plain)


def write_table(path: Path, table: Table, columns: Sequence[Sequence[object]]) -> None:
    """Write the values of each column of a table as Parquet, whole or not at all; raises OSError."""
    arrow = _arrow()
    from pyarrow import parquet  # noqa: PLC0415 - the extra `scan` may be missing, which `_arrow` says

    schema = arrow.schema(
        [(column.name, _kind(column.type)) for column in table.columns],
        metadata={"mxproof_table": table.name, "mxproof_table_version": str(table.version)},
    )
    arrays = [arrow.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
    buffer = arrow.BufferOutputStream()
    parquet.write_table(arrow.Table.from_arrays(arrays, schema=schema), buffer, compression="zstd")
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, [buffer.getvalue().to_pybytes()])


@cache
def _kind(column: ColumnType) -> Any:  # noqa: ANN401 - pyarrow has no types
    arrow = _arrow()
    kinds = {
        ColumnType.TEXT: arrow.string(),
        ColumnType.INTEGER: arrow.int64(),
        ColumnType.FLAG: arrow.bool_(),
        ColumnType.TIME: arrow.timestamp("us", tz="UTC"),
        ColumnType.TEXTS: arrow.list_(arrow.string()),
    }
    return kinds[column]


@cache
def _arrow() -> Any:  # noqa: ANN401 - pyarrow has no types
    try:
        import pyarrow as pa  # noqa: PLC0415 - the extra `scan` may be missing
    except ImportError:
        raise ScanError(_MISSING) from None
    return pa
