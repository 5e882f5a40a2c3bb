"""Write behind: destinations are in memory before anything else, and a back end is written after them.

```
          look(key)                          memory                  no wait
          recall(key)                        memory, then back end   at most OPERATION_TIMEOUT_S, not while it is down
          keep(destination)                  memory now, back end soon
          keep(destination), then safe(key)  memory now, back end before it returns, at most SAFE_TIMEOUT_S
          remember(destination)              memory alone: nothing is in it that has to outlive the process
```
Without a back end memory is all there is. One thread of its own does all work of the back end, in order. What waits to
be written is a mapping from key to the newest of a destination, so that it is never larger than the memory, and whole
batches share one transaction. While the back end is down answers go on as before: destinations wait, and it is tried
again every STORE_RETRY_S. It costs freshness, never an answer. One that can be read but not written, for its disk is full, is down
until what waits is written.

Opened, it has in memory those asked for last, and reads the others while answers are given already; until then what is not in
memory is looked for in the back end.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from mxproof.store.destinations.destination import OPERATION_TIMEOUT_S, Destination, Purge, Store, StoreError
from mxproof.store.destinations.memory import MemoryStore

BATCH_MAX = 500
GATHER_S = 0.01
"""How long destinations are gathered before they are written together: a fraction of what it took to find one out. Where
somebody waits for the only one that is under way, there is nothing to gather."""
FILL_PAUSE_S = 0.002
"""How long answers have the process to themselves before more is read into memory."""
STORE_RETRY_S = 5.0
SAFE_TIMEOUT_S = 3.0
CLOSE_TIMEOUT_S = 10.0
CLOCKS_DIFFER_S = 120.0

Result = TypeVar("Result")

_log = logging.getLogger("mxproof.store")


class WriteBehind:
    """Entries of one daemon; `failures` counts what the back end did not do, `down` tells whether it is away.

    `filled` is set as soon as no more is read into memory. A memory that is `complete` holds all that the back end does, so that what is not in it need not be looked for.
    """

    def __init__(self, store: Store | None, destinations_max: int) -> None:
        self.failures = 0
        self.down = False
        self._store = store
        self._destinations_max = destinations_max
        self._memory = MemoryStore(destinations_max)
        self._complete = store is None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._waiting: dict[str, Destination] = {}
        self._woken = asyncio.Event()
        self._hurried = asyncio.Event()
        self._unsafe: list[tuple[Destination, asyncio.Future[bool]]] = []
        self._retry_at = 0.0
        self.filled = asyncio.Event()
        self._fits = True
        self._forgotten: set[str] = set()
        self._filler: asyncio.Task[None] | None = None
        self._writer: asyncio.Task[None] | None = None
        self._purges_since: datetime | None = None
        self._purges_taken: frozenset[Purge] = frozenset()

    def __len__(self) -> int:
        """Return how many destinations are in memory."""
        return len(self._memory)

    @property
    def shared(self) -> bool:
        """Tell whether other daemons may write to the back end."""
        return self._store is not None and self._store.shared

    def newest(self) -> datetime | None:
        """Return when the destination in memory that was asked for last was, None without one."""
        return max((one.asked_at for one in self._memory.load(self._destinations_max)), default=None)

    def held(self) -> Sequence[Destination]:
        """Return all that is in memory."""
        return self._memory.load(self._destinations_max)

    def unwritten(self) -> Sequence[Destination]:
        """Return what waits to be written, by key."""
        return [self._waiting[key] for key in sorted(self._waiting)]

    @property
    def waiting(self) -> int:
        """Return how many destinations are not written yet."""
        return len(self._waiting)

    async def open(self) -> None:
        """Fill the memory from the back end and begin to write behind it."""
        if self._store is None:
            self.filled.set()
            return
        pages = self._store.pages(self._destinations_max)
        is_more = await self._fill(pages) and await self._fill(
            pages
        )  # the second is the end of a small store
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_behind())
        if is_more:
            self._filler = asyncio.create_task(self._fill_up(pages))
            self._filler.add_done_callback(lambda _: self._end_filling(pages))
        else:
            self.filled.set()

    async def _fill_up(self, pages: Generator[Sequence[Destination], None, None]) -> None:
        """Read on until everything is in memory that is stored or that has room."""
        is_more = True
        while is_more:
            await asyncio.sleep(FILL_PAUSE_S)
            is_more = await self._fill(pages)
        _log.info("store: %d destinations in memory", len(self))

    def _end_filling(self, pages: Generator[Sequence[Destination], None, None]) -> None:
        """Let go of what was read, also where that was called off before it had begun."""
        self.filled.set()
        self._forgotten.clear()
        self._thread.submit(pages.close)

    async def _fill(self, pages: Iterator[Sequence[Destination]]) -> bool:
        """Take one page into memory; tell whether there may be more."""
        page = await self._do(partial(next, pages, ()))
        if page is None:
            return False
        if not page or not self._fits:
            self._complete = self._fits
            return False
        page = sorted(page, key=lambda destination: destination.asked_at, reverse=True)
        self._memory.fill([one for one in page if one.key not in self._forgotten])
        self._note_room()
        return True

    def _note_room(self) -> None:
        """Note that memory is full: it may lack something that is stored from then on, whatever leaves it later."""
        self._fits = self._fits and len(self) < self._destinations_max

    async def close(self) -> None:
        """Write what waits, at most CLOSE_TIMEOUT_S, and let go of the back end."""
        for task in (self._filler, self._writer):
            if task is not None:
                task.cancel()
                await asyncio.wait([task])
        self._filler = self._writer = None
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                while self._waiting and await self._write_batch():
                    pass
                if self._store is not None:
                    await asyncio.get_running_loop().run_in_executor(self._thread, self._store.close)
        except TimeoutError:
            _log.error("store: closing took longer than %g s", CLOSE_TIMEOUT_S)
        except StoreError as error:
            _log.error("store: %s", error)
        if self._waiting:
            _log.error("store: %d entries could not be written and are lost", self.waiting)
        self._thread.shutdown(wait=False, cancel_futures=True)

    def look(self, key: str) -> Destination | None:
        """Return what is in memory."""
        return self._memory.read(key)

    async def recall(self, key: str) -> Destination | None:
        """Return what is in memory, or in the back end; of two the one whose policy is the newer."""
        known = self._memory.read(key)
        if self._store is None or (not self._store.shared and (known is not None or self._complete)):
            return known
        if self.down and asyncio.get_running_loop().time() < self._retry_at:
            return known
        stored = await self._do(partial(self._store.read, key), OPERATION_TIMEOUT_S)
        if stored is None or key in self._waiting:
            return known
        if known is None or _fetched_at(stored) > _fetched_at(known):
            self._memory.write((stored,))
            return stored
        return known

    def keep(self, destination: Destination) -> None:
        """Keep `destination` in memory and have it written."""
        self._memory.write((destination,))
        if self._store is None:
            return
        self._note_room()
        self._complete = self._complete and self._fits
        self._waiting.pop(destination.key, None)
        self._waiting[destination.key] = self._held(destination.key)
        while len(self._waiting) > self._destinations_max:
            del self._waiting[next(iter(self._waiting))]
        self._woken.set()

    def remember(self, destination: Destination) -> None:
        """Keep `destination` in memory; where an earlier one waits to be written, this is written in its place."""
        self._memory.write((destination,))
        if destination.key in self._waiting:
            self._waiting[destination.key] = self._held(destination.key)

    def _held(self, key: str) -> Destination:
        """Return what is in memory of the destination that was kept last, with the policy of an earlier one where it has none."""
        kept = self._memory.read(key)
        assert kept is not None, "what was written last does not leave"
        return kept

    async def safe(self, key: str, *, alone: bool = False) -> bool:
        """Return when what was kept of `key` is written; False where that took too long or the back end is down.

        `alone` tells that nothing else is about to be kept, so that it is written without a pause to gather more.
        """
        destination = self._waiting.get(key)
        if destination is None or self.down:
            return destination is None
        written: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._unsafe.append((destination, written))
        if alone:
            self._hurried.set()
        try:
            async with asyncio.timeout(SAFE_TIMEOUT_S):
                return await written
        except TimeoutError:
            return False

    async def due(self, now: datetime, destinations_max: int) -> Sequence[Destination]:
        """Return destinations to refresh: of all that are stored, or of those in memory while the back end is down.

        What is refreshed then cannot be written, so that the back end would name the same ones again and again.
        """
        if self._store is not None and not self.down:
            found = await self._do(partial(self._store.due, now, destinations_max))
            if found is not None:
                return found
        return self._memory.due(now, destinations_max)

    async def due_count(self, now: datetime) -> int:
        """Return how many destinations there are to refresh."""
        if self._store is not None and not self.down:
            found = await self._do(partial(self._store.due_count, now))
            if found is not None:
                return found
        return self._memory.due_count(now)

    async def sweep(self, before: datetime) -> int:
        """Forget what holds no policy and was asked for before `before`; return how many the back end held."""
        swept = self._memory.sweep(before)
        if self._store is None:
            return swept
        return await self._do(partial(self._store.sweep, before)) or 0

    async def purge(self, key: str, at: datetime) -> bool:
        """Forget one destination at an operator's word, for all daemons; as `forget` else."""
        known = self._forget_here(key)
        store = self._store
        if store is None:
            return known
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, store.purge, key, at) or known

    def _forget_here(self, key: str) -> bool:
        """Forget one destination in memory, where it does not come back from a page that was read before."""
        self._keep_out(key)
        self._waiting.pop(key, None)
        return self._memory.delete(key)

    def _keep_out(self, key: str) -> None:
        """Let no page that was read before bring a destination back."""
        if not self.filled.is_set():
            self._forgotten.add(key)

    async def take_purges(self, now: datetime) -> Sequence[str]:
        """Forget what other daemons were told to purge since the last time, and return it.

        What was learnt after the purge stays. Clocks of machines differ, so what lies CLOCKS_DIFFER_S back is looked at
        again.
        """
        if not self.shared or self._store is None:
            return ()
        since = self._purges_since or now
        found = await self._do(partial(self._store.purges, since - timedelta(seconds=CLOCKS_DIFFER_S)))
        if found is None:
            return ()
        self._purges_since = now
        new = [one for one in found if one not in self._purges_taken]
        self._purges_taken = frozenset(found)
        taken = []
        for key, at in new:
            stored = await self._do(partial(self._store.read, key))
            if stored is not None and _learnt_at(stored) <= at:
                await self._do(partial(self._store.delete, key))
            self._keep_out(key)
            known = self._memory.read(key)
            if known is not None and _learnt_at(known) <= at:
                self._forget_here(key)
            taken.append(key)
        return taken

    async def forget(self, key: str) -> bool:
        """Forget one destination everywhere; tell whether it was known. Raises StoreError where that failed."""
        known = self._forget_here(key)
        store = self._store
        if store is None:
            return known
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, store.delete, key) or known

    async def _write_behind(self) -> None:
        while True:
            await self._woken.wait()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(GATHER_S):
                    await self._hurried.wait()
            self._woken.clear()
            self._hurried.clear()
            while self._waiting:
                if not await self._write_batch():
                    await asyncio.sleep(STORE_RETRY_S)

    async def _write_batch(self) -> bool:
        batch = [
            destination for _, destination in zip(range(BATCH_MAX), self._waiting.values(), strict=False)
        ]

        store = self._store
        assert store is not None, "nothing waits without a back end"

        def write() -> bool:
            store.write(batch)
            return True

        written = await self._do(write) is True
        for destination in batch if written else ():
            if self._waiting.get(destination.key) is destination:
                del self._waiting[destination.key]
        if written:
            self._is_back()
        unsafe, self._unsafe = self._unsafe, []
        for destination, future in unsafe:
            if future.done():
                continue
            if written and self._waiting.get(destination.key) is destination:
                self._unsafe.append((destination, future))
            else:
                future.set_result(written)
        return written

    async def _do(self, work: Callable[[], Result], timeout_s: float | None = None) -> Result | None:
        """Have the thread do `work`; None where it could not, or not in time."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout_s):
                result = await loop.run_in_executor(self._thread, work)
        except (StoreError, TimeoutError) as error:
            self.failures += 1
            if not self.down:
                _log.error("store: %s; answers go on, entries wait", str(error) or "no answer in time")
            self.down = True
            self._retry_at = loop.time() + STORE_RETRY_S
            return None
        if not self._waiting:
            self._is_back()
        return result

    def _is_back(self) -> None:
        if self.down:
            _log.warning("store: back, %d entries wait", self.waiting)
        self.down = False


def _learnt_at(destination: Destination) -> datetime:
    """Return when the policy was fetched, or else what was decided."""
    policy, decision = destination.held.policy, destination.held.decision
    if policy is not None:
        return policy.fetched_at
    return destination.asked_at if decision is None else decision.at


def _fetched_at(destination: Destination) -> float:
    policy = destination.held.policy
    return 0.0 if policy is None else policy.fetched_at.timestamp()
