"""An event loop whose clock leaps over idle time, so that deadlines of many seconds cost a test none.

When nothing has happened for PATIENCE_S, nothing will before the next timer: all ends of every connection are in this
one process. The loop's clock is then set forward to that timer. Tests of deadlines thus depend on the order of
events alone, not on the speed of the machine.
"""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import TypeVar

T = TypeVar("T")

PATIENCE_S = 0.02


def run(scenario: Coroutine[None, None, T]) -> T:
    """Run `scenario` to its end in a loop with a leaping clock."""
    with asyncio.Runner(loop_factory=_LeapingLoop) as runner:
        return runner.run(scenario)


class _LeapingSelector(selectors.DefaultSelector):
    leapt_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout <= PATIENCE_S:
            return super().select(timeout)
        ready = super().select(PATIENCE_S)
        if not ready:
            self.leapt_s += timeout - PATIENCE_S
        return ready


class _LeapingLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._leaping = _LeapingSelector()
        super().__init__(self._leaping)

    def time(self) -> float:
        return super().time() + self._leaping.leapt_s
