"""Tables of counts as one page, each with its numbers as bars beside them: what a scan found of all its domains."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from mxproof.render.html.frame import framed
from mxproof.render.html.parts import facts, heading, section, table
from mxproof.render.markup import Content, Element, element, html
from mxproof.render.text.rows import Cell, cell_text

ROWS_SHOWN_MAX = 30
_SHARE, _COUNTED = "percent", "domains"
"""How the column begins that is drawn: a share of all, or where there is none a count in proportion to the most."""


class CountedTable(msgspec.Struct, frozen=True):
    """A table: its name, what it tells, its columns and rows."""

    name: str
    meaning: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def counted_html(
    title: str, told: Sequence[tuple[str, str]], tables: Iterable[CountedTable], made_by: str
) -> Iterator[str]:
    """Yield a page of tables below what is told of all."""
    known: list[tuple[str, Sequence[Content]]] = [(name, (words,)) for name, words in told]
    head = element("article", heading(1, title), facts(known))
    yield from framed(title, [html(head), *(html(_section(one)) for one in tables)], made_by)


def _section(one: CountedTable) -> Element:
    if not one.rows:
        return section(
            2, one.name, one.name, element("p", one.meaning), element("p", "None.", class_="faint")
        )
    drawn = _drawn(one.columns)
    most = 0.0
    if drawn is not None:
        is_share = one.columns[drawn].startswith(_SHARE)
        most = 100.0 if is_share else max(_number(row[drawn]) for row in one.rows)
    shown = one.rows[:ROWS_SHOWN_MAX]
    numbers = [all(isinstance(row[at], int | float) for row in one.rows) for at in range(len(one.columns))]
    heads: list[Content] = [
        element("th", name.replace("_", " "), scope="col", class_="number" if is_number else None)
        for name, is_number in zip(one.columns, numbers, strict=True)
    ]
    if drawn is not None:
        heads.append(element("th", element("span", "as a bar", class_="unseen"), scope="col"))
    rows = (
        _row(row, numbers, _bar(_number(row[drawn]), most) if drawn is not None else None) for row in shown
    )
    left = len(one.rows) - len(shown)
    more = element("p", f"and {left} more", class_="faint") if left else None
    return section(2, one.name, one.name, element("p", one.meaning), table(one.name, heads, rows), more)


def _drawn(columns: Sequence[str]) -> int | None:
    """Return which column is drawn: one of shares before one of counts."""
    ways = [[at for at, name in enumerate(columns) if name.startswith(what)] for what in (_SHARE, _COUNTED)]
    return next((one[0] for one in ways if one), None)


def _row(row: Sequence[Cell], numbers: Sequence[bool], bar: Element | None) -> Element:
    first, *others = row
    cells = [
        element("td", cell_text(value), class_="number" if is_number else None)
        for value, is_number in zip(others, numbers[1:], strict=True)
    ]
    drawn = element("td", bar) if bar is not None else None
    return element("tr", element("th", cell_text(first), scope="row"), *cells, drawn)


def _bar(count: float, most: float) -> Element:
    """Draw a number; none of anything has no bar, and however few have one that is seen."""
    part = 100 * count / most if most else 0.0
    bar = element("span", class_="bar", style=f"width:{part:.1f}%") if count else None
    return element("span", bar, class_="track", aria_hidden="true")


def _number(value: Cell) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
