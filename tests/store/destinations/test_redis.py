"""What is read back from Redis, whose keys others change meanwhile; its contract is tried with a server in tests/real/store."""

from collections.abc import Sequence

import pytest
import redis

from mxproof.store.destinations.destination import Destination, StoreError, to_row
from mxproof.store.destinations.redis import RedisStore, _values
from support_store import destination

Hash = dict[str, bytes]


def as_kept(one: Destination) -> Hash:
    """Return the hash of a destination as the server gives it back: every value in bytes."""
    return {
        name: value if isinstance(value, bytes) else repr(value).encode()
        for name, value in _values(to_row(one))
    }


class Server:
    """Hashes by their names, read in one pipeline as the client of Redis does it."""

    def __init__(self, hashes: dict[str, Hash]) -> None:
        self._hashes = hashes
        self._read: list[list[bytes | None]] = []

    def pipeline(self, *, transaction: bool) -> "Server":
        assert not transaction, "reading many takes no lock"
        self._read = []
        return self

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def hmget(self, name: str, fields: Sequence[str]) -> None:
        self._read.append([self._hashes.get(name, {}).get(field) for field in fields])

    def execute(self) -> list[list[bytes | None]]:
        return self._read


def found(hashes: dict[str, Hash], *keys: object) -> list[Destination]:
    store = RedisStore("redis://127.0.0.1:1")
    store._client = Server(hashes)  # type: ignore[assignment] # what of the client is used
    return store._destinations(keys)


def test_what_was_written_is_read_back_with_and_without_a_policy() -> None:
    kept = [destination(), destination("never.example", policy=None)]
    hashes = {f"mxproof:d:{one.key}": as_kept(one) for one in kept}
    assert found(hashes, b"example.com", "never.example") == kept


def test_what_another_daemon_took_away_between_two_looks_is_passed_over() -> None:
    whole = as_kept(destination())
    hashes = {
        "mxproof:d:whole.example": whole,
        "mxproof:d:half.example": {name: value for name, value in whole.items() if name != "findings"},
        "mxproof:d:other.example": {name: value for name, value in whole.items() if name != "asked_at"},
    }
    keys = ("gone.example", "half.example", "whole.example", "other.example")
    assert [one.key for one in found(hashes, *keys)] == ["whole.example"]


def test_what_no_version_wrote_is_passed_over() -> None:
    strange = {**as_kept(destination()), "policy": b"no JSON"}
    assert found({"mxproof:d:example.com": strange}, "example.com") == []


@pytest.mark.parametrize(
    ("error", "words"),
    [(redis.ConnectionError("no route"), "no route"), (redis.TimeoutError(), "TimeoutError")],
)
def test_what_the_server_does_not_do_is_said_or_named_by_its_kind(error: Exception, words: str) -> None:
    def work() -> None:
        raise error

    with pytest.raises(StoreError, match=f"^{words}$"):
        RedisStore("redis://127.0.0.1:1")._run(work)
