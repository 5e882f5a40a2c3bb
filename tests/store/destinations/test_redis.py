"""Destinations in Redis, as long as its server does what it says; with a real one they are tried in tests/real/store."""

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
import redis

from mxproof.store.destinations.destination import (
    OPERATION_TIMEOUT_S,
    PAGE_DESTINATIONS,
    Destination,
    Store,
    StoreError,
    to_row,
)
from mxproof.store.destinations.redis import PREFIX, SWEPT_AT_ONCE, RedisStore, _values
from support_redis import Hash, Server, redis_store
from support_store import AT, CONTRACT, destination

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("rule", CONTRACT, ids=lambda rule: rule.__name__)
def test_redis_keeps_the_contract(rule: Callable[[Store], None]) -> None:
    rule(redis_store(Server()))


def as_kept(one: Destination) -> Hash:
    """Return the hash of a destination as the server gives it back: every value in bytes."""
    return {
        name: value if isinstance(value, bytes) else repr(value).encode()
        for name, value in _values(to_row(one))
    }


def found(hashes: dict[str, Hash], *keys: object) -> list[Destination]:
    return redis_store(Server(hashes))._destinations(keys)


def members(server: Server) -> dict[str, set[str]]:
    return {name.removeprefix(PREFIX): set(scores) for name, scores in server.sets.items()}


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
def test_what_the_server_does_not_do_is_said_or_named_by_its_kind(
    error: redis.RedisError, words: str
) -> None:
    server = Server()
    server.error = error
    store = redis_store(server)
    asked: list[Callable[[], object]] = [
        lambda: store.load(9),
        lambda: list(store.pages(9)),
        lambda: store.read("example.com"),
        lambda: store.write([destination()]),
        lambda: store.due(AT, 9),
        lambda: store.due_count(AT),
        lambda: store.sweep(AT),
        lambda: store.delete("example.com"),
        lambda: store.purge("example.com", AT),
        lambda: store.purges(AT),
        store.close,
    ]
    for work in asked:
        with pytest.raises(StoreError, match=f"^{words}$"):
            work()


def test_all_that_is_written_at_once_is_one_transaction() -> None:
    server = Server()
    redis_store(server).write([destination(), destination("never.example", policy=None)])
    fields = ["hset"] * 4, ["hset"] * 2
    assert server.transactions == [
        [*fields[0], "zadd", "zadd", *fields[1], "zadd"],
    ]


def test_what_is_written_is_asked_for_and_due_and_what_is_refreshed_no_more_is_due_no_more() -> None:
    server = Server()
    store = redis_store(server)
    store.write([destination()])
    assert members(server) == {"asked": {"example.com"}, "refresh": {"example.com"}}
    never = msgspec.structs.replace(destination(asked_s=1), refresh_at=None)
    store.write([never])
    assert members(server) == {"asked": {"example.com"}, "refresh": set()}
    assert store.read("example.com") == never
    assert store.due_count(AT + timedelta(days=9)) == 0


def test_what_is_without_a_policy_for_once_is_refreshed_when_it_was_to_be() -> None:
    server = Server()
    store = redis_store(server)
    store.write([destination()])
    store.write([destination(policy=None, asked_s=1)])
    assert members(server) == {"asked": {"example.com"}, "refresh": {"example.com"}}
    kept = store.read("example.com")
    assert kept is not None
    assert (kept.refresh_at, kept.asked_at) == (destination().refresh_at, AT + SECOND)
    assert [one.key for one in store.due(AT + timedelta(days=1), 9)] == ["example.com"]
    assert [one.key for one in store.due(AT + timedelta(days=1) - SECOND, 9)] == []


@pytest.mark.parametrize("word", ["delete", "purge", "sweep"])
def test_what_is_forgotten_leaves_nothing_behind(word: str) -> None:
    server = Server()
    store = redis_store(server)
    store.write([destination(), destination("other.example", asked_s=9)])
    if word == "sweep":
        del server.hashes[f"{PREFIX}d:example.com"]["policy"]
        assert store.sweep(AT + SECOND) == 1
    else:
        assert store.delete("example.com") if word == "delete" else store.purge("example.com", AT)
    assert set(server.hashes) == {f"{PREFIX}d:other.example"}
    purged = {"purged": {"example.com"}} if word == "purge" else {}
    assert members(server) == {"asked": {"other.example"}, "refresh": {"other.example"}, **purged}
    assert len(server.transactions) == 2


def test_old_ones_are_swept_out_however_many_of_those_asked_for_before_hold_a_policy() -> None:
    server = Server()
    store = redis_store(server)
    count = 2 * SWEPT_AT_ONCE + 10
    store.write(
        [
            destination(f"d{number}.example", asked_s=number / 10, **({} if number % 3 else {"policy": None}))
            for number in range(count)
        ]
    )
    until = AT + timedelta(seconds=(count - 4) / 10)
    old = [f"d{number}.example" for number in range(0, count - 4, 3)]
    assert store.sweep(until) == len(old)
    assert {one.key for one in store.load(count)} == {f"d{n}.example" for n in range(count)} - set(old)
    assert store.sweep(until) == 0


def test_as_many_are_loaded_as_were_asked_for() -> None:
    store = redis_store(Server())
    store.write([destination(f"d{number}.example", asked_s=number) for number in range(5)])
    for number in (1, 2, 5, 6):
        last = [f"d{n}.example" for n in range(4, max(-1, 4 - number), -1)]
        assert [one.key for one in store.load(number)] == last
        assert [one.key for page in store.pages(number) for one in page] == last


def test_a_page_of_which_nothing_can_be_read_is_left_out() -> None:
    server = Server()
    store = redis_store(server)
    store.write([destination(f"d{n}.example", asked_s=n) for n in range(2 * PAGE_DESTINATIONS)])
    for number in range(PAGE_DESTINATIONS, 2 * PAGE_DESTINATIONS):
        server.hashes[f"{PREFIX}d:d{number}.example"]["policy"] = b"no JSON"
    (page,) = store.pages(9999)
    assert [one.key for one in page] == [f"d{n}.example" for n in reversed(range(PAGE_DESTINATIONS))]


def test_a_server_that_hangs_is_waited_for_as_long_as_any_back_end() -> None:
    pool = RedisStore("redis://192.0.2.1:6380/3")._client.connection_pool.connection_kwargs
    assert (pool["host"], pool["port"], pool["db"]) == ("192.0.2.1", 6380, 3)
    assert (pool["socket_timeout"], pool["socket_connect_timeout"]) == (OPERATION_TIMEOUT_S,) * 2


def test_it_is_let_go_of_at_its_end_and_shared_by_several() -> None:
    server = Server()
    store = redis_store(server)
    store.close()
    assert (server.closed, store.shared) == (1, True)
