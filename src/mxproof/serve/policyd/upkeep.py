"""What is done now and then: forget what nobody asks for, hear of purges of other daemons, count policies."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from mxproof.formats.mtasts import Mode
from mxproof.judge.decision import DECISION_KEPT_S, expires_at, is_live, policy_of
from mxproof.serve.policyd.answers import Answers
from mxproof.serve.policyd.metrics import Counts
from mxproof.store.destinations.write_behind import WriteBehind

PURGES_S = 5.0
SWEPT_S = 3600.0
UNASKED_S = DECISION_KEPT_S
"""A destination without a policy that nobody asked for in so long has no answer left that could stand in for another."""
COUNTED_S = 900.0
COUNTED_AT_ONCE = 50
"""Policies that are read between two turns of the loop: about a millisecond."""

_log = logging.getLogger("mxproof.policyd")


class Upkeep:
    """The lasting work beside answering and refreshing; `purged` is told when something was purged elsewhere."""

    def __init__(
        self, answers: Answers, destinations: WriteBehind, counts: Counts, purged: Callable[[], None]
    ) -> None:
        self._answers = answers
        self._destinations = destinations
        self._counts = counts
        self._purged = purged

    async def hear_of_purges(self) -> None:
        """Forget what other daemons of the same store were told to, until cancelled."""
        while True:
            await self.take_purges()
            await asyncio.sleep(PURGES_S)

    async def take_purges(self) -> None:
        """Forget what was purged elsewhere since the last time."""
        taken = await self._destinations.take_purges(self._answers.now())
        for key in taken:
            self._answers.forget(key)
            _log.info("domain=%s purged by another daemon of this store", key)
        if taken:
            self._purged()

    async def sweep(self) -> None:
        """Forget what has no policy and nobody asks for, until cancelled."""
        while True:
            await asyncio.sleep(SWEPT_S)
            await self.sweep_once()

    async def sweep_once(self) -> int:
        """Forget what has no policy and nobody has asked for in UNASKED_S; return how many the store held."""
        swept = await self._destinations.sweep(self._answers.now() - timedelta(seconds=UNASKED_S))
        if swept:
            _log.info("store: %d destinations without a policy, asked for by nobody, are forgotten", swept)
        return swept

    async def count(self) -> None:
        """Count policies by mode, and those that cannot be refreshed, until cancelled."""
        while True:
            await self.count_once()
            await asyncio.sleep(COUNTED_S)

    async def count_once(self) -> None:
        """Count, a few at a time, so that no answer waits."""
        await self._destinations.filled.wait()
        now = self._answers.now()
        modes: Counter[str] = Counter(dict.fromkeys(Mode, 0))
        ends = []
        for place, destination in enumerate(self._destinations.held()):
            if place % COUNTED_AT_ONCE == 0:
                await asyncio.sleep(0)
                await self._answers.mail_first.give_way()
            memory = destination.held.policy
            policy = policy_of(memory)
            if memory is None or policy is None or not is_live(memory, now):
                continue
            modes[policy.mode] += 1
            if destination.held.failure is not None:
                ends.append(expires_at(memory).timestamp())
        self._counts.modes = modes
        self._counts.gauges["policies_failing"] = len(ends)
        self._counts.gauges["policies_failing_soonest_end_timestamp_seconds"] = min(ends, default=0)
