"""What a query of a scan finds, written as text, JSON lines, CSV, or the first column alone as a list that a scan takes."""

from collections.abc import Iterator
from itertools import islice

from mxproof.cli.options.output import OutputOptions
from mxproof.cli.sink import put_bytes, put_text
from mxproof.cli.streams import print_stderr
from mxproof.render.text.rows import Cell, rows_text
from mxproof.scan.duck import FoundRows

TEXT_ROWS_MAX = 10_000
TABLE_FORMATS = ("text", "json", "csv", "list")


def put_found(found: FoundRows, output: OutputOptions) -> None:
    """Write what was found."""
    match output.format:
        case "json":
            put_bytes(_json_lines(found), output)
        case "csv":
            put_bytes(_csv_lines(found), output)
        case "list":
            put_bytes((f"{_csv_cell(row[0])}\n".encode() for row in found.rows), output)
        case _:
            rows = list(islice(found.rows, TEXT_ROWS_MAX))
            put_text(rows_text(found.columns, rows), output)
            if next(found.rows, None) is not None:
                print_stderr(f"more than {TEXT_ROWS_MAX:,} rows; --format csv, json or list has all of them")


def _json_lines(found: FoundRows) -> Iterator[bytes]:
    import msgspec  # noqa: PLC0415 - one form is loaded, the one asked for

    encoder = msgspec.json.Encoder()
    for row in found.rows:
        yield encoder.encode(dict(zip(found.columns, row, strict=True))) + b"\n"


def _csv_lines(found: FoundRows) -> Iterator[bytes]:
    from mxproof.render.csv import line  # noqa: PLC0415 - as above

    yield line(found.columns).encode()
    for row in found.rows:
        yield line(_csv_cell(value) for value in row).encode()


def _csv_cell(value: Cell) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case tuple():
            return " ".join(_csv_cell(one) for one in value)
        case _:
            return str(value)
