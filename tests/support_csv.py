"""CSV as a program reads it."""

import csv
import io
from collections.abc import Iterable


def filled_cells(lines: Iterable[str]) -> list[dict[str, str]]:
    """Return the cells of each row that hold anything, by their columns."""
    read = csv.DictReader(io.StringIO("".join(lines), newline=""), strict=True)
    return [{name: cell for name, cell in row.items() if cell} for row in read]
