"""Build docs/reference/what-the-tests-notice.md: of how many changes to the source the tests notice how many, and why not of the others.

`python tools/mutants.py --keep` puts a row for each room that it tried whole into `tests/mutants/ROOM.jsonl`, the newest last. Why
nobody can notice a change, or why no test does, is said by people in `tests/mutants/ROOM.toml`, a `[[reason]]` for each:

    module = "survey/edns.py"
    text = "if one.transport is Transport.UDP"    the line of the source, without the space before it
    change = "is -> is not"
    equivalent = true                             nobody could tell the program from the changed one; left out where a test could
    reason = "..."

A reason for a line that is not in the source any more has to go (`tests/test_mutant_scores.py`).

What became of changes that people chose by hand stands in `tests/mutants/by-hand.toml`, a `[[chosen]]` for each room and day.
"""

import sys
import tomllib
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

import msgspec

from keeping import REFERENCE, ROOT, keep, row, table

FOLDER = ROOT / "tests" / "mutants"
PAGE = REFERENCE / "what-the-tests-notice.md"
TOGETHER_MIN, ROOM_MIN = 0.85, 0.75
HEAD = """\
# What the tests notice

Made by `python tools/mutant_scores.py` from what `make mutants KEEP=--keep` measured. A change is one condition, bound or outcome
of the source: `and` for `or`, `<` for `<=`, a condition turned round or left out, `min` for `max`, a number one more. Which of all
places of a room are changed is drawn by a seed, and a change counts as noticed where a test of its room fails of it; what the
tests of other rooms would notice does not count. What makes no difference to anybody counts as not noticed. _At least_ so many are
noticed where no tests of the room were asked but those that mirror a changed module, or import one that none mirrors.

"""
BY_HAND = """
## Chosen by hand

People who had written none of the tests chose further changes, in modules drawn by chance, without a look at the tests: conditions
and bounds, and as many that take more than one event to be seen, as steps in another order, a reset left out, what happens the
second time, or one of two fields for the other. Here a test of another room counts, too. What was not noticed has a test since.

"""
REASONS = """
## What no test noticed

As measured last with each seed. _Equivalent_ is a change that nobody could notice: the changed program does the same.

"""


class Survivor(msgspec.Struct, frozen=True, order=True):
    """A change that no test noticed: where it is, from which byte on, the line as it stands there, and what was made of it."""

    module: str
    line: int
    start: int
    text: str
    change: str


class Measured(msgspec.Struct, frozen=True):
    """What became of the changes that a seed draws of all `places` of a room, on a day and with a digest of its sources."""

    room: str
    seed: int
    on: str
    sources: str
    places: int
    changes: int
    noticed: int
    survived: tuple[Survivor, ...]
    by_room: bool = True
    """Whether what survived met all tests of the room, not only those that mirror the changed modules or import one that has none."""


class Reason(msgspec.Struct, frozen=True):
    """Why no test notices a change."""

    module: str
    text: str
    change: str
    reason: str
    equivalent: bool = False


class Chosen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many changes were chosen by hand in a room on a day, and how many of them were noticed."""

    room: str
    on: str
    changes: int
    noticed: int


class _Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: tuple[Reason, ...] = ()
    chosen: tuple[Chosen, ...] = ()


def put_down(one: Measured, folder: Path = FOLDER) -> None:
    """Add a row to those of its room."""
    with (folder / f"{one.room}.jsonl").open("ab") as file:
        file.write(msgspec.json.encode(one) + b"\n")


def measured(folder: Path = FOLDER) -> list[Measured]:
    """Return all rows, by room, the newest of a room last."""
    lines = (line for path in sorted(folder.glob("*.jsonl")) for line in path.read_bytes().splitlines())
    return [msgspec.json.decode(line, type=Measured) for line in lines]


def reasons(folder: Path = FOLDER) -> list[Reason]:
    """Return what people said of survivors, by room."""
    return [one for said in _said(folder) for one in said.reason]


def by_hand(folder: Path = FOLDER) -> list[Chosen]:
    """Return what became of changes that were chosen by hand, as people put it down: by room and day."""
    return [one for said in _said(folder) for one in said.chosen]


def _said(folder: Path) -> list[_Said]:
    texts = (path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.toml")))
    return [msgspec.convert(tomllib.loads(text), _Said, strict=True) for text in texts]


def files() -> dict[Path, str]:
    """Return the page by its path."""
    return {PAGE: page(measured(), reasons(), by_hand())}


def page(rows: Iterable[Measured], said: Iterable[Reason], chosen: Sequence[Chosen] = ()) -> str:
    """Return the page of what was measured, with what was said of survivors, and of what was chosen by hand."""
    by_place = {(one.module, one.text, one.change): one for one in said}
    of_one = [
        (of_seed[0], of_seed[-1])
        for _, grouped in groupby(sorted(rows, key=_room_and_seed), key=_room_and_seed)
        for of_seed in [list(grouped)]
    ]
    text = HEAD + table("room", "seed", "changes", "noticed", "share", "measured on", "when first measured")
    for first, last in of_one:
        before = "" if first is last else f"{_noticed(first)} of {first.changes}, {first.on}"
        noticed = _noticed(last)
        text += row(last.room, f"{last.seed}", f"{last.changes}", noticed, _share([last]), last.on, before)
    text += "\n" + _together([last for _, last in of_one])
    text += _by_hand(chosen)
    left = sorted({(one.room, survivor) for _, one in of_one for survivor in one.survived})
    text += REASONS + table("change", "line", "why")
    for _, survivor in left:
        why = by_place.get((survivor.module, survivor.text, survivor.change))
        place = f"`{survivor.module}`: {_code(survivor.change)}"
        text += row(place, _code(survivor.text), _why(why))
    return text


def _by_hand(chosen: Sequence[Chosen]) -> str:
    """Return the part on changes that were chosen by hand, nothing where none were."""
    if not chosen:
        return ""
    text = BY_HAND + table("room", "on", "changes", "noticed")
    for one in chosen:
        text += row(one.room, one.on, f"{one.changes}", f"{one.noticed}")
    changes, noticed = sum(one.changes for one in chosen), sum(one.noticed for one in chosen)
    return f"{text}\nTogether {noticed} of {changes} were noticed, {_share(chosen)}.\n"


def _noticed(one: Measured) -> str:
    return f"{one.noticed}" if one.by_room else f"at least {one.noticed}"


def _room_and_seed(one: Measured) -> tuple[str, int]:
    return one.room, one.seed


def _together(rows: list[Measured]) -> str:
    """Return a sentence on all rows, and on each room that has less than is wanted of it."""
    rooms = {one.room: [each for each in rows if each.room == one.room] for one in rows}
    low = [room for room, of_room in rooms.items() if _hundredths(of_room) < 100 * ROOM_MIN]
    changes, noticed = sum(one.changes for one in rows), sum(one.noticed for one in rows)
    below = f"; below it: {', '.join(low)}" if low else ", and none is below it"
    return (
        f"Together {noticed} of {changes} were noticed, {_share(rows)}; {TOGETHER_MIN:.2f} are wanted, and "
        f"{ROOM_MIN:.2f} of each room{below}.\n"
    )


def _hundredths(rows: Sequence[Measured | Chosen]) -> int:
    """Return the share that was noticed in hundredths, never rounded up."""
    return 100 * sum(one.noticed for one in rows) // max(sum(one.changes for one in rows), 1)


def _share(rows: Sequence[Measured | Chosen]) -> str:
    return f"{_hundredths(rows) / 100:.2f}"


def _why(found: Reason | None) -> str:
    if found is None:
        return "not looked into"
    return f"_Equivalent._ {found.reason}" if found.equivalent else found.reason


def _code(text: str) -> str:
    """Return code as Markdown takes it, whatever is in it."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"


if __name__ == "__main__":
    sys.exit(keep(files(), Path(__file__).name))
