"""Fetch policies again before they end, whether or not mail goes there (RFC 8461 sections 3.3 and 10.2).

It gives way to look-ups that mail waits for, so that many policies that are due at once hold no mail up.

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
from mxproof.serve.policyd.metrics import Counts
from mxproof.store.destinations.destination import Destination, StoreError
from mxproof.store.destinations.write_behind import WriteBehind

ROUND_S = 60.0
ROUND_DESTINATIONS_MAX = 500
AT_ONCE_MAX = 8
UNUSED_S = 90 * 86_400.0

_log = logging.getLogger("mxproof.policyd")


class Refresher:
    """The rounds of refreshing; the gauge `policies_due` is what the last one found, also beyond what it takes."""

    def __init__(self, answers: Answers, destinations: WriteBehind, counts: Counts) -> None:
        self._answers = answers
        self._destinations = destinations
        self._counts = counts

    async def run(self) -> None:
        """Go round until cancelled; a full round is followed by the next at once."""
        while True:
            if await self.go_round() < ROUND_DESTINATIONS_MAX:
                await asyncio.sleep(ROUND_S)

    async def go_round(self) -> int:
        """Refresh what is due and return how many there were."""
        now = self._answers.now()
        due = await self._destinations.due(now, ROUND_DESTINATIONS_MAX)
        self._counts.gauges["policies_due"] = await self._destinations.due_count(now)
        slots = asyncio.Semaphore(AT_ONCE_MAX)

        async def one(destination: Destination) -> None:
            async with slots:
                await self._answers.mail_first.give_way()
                await self._refresh(destination, now)

        await asyncio.gather(*(one(destination) for destination in due))
        return len(due)

    async def _refresh(self, destination: Destination, now: datetime) -> None:
        hop = next_hop(destination.key)
        if hop is None or not is_live(destination.held.policy, now):
            await self._let_go(destination, now)
            return
        if now - destination.asked_at > timedelta(seconds=UNUSED_S):
            self._destinations.keep(msgspec.structs.replace(destination, refresh_at=_end(destination)))
            return
        try:
            after = await self._answers.fly(hop, refresh=True)
        except Exception:  # noqa: BLE001 - the round is a boundary, and the flight has logged it
            self._counts.refreshes["error"] += 1
            return
        before, held = destination.held.policy, after.held.policy
        done = before is not None and held is not None and held.fetched_at > before.fetched_at
        self._counts.refreshes["done" if done else "failed"] += 1

    async def _let_go(self, destination: Destination, now: datetime) -> None:
        """Forget a policy that is over, with its destination if nobody writes there any more."""
        if now - destination.asked_at > timedelta(seconds=UNUSED_S):
            try:
                await self._destinations.forget(destination.key)
            except StoreError as error:
                _log.warning("domain=%s cannot be forgotten: %s", destination.key, error)
            return
        later = now + timedelta(seconds=UNUSED_S)
        self._destinations.keep(msgspec.structs.replace(destination, refresh_at=later))


def _end(destination: Destination) -> datetime | None:
    return None if destination.held.policy is None else expires_at(destination.held.policy)
