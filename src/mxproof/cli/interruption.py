"""Ctrl-C while several are in hand: the first ends the work, and what is done is still written; the second ends at once."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Self


class Interruption:
    """Takes note of Ctrl-C as long as the block lasts, and calls `wake` where it comes."""

    def __init__(self) -> None:
        self.came = False
        self.wake: Callable[[], None] = lambda: None

    def __enter__(self) -> Self:
        """Take note from now on."""
        self._before = signal.signal(signal.SIGINT, self._noted)
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Leave Ctrl-C to whoever had it."""
        signal.signal(signal.SIGINT, self._before)

    @contextmanager
    def ending(self) -> Iterator[None]:
        """Raise KeyboardInterrupt where Ctrl-C came, or comes while the block waits for something that may never come."""
        before, self.wake = self.wake, _raise
        try:
            if self.came:  # just before
                raise KeyboardInterrupt
            yield
        finally:
            self.wake = before

    def _noted(self, _number: int, _frame: FrameType | None) -> None:
        self.came = True
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self.wake()


def _raise() -> None:
    raise KeyboardInterrupt
