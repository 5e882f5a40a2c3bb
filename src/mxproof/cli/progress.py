"""One line on stderr that says what is being waited for, where somebody watches."""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from mxproof.evidence import Answer, Question
from mxproof.formats.text import safe
from mxproof.net.collect import Progress

REDRAW_S = 0.05
COLUMNS_DEFAULT = 80

_CLEAR = "\r\x1b[K"


@contextmanager
def progress() -> Iterator[Progress | None]:
    """Return what the collecting loop is to call, None where stderr is no terminal; the line is gone afterwards."""
    if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield None
        return
    line = _Line()
    try:
        yield line.update
    finally:
        print(_CLEAR, end="", file=sys.stderr, flush=True)


class _Line:
    """Counts answers and names the question that has been waiting longest."""

    def __init__(self) -> None:
        self._waiting: dict[Question, None] = {}
        self._answered = 0
        self._drawn_at = 0.0

    def update(self, question: Question, answer: Answer | None) -> None:
        """Take note of a question put (no answer yet) or answered, and redraw the line now and then."""
        if answer is None:
            self._waiting[question] = None
        else:
            self._waiting.pop(question, None)
            self._answered += 1
        now = time.monotonic()
        if now - self._drawn_at >= REDRAW_S:
            self._drawn_at = now
            self._draw()

    def _draw(self) -> None:
        oldest = next(iter(self._waiting), None)
        waiting = f", waiting for {len(self._waiting)}: {oldest}" if oldest is not None else ""
        columns = shutil.get_terminal_size((COLUMNS_DEFAULT, 0)).columns
        words = safe(f"{self._answered} answers{waiting}")[: columns - 1]
        print(_CLEAR + words, end="", file=sys.stderr, flush=True)
