"""Redis: shared by several daemons; as durable as the server is set up to be.

    PREFIX d:KEY      hash: policy, findings, asked_at       the policy field is never emptied
    PREFIX asked      sorted set of keys by asked_at
    PREFIX refresh    sorted set of keys by refresh_at

One transaction writes all three.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

import redis

from mxproof.store.destinations.destination import (
    OPERATION_TIMEOUT_S,
    Destination,
    DestinationRow,
    StoreError,
    from_row,
    to_row,
)

PREFIX = "mxproof:"

_ASKED = PREFIX + "asked"
_REFRESH = PREFIX + "refresh"
_FIELDS = ("policy", "findings", "asked_at", "refresh_at")

Result = TypeVar("Result")


class RedisStore:
    """Entries in the Redis server that `url` names."""

    shared = True

    def __init__(self, url: str) -> None:
        self._client = redis.Redis.from_url(
            url, socket_timeout=OPERATION_TIMEOUT_S, socket_connect_timeout=OPERATION_TIMEOUT_S
        )

    def load(self, destinations_max: int) -> Sequence[Destination]:
        """Return the destinations asked for last."""
        return self._run(lambda: self._destinations(self._client.zrevrange(_ASKED, 0, destinations_max - 1)))

    def read(self, key: str) -> Destination | None:
        """Return one destination."""
        return self._run(lambda: next(iter(self._destinations([key])), None))

    def write(self, destinations: Sequence[Destination]) -> None:
        """Keep `destinations` in one transaction."""

        def store() -> None:
            with self._client.pipeline(transaction=True) as pipe:
                for row in map(to_row, destinations):
                    for name, value in _values(row):
                        pipe.hset(_hash(row.key), name, value)
                    pipe.zadd(_ASKED, {row.key: row.asked_at})
                    if row.refresh_at is not None:
                        pipe.zadd(_REFRESH, {row.key: row.refresh_at})
                    elif row.policy is not None:
                        pipe.hdel(_hash(row.key), "refresh_at")
                        pipe.zrem(_REFRESH, row.key)
                pipe.execute()

        self._run(store)

    def due(self, now: datetime, destinations_max: int) -> Sequence[Destination]:
        """Return destinations to refresh."""

        def select() -> list[Destination]:
            keys = self._client.zrangebyscore(
                _REFRESH, "-inf", now.timestamp(), start=0, num=destinations_max
            )
            return self._destinations(keys)

        return self._run(select)

    def delete(self, key: str) -> bool:
        """Forget one destination."""

        def remove() -> bool:
            with self._client.pipeline(transaction=True) as pipe:
                pipe.delete(_hash(key))
                pipe.zrem(_ASKED, key)
                pipe.zrem(_REFRESH, key)
                return bool(pipe.execute()[0])

        return self._run(remove)

    def close(self) -> None:
        """End the connections."""
        self._run(self._client.close)

    def _destinations(self, found: Sequence[object]) -> list[Destination]:
        keys = [key.decode() if isinstance(key, bytes) else str(key) for key in found]
        with self._client.pipeline(transaction=False) as pipe:
            for key in keys:
                pipe.hmget(_hash(key), _FIELDS)
            hashes = pipe.execute()
        rows = (_row(key, values) for key, values in zip(keys, hashes, strict=True))
        return [destination for row in rows if row is not None and (destination := from_row(row)) is not None]

    def _run(self, work: Callable[[], Result]) -> Result:
        try:
            return work()
        except redis.RedisError as error:
            raise StoreError(str(error) or type(error).__name__) from None


def _hash(key: str) -> str:
    return f"{PREFIX}d:{key}"


def _values(row: DestinationRow) -> list[tuple[str, bytes | float]]:
    columns = (row.policy, row.findings, row.asked_at, row.refresh_at)
    return [(name, value) for name, value in zip(_FIELDS, columns, strict=True) if value is not None]


def _row(key: str, values: Sequence[bytes | None]) -> DestinationRow | None:
    policy, findings, asked_at, refresh_at = values
    if findings is None or asked_at is None:
        return None
    return DestinationRow(
        key, policy, findings, float(asked_at), None if refresh_at is None else float(refresh_at)
    )
