"""Redis: shared by several daemons; as durable as the server is set up to be.

    PREFIX d:KEY      hash: policy, findings, asked_at       the policy field is never emptied
    PREFIX asked      sorted set of keys by asked_at
    PREFIX refresh    sorted set of keys by refresh_at
    PREFIX purged     sorted set of keys by when an operator had them forgotten

One transaction writes the first three.
"""

from collections.abc import Callable, Generator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar, cast

import redis

from mxproof.store.destinations.destination import (
    OPERATION_TIMEOUT_S,
    PAGE_DESTINATIONS,
    PURGES_KEPT_S,
    Destination,
    DestinationRow,
    Purge,
    StoreError,
    from_row,
    to_row,
)

PREFIX = "mxproof:"
SWEPT_AT_ONCE = 500
"""Destinations that are looked at together when old ones are swept out."""

_ASKED = PREFIX + "asked"
_REFRESH = PREFIX + "refresh"
_PURGED = PREFIX + "purged"
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

    def pages(self, destinations_max: int) -> Generator[Sequence[Destination], None, None]:
        """Yield the destinations asked for last, from the last on."""
        keys = self._run(lambda: self._client.zrevrange(_ASKED, 0, destinations_max - 1))
        for place in range(0, len(keys), PAGE_DESTINATIONS):
            some = keys[place : place + PAGE_DESTINATIONS]
            page = self._run(partial(self._destinations, some))
            if page:
                yield page

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

    def due_count(self, now: datetime) -> int:
        """Return how many there are to refresh."""
        return self._run(lambda: int(self._client.zcount(_REFRESH, "-inf", now.timestamp())))

    def sweep(self, before: datetime) -> int:
        """Forget what holds no policy and was asked for before `before`, in the order of asking."""

        def remove() -> int:
            swept = passed_over = 0
            while True:
                found = self._client.zrangebyscore(
                    _ASKED, "-inf", f"({before.timestamp()!r}", start=passed_over, num=SWEPT_AT_ONCE
                )
                if not found:
                    return swept
                keys = _names(found)
                with self._client.pipeline(transaction=False) as pipe:
                    for key in keys:
                        pipe.hexists(_hash(key), "policy")
                    held = pipe.execute()
                old = [key for key, holds in zip(keys, held, strict=True) if not holds]
                with self._client.pipeline(transaction=True) as pipe:
                    for key in old:
                        pipe.delete(_hash(key))
                        pipe.zrem(_ASKED, key)
                        pipe.zrem(_REFRESH, key)
                    pipe.execute()
                swept += len(old)
                passed_over += len(keys) - len(old)

        return self._run(remove)

    def delete(self, key: str) -> bool:
        """Forget one destination."""

        def remove() -> bool:
            with self._client.pipeline(transaction=True) as pipe:
                pipe.delete(_hash(key))
                pipe.zrem(_ASKED, key)
                pipe.zrem(_REFRESH, key)
                return bool(pipe.execute()[0])

        return self._run(remove)

    def purge(self, key: str, at: datetime) -> bool:
        """Forget one destination, and note that."""

        def remove() -> bool:
            with self._client.pipeline(transaction=True) as pipe:
                pipe.delete(_hash(key))
                pipe.zrem(_ASKED, key)
                pipe.zrem(_REFRESH, key)
                pipe.zadd(_PURGED, {key: at.timestamp()})
                pipe.zremrangebyscore(_PURGED, "-inf", at.timestamp() - PURGES_KEPT_S)
                return bool(pipe.execute()[0])

        return self._run(remove)

    def purges(self, since: datetime) -> Sequence[Purge]:
        """Return what was purged after `since`."""

        def select() -> list[Purge]:
            scored = self._client.zrangebyscore(_PURGED, f"({since.timestamp()!r}", "+inf", withscores=True)
            found = cast("list[tuple[object, float]]", scored)
            names = _names([key for key, _ in found])
            moments = [datetime.fromtimestamp(float(at), UTC) for _, at in found]
            return [Purge(name, at) for name, at in zip(names, moments, strict=True)]

        return self._run(select)

    def close(self) -> None:
        """End the connections."""
        self._run(self._client.close)

    def _destinations(self, found: Sequence[object]) -> list[Destination]:
        keys = _names(found)
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


def _names(found: Sequence[object]) -> list[str]:
    return [key.decode() if isinstance(key, bytes) else str(key) for key in found]


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
