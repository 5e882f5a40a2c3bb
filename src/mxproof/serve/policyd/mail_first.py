"""Look-ups that mail waits for go before what nobody waits for.

A refresh gives way before each question that it puts and before it is judged, so that one that comes meanwhile finds no more
than a step of each under way. A refresh that mail waits for too gives way no longer.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

GIVES_WAY_S = 0.5
"""How long who gives way waits at most: there may always be some mail."""


class MailFirst:
    """Which destinations are waited for, and who gives way, each time `within_s` at most."""

    def __init__(self, within_s: float = GIVES_WAY_S) -> None:
        self.within_s = within_s
        self._waited: Counter[str] = Counter()
        self._parked: dict[asyncio.Future[None], str] = {}

    @contextmanager
    def waited_for(self, key: str) -> Iterator[None]:
        """Count one more who waits for a destination."""
        self._waited[key] += 1
        self._wake([one for one, parked in self._parked.items() if parked == key])
        try:
            yield
        finally:
            self._waited[key] -= 1
            if not self._waited[key]:
                del self._waited[key]
            if not self._waited:
                self._wake(list(self._parked))

    async def give_way(self, key: str = "") -> None:
        """Return as soon as nobody waits or somebody waits for `key`, and when it has been long enough."""
        if not self._waited or key in self._waited:
            return
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        self._parked[turn] = key
        timer = loop.call_later(self.within_s, self._wake, [turn])
        try:
            await turn
        finally:
            timer.cancel()
            del self._parked[turn]

    def _wake(self, turns: list[asyncio.Future[None]]) -> None:
        for turn in turns:
            if not turn.done():
                turn.set_result(None)
