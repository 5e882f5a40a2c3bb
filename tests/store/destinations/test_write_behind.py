"""The destinations in front of a back end that fails, hangs, or is shared."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import msgspec
import pytest

from mxproof.store.destinations import write_behind as module
from mxproof.store.destinations.destination import PAGE_DESTINATIONS, Destination, StoreError
from mxproof.store.destinations.memory import MemoryStore
from mxproof.store.destinations.write_behind import WriteBehind
from support_store import AT, POLICY, destination


class Flaky(MemoryStore):
    """A back end that does as it is told: refuse, hang, or work."""

    def __init__(self, *, shared: bool = False) -> None:
        super().__init__(1000)
        self.shared = shared
        self.refusing = False
        self.going = threading.Event()
        self.going.set()
        self.wrote = threading.Event()
        self.batches: list[int] = []

    def _gate(self) -> None:
        self.going.wait(10)
        if self.refusing:
            raise StoreError("told to refuse")

    def read(self, key: str) -> Destination | None:
        self._gate()
        return super().read(key)

    def write(self, destinations: Sequence[Destination]) -> None:
        self._gate()
        self.batches.append(len(destinations))
        super().write(destinations)
        self.wrote.set()

    def close(self) -> None:
        self._gate()

    def load(self, destinations_max: int) -> Sequence[Destination]:
        self._gate()
        return super().load(destinations_max)


@asynccontextmanager
async def opened(store: MemoryStore, destinations_max: int = 100) -> AsyncIterator[WriteBehind]:
    destinations = WriteBehind(store, destinations_max)
    await destinations.open()
    try:
        yield destinations
    finally:
        await destinations.close()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STORE_RETRY_S", 0.01)
    monkeypatch.setattr(module, "SAFE_TIMEOUT_S", 0.2)
    monkeypatch.setattr(module, "OPERATION_TIMEOUT_S", 0.1)


def test_what_is_safe_is_in_the_back_end() -> None:
    async def scene() -> None:
        store = Flaky()
        async with opened(store) as destinations:
            destinations.keep(destination())
            assert destinations.look("example.com") == destination()
            assert await destinations.safe("example.com")
            assert MemoryStore.read(store, "example.com") == destination()

    asyncio.run(scene())


def test_what_is_alone_is_written_without_a_pause_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GATHER_S", 3600.0)
    monkeypatch.setattr(module, "SAFE_TIMEOUT_S", 60.0)

    async def scene() -> None:
        store = Flaky()
        async with opened(store) as destinations:
            for key in ("one.example", "two.example"):
                destinations.keep(destination(key))
                assert await destinations.safe(key, alone=True)
            assert len(store.batches) == 2

    asyncio.run(scene())


def test_what_is_kept_while_an_earlier_one_is_written_is_safe_once_it_is_written_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "SAFE_TIMEOUT_S", 60.0)
    writing = threading.Event()

    class Watched(Flaky):
        def write(self, destinations: Sequence[Destination]) -> None:
            writing.set()
            super().write(destinations)

    async def scene() -> None:
        store = Watched()
        async with opened(store) as destinations:
            store.going.clear()
            destinations.keep(destination())
            assert await asyncio.to_thread(writing.wait, 5)
            destinations.keep(destination(asked_s=1))
            safe = asyncio.create_task(destinations.safe("example.com"))
            await asyncio.sleep(0)
            store.going.set()
            assert await safe
            assert MemoryStore.read(store, "example.com") == destination(asked_s=1)
            assert (store.batches, destinations.waiting) == ([1, 1], 0)

    asyncio.run(scene())


def full_of(count: int) -> Flaky:
    """Return a back end with so many destinations, of which the last was asked for last."""
    store = Flaky()
    MemoryStore.write(store, [destination(f"d{number}.example", asked_s=number) for number in range(count)])
    return store


def test_those_asked_for_last_are_in_memory_at_once_and_all_others_soon() -> None:
    async def scene() -> None:
        count = 3 * PAGE_DESTINATIONS
        store = full_of(count)
        async with opened(store, 1000) as destinations:
            at_once = len(destinations)
            assert destinations.look(f"d{count - 1}.example") is not None
            assert destinations.newest() == AT + timedelta(seconds=count - 1)
            async with asyncio.timeout(60):
                await destinations.filled.wait()
            assert (at_once < count, len(destinations)) == (True, count)
            store.refusing = True  # nothing is looked for any more that is not in memory
            assert await destinations.recall("other.example") is None
            assert not destinations.down

    asyncio.run(scene())


def test_what_is_not_read_yet_is_looked_for_in_the_back_end() -> None:
    async def scene() -> None:
        async with opened(full_of(3 * PAGE_DESTINATIONS), 1000) as destinations:
            assert destinations.look("d0.example") is None
            assert await destinations.recall("d0.example") is not None

    asyncio.run(scene())


def test_what_is_learnt_or_purged_meanwhile_is_not_undone_by_what_is_read() -> None:
    async def scene() -> None:
        store = full_of(3 * PAGE_DESTINATIONS)
        async with opened(store, 1000) as destinations:
            newer = destination("d0.example", asked_s=9999)
            destinations.keep(newer)
            MemoryStore.delete(store, "d1.example")
            store.going.clear()  # so that the page with it may have been read already
            purging = asyncio.create_task(destinations.purge("d1.example", AT))
            await asyncio.sleep(0)
            store.going.set()
            await purging
            async with asyncio.timeout(60):
                await destinations.filled.wait()
            assert destinations.look("d0.example") == newer
            assert destinations.look("d1.example") is None

    asyncio.run(scene())


def test_a_memory_that_is_full_is_not_filled_up() -> None:
    async def scene() -> None:
        room = 2 * PAGE_DESTINATIONS + 1
        async with opened(full_of(3 * PAGE_DESTINATIONS), room) as destinations:
            async with asyncio.timeout(60):
                await destinations.filled.wait()
            assert len(destinations) == room
            assert destinations.look(f"d{3 * PAGE_DESTINATIONS - 1}.example") is not None
            assert await destinations.recall("d0.example") is not None

    asyncio.run(scene())


def test_many_entries_share_transactions() -> None:
    async def scene() -> None:
        store = Flaky()
        async with opened(store) as destinations:
            for number in range(90):
                destinations.keep(destination(f"d{number}.example"))
            assert (
                await asyncio.gather(*(destinations.safe(f"d{number}.example") for number in range(90)))
                == [True] * 90
            )
            assert len(store.batches) <= 2

    asyncio.run(scene())


def test_while_the_back_end_refuses_answers_go_on_and_entries_wait() -> None:
    async def scene() -> None:
        store = Flaky()
        async with opened(store) as destinations:
            store.refusing = True
            destinations.keep(destination())
            assert await destinations.safe("example.com") is False
            assert (destinations.down, destinations.waiting, destinations.look("example.com")) == (
                True,
                1,
                destination(),
            )
            assert await destinations.recall("other.example") is None
            store.refusing = False
            assert await asyncio.to_thread(store.wrote.wait, 5)
            await destinations.recall("other.example")
            assert MemoryStore.read(store, "example.com") == destination()
            assert destinations.down is False

    asyncio.run(scene())


class Full(Flaky):
    """A back end on a full disk: it can be read and not written."""

    def write(self, destinations: Sequence[Destination]) -> None:
        raise StoreError("full")


def test_a_back_end_that_can_only_be_read_stays_down(caplog: pytest.LogCaptureFixture) -> None:
    async def scene() -> None:
        store = Full()
        MemoryStore.write(store, [destination()])
        async with opened(store) as destinations:
            destinations.keep(destination(asked_s=86_400))
            assert await destinations.safe("example.com") is False
            late = destination().asked_at + timedelta(days=1, seconds=1)
            for _ in range(3):
                assert list(await destinations.due(late, 10)) == []
                assert await destinations.recall("other.example") is None
            assert destinations.down is True
        lines = [record.getMessage() for record in caplog.records]
        assert lines == [
            "store: full; answers go on, entries wait",
            "store: 1 entries could not be written and are lost",
        ]

    asyncio.run(scene())


def test_a_back_end_that_is_read_again_is_down_until_what_waits_is_written(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STORE_RETRY_S", 0.0)
    monkeypatch.setattr(module, "SAFE_TIMEOUT_S", 60.0)
    monkeypatch.setattr(module, "OPERATION_TIMEOUT_S", 60.0)

    async def scene() -> None:
        store = Full(shared=True)
        async with opened(store) as destinations:
            destinations.keep(destination())
            assert await destinations.safe("example.com") is False
            MemoryStore.write(store, [destination("other.example")])
            assert await destinations.recall("other.example") == destination("other.example")
            assert (destinations.down, destinations.waiting) == (True, 1)

    asyncio.run(scene())
    assert [record.getMessage() for record in caplog.records] == [
        "store: full; answers go on, entries wait",
        "store: 1 entries could not be written and are lost",
    ]


def test_while_the_back_end_is_away_what_is_in_memory_is_refreshed() -> None:
    async def scene() -> None:
        store = Flaky()
        async with opened(store) as destinations:
            destinations.keep(destination())
            assert await destinations.safe("example.com")
            store.refusing = True
            destinations.keep(destination("other.example"))
            assert await destinations.safe("other.example") is False
            late = destination().asked_at + timedelta(days=2)
            assert [one.key for one in await destinations.due(late, 10)] == ["example.com", "other.example"]
            assert await destinations.due_count(late) == 2
            store.refusing = False

    asyncio.run(scene())


def test_what_is_to_be_refreshed_is_all_that_is_stored_whether_or_not_memory_has_it() -> None:
    class Unreadable(MemoryStore):
        def due_count(self, now: datetime) -> int:
            raise StoreError("told to refuse")

    async def scene(store: MemoryStore) -> tuple[int, int]:
        store.write([destination(f"d{number}.example") for number in range(3)])
        async with opened(store, destinations_max=1) as destinations:
            late = destination().asked_at + timedelta(days=2)
            return len(await destinations.due(late, 10)), await destinations.due_count(late)

    assert asyncio.run(scene(MemoryStore(9))) == (3, 3)
    assert asyncio.run(scene(Unreadable(9))) == (3, 1)


def test_a_back_end_that_hangs_is_said_to_and_is_not_said_to_be_back_at_the_end(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CLOSE_TIMEOUT_S", 0.05)

    async def scene() -> None:
        store = Flaky(shared=True)
        destinations = WriteBehind(store, 100)
        await destinations.open()
        store.going.clear()
        destinations.keep(destination())
        assert await destinations.recall("other.example") is None
        await destinations.close()
        store.going.set()

    asyncio.run(scene())
    assert [record.getMessage() for record in caplog.records] == [
        "store: no answer in time; answers go on, entries wait",
        "store: closing took longer than 0.05 s",
        "store: 1 entries could not be written and are lost",
    ]


def test_a_back_end_that_hangs_holds_nobody_up_for_long() -> None:
    async def scene() -> None:
        store = Flaky(shared=True)
        async with opened(store) as destinations:
            store.going.clear()
            destinations.keep(destination())
            assert await destinations.safe("example.com") is False
            assert await destinations.recall("example.com") == destination()
            assert destinations.failures > 0
            store.going.set()

    asyncio.run(scene())


def test_it_recovers_without_anything_to_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STORE_RETRY_S", 0.0)
    monkeypatch.setattr(module, "OPERATION_TIMEOUT_S", 60.0)

    async def scene() -> None:
        store = Flaky()
        MemoryStore.write(store, [destination("late.example")])
        store.refusing = True
        async with opened(store) as destinations:
            assert destinations.down
            store.refusing = False
            assert await destinations.recall("late.example") is not None
            assert destinations.down is False

    asyncio.run(scene())


def test_what_was_stored_is_in_memory_after_opening() -> None:
    async def scene() -> None:
        store = Flaky()
        MemoryStore.write(store, [destination(f"d{n}.example", asked_s=n) for n in range(9)])
        async with opened(store, destinations_max=3) as destinations:
            assert [destinations.look(f"d{n}.example") is not None for n in range(9)] == [False] * 6 + [
                True
            ] * 3

    asyncio.run(scene())


def test_of_a_shared_back_end_the_newer_policy_is_recalled() -> None:
    async def scene() -> None:
        store = Flaky(shared=True)
        async with opened(store) as destinations:
            destinations.keep(destination())
            assert await destinations.safe("example.com")
            newer = destination(
                policy=msgspec.structs.replace(POLICY, fetched_at=AT + timedelta(hours=1), id="2")
            )
            MemoryStore.write(store, [newer])
            assert await destinations.recall("example.com") == newer
            assert destinations.look("example.com") == newer

    asyncio.run(scene())


def test_closing_writes_what_waits() -> None:
    async def scene() -> None:
        store = Flaky()
        async with opened(store) as destinations:
            for number in range(50):
                destinations.keep(destination(f"d{number}.example"))
        assert len(store) == 50

    asyncio.run(scene())


def test_what_is_forgotten_is_not_written_again() -> None:
    async def scene() -> None:
        store = Flaky()
        async with opened(store) as destinations:
            destinations.keep(destination())
            assert await destinations.forget("example.com") is True
            assert await destinations.forget("example.com") is False
        assert len(store) == 0

    asyncio.run(scene())


def test_what_waits_is_bounded() -> None:
    async def scene() -> None:
        store = Flaky()
        store.refusing = True
        async with opened(store, destinations_max=10) as destinations:
            for number in range(40):
                destinations.keep(destination(f"d{number}.example"))
            assert (destinations.waiting, len(destinations)) == (10, 10)
            store.refusing = False

    asyncio.run(scene())


def test_without_a_back_end_memory_is_all_there_is() -> None:
    async def scene() -> None:
        destinations = WriteBehind(None, 100)
        await destinations.open()
        assert destinations.filled.is_set()
        assert destinations.newest() is None
        destinations.keep(destination())
        destinations.keep(destination("other.example", policy=None, asked_s=60))
        assert (destinations.shared, destinations.waiting, destinations.newest()) == (
            False,
            0,
            AT + timedelta(seconds=60),
        )
        assert await destinations.safe("example.com")
        assert await destinations.recall("example.com") == destination()
        due_at = AT + timedelta(days=1)
        assert [one.key for one in await destinations.due(due_at, 9)] == ["example.com"]
        assert [await destinations.due_count(at) for at in (due_at - timedelta(seconds=1), due_at)] == [0, 1]
        assert await destinations.take_purges(AT) == ()
        assert [await destinations.sweep(AT + timedelta(seconds=at)) for at in (60, 61)] == [0, 1]
        assert [await destinations.forget("example.com") for _ in range(2)] == [True, False]
        destinations.keep(destination())
        assert [await destinations.purge("example.com", AT) for _ in range(2)] == [True, False]
        await destinations.close()

    asyncio.run(scene())


@pytest.mark.parametrize("shared", [True, False])
def test_a_back_end_is_shared_where_it_says_so(*, shared: bool) -> None:
    async def scene() -> None:
        async with opened(Flaky(shared=shared)) as destinations:
            assert destinations.shared is shared

    asyncio.run(scene())


def test_of_a_shared_back_end_an_older_policy_is_not_recalled() -> None:
    async def scene() -> None:
        store = Flaky(shared=True)
        async with opened(store) as destinations:
            destinations.keep(destination())
            assert await destinations.safe("example.com")
            older = msgspec.structs.replace(POLICY, fetched_at=AT - timedelta(hours=1), id="0")
            MemoryStore.write(store, [destination(policy=older)])
            assert await destinations.recall("example.com") == destination()
            assert await destinations.recall("other.example") is None

    asyncio.run(scene())


def test_of_a_shared_back_end_nothing_is_recalled_in_the_place_of_what_waits_to_be_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "GATHER_S", 3600.0)
    monkeypatch.setattr(module, "OPERATION_TIMEOUT_S", 60.0)

    async def scene() -> None:
        store = Flaky(shared=True)
        async with opened(store) as destinations:
            destinations.keep(destination(policy=None))
            MemoryStore.write(store, [destination()])
            assert await destinations.recall("example.com") == destination(policy=None)
            assert (destinations.waiting, destinations.down) == (1, False)

    asyncio.run(scene())


@pytest.mark.parametrize(("learnt_s", "is_kept"), [(-1, False), (0, False), (1, True)])
def test_a_purge_of_another_daemon_takes_what_was_learnt_until_then(
    learnt_s: float, *, is_kept: bool
) -> None:
    async def scene() -> None:
        store = Flaky(shared=True)
        async with opened(store) as destinations:
            learnt = msgspec.structs.replace(POLICY, fetched_at=AT + timedelta(seconds=learnt_s))
            destinations.keep(destination(policy=learnt))
            assert await destinations.safe("example.com")
            store.purge("example.com", AT)
            MemoryStore.write(store, [destination(policy=learnt)])
            assert await destinations.take_purges(AT) == ["example.com"]
            assert (destinations.look("example.com") is not None) is is_kept
            assert (MemoryStore.read(store, "example.com") is not None) is is_kept
            assert await destinations.take_purges(AT) == [], "it is taken once"

    asyncio.run(scene())


def test_what_a_purge_found_decided_and_without_a_policy_goes_by_when_that_was() -> None:
    async def scene() -> None:
        store = Flaky(shared=True)
        async with opened(store) as destinations:
            destinations.keep(destination(policy=None, asked_s=3600))
            assert await destinations.safe("example.com")
            await asyncio.to_thread(store.purge, "example.com", AT)
            await destinations.take_purges(AT)
            assert destinations.look("example.com") is None, "it was decided at AT, whenever it was asked for"

    asyncio.run(scene())


def test_what_is_only_remembered_is_written_in_the_place_of_what_waits_and_alone_it_is_not() -> None:
    async def scene() -> None:
        store = Flaky()
        async with opened(store) as destinations:
            store.going.clear()
            destinations.remember(destination("alone.example"))
            assert (destinations.waiting, destinations.look("alone.example") is not None) == (0, True)
            destinations.keep(destination(asked_s=1))
            destinations.remember(destination(asked_s=2))
            assert [one.asked_at for one in destinations.unwritten()] == [AT + timedelta(seconds=2)]
            store.going.set()
        assert MemoryStore.read(store, "example.com") == destination(asked_s=2)
        assert MemoryStore.read(store, "alone.example") is None

    asyncio.run(scene())


@pytest.mark.parametrize("kept", [2, 3])
def test_what_had_to_leave_a_full_memory_is_looked_for_in_the_back_end(kept: int) -> None:
    """A memory of two that was filled from a small store had all of it; with the third that is kept it has not any more."""

    async def scene() -> None:
        store = Flaky()
        async with opened(store, destinations_max=2) as destinations:
            for number in range(kept):
                destinations.keep(destination(f"d{number}.example", asked_s=number))
                assert await destinations.safe(f"d{number}.example", alone=True)
            assert (destinations.look("d0.example") is None) is (kept > 2)
            assert await destinations.recall("d0.example") == destination("d0.example")

    asyncio.run(scene())
