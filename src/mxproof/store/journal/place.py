"""Where a journal is, as a configuration writes it: `sqlite:/PATH` or `postgresql://...`.

Either is read without SQLAlchemy, which takes longer to load than a look at a year takes.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from mxproof.formats.errors import ConfigError

if TYPE_CHECKING:
    from sqlalchemy import Engine

Rows = Callable[[str, Mapping[str, object]], list[tuple[Any, ...]]]
"""From a query, in which `:name` stands for a value, and the values by name to the rows."""


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


def place_at(url: str) -> Place:
    """Return the place that `url` names; raises ConfigError, which does not repeat what may hold a password."""
    kind, _, rest = url.partition(":")
    try:
        if kind == "sqlite" and rest.startswith("/"):
            from mxproof.store.journal.sqlite import SqlitePlace  # noqa: PLC0415 - only where it is used

            return SqlitePlace(Path(rest))
        if kind in ("postgresql", "postgres") and rest.startswith("//"):
            from mxproof.store.journal.postgresql import PostgresqlPlace  # noqa: PLC0415 - as above

            return PostgresqlPlace(url)
    except ImportError as error:
        raise ConfigError(f"store.url: {error.name} is not installed; install mxproof[serve]") from None
    raise ConfigError(f"store.url: {kind!r} and so on; sqlite:/PATH or postgresql://... was expected")
