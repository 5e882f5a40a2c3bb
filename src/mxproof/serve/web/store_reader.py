"""What the pages read from the store, and judge of it: beside the loop, one thing after another, and each report once."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from mxproof.evidence.evidence import Evidence
from mxproof.judge.checked import Checked, terms
from mxproof.judge.judging import report_on
from mxproof.mail.assemble import assemble
from mxproof.remedy.proving import proven
from mxproof.store.journal.access_journal import AccessJournal
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.watch_journal import WatchJournal

REPORTS_HELD_MAX: Final = 64

Found = TypeVar("Found")


class StoreReader:
    """The store of the watch, as whoever looks uses it."""

    def __init__(self, store: str) -> None:
        self._journal = Journal(store)
        self.watch = WatchJournal(self._journal)
        self.access = AccessJournal(self._journal)
        self._reading = ThreadPoolExecutor(1, thread_name_prefix="web-store")
        self._judging = ThreadPoolExecutor(1, thread_name_prefix="web-judge")
        self._reports: OrderedDict[int, Checked] = OrderedDict()

    def close(self) -> None:
        """Let go of threads and of the store."""
        for one in (self._judging, self._reading):
            one.shutdown(wait=True, cancel_futures=True)
        self._journal.close()

    async def read(self, work: Callable[[], Found]) -> Found:
        """Do `work` with the store, after what others want of it; raises JournalError."""
        return await asyncio.get_running_loop().run_in_executor(self._reading, work)

    async def judge(self, work: Callable[[], Found]) -> Found:
        """Do work that takes a while and no store."""
        return await asyncio.get_running_loop().run_in_executor(self._judging, work)

    async def evidence(self, check: int) -> Evidence | None:
        """Return the evidence of a check, None where it is kept no longer."""
        return await self.read(lambda: self.watch.evidence(check))

    async def checked(self, check: int) -> Checked | None:
        """Return the report on a check as of its moment, its fixes verified; None where the evidence is kept no longer."""
        held = self._reports.get(check)
        if held is not None:
            self._reports.move_to_end(check)
            return held
        evidence = await self.evidence(check)
        if evidence is None:
            return None
        found = await self.judge(lambda: _checked(evidence))
        self._reports[check] = found
        while len(self._reports) > REPORTS_HELD_MAX:
            self._reports.popitem(last=False)
        return found


def _checked(evidence: Evidence) -> Checked:
    now = evidence.observed_at()
    report = proven(report_on(evidence, now=now), evidence, now=now)
    return Checked(report, terms=terms(assemble(evidence, now)))
