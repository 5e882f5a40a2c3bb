"""What holds a journal: either back end is read without SQLAlchemy, which takes longer to load than a look at a year takes."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from sqlalchemy import Engine

Rows = Callable[[str, Mapping[str, object]], list[tuple[Any, ...]]]
"""From a query, in which `:name` stands for a value, and the values by name to the rows."""

StillAlone = Callable[[], None]
"""It raises JournalError where others are not kept out any more."""


class Place(Protocol):
    """A database that holds a journal. `where` names it in messages, without a password.

    `errors` are those of its driver; `has_table` is a query with a row where there is a table `:name`.
    """

    where: str
    errors: tuple[type[Exception], ...]
    has_table: str

    def engine(self) -> "Engine":
        """Return the engine that writes to it."""

    def looked_at(self) -> AbstractContextManager[Rows]:
        """Connect and read, in one transaction."""

    def alone(self, name: str) -> AbstractContextManager[StillAlone]:
        """Keep every other process that asks so for `name` out until the block ends; raises JournalError where one is there."""
