"""The matrix: each MX host and address against each sender, so that one bad host of several stands out.

Senders that judge every place alike share a column; where there are many addresses, those of a host that every
sender judges alike share a row. In the common case the whole matter fits in a few words a line.
"""

from collections.abc import Iterator

import msgspec

from mxproof.judge.report import Delivery
from mxproof.judge.vocabulary import Verdict
from mxproof.render.places import Cells, Place, cells_of, places_of
from mxproof.render.text.paper import Label, Paper, Tone
from mxproof.render.text.senders import by_urgency
from mxproof.render.text.words import VERDICT_TONES, VERDICT_WORDS

ROWS_MAX = 40
PLACES_APART_MAX = 8
IDS_MAX = 3
NOT_TRIED = "not tried"
NO_ADDRESS = "not connected to"

_INDENT = 2
_GAP = 2
_HEAD_WIDTH_MAX = 28
_CELL_WIDTH = max(len(word) for word in (NOT_TRIED, *VERDICT_WORDS.values()))


class Group(msgspec.Struct, frozen=True):
    """Senders with the same verdict at every place; `cells` are in order of the places, `head` is their ids."""

    head: tuple[str, ...]
    cells: Cells
    width: int


class HostLine(msgspec.Struct, frozen=True):
    """Addresses of one MX host that each group of senders judges alike; `place` is where the first one stands."""

    preference: str
    mx: str
    addresses: str
    place: int


class Layout(msgspec.Struct, frozen=True):
    """Where the columns begin; `stacked` has the addresses below their host, not beside it."""

    host: int
    address: int
    cell: int
    stacked: bool


def section(senders: tuple[Delivery, ...], paper: Paper) -> list[str]:
    """Return the lines of the section, none where no sender tried any host.

    Nor are there any where there is one place alone, of which the verdicts of the senders tell all.
    """
    counted = by_urgency(senders)
    places = places_of(counted)
    if not places or (len(places) == 1 and not paper.verbose):
        return []
    together = _alike(counted, places)
    rows = _rows(list(together), places)
    layout = _layout(rows, paper.width)
    groups = _groups(together, min(_HEAD_WIDTH_MAX, paper.width - layout.cell))
    lines: list[str] = []
    for block in _blocks(groups, paper.width - layout.cell):
        title = "" if lines else "MX hosts"
        lines += _heads(title, block, layout, paper)
        lines += _body(rows[:ROWS_MAX], block, layout, paper)
    if len(rows) > ROWS_MAX:
        lines += paper.wrapped(f"and {len(rows) - ROWS_MAX} more, which --format json lists", indent=_INDENT)
    return lines


def _alike(senders: list[Delivery], places: tuple[Place, ...]) -> dict[Cells, list[str]]:
    """Return the ids of senders by what they do at each place."""
    together: dict[Cells, list[str]] = {}
    for sender in senders:
        together.setdefault(cells_of(sender, places), []).append(sender.id)
    return together


def _groups(together: dict[Cells, list[str]], room: int) -> list[Group]:
    """Return the groups, the largest last where its ids are too many to name: it is then all the others.

    A head is no wider than `room`, unless one id alone is.
    """
    largest = max(together, key=lambda cells: len(together[cells]))
    count = len(together[largest])
    if count <= IDS_MAX:
        return [_group(_broken(ids, room), cells) for cells, ids in together.items()]
    named = [_group(_broken(ids, room), cells) for cells, ids in together.items() if cells != largest]
    others = f"the other {count}" if named else f"all {count} senders"
    return [*named, _group((others,), largest)]


def _group(head: tuple[str, ...], cells: Cells) -> Group:
    return Group(head, cells, max(_CELL_WIDTH, *map(len, head)))


def _broken(ids: list[str], room: int) -> tuple[str, ...]:
    lines = [""]
    for word in ", ".join(ids).split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > room:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".lstrip()
    return tuple(lines)


def _rows(groups: list[Cells], places: tuple[Place, ...]) -> list[HostLine]:
    """Return the lines; `groups` are what each group of senders does at every place."""
    together: dict[tuple[int, str, Cells, str], list[int]] = {}
    for number, (preference, mx, address) in enumerate(places):
        cells = tuple(group[number] for group in groups)
        apart = "" if len(places) > PLACES_APART_MAX else address
        together.setdefault((preference, mx, cells, apart), []).append(number)
    digits = max(len(str(preference)) for preference, _, _ in places)
    return [
        HostLine(
            f"{preference:>{digits}}", mx, _addresses([places[number][2] for number in numbers]), numbers[0]
        )
        for (preference, mx, *_), numbers in together.items()
    ]


def _addresses(addresses: list[str]) -> str:
    first, more = addresses[0], len(addresses) - 1
    return (first or NO_ADDRESS) + (f" and {more} more" if more else "")


def _layout(rows: list[HostLine], width: int) -> Layout:
    host = _INDENT + len(rows[0].preference) + 1
    mx_width = max(len(row.mx) for row in rows)
    address_width = max(len(row.addresses) for row in rows)
    beside = host + mx_width + _GAP
    stacked = beside + address_width + _GAP > width - 2 * (_CELL_WIDTH + _GAP)
    address = host + _GAP if stacked else beside
    return Layout(host, address, address + address_width + _GAP, stacked)


def _blocks(groups: list[Group], room: int) -> Iterator[list[Group]]:
    """Return the groups in as many blocks as fit side by side in `room` columns, at least one a block."""
    block: list[Group] = []
    for group in groups:
        if block and sum(one.width + _GAP for one in block) + group.width > room:
            yield block
            block = []
        block.append(group)
    yield block


def _columns(block: list[Group], first: int) -> list[int]:
    return [first + sum(one.width + _GAP for one in block[:number]) for number in range(len(block))]


def _heads(title: str, block: list[Group], layout: Layout, paper: Paper) -> Iterator[str]:
    columns = _columns(block, layout.cell)
    for number in range(max(len(group.head) for group in block)):
        labels = [
            Label(column, group.head[number])
            for column, group in zip(columns, block, strict=True)
            if number < len(group.head)
        ]
        yield paper.row(*([Label(0, title, Tone.STRONG)] if title and not number else []), *labels)


def _body(rows: list[HostLine], block: list[Group], layout: Layout, paper: Paper) -> Iterator[str]:
    columns = _columns(block, layout.cell)
    above = ""
    for row in rows:
        host = (
            (Label(_INDENT, row.preference), Label(layout.host, row.mx, Tone.PLAIN))
            if row.mx != above
            else ()
        )
        if layout.stacked and host:
            yield paper.row(*host)
        verdicts = [
            _verdict(column, group.cells[row.place]) for column, group in zip(columns, block, strict=True)
        ]
        yield paper.row(*(() if layout.stacked else host), Label(layout.address, row.addresses), *verdicts)
        above = row.mx


def _verdict(column: int, cell: Verdict | None) -> Label:
    return (
        Label(column, NOT_TRIED) if cell is None else Label(column, VERDICT_WORDS[cell], VERDICT_TONES[cell])
    )
