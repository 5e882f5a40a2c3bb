"""The back end that forgets: the contract of a store, and which destinations leave for others."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from mxproof.store.destinations.destination import PURGES_KEPT_S, Purge, Store
from mxproof.store.destinations.memory import MemoryStore
from support_store import AT, CONTRACT, destination


@pytest.mark.parametrize("rule", CONTRACT, ids=lambda rule: rule.__name__)
def test_memory_keeps_the_contract(rule: Callable[[Store], None]) -> None:
    rule(MemoryStore(1000))


def test_the_least_recently_used_leaves() -> None:
    store = MemoryStore(3)
    store.write([destination("a.example"), destination("b.example"), destination("c.example")])
    assert store.read("a.example") is not None
    store.write([destination("d.example")])
    assert [one.key for one in store.load(9)] == ["c.example", "a.example", "d.example"]
    assert len(store) == 3


def test_what_is_written_again_is_the_one_used_last_and_comes_first_in_the_pages() -> None:
    store = MemoryStore(3)
    store.write([destination("a.example"), destination("b.example")])
    store.write(
        [destination("a.example", asked_s=1), destination("c.example"), destination("b.example", asked_s=2)]
    )
    assert [one.key for one in store.load(9)] == ["a.example", "c.example", "b.example"]
    assert [one.key for page in store.pages(2) for one in page] == ["b.example", "c.example"]
    store.write([destination("d.example")])
    assert [one.key for one in store.load(9)] == ["c.example", "b.example", "d.example"]
    assert store.read("b.example") == destination("b.example", asked_s=2)


def test_those_due_are_told_by_their_time_whatever_was_used_last_and_stay_where_they_are() -> None:
    store = MemoryStore(9)
    store.write([destination(f"d{number}.example", asked_s=number) for number in (3, 1, 4, 2)])
    late = AT + timedelta(days=1, seconds=3)
    assert [one.key for one in store.due(late, 9)] == ["d1.example", "d2.example", "d3.example"]
    assert [one.key for one in store.due(late, 2)] == ["d1.example", "d2.example"]
    assert [one.key for one in store.load(9)] == ["d3.example", "d1.example", "d4.example", "d2.example"]


@pytest.mark.parametrize(
    ("room", "keys"), [(1, ["new"]), (2, ["first", "new"]), (9, ["second", "first", "new"])]
)
def test_what_is_filled_in_goes_behind_what_is_there_as_far_as_there_is_room(
    room: int, keys: list[str]
) -> None:
    store = MemoryStore(room)
    store.write([destination("new", asked_s=9)])
    store.fill(
        [destination("first", asked_s=2), destination("new", asked_s=3), destination("second", asked_s=1)]
    )
    assert [one.key for one in store.load(9)] == keys
    assert store.read("new") == destination("new", asked_s=9), "what is there is the newer one"


def test_a_memory_of_one_holds_one() -> None:
    store = MemoryStore(1)
    store.write([destination("a.example")])
    store.write([destination("b.example")])
    assert [one.key for one in store.load(9)] == ["b.example"]


def test_that_something_was_purged_is_known_for_as_long_as_it_is_promised() -> None:
    store = MemoryStore(9)
    kept = timedelta(seconds=PURGES_KEPT_S)
    second = timedelta(seconds=1)
    store.purge("a.example", AT)
    store.purge("b.example", AT + kept - second)
    assert set(store.purges(AT - second)) == {Purge("a.example", AT), Purge("b.example", AT + kept - second)}
    assert store.purges(AT + kept - second) == []
    store.purge("c.example", AT + kept)
    assert {one.key for one in store.purges(AT - second)} == {"b.example", "c.example"}
