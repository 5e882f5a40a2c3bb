"""Destinations in front of a back end, step by step: what happens in the middle of a step, the second time, in an outage and after it."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from mxproof.store.destinations.destination import PAGE_DESTINATIONS, Destination
from mxproof.store.destinations.write_behind import (
    BATCH_MAX,
    FILL_PAUSE_S,
    GATHER_S,
    SAFE_TIMEOUT_S,
    STORE_RETRY_S,
)
from support_back_end import Another, BackEnd, fetched, in_front_of, many, run
from support_clock import at, passed_s
from support_store import AT, destination

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def test_whoever_waits_for_a_write_that_fails_is_told_at_once_and_it_is_written_after_the_pause() -> None:
    async def scene() -> None:
        store = BackEnd()
        store.refusing = {"write"}
        async with in_front_of(store) as destinations:
            destinations.keep(destination())
            assert await destinations.safe("example.com") is False
            assert passed_s() == pytest.approx(GATHER_S)
            assert (destinations.down, destinations.waiting, destinations.failures) == (True, 1, 1)
            assert await destinations.safe("example.com") is False, "while it is down nobody waits"
            assert passed_s() == pytest.approx(GATHER_S)
            store.refusing = set()
            await at(STORE_RETRY_S)
            assert (store.stored("example.com"), destinations.waiting) == (None, 1)
            await at(STORE_RETRY_S + 2 * GATHER_S)
            assert (store.stored("example.com"), destinations.waiting) == (destination(), 0)
            assert (destinations.down, destinations.failures) == (False, 1)
            assert await destinations.safe("example.com") is True

    run(scene())


def test_what_is_beyond_the_first_batch_is_safe_with_the_second() -> None:
    async def scene() -> None:
        store = BackEnd()
        async with in_front_of(store) as destinations:
            for one in many(BATCH_MAX + 1):
                destinations.keep(one)
            last = f"d{BATCH_MAX}.example"
            in_between: list[object] = []
            store.meanwhile["write"] = lambda: store.meanwhile.update(
                write=lambda: in_between.append((len(store), destinations.waiting))
            )
            assert await destinations.safe(last) is True
            assert in_between == [(BATCH_MAX, 1)]
            assert (store.stored(last), store.asked[-2:]) == (many(BATCH_MAX + 1)[-1], ["write", "write"])

    run(scene())


def test_what_is_kept_again_while_it_is_written_is_written_again() -> None:
    async def scene() -> None:
        store = BackEnd()
        async with in_front_of(store) as destinations:
            destinations.keep(destination())
            store.meanwhile["write"] = lambda: destinations.keep(destination(asked_s=1))
            assert await destinations.safe("example.com") is True, "the first of the two is written"
            await at(1)
            assert (store.stored("example.com"), destinations.waiting) == (destination(asked_s=1), 0)
            assert store.asked.count("write") == 2

    run(scene())


def test_a_back_end_that_is_away_is_not_read_before_the_pause_is_over_and_then_again() -> None:
    async def scene() -> None:
        store = BackEnd(shared=True)
        async with in_front_of(store) as destinations:
            Another(store).write(destination())
            store.refusing = {"read"}
            assert await destinations.recall("example.com") is None
            store.refusing = set()
            await at(STORE_RETRY_S - 0.1)
            assert await destinations.recall("example.com") is None
            assert (store.asked.count("read"), destinations.down) == (1, True)
            await at(STORE_RETRY_S)
            assert await destinations.recall("example.com") == destination()
            assert (store.asked.count("read"), destinations.down) == (2, False)

    run(scene())


def test_what_is_kept_while_it_is_looked_for_stays() -> None:
    async def scene() -> None:
        store = BackEnd(shared=True)
        async with in_front_of(store) as destinations:
            Another(store).write(fetched(0))
            newer = fetched(60)
            store.meanwhile["read"] = lambda: destinations.keep(newer)
            await destinations.recall("example.com")
            assert destinations.look("example.com") == newer
            assert await destinations.safe("example.com") is True
            assert store.stored("example.com") == newer

    run(scene())


def test_all_batches_that_wait_are_written_at_the_end() -> None:
    async def scene() -> BackEnd:
        store = BackEnd()
        async with in_front_of(store, 5000) as destinations:
            for one in many(2 * BATCH_MAX + 1):
                destinations.keep(one)
        return store

    store = run(scene())
    assert len(store) == 2 * BATCH_MAX + 1
    assert store.asked == ["pages closed", "write", "write", "write", "close"]


def test_at_the_end_a_back_end_that_fails_is_asked_once_and_let_go_of() -> None:
    async def scene() -> None:
        store = BackEnd()
        store.refusing = {"write", "close"}
        async with in_front_of(store) as destinations:
            destinations.keep(destination())
        assert [store.asked.count(one) for one in ("write", "close")] == [1, 1]
        assert list(destinations.unwritten()) == [destination()]

    run(scene())


@pytest.mark.parametrize("begun_s", [0.0, 1.5 * FILL_PAUSE_S])
def test_what_is_read_while_it_is_filled_is_let_go_of_where_it_ends_before(begun_s: float) -> None:
    async def scene() -> None:
        store = BackEnd()
        Another(store).write(*many(5 * PAGE_DESTINATIONS))
        async with in_front_of(store) as destinations:
            if begun_s:
                await at(begun_s)
            assert not destinations.filled.is_set()
            pages = store.asked.count("page")
        assert destinations.filled.is_set(), "whoever waits for it waits no longer"
        assert store.asked == [*["page"] * pages, "pages closed", "close"]

    run(scene())


def test_what_is_full_after_two_pages_reads_no_more() -> None:
    async def scene() -> None:
        store = BackEnd()
        Another(store).write(*many(5 * PAGE_DESTINATIONS))
        async with in_front_of(store, PAGE_DESTINATIONS) as destinations:
            await at(60)
            assert (destinations.filled.is_set(), len(destinations)) == (True, PAGE_DESTINATIONS)
            assert store.asked.count("page") <= 2

    run(scene())


def test_what_nobody_asks_for_is_swept_from_memory_and_from_the_back_end() -> None:
    async def scene() -> None:
        store = BackEnd()
        without = [destination(f"n{number}.example", policy=None, asked_s=number) for number in range(3)]
        async with in_front_of(store) as destinations:
            for one in (*without, destination("p.example")):
                destinations.keep(one)
            assert await destinations.safe("p.example")
            Another(store).write(destination("stored.example", policy=None))
            assert await destinations.sweep(AT + 2 * SECOND) == 3, "what the back end held"
            assert sorted(one.key for one in destinations.held()) == ["n2.example", "p.example"]
            assert sorted(one.key for one in store.load(9)) == ["n2.example", "p.example"]
            store.refusing = {"sweep"}
            assert await destinations.sweep(AT + HOUR) == 0
            assert [one.key for one in destinations.held()] == ["p.example"]

    run(scene())


def test_what_waits_beyond_the_limit_leaves_in_the_order_in_which_it_was_kept_last() -> None:
    async def scene() -> None:
        store = BackEnd()
        store.refusing = {"write"}
        async with in_front_of(store, 2) as destinations:
            for key, asked_s in (("a.example", 0), ("b.example", 1), ("a.example", 2), ("c.example", 3)):
                destinations.keep(destination(key, asked_s=asked_s))
            assert [(one.key, one.asked_at - AT) for one in destinations.unwritten()] == [
                ("a.example", 2 * SECOND),
                ("c.example", 3 * SECOND),
            ]
            assert {one.key for one in destinations.held()} == {"a.example", "c.example"}

    run(scene())


def test_while_it_is_down_the_back_end_is_not_asked_what_is_due() -> None:
    async def scene() -> None:
        store = BackEnd()
        late = AT + timedelta(days=2)
        Another(store).write(destination("stored.example"))
        async with in_front_of(store) as destinations:
            assert [one.key for one in await destinations.due(late, 9)] == ["stored.example"]
            store.refusing = {"write"}
            destinations.keep(destination(asked_s=9))
            assert await destinations.safe("example.com") is False
            store.asked.clear()
            assert [one.key for one in await destinations.due(late, 9)] == ["stored.example", "example.com"]
            assert await destinations.due_count(late) == 2
            assert store.asked == []

    run(scene())


def test_a_write_that_hangs_keeps_whoever_waits_for_so_long_and_no_longer() -> None:
    async def scene() -> None:
        store = BackEnd()
        async with in_front_of(store) as destinations:
            assert destinations._writer is not None
            destinations._writer.cancel()
            destinations.keep(destination())
            assert await destinations.safe("example.com") is False
            assert passed_s() == pytest.approx(SAFE_TIMEOUT_S)
            assert destinations.waiting == 1

    run(scene())


def test_whoever_waits_too_long_is_told_and_the_next_is_written_all_the_same() -> None:
    """A write of so many seconds that ends when nobody waits for it any more."""

    async def scene() -> None:
        store = BackEnd()
        async with in_front_of(store) as destinations:
            given_up = asyncio.create_task(destinations.safe("example.com"))
            destinations.keep(destination())
            await asyncio.sleep(0)
            given_up.cancel()
            await at(1)
            assert store.stored("example.com") == destination()
            destinations.keep(destination("other.example"))
            assert await destinations.safe("other.example") is True
            assert destinations._unsafe == [], "nobody is told twice"

    run(scene())


def test_while_the_back_end_is_down_what_does_not_wait_is_safe_and_what_waits_is_not() -> None:
    async def scene() -> None:
        store = BackEnd()
        async with in_front_of(store) as destinations:
            destinations.keep(destination())
            assert await destinations.safe("example.com") is True
            store.refusing = {"write"}
            destinations.keep(destination("other.example"))
            assert await destinations.safe("other.example") is False
            safe = [await destinations.safe(key) for key in ("example.com", "other.example", "never.example")]
            assert (safe, destinations.down) == ([True, False, True], True)

    run(scene())


def test_each_failure_begins_the_pause_anew() -> None:
    async def scene() -> None:
        store = BackEnd(shared=True)
        store.refusing = {"read"}
        async with in_front_of(store) as destinations:
            for number in range(1, 4):
                assert await destinations.recall("example.com") is None
                assert await destinations.recall("example.com") is None
                assert (store.asked.count("read"), destinations.failures) == (number, number)
                await at(number * STORE_RETRY_S)
        assert destinations.down

    run(scene())


def test_what_is_recalled_is_in_memory_from_then_on() -> None:
    async def scene() -> None:
        store = BackEnd()
        Another(store).write(*many(3))
        async with in_front_of(store, 2) as destinations:
            assert destinations.look("d0.example") is None
            for _ in range(2):
                assert await destinations.recall("d0.example") == many(1)[0]
            assert (store.asked.count("read"), destinations.waiting) == (1, 0)
            assert await destinations.recall("never.example") is None, "memory has not all that is stored"
            assert store.asked.count("read") == 2

    run(scene())


@pytest.mark.parametrize("word", ["keep", "remember"])
def test_a_policy_that_waits_to_be_written_is_not_lost_for_what_comes_without_one(word: str) -> None:
    async def scene() -> None:
        store = BackEnd()
        store.refusing = {"write"}
        without = destination(policy=None, asked_s=60)
        want = msgspec.structs.replace(without, held=destination().held, refresh_at=destination().refresh_at)
        async with in_front_of(store) as destinations:
            destinations.keep(destination())
            if word == "keep":
                destinations.keep(without)
            else:
                destinations.remember(without)
            assert (list(destinations.unwritten()), destinations.look("example.com")) == ([want], want)
            store.refusing = set()
        assert store.stored("example.com") == want

    run(scene())


@pytest.mark.parametrize("kept", [destination(), fetched(0)])
def test_of_a_shared_back_end_what_is_no_newer_is_not_recalled_in_the_place_of_what_memory_learnt(
    kept: Destination,
) -> None:
    async def scene() -> None:
        store = BackEnd(shared=True)
        async with in_front_of(store) as destinations:
            destinations.keep(kept)
            assert await destinations.safe("example.com") is True
            later = msgspec.structs.replace(kept, asked_at=kept.asked_at + HOUR)
            destinations.remember(later)
            assert await destinations.recall("example.com") == later
            assert (destinations.look("example.com"), store.stored("example.com")) == (later, kept)

    run(scene())


def test_whoever_waits_alone_once_does_not_hurry_those_that_come_later() -> None:
    async def scene() -> None:
        store = BackEnd()
        async with in_front_of(store) as destinations:
            for _ in range(2):
                begun = passed_s()
                destinations.keep(destination())
                assert await destinations.safe("example.com", alone=True) is True
                assert passed_s() == pytest.approx(begun)
                for one in many(2):
                    destinations.keep(one)
                    await asyncio.sleep(GATHER_S / 4)
                assert await destinations.safe("d1.example") is True
                assert passed_s() == pytest.approx(begun + GATHER_S)
            assert store.asked.count("write") == 4

    run(scene())
