"""What `make test` takes some of, and `make thorough` or `make hostile` all.

A product of many like cases (every scenario, every finding, every form) has some of them in `make test`, enough to notice what
breaks all of them; the others have the mark `exhaustive`. `make thorough` runs these, and so does pytest where nobody tells it
to leave them out.
"""

import os
from collections.abc import Iterable, Sequence
from typing import TypeVar

import pytest
from _pytest.mark import ParameterSet
from hypothesis import settings

T = TypeVar("T")

IS_LONG = "MXPROOF_HOSTILE" in os.environ
EXAMPLES = settings.get_profile("default").max_examples
EXHAUSTIVE = pytest.mark.exhaustive


def examples(whole: int) -> int:
    """Return how many examples of a law are tried that has `whole` in the long form: the share that other laws have of theirs."""
    return max(1, whole * settings().max_examples // EXAMPLES)


def some(values: Iterable[T], each: int, *kept: T) -> list[ParameterSet]:
    """Return all values of one parameter; but for the first of every `each`, and those in `kept`, they are marked."""
    return [_one((value,), is_kept=place % each == 0 or value in kept) for place, value in enumerate(values)]


def some_rows(rows: Iterable[Sequence[object]], each: int) -> list[ParameterSet]:
    """Return all rows of several parameters; but for the first of every `each` they are marked."""
    return [_one(row, is_kept=place % each == 0) for place, row in enumerate(rows)]


def _one(row: Sequence[object], *, is_kept: bool) -> ParameterSet:
    return pytest.param(*row) if is_kept else pytest.param(*row, marks=EXHAUSTIVE)
