"""An event loop whose clock leaps over idle time, so that deadlines of many seconds cost a test none.

When nothing has happened for PATIENCE_S, nothing will before the next timer: all ends of every connection are in this
one process. The loop's clock is then set forward to that timer, and else it stands still, however long the machine takes, also
while a thread does something for the loop.
Tests of deadlines thus depend on the order of events alone, not on the speed of the machine.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from typing import TypeVar, TypeVarTuple, Unpack

T = TypeVar("T")
Args = TypeVarTuple("Args")

PATIENCE_S = 0.02
BEGIN_S = 1000.0


def run(scenario: Coroutine[None, None, T], patience_s: float = PATIENCE_S) -> T:
    """Run `scenario` to its end in a loop with a leaping clock; where nothing comes from outside it needs no patience."""
    with asyncio.Runner(loop_factory=lambda: _LeapingLoop(patience_s)) as runner:
        return runner.run(scenario)


def passed_s() -> float:
    """Return the seconds since the beginning, by the clock of the loop."""
    return asyncio.get_running_loop().time() - BEGIN_S


async def at(since_s: float) -> None:
    """Wait until so many seconds have passed since the beginning."""
    await asyncio.sleep(since_s - passed_s())


class _LeapingSelector(selectors.DefaultSelector):
    now_s = BEGIN_S
    patience_s = PATIENCE_S
    threads_at_work = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            return super().select(None)
        ready = super().select(min(timeout, self.patience_s))
        if not ready and timeout > 0 and not self.threads_at_work:
            self.now_s += timeout
        return ready


class _LeapingLoop(asyncio.SelectorEventLoop):
    def __init__(self, patience_s: float) -> None:
        self._leaping = _LeapingSelector()
        self._leaping.patience_s = patience_s
        super().__init__(self._leaping)

    def time(self) -> float:
        return self._leaping.now_s

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[Unpack[Args]], T], *args: *Args
    ) -> asyncio.Future[T]:
        self._leaping.threads_at_work += 1
        done = super().run_in_executor(executor, func, *args)
        done.add_done_callback(self._is_back)
        return done

    async def shutdown_default_executor(self, *timeout_s: float | None) -> None:
        """Wait for the threads by their own time: from Python 3.12 on the end of a loop gives them a number of seconds."""
        self._leaping.threads_at_work += 1
        await super().shutdown_default_executor(*timeout_s)

    def _is_back(self, _done: asyncio.Future[T]) -> None:
        self._leaping.threads_at_work -= 1
