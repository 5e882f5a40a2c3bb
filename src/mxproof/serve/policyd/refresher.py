"""Fetch policies again before they end, whether or not mail goes there (RFC 8461 sections 3.3 and 10.2).

A policy is refreshed by the same flight that a question of Postfix takes. One for a destination that nobody has
written to for UNUSED_S is let go: it ends when its time is over.
"""

import asyncio
import logging
from datetime import datetime, timedelta

import msgspec

from mxproof.formats.postfix.next_hop import next_hop
from mxproof.judge.decision import expires_at, is_live
from mxproof.serve.policyd.answers import Answers
from mxproof.serve.policyd.metrics import Meter
from mxproof.store.destinations.entry import Entry, StoreError
from mxproof.store.destinations.write_behind import Keeper

ROUND_S = 60.0
ROUND_ENTRIES_MAX = 500
AT_ONCE_MAX = 16
UNUSED_S = 90 * 86_400.0

_log = logging.getLogger("mxproof.policyd")


class Refresher:
    """The rounds of refreshing; the gauge `policies_due` is what the last one found."""

    def __init__(self, answers: Answers, keeper: Keeper, meter: Meter) -> None:
        self._answers = answers
        self._keeper = keeper
        self._meter = meter

    async def run(self) -> None:
        """Go round until cancelled; a full round is followed by the next at once."""
        while True:
            if await self.go_round() < ROUND_ENTRIES_MAX:
                await asyncio.sleep(ROUND_S)

    async def go_round(self) -> int:
        """Refresh what is due and return how many there were."""
        now = self._answers.now()
        due = await self._keeper.due(now, ROUND_ENTRIES_MAX)
        self._meter.gauges["policies_due"] = len(due)
        slots = asyncio.Semaphore(AT_ONCE_MAX)

        async def one(entry: Entry) -> None:
            async with slots:
                await self._refresh(entry, now)

        await asyncio.gather(*(one(entry) for entry in due))
        return len(due)

    async def _refresh(self, entry: Entry, now: datetime) -> None:
        hop = next_hop(entry.key)
        if hop is None or not is_live(entry.held.policy, now):
            await self._let_go(entry, now)
            return
        if now - entry.asked_at > timedelta(seconds=UNUSED_S):
            self._keeper.keep(msgspec.structs.replace(entry, refresh_at=_end(entry)))
            return
        try:
            after = await self._answers.fly(hop, refresh=True)
        except Exception:  # noqa: BLE001 - the round is a boundary, and the flight has logged it
            self._meter.refreshes["error"] += 1
            return
        before, held = entry.held.policy, after.held.policy
        done = before is not None and held is not None and held.fetched_at > before.fetched_at
        self._meter.refreshes["done" if done else "failed"] += 1

    async def _let_go(self, entry: Entry, now: datetime) -> None:
        """Forget a policy that is over, with its destination if nobody writes there any more."""
        if now - entry.asked_at > timedelta(seconds=UNUSED_S):
            try:
                await self._keeper.forget(entry.key)
            except StoreError as error:
                _log.warning("domain=%s cannot be forgotten: %s", entry.key, error)
            return
        later = now + timedelta(seconds=UNUSED_S)
        self._keeper.keep(msgspec.structs.replace(entry, refresh_at=later))


def _end(entry: Entry) -> datetime | None:
    return None if entry.held.policy is None else expires_at(entry.held.policy)
