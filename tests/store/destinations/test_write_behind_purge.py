"""What is forgotten at a word, here or at another daemon of the same back end: everywhere, for good, and in every order of events."""

from datetime import timedelta

import pytest

from mxproof.store.destinations.destination import PAGE_DESTINATIONS, StoreError
from mxproof.store.destinations.write_behind import CLOCKS_DIFFER_S, WriteBehind
from support_back_end import Another, BackEnd, fetched, in_front_of, many, run
from support_clock import at
from support_store import AT, destination

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def test_purges_of_an_outage_are_taken_after_it() -> None:
    async def scene() -> None:
        store = BackEnd(shared=True)
        async with in_front_of(store) as destinations:
            destinations.keep(fetched(0))
            assert await destinations.safe("example.com")
            assert await destinations.take_purges(AT) == []
            Another(store).purge("example.com", 1800)
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
            Another(store).purge("example.com", 0)
            assert await destinations.take_purges(AT) == ["example.com"]
            destinations.keep(fetched(-1))
            assert await destinations.safe("example.com")
            for seconds in (1, 2, 3, 60):
                assert await destinations.take_purges(AT + seconds * SECOND) == []
            assert (destinations.look("example.com"), store.stored("example.com")) == (
                fetched(-1),
                fetched(-1),
            )
            Another(store).purge("example.com", 60)
            assert await destinations.take_purges(AT + 61 * SECOND) == ["example.com"], "once more, said anew"
            assert (destinations.look("example.com"), store.stored("example.com")) == (None, None)

    run(scene())


@pytest.mark.parametrize(("behind_s", "is_taken"), [(CLOCKS_DIFFER_S - 1, True), (CLOCKS_DIFFER_S, False)])
def test_a_purge_by_a_clock_that_is_behind_is_taken(behind_s: float, *, is_taken: bool) -> None:
    async def scene() -> None:
        store = BackEnd(shared=True)
        async with in_front_of(store) as destinations:
            assert await destinations.take_purges(AT) == []
            Another(store).purge("example.com", -behind_s)
            taken = await destinations.take_purges(AT + HOUR)
            assert list(taken) == ["example.com"] * is_taken
            Another(store).purge("other.example", -CLOCKS_DIFFER_S + 1)
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
                Another(store).purge(key, 30 + place)
            Another(store).write(*kept)
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


@pytest.mark.parametrize("word", ["purge", "forget"])
def test_what_is_forgotten_at_a_word_is_nowhere_any_more_and_is_told_to_have_been_known(word: str) -> None:
    async def scene() -> None:
        def forget(destinations: WriteBehind, key: str) -> object:
            return destinations.purge(key, AT) if word == "purge" else destinations.forget(key)

        store = BackEnd()
        Another(store).write(*many(5))
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


@pytest.mark.parametrize("word", ["purge", "delete"])
def test_what_the_back_end_does_not_forget_is_said_and_forgotten_here_all_the_same(word: str) -> None:
    async def scene() -> None:
        store = BackEnd()
        async with in_front_of(store) as destinations:
            destinations.keep(destination())
            store.refusing = {word}
            with pytest.raises(StoreError, match="told to refuse"):
                await (
                    destinations.purge("example.com", AT)
                    if word == "purge"
                    else destinations.forget("example.com")
                )
            assert (destinations.look("example.com"), destinations.waiting) == (None, 0)
            await at(60)
            assert store.stored("example.com") is None, "nor is it written after that"

    run(scene())


def test_what_is_forgotten_while_the_back_end_is_at_it_is_out_of_memory_before() -> None:
    async def scene() -> None:
        store = BackEnd()
        async with in_front_of(store) as destinations:
            seen: list[object] = []
            for word in ("purge", "delete"):
                destinations.keep(destination())
                store.meanwhile[word] = lambda: seen.append(destinations.look("example.com"))
                if word == "purge":
                    await destinations.purge("example.com", AT)
                else:
                    await destinations.forget("example.com")
            assert seen == [None, None]

    run(scene())


@pytest.mark.parametrize("by", ["purge", "forget", "another"])
def test_what_is_forgotten_while_memory_is_filled_does_not_come_back_from_a_page_read_before(by: str) -> None:
    async def scene() -> None:
        store = BackEnd(shared=True)
        Another(store).write(*many(5 * PAGE_DESTINATIONS))
        async with in_front_of(store) as destinations:
            assert destinations.look("d0.example") is None
            if by == "purge":
                await destinations.purge("d0.example", AT + HOUR)
            elif by == "forget":
                await destinations.forget("d0.example")
            else:
                Another(store).purge("d0.example", 3600)
                assert await destinations.take_purges(AT + HOUR) == ["d0.example"]
            await at(60)
            assert (destinations.filled.is_set(), len(destinations)) == (True, 5 * PAGE_DESTINATIONS - 1)
            assert destinations.look("d0.example") is None
            Another(store).write(fetched(7200, "d0.example"))
            assert await destinations.recall("d0.example") == fetched(7200, "d0.example")

    run(scene())


@pytest.mark.parametrize("by", ["forget", "sweep"])
def test_a_memory_that_was_full_while_it_was_filled_lacks_something_whatever_is_forgotten_then(
    by: str,
) -> None:
    async def scene() -> None:
        store = BackEnd()
        Another(store).write(*many(2 * PAGE_DESTINATIONS))
        newest = destination("newest.example", policy=None, asked_s=9999)
        Another(store).write(newest)
        async with in_front_of(store, PAGE_DESTINATIONS + 10) as destinations:
            assert (len(destinations), destinations.filled.is_set()) == (PAGE_DESTINATIONS + 10, False)
            if by == "forget":
                assert await destinations.forget("newest.example") is True
            else:
                assert await destinations.sweep(AT + timedelta(days=1)) == 1
            assert len(destinations) == PAGE_DESTINATIONS + 9
            await at(60)
            assert destinations.filled.is_set()
            assert await destinations.recall("d0.example") == many(1)[0]
            assert await destinations.recall("newest.example") is None

    run(scene())


def test_what_waits_is_named_by_key_whenever_it_was_kept() -> None:
    async def scene() -> None:
        store = BackEnd()
        store.refusing = {"write"}
        async with in_front_of(store) as destinations:
            for key in ("c.example", "a.example", "b.example"):
                destinations.keep(destination(key))
            assert [one.key for one in destinations.unwritten()] == ["a.example", "b.example", "c.example"]
            assert await destinations.purge("b.example", AT) is True
            assert [one.key for one in destinations.unwritten()] == ["a.example", "c.example"]

    run(scene())
