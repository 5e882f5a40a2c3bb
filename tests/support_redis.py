"""As much of a Redis server and its client as is used: hashes and sorted sets in memory, and pipelines of commands (https://redis.io/commands)."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Self

import redis

from mxproof.store.destinations.redis import RedisStore

Hash = dict[str, bytes]
Value = str | bytes | float


class Server:
    """What is kept, and which commands each transaction brought; `error` is what every command ends in where it is set."""

    def __init__(self, hashes: dict[str, Hash] | None = None) -> None:
        self.hashes = hashes or {}
        self.sets: dict[str, dict[str, float]] = {}
        self.transactions: list[list[str]] = []
        self.error: redis.RedisError | None = None
        self.closed = 0

    def pipeline(self, *, transaction: bool) -> "Pipeline":
        """Begin to gather commands."""
        return Pipeline(self, is_transaction=transaction)

    def _scored(self, name: str) -> list[tuple[float, bytes]]:
        if self.error is not None:
            raise self.error
        return sorted((score, one.encode()) for one, score in self.sets.get(name, {}).items())

    def zrevrange(self, name: str, first: int, last: int) -> list[bytes]:
        """Return the members by rank, the highest score first; the last rank is one of them, and -1 the end."""
        found = [one for _, one in reversed(self._scored(name))]
        return found[first : None if last == -1 else last + 1]

    def zrangebyscore(
        self,
        name: str,
        least: Value,
        most: Value,
        start: int | None = None,
        num: int | None = None,
        *,
        withscores: bool = False,
    ) -> Sequence[object]:
        """Return the members between two scores, the lowest first."""
        found = [(one, at) for at, one in self._scored(name) if _is_between(at, least, most)]
        found = found[start or 0 :][:num]
        return found if withscores else [one for one, _ in found]

    def zcount(self, name: str, least: Value, most: Value) -> int:
        """Count the members between two scores."""
        return len(self.zrangebyscore(name, least, most))

    def close(self) -> None:
        """Count how often it was let go of."""
        self.closed += 1
        if self.error is not None:
            raise self.error


class Pipeline:
    """Commands that nothing comes of until they are executed together."""

    def __init__(self, server: Server, *, is_transaction: bool) -> None:
        self._server = server
        self._is_transaction = is_transaction
        self._commands: list[tuple[str, Callable[[], object]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._commands.clear()

    def execute(self) -> list[object]:
        """Do what was gathered, and return what each command says."""
        commands = list(self._commands)
        self._commands.clear()
        if self._server.error is not None:
            raise self._server.error
        if self._is_transaction:
            self._server.transactions.append([name for name, _ in commands])
        return [work() for _, work in commands]

    def _gather(self, name: str, work: Callable[[], object]) -> None:
        self._commands.append((name, work))

    def hset(self, name: str, field: str, value: Value) -> None:
        """Set a field, as the bytes that the client sends."""
        sent = value if isinstance(value, bytes) else repr(value).encode()
        self._gather("hset", lambda: self._server.hashes.setdefault(name, {}).update({field: sent}))

    def hmget(self, name: str, fields: Sequence[str]) -> None:
        """Read fields."""
        self._gather("hmget", lambda: [self._server.hashes.get(name, {}).get(field) for field in fields])

    def hexists(self, name: str, field: str) -> None:
        """Ask for a field."""
        self._gather("hexists", lambda: field in self._server.hashes.get(name, {}))

    def hdel(self, name: str, field: str) -> None:
        """Take a field away."""
        self._gather("hdel", lambda: self._server.hashes.get(name, {}).pop(field, None) is not None)

    def delete(self, name: str) -> None:
        """Take a hash away."""
        self._gather("delete", lambda: int(self._server.hashes.pop(name, None) is not None))

    def zadd(self, name: str, scores: Mapping[str, float]) -> None:
        """Set scores."""
        self._gather("zadd", partial(self._added, name, dict(scores)))

    def _added(self, name: str, scores: dict[str, float]) -> None:
        self._server.sets.setdefault(name, {}).update(scores)

    def zrem(self, name: str, member: str) -> None:
        """Take a member away."""
        self._gather("zrem", lambda: int(self._server.sets.get(name, {}).pop(member, None) is not None))

    def zremrangebyscore(self, name: str, least: Value, most: Value) -> None:
        """Take away the members between two scores."""
        self._gather("zremrangebyscore", partial(self._removed, name, least, most))

    def _removed(self, name: str, least: Value, most: Value) -> int:
        scores = self._server.sets.get(name, {})
        leaving = [one for one, at in scores.items() if _is_between(at, least, most)]
        for one in leaving:
            del scores[one]
        return len(leaving)


def _is_between(at: float, least: Value, most: Value) -> bool:
    """Tell whether a score lies between two ends, of which one behind a bracket is left out."""
    least, most = (str(one) for one in (least, most))
    from_there = at > float(least[1:]) if least.startswith("(") else at >= float(least)
    until_there = at < float(most[1:]) if most.startswith("(") else at <= float(most)
    return from_there and until_there


def redis_store(server: Server) -> RedisStore:
    """Return the store in such a server."""
    store = RedisStore("redis://127.0.0.1:1")
    store._client = server  # type: ignore[assignment] # what of the client is used
    return store
