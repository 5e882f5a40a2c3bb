"""The store that the configuration names; drivers are loaded only for the one that is used."""

from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from mxproof.formats import ConfigError
from mxproof.store.destinations.destination import Store


class StoreKind(StrEnum):
    """What keeps the destinations."""

    MEMORY = "memory"
    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"
    REDIS = "redis"


class StorePlace(NamedTuple):
    """Which store, and how to reach it: the path of its file, its URL, or nothing for memory."""

    kind: StoreKind
    where: str = ""


def store_place(url: str) -> StorePlace:
    """Return where `url` leads; raises ConfigError, which does not repeat it, for it may hold a password."""
    kind, colon, rest = url.partition(":")
    match kind:
        case "memory" if colon and not rest:
            return StorePlace(StoreKind.MEMORY)
        case "sqlite" if rest.startswith("/"):
            return StorePlace(StoreKind.SQLITE, rest)
        case "postgresql" | "postgres" if rest.startswith("//"):
            return StorePlace(StoreKind.POSTGRESQL, url)
        case "redis" | "rediss" | "unix" if rest.startswith("//"):
            return StorePlace(StoreKind.REDIS, url)
        case _:
            wanted = "memory:, sqlite:/PATH, postgresql://... or redis://..."
            raise ConfigError(f"store.url: {kind!r} and so on; {wanted} was expected")


def store_at(place: StorePlace) -> Store | None:
    """Return the store, None where memory is all there is.

    Raises ConfigError where its driver is not installed or cannot read the URL, which is not repeated.
    """
    try:
        match place.kind:
            case StoreKind.SQLITE:
                from mxproof.store.destinations.sqlite import sqlite_store  # noqa: PLC0415 - only where it is used

                return sqlite_store(Path(place.where))
            case StoreKind.POSTGRESQL:
                from mxproof.store.destinations.postgresql import postgresql_store  # noqa: PLC0415 - an extra

                return postgresql_store(place.where)
            case StoreKind.REDIS:
                from mxproof.store.destinations.redis import RedisStore  # noqa: PLC0415 - an extra

                return RedisStore(place.where)
            case StoreKind.MEMORY:
                return None
    except ImportError as error:
        raise ConfigError(f"store.url: {error.name} is not installed; install mxproof[serve]") from None
    except ValueError:
        raise ConfigError(
            f"store.url: this is no URL that {place.kind} knows; look at its port and its parameters"
        ) from None
