"""Rows of a table in text: a line each, numbers to the right, and no column wider than it needs to be."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from mxproof.formats.text import safe

Cell = str | int | float | bool | datetime | None | tuple["Cell", ...]
_GAP = "  "


def rows_text(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Iterator[str]:
    """Yield the lines of a table, its head first; nothing below it where there are no rows."""
    cells = [[cell_text(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
    right = [any(map(_is_number, column)) for column in zip(*rows, strict=True)] or [False] * len(columns)
    for line in (columns, *cells):
        laid = [
            text.rjust(width) if is_right else text.ljust(width)
            for text, width, is_right in zip(line, widths, right, strict=True)
        ]
        yield _GAP.join(laid).rstrip() + "\n"


def _is_number(value: Cell) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def cell_text(value: Cell) -> str:
    """Return a value as a reader has it."""
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case float():
            return f"{value:,.3f}"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S}"
        case tuple():
            return " ".join(cell_text(one) for one in value) or "-"
        case _:
            return safe(value)
