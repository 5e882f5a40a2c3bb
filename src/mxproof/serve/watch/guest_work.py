"""Checks that guests of the pages ask for, made beside those on a schedule: a few at once, with the same asker and its manners.

What is asked is what the schedule asks, so that nobody is led anywhere but to public addresses (`net/reach`).
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Final

from mxproof.evidence.evidence import Evidence
from mxproof.evidence.parts import parts_of
from mxproof.serve.watch.metrics import DONE, LOST, WatchCounts
from mxproof.serve.watch.store_thread import WATCH_STORE_RETRY_S, StoreThread
from mxproof.serve.watch.worker import IDLE_MAX_S, LEASE_S, WATCH_SWEEP_S
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.guest_checks import ClaimedGuestCheck, GuestJournal

GUESTS_AT_ONCE: Final = 2
"""Checks of guests that one worker makes at once, so that they take little of what the schedule needs."""

_LEASE: Final = timedelta(seconds=LEASE_S)

_log = logging.getLogger("mxproof.watch")


class GuestWork:
    """This work of one worker; `observed` asks all about a domain, `stirred` is set whenever something of it was kept."""

    def __init__(
        self,
        name: str,
        observed: Callable[[str], Awaitable[Evidence]],
        guests: GuestJournal,
        store: StoreThread,
        counts: WatchCounts,
        now: Callable[[], datetime],
        stirred: asyncio.Event,
    ) -> None:
        self.stirred = stirred
        self._name = name
        self._observed = observed
        self._guests = guests
        self._store = store
        self._counts = counts
        self._now = now
        self._under_way: dict[asyncio.Task[None], ClaimedGuestCheck] = {}
        self._woken = asyncio.Event()

    def stir(self) -> None:
        """Look at once whether somebody asked."""
        self._woken.set()

    async def work(self) -> None:
        """Make what is asked for, as long as it is not cancelled; what is under way then is given back."""
        try:
            while True:
                for claim in await self._claimed(GUESTS_AT_ONCE - len(self._under_way)):
                    task = asyncio.create_task(self._make(claim))
                    self._under_way[task] = claim
                    task.add_done_callback(self._is_done)
                await self._waited()
        finally:
            await self._give_back()

    async def sweep(self) -> None:
        """Take away what is kept no longer, now and then."""
        while True:
            try:
                while await self._store.does(lambda _: self._guests.sweep(self._now())):
                    pass
            except JournalError as error:
                self._store.is_down(error)
            await asyncio.sleep(WATCH_SWEEP_S)

    async def _claimed(self, room: int) -> list[ClaimedGuestCheck]:
        if not room:
            return []
        now = self._now()
        try:
            if not await self._store.does(lambda _: self._guests.is_waiting(now, _LEASE)):
                return []
            return await self._store.does(lambda _: self._guests.claim(self._name, now, _LEASE, room))
        except JournalError as error:
            self._store.is_down(error)
            await asyncio.sleep(WATCH_STORE_RETRY_S)
            return []

    async def _waited(self) -> None:
        """Wait until there may be something to do: a check is made, or somebody asked, which another process may know alone."""
        woken = asyncio.create_task(self._woken.wait())
        waited_for: list[asyncio.Task[Any]] = [woken, *self._under_way]
        try:
            await asyncio.wait(waited_for, timeout=IDLE_MAX_S, return_when=asyncio.FIRST_COMPLETED)
        finally:
            woken.cancel()
        self._woken.clear()

    async def _make(self, claim: ClaimedGuestCheck) -> None:
        began_s = time.monotonic()
        evidence = await self._observed(claim.domain)
        parts = parts_of(evidence)
        with contextlib.suppress(JournalError):
            kept = await self._store.does_until(
                lambda _: self._guests.finish(claim, parts, self._now()),
                lambda: self._now() < claim.leased_until,
            )
            self.stirred.set()
            self._counts.guests[DONE if kept else LOST] += 1
            _log.debug("guest domain=%s took_s=%.2f", claim.domain, time.monotonic() - began_s)

    def _is_done(self, task: asyncio.Task[None]) -> None:
        del self._under_way[task]
        if not task.cancelled() and (error := task.exception()) is not None:
            self._counts.fault()
            _log.error("fault of mxproof; the check of a guest is made again", exc_info=error)

    async def _give_back(self) -> None:
        claims, tasks = list(self._under_way.values()), list(self._under_way)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if not claims:
            return
        try:
            await self._store.does(lambda _: self._guests.give_back(claims))
        except JournalError as error:
            self._store.is_down(error)
