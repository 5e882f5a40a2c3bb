"""The store as the loop uses it: a thread of its own does one thing after the other, and whether it is away is said once."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from mxproof.serve.watch.metrics import WatchCounts
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.watch_journal import WatchJournal

WATCH_STORE_RETRY_S = 10.0

_log = logging.getLogger("mxproof.watch")

Result = TypeVar("Result")


class StoreThread:
    """The thread, and what is known of the store."""

    def __init__(self, watch: WatchJournal, counts: WatchCounts) -> None:
        self._watch = watch
        self._counts = counts
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")

    async def does(self, work: Callable[[WatchJournal], Result]) -> Result:
        """Have `work` done and return what it returns; raises JournalError."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, self._watch)

    async def does_until(self, work: Callable[[WatchJournal], Result], is_time: Callable[[], bool]) -> Result:
        """Have `work` done, which may be done twice, again and again while the store is away and it `is_time`; raises JournalError after that."""
        while True:
            try:
                result = await self.does(work)
            except JournalError as error:
                self.is_down(error)
                if not is_time():
                    raise
            else:
                self.is_up()
                return result
            await asyncio.sleep(WATCH_STORE_RETRY_S)

    def is_down(self, error: JournalError) -> None:
        """Say so, once."""
        if not self._counts.store_down:
            _log.error("store: %s; nothing is checked until it is back", error)
        self._counts.store_down = True

    def is_up(self) -> None:
        """Say so where it was away."""
        if self._counts.store_down:
            _log.warning("store: back")
        self._counts.store_down = False

    def close(self) -> None:
        """End when what is under way is done."""
        self._thread.shutdown(wait=True)
