"""Look-ups that mail waits for go before what nobody waits for.

A refresh gives way before each question that it puts and before it is judged, so that one that comes meanwhile finds no more
than a step of each under way. A refresh that mail waits for too gives way no longer.
"""

import asyncio
from collections import Counter

GIVES_WAY_S = 0.5
"""How long who gives way waits at most: there may always be some mail."""


class MailFirst:
    """Which destinations are waited for, and who gives way, each time `within_s` at most."""

    def __init__(self, within_s: float = GIVES_WAY_S) -> None:
        self.within_s = within_s
        self._waited: Counter[str] = Counter()
        self._parked: dict[asyncio.Future[None], str] = {}

    def waited_for(self, key: str) -> "Waited":
        """Return what counts one more who waits for a destination, as long as its block lasts."""
        return Waited(self, key)

    def begin(self, key: str) -> None:
        """Count one more who waits for a destination."""
        self._waited[key] += 1
        if self._parked:
            self._wake([one for one, parked in self._parked.items() if parked == key])

    def end(self, key: str) -> None:
        """Count one less, and let all others go on where nobody waits any more."""
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


class Waited:
    """One who waits for a destination; a class, since a generator costs three times as much with every look-up."""

    __slots__ = ("_key", "_mail_first")

    def __init__(self, mail_first: MailFirst, key: str) -> None:
        self._mail_first = mail_first
        self._key = key

    def __enter__(self) -> None:
        """Begin to wait."""
        self._mail_first.begin(self._key)

    def __exit__(self, *_: object) -> None:
        """Wait no longer."""
        self._mail_first.end(self._key)
