"""How long one call waits for name servers and policy hosts that lag, and how often it looks meanwhile."""

from collections.abc import Callable
from typing import Final

from mxproof.publish.step import LaggingPlace

PAUSE_FIRST_S: Final = 1.0
PAUSE_MAX_S: Final = 15.0


class Patience:
    """How long one call may still wait, in seconds."""

    def __init__(self, left_s: float, pause: Callable[[float], None]) -> None:
        self._left_s = left_s
        self._pause = pause

    def waited(self, seconds: float) -> bool:
        """Wait for so long; return whether there was the patience."""
        if seconds > self._left_s or self._left_s <= 0:
            return False
        self._pause(seconds)
        self._left_s -= seconds
        return True

    def waited_a_while(self, seconds: float) -> bool:
        """Wait for so long, or as long as there is patience; return whether there was any."""
        return self.waited(min(seconds, self._left_s))

    def looked_until_none(self, lagging: Callable[[], tuple[LaggingPlace, ...]]) -> tuple[LaggingPlace, ...]:
        """Look, with longer and longer pauses, until nobody lags or it is over; return who lags at the last look."""
        pause_s = PAUSE_FIRST_S
        while True:
            lag = lagging()
            if not lag or not self.waited_a_while(pause_s):
                return lag
            pause_s = min(2 * pause_s, PAUSE_MAX_S)
