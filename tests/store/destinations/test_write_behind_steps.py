"""Destinations in front of a back end, step by step: what happens in the middle of a step, the second time, in an outage and after it."""

from datetime import timedelta

import msgspec
import pytest

from mxproof.store.destinations.destination import PAGE_DESTINATIONS, Destination
from mxproof.store.destinations.write_behind import (
    BATCH_MAX,
    CLOCKS_DIFFER_S,
    FILL_PAUSE_S,
    GATHER_S,
    SAFE_TIMEOUT_S,
    STORE_RETRY_S,
    WriteBehind,
)
from support_back_end import BackEnd, in_front_of, run
from support_clock import at, passed_s
from support_store import AT, POLICY, destination

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def many(count: int) -> list[Destination]:
    return [destination(f"d{number}.example", asked_s=number) for number in range(count)]


def fetched(seconds: float, key: str = "example.com") -> Destination:
    """Return a destination whose policy was fetched so many seconds after AT."""
    return destination(key, msgspec.structs.replace(POLICY, fetched_at=AT + timedelta(seconds=seconds)))


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
            MemoryStoreOf(store).write(destination())
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


class MemoryStoreOf:
    """What another daemon does to the same back end."""

    def __init__(self, store: BackEnd) -> None:
        self._store = store

    def write(self, *destinations: Destination) -> None:
        """Write without a word in what was asked of the back end."""
        super(BackEnd, self._store).write(destinations)

    def purge(self, key: str, seconds: float) -> None:
        """Purge so many seconds after AT."""
        super(BackEnd, self._store).purge(key, AT + timedelta(seconds=seconds))


def test_what_is_kept_while_it_is_looked_for_stays() -> None:
    async def scene() -> None:
        store = BackEnd(shared=True)
        async with in_front_of(store) as destinations:
            MemoryStoreOf(store).write(fetched(0))
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
        MemoryStoreOf(store).write(*many(5 * PAGE_DESTINATIONS))
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
        MemoryStoreOf(store).write(*many(5 * PAGE_DESTINATIONS))
        async with in_front_of(store, PAGE_DESTINATIONS) as destinations:
            await at(60)
            assert (destinations.filled.is_set(), len(destinations)) == (True, PAGE_DESTINATIONS)
            assert store.asked.count("page") <= 2

    run(scene())


def test_purges_of_an_outage_are_taken_after_it() -> None:
    async def scene() -> None:
        store = BackEnd(shared=True)
        async with in_front_of(store) as destinations:
            destinations.keep(fetched(0))
            assert await destinations.safe("example.com")
            assert await destinations.take_purges(AT) == []
            MemoryStoreOf(store).purge("example.com", 1800)
            store.refusing = {"purges"}
            assert await destinations.take_purges(AT + HOUR) == ()
            assert destinations.look("example.com") == fetched(0)
            store.refusing = set()
            assert await destinations.take_purges(AT + 2 * HOUR) == ["example.com"]
            assert (destinations.look("example.com"), store.stored("example.com")) == (None, None)

    run(scene())


def test_a_purge_is_taken_once_however_often_it_is_seen_and_what_is_learnt_then_stays() -> None:
    async def scene() -> None:
        store = BackEnd(shared=True)
        async with in_front_of(store) as destinations:
            MemoryStoreOf(store).purge("example.com", 0)
            assert await destinations.take_purges(AT) == ["example.com"]
            destinations.keep(fetched(-1))
            assert await destinations.safe("example.com")
            for seconds in (1, 2, 3, 60):
                assert await destinations.take_purges(AT + seconds * SECOND) == []
            assert (destinations.look("example.com"), store.stored("example.com")) == (
                fetched(-1),
                fetched(-1),
            )
            MemoryStoreOf(store).purge("example.com", 60)
            assert await destinations.take_purges(AT + 61 * SECOND) == ["example.com"], "once more, said anew"
            assert (destinations.look("example.com"), store.stored("example.com")) == (None, None)

    run(scene())


@pytest.mark.parametrize(("behind_s", "is_taken"), [(CLOCKS_DIFFER_S - 1, True), (CLOCKS_DIFFER_S, False)])
def test_a_purge_by_a_clock_that_is_behind_is_taken(behind_s: float, *, is_taken: bool) -> None:
    async def scene() -> None:
        store = BackEnd(shared=True)
        async with in_front_of(store) as destinations:
            assert await destinations.take_purges(AT) == []
            MemoryStoreOf(store).purge("example.com", -behind_s)
            taken = await destinations.take_purges(AT + HOUR)
            assert list(taken) == ["example.com"] * is_taken
            MemoryStoreOf(store).purge("other.example", -CLOCKS_DIFFER_S + 1)
            assert await destinations.take_purges(AT + HOUR) == [], "since the last time, not since the first"

    run(scene())


def test_of_several_purges_each_is_taken_by_its_own_time() -> None:
    async def scene() -> None:
        store = BackEnd(shared=True)
        kept = [fetched(0, "a.example"), fetched(60, "b.example"), fetched(0, "c.example")]
        async with in_front_of(store) as destinations:
            for one in kept:
                destinations.keep(one)
            assert await destinations.safe("c.example")
            for place, key in enumerate(("a.example", "b.example", "c.example")):
                MemoryStoreOf(store).purge(key, 30 + place)
            MemoryStoreOf(store).write(*kept)
            assert sorted(await destinations.take_purges(AT + 60 * SECOND)) == [
                "a.example",
                "b.example",
                "c.example",
            ]
            for left in (destinations.look, store.stored):
                assert [left(one.key) for one in kept] == [None, kept[1], None]

    run(scene())


def test_a_daemon_with_a_back_end_of_its_own_asks_for_no_purges() -> None:
    async def scene() -> None:
        store = BackEnd()
        async with in_front_of(store) as destinations:
            assert await destinations.take_purges(AT) == ()
            assert "purges" not in store.asked

    run(scene())


def test_what_nobody_asks_for_is_swept_from_memory_and_from_the_back_end() -> None:
    async def scene() -> None:
        store = BackEnd()
        without = [destination(f"n{number}.example", policy=None, asked_s=number) for number in range(3)]
        async with in_front_of(store) as destinations:
            for one in (*without, destination("p.example")):
                destinations.keep(one)
            assert await destinations.safe("p.example")
            MemoryStoreOf(store).write(destination("stored.example", policy=None))
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
        MemoryStoreOf(store).write(destination("stored.example"))
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


@pytest.mark.parametrize("word", ["purge", "forget"])
def test_what_is_forgotten_at_a_word_is_nowhere_any_more_and_is_told_to_have_been_known(word: str) -> None:
    async def scene() -> None:
        def forget(destinations: WriteBehind, key: str) -> object:
            return destinations.purge(key, AT) if word == "purge" else destinations.forget(key)

        store = BackEnd()
        MemoryStoreOf(store).write(*many(5))
        async with in_front_of(store, 3) as destinations:
            destinations.keep(destination())
            known = [
                await forget(destinations, key)  # type: ignore[misc] # either is awaited
                for key in ("example.com", "d0.example", "d4.example", "d4.example")
            ]
            assert known == [True, True, True, False]
            assert destinations.waiting == 0
            await at(60)
            assert "write" not in store.asked
            assert sorted(one.key for one in store.load(9)) == ["d1.example", "d2.example", "d3.example"]

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
