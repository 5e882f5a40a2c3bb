"""The store that the configuration names; drivers are loaded only for the one that is used."""

from pathlib import Path

from mxproof.formats import ConfigError
from mxproof.serve.policyd.config import Config, store_kind
from mxproof.store.destinations.destination import Store


def store_of(config: Config) -> Store | None:
    """Return the store, None where memory is all there is.

    Raises ConfigError where its driver is not installed or cannot read the URL, which is not repeated: it may hold a
    password.
    """
    kind, where = store_kind(config.store.url)
    try:
        match kind:
            case "sqlite":
                from mxproof.store.destinations.sqlite import sqlite_store  # noqa: PLC0415 - only where it is used

                return sqlite_store(Path(where))
            case "postgresql":
                from mxproof.store.destinations.postgresql import postgresql_store  # noqa: PLC0415 - an extra

                return postgresql_store(where)
            case "redis":
                from mxproof.store.destinations.redis import RedisStore  # noqa: PLC0415 - an extra

                return RedisStore(where)
            case _:
                return None
    except ImportError as error:
        raise ConfigError(f"store.url: {error.name} is not installed; install mxproof[serve]") from None
    except ValueError:
        raise ConfigError(
            f"store.url: this is no URL that {kind} knows; look at its port and its parameters"
        ) from None
