"""A back end of destinations without a thread: each step happens at once, and a test says what happens in the middle of it."""

from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Sequence
from concurrent.futures import Executor, Future
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, ClassVar, ParamSpec, TypeVar

import msgspec

import support_clock
from mxproof.store.destinations.destination import Destination, Purge, StoreError
from mxproof.store.destinations.memory import MemoryStore
from mxproof.store.destinations.write_behind import WriteBehind
from support_store import AT, POLICY, destination

P = ParamSpec("P")
T = TypeVar("T")


class BackEnd(MemoryStore):
    """A back end that notes what it is asked for, refuses what stands in `refusing`, and first does what `meanwhile` has for it."""

    def __init__(self, *, shared: bool = False) -> None:
        super().__init__(10_000)
        self.shared = shared
        self.asked: list[str] = []
        self.refusing: set[str] = set()
        self.meanwhile: dict[str, Callable[[], object]] = {}
        self._readings: list[object] = []

    def _ask(self, what: str) -> None:
        assert AtOnce.is_at_work, "a back end is used by one thread alone"
        self.asked.append(what)
        if what in self.meanwhile:
            self.meanwhile.pop(what)()
        if what in self.refusing:
            raise StoreError("told to refuse")

    def stored(self, key: str) -> Destination | None:
        """Return what is stored, without asking for it."""
        return super().read(key)

    def pages(self, destinations_max: int) -> Generator[Sequence[Destination], None, None]:
        """Yield pages; the end of the reading is noted, which comes when it is ended, not when it is thrown away."""
        reading = self._pages(destinations_max)
        self._readings.append(reading)
        return reading

    def _pages(self, destinations_max: int) -> Generator[Sequence[Destination], None, None]:
        try:
            for page in super().pages(destinations_max):
                self._ask("page")
                yield page
        finally:
            self.asked.append("pages closed")

    def read(self, key: str) -> Destination | None:
        """Return one destination."""
        self._ask("read")
        return super().read(key)

    def write(self, destinations: Sequence[Destination]) -> None:
        """Keep `destinations`."""
        self._ask("write")
        super().write(destinations)

    def due(self, now: datetime, destinations_max: int) -> Sequence[Destination]:
        """Return destinations to refresh."""
        self._ask("due")
        return super().due(now, destinations_max)

    def due_count(self, now: datetime) -> int:
        """Return how many there are to refresh."""
        self._ask("due_count")
        return super().due_count(now)

    def sweep(self, before: datetime) -> int:
        """Forget what holds no policy."""
        self._ask("sweep")
        return super().sweep(before)

    def delete(self, key: str) -> bool:
        """Forget one destination."""
        self._ask("delete")
        return super().delete(key)

    def purge(self, key: str, at: datetime) -> bool:
        """Forget one destination, and note that."""
        self._ask("purge")
        return super().purge(key, at)

    def purges(self, since: datetime) -> Sequence[Purge]:
        """Return what was purged."""
        self._ask("purges")
        return super().purges(since)

    def close(self) -> None:
        """Note it."""
        self._ask("close")


class Another:
    """Another daemon at the same back end: what it does is not among what that was asked for."""

    def __init__(self, store: BackEnd) -> None:
        self._store = store

    def write(self, *destinations: Destination) -> None:
        """Keep destinations."""
        super(BackEnd, self._store).write(destinations)

    def purge(self, key: str, seconds: float) -> None:
        """Purge so many seconds after AT."""
        purge = super(BackEnd, self._store).purge
        AtOnce().submit(purge, key, AT + timedelta(seconds=seconds)).result()


class AtOnce(Executor):
    """Does everything when it is handed over, in place of a thread."""

    is_at_work: ClassVar[bool] = False

    def submit(self, work: Callable[P, T], /, *given: P.args, **named: P.kwargs) -> Future[T]:
        """Do it, and return what became of it."""
        future: Future[T] = Future()
        AtOnce.is_at_work = True
        try:
            future.set_result(work(*given, **named))
        except Exception as error:  # noqa: BLE001 - whoever waits gets it
            future.set_exception(error)
        finally:
            AtOnce.is_at_work = False
        return future


def many(count: int) -> list[Destination]:
    """Return so many destinations, of which the last was asked for last."""
    return [destination(f"d{number}.example", asked_s=number) for number in range(count)]


def fetched(seconds: float, key: str = "example.com") -> Destination:
    """Return a destination whose policy was fetched so many seconds after AT."""
    return destination(key, msgspec.structs.replace(POLICY, fetched_at=AT + timedelta(seconds=seconds)))


@asynccontextmanager
async def in_front_of(store: BackEnd, destinations_max: int = 1000) -> AsyncIterator[WriteBehind]:
    """Open the destinations in front of a back end, for a block."""
    destinations = WriteBehind(store, destinations_max)
    destinations._thread.shutdown()
    destinations._thread = AtOnce()  # type: ignore[assignment] # what of a pool is used
    await destinations.open()
    try:
        yield destinations
    finally:
        await destinations.close()


def run(scene: Coroutine[Any, Any, T]) -> T:
    """Run a scene on a clock that leaps over every wait: nothing comes from outside."""
    return support_clock.run(scene, patience_s=0.0)
