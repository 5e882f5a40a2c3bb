"""What `make test` takes some of, and `make hostile` all: it has its short form in every test run, and its long one apart."""

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

IS_LONG = "MXPROOF_HOSTILE" in os.environ


def some(values: Sequence[T], each: int) -> Sequence[T]:
    """Return the first of every `each` values, or all of them in the long form."""
    return values if IS_LONG else values[::each]
