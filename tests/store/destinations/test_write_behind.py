"""The keeper in front of a back end that fails, hangs, or is shared."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import msgspec
import pytest

from mxproof.store.destinations import write_behind as module
from mxproof.store.destinations.entry import Entry, StoreError
from mxproof.store.destinations.memory import MemoryStore
from mxproof.store.destinations.write_behind import Keeper
from support_store import AT, POLICY, entry


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

    def read(self, key: str) -> Entry | None:
        self._gate()
        return super().read(key)

    def write(self, entries: Sequence[Entry]) -> None:
        self._gate()
        self.batches.append(len(entries))
        super().write(entries)
        self.wrote.set()

    def close(self) -> None:
        self._gate()

    def load(self, entries_max: int) -> Sequence[Entry]:
        self._gate()
        return super().load(entries_max)


@asynccontextmanager
async def opened(store: MemoryStore, entries_max: int = 100) -> AsyncIterator[Keeper]:
    keeper = Keeper(store, entries_max)
    await keeper.open()
    try:
        yield keeper
    finally:
        await keeper.close()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RETRY_S", 0.01)
    monkeypatch.setattr(module, "SAFE_TIMEOUT_S", 0.2)
    monkeypatch.setattr(module, "OPERATION_TIMEOUT_S", 0.1)


def test_what_is_safe_is_in_the_back_end() -> None:
    async def scene() -> None:
        store = Flaky()
        async with opened(store) as keeper:
            keeper.keep(entry())
            assert keeper.look("example.com") == entry()
            assert await keeper.safe("example.com")
            assert MemoryStore.read(store, "example.com") == entry()

    asyncio.run(scene())


def test_many_entries_share_transactions() -> None:
    async def scene() -> None:
        store = Flaky()
        async with opened(store) as keeper:
            for number in range(90):
                keeper.keep(entry(f"d{number}.example"))
            assert (
                await asyncio.gather(*(keeper.safe(f"d{number}.example") for number in range(90)))
                == [True] * 90
            )
            assert len(store.batches) <= 2

    asyncio.run(scene())


def test_while_the_back_end_refuses_answers_go_on_and_entries_wait() -> None:
    async def scene() -> None:
        store = Flaky()
        async with opened(store) as keeper:
            store.refusing = True
            keeper.keep(entry())
            assert await keeper.safe("example.com") is False
            assert (keeper.down, keeper.waiting, keeper.look("example.com")) == (True, 1, entry())
            assert await keeper.recall("other.example") is None
            store.refusing = False
            assert await asyncio.to_thread(store.wrote.wait, 5)
            await keeper.recall("other.example")
            assert MemoryStore.read(store, "example.com") == entry()
            assert keeper.down is False

    asyncio.run(scene())


class Full(Flaky):
    """A back end on a full disk: it can be read and not written."""

    def write(self, entries: Sequence[Entry]) -> None:
        raise StoreError("full")


def test_a_back_end_that_can_only_be_read_stays_down(caplog: pytest.LogCaptureFixture) -> None:
    async def scene() -> None:
        store = Full()
        MemoryStore.write(store, [entry()])
        async with opened(store) as keeper:
            keeper.keep(entry(asked_s=86_400))
            assert await keeper.safe("example.com") is False
            late = entry().asked_at + timedelta(days=1, seconds=1)
            for _ in range(3):
                assert list(await keeper.due(late, 10)) == []
                assert await keeper.recall("other.example") is None
            assert keeper.down is True
        lines = [record.getMessage() for record in caplog.records]
        assert lines == [
            "store: full; answers go on, entries wait",
            "store: 1 entries could not be written and are lost",
        ]

    asyncio.run(scene())


def test_while_the_back_end_is_away_what_is_in_memory_is_refreshed() -> None:
    async def scene() -> None:
        store = Flaky()
        async with opened(store) as keeper:
            keeper.keep(entry())
            assert await keeper.safe("example.com")
            store.refusing = True
            keeper.keep(entry("other.example"))
            assert await keeper.safe("other.example") is False
            late = entry().asked_at + timedelta(days=2)
            assert [one.key for one in await keeper.due(late, 10)] == ["example.com", "other.example"]
            store.refusing = False

    asyncio.run(scene())


def test_a_back_end_that_hangs_is_said_to_and_is_not_said_to_be_back_at_the_end(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CLOSE_TIMEOUT_S", 0.05)

    async def scene() -> None:
        store = Flaky(shared=True)
        keeper = Keeper(store, 100)
        await keeper.open()
        store.going.clear()
        keeper.keep(entry())
        assert await keeper.recall("other.example") is None
        await keeper.close()
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
        async with opened(store) as keeper:
            store.going.clear()
            keeper.keep(entry())
            assert await keeper.safe("example.com") is False
            assert await keeper.recall("example.com") == entry()
            assert keeper.failures > 0
            store.going.set()

    asyncio.run(scene())


def test_it_recovers_without_anything_to_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RETRY_S", 0.0)

    async def scene() -> None:
        store = Flaky()
        MemoryStore.write(store, [entry("late.example")])
        store.refusing = True
        async with opened(store) as keeper:
            assert keeper.down
            store.refusing = False
            assert await keeper.recall("late.example") is not None
            assert keeper.down is False

    asyncio.run(scene())


def test_what_was_stored_is_in_memory_after_opening() -> None:
    async def scene() -> None:
        store = Flaky()
        MemoryStore.write(store, [entry(f"d{n}.example", asked_s=n) for n in range(9)])
        async with opened(store, entries_max=3) as keeper:
            assert [keeper.look(f"d{n}.example") is not None for n in range(9)] == [False] * 6 + [True] * 3

    asyncio.run(scene())


def test_of_a_shared_back_end_the_newer_policy_is_recalled() -> None:
    async def scene() -> None:
        store = Flaky(shared=True)
        async with opened(store) as keeper:
            keeper.keep(entry())
            assert await keeper.safe("example.com")
            newer = entry(policy=msgspec.structs.replace(POLICY, fetched_at=AT + timedelta(hours=1), id="2"))
            MemoryStore.write(store, [newer])
            assert await keeper.recall("example.com") == newer
            assert keeper.look("example.com") == newer

    asyncio.run(scene())


def test_closing_writes_what_waits() -> None:
    async def scene() -> None:
        store = Flaky()
        async with opened(store) as keeper:
            for number in range(50):
                keeper.keep(entry(f"d{number}.example"))
        assert len(store) == 50

    asyncio.run(scene())


def test_what_is_forgotten_is_not_written_again() -> None:
    async def scene() -> None:
        store = Flaky()
        async with opened(store) as keeper:
            keeper.keep(entry())
            assert await keeper.forget("example.com") is True
            assert await keeper.forget("example.com") is False
        assert len(store) == 0

    asyncio.run(scene())


def test_what_waits_is_bounded() -> None:
    async def scene() -> None:
        store = Flaky()
        store.refusing = True
        async with opened(store, entries_max=10) as keeper:
            for number in range(40):
                keeper.keep(entry(f"d{number}.example"))
            assert (keeper.waiting, len(keeper)) == (10, 10)
            store.refusing = False

    asyncio.run(scene())
