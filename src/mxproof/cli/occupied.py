"""What another process is at is left to it, and said."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from mxproof.cli.streams import print_stderr
from mxproof.store.journal.error import OccupiedError

Each = TypeVar("Each")
Result = TypeVar("Result")


def unoccupied(work: Callable[[Each], Result], every: Iterable[Each]) -> Iterator[Result]:
    """Yield what comes of each, those left out that another process is at."""
    for one in every:
        try:
            result = work(one)
        except OccupiedError as error:
            print_stderr(f"{error}; it is left to that")
            continue
        yield result
