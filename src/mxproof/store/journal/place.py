"""Where a journal is, as a configuration writes it: `sqlite:/PATH` or `postgresql://...`."""

from pathlib import Path

from sqlalchemy import Engine

from mxproof.formats.errors import ConfigError


def engine_at(url: str) -> tuple[Engine, str]:
    """Return the engine for `url`, and what to call it in messages, without a password.

    Raises ConfigError, which does not repeat what may hold a password.
    """
    kind, _, rest = url.partition(":")
    try:
        if kind == "sqlite" and rest.startswith("/"):
            from mxproof.store.journal.sqlite import sqlite_engine  # noqa: PLC0415 - only where it is used

            return sqlite_engine(Path(rest)), rest
        if kind in ("postgresql", "postgres") and rest.startswith("//"):
            from mxproof.store.journal.postgresql import postgresql_engine  # noqa: PLC0415 - as above

            return postgresql_engine(url), "PostgreSQL"
    except ImportError as error:
        raise ConfigError(f"store.url: {error.name} is not installed; install mxproof[serve]") from None
    raise ConfigError(f"store.url: {kind!r} and so on; sqlite:/PATH or postgresql://... was expected")
