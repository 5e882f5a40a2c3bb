"""What a journal in any back end promises: the tests of `store/journal` that take a journal and nothing else, or what is made of one."""

from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import get_type_hints

from mxproof.store.journal.journal import Journal

_FOLDER = Path(__file__).parent / "store" / "journal"


def promises() -> Iterator[tuple[str, Callable[[Journal], None]]]:
    """Yield the name of each, and the function that fails with a journal which does not keep it."""
    for path in sorted(_FOLDER.glob("test_*.py")):
        for name, test in vars(import_module(f"store.journal.{path.stem}")).items():
            taken = _taken(test) if name.startswith("test_") else ()
            if len(taken) == 1 and taken[0].__name__.endswith("Journal"):
                yield f"{path.stem}::{name}", partial(_handed, test, taken[0])


def _taken(test: Callable[..., None]) -> tuple[type, ...]:
    return tuple(kind for name, kind in get_type_hints(test).items() if name != "return")


def _handed(test: Callable[..., None], kind: type, journal: Journal) -> None:
    test(journal if kind is Journal else kind(journal))
