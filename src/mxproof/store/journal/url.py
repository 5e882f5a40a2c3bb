"""Where a journal is, as a configuration writes it: `sqlite:/PATH` or `postgresql://...`."""

from pathlib import Path

from mxproof.formats.errors import ConfigError
from mxproof.store.journal.place import Place


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
