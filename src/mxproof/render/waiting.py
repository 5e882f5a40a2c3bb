"""What a document keeps back until what stands before it is known."""

from collections.abc import Iterator
from typing import Protocol


class Waiting(Protocol):
    """Pieces that come out in the order in which they were added: a list, or what keeps them elsewhere than in memory."""

    def append(self, piece: str, /) -> None:
        """Add a piece behind all others."""

    def __iter__(self) -> Iterator[str]:
        """Yield all that was added, in pieces of any size."""
