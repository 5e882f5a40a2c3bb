"""What is being waited for and what is done, on stderr, where somebody watches."""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from mxproof.cli.streams import terminal_columns
from mxproof.evidence import Answer, Question
from mxproof.formats.text import safe
from mxproof.judge.report import Report
from mxproof.net.collect import Progress

REDRAW_S = 0.05
COLUMNS_DEFAULT = 80

_CLEAR = "\r\x1b[K"


@contextmanager
def progress() -> Iterator[Progress | None]:
    """Return what the collecting loop is to call, None where stderr is no terminal; the line is gone afterwards."""
    if not _is_watched():
        yield None
        return
    line = _Line()
    try:
        yield line.update
    finally:
        print(_CLEAR, end="", file=sys.stderr, flush=True)


@contextmanager
def tally(names: Sequence[str]) -> Iterator["Tally | None"]:
    """Return what is to be told of each domain that is done, None where stderr is no terminal.

    Its lines stay; the one that says what is waited for is gone afterwards.
    """
    if not _is_watched():
        yield None
        return
    told = Tally(names)
    try:
        yield told
    finally:
        print(_CLEAR, end="", file=sys.stderr, flush=True)


def _is_watched() -> bool:
    return sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


class Tally:
    """Says a line for each domain that is done, and below them how many are and which has been waited for longest."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._waiting = dict(enumerate(names))
        self._draw()

    def done(self, place: int, report: Report) -> None:
        """Take note that the domain at `place` is done."""
        from mxproof.render.text.words import SUMMARY_WORDS  # noqa: PLC0415 - whoever has a report has loaded it

        del self._waiting[place]
        words = safe(f"{SUMMARY_WORDS[report.summary.outcome]:<8} {self._names[place]}")
        print(_CLEAR + words[: _columns() - 1], file=sys.stderr)
        self._draw()

    def _draw(self) -> None:
        if self._waiting:
            done = len(self._names) - len(self._waiting)
            first = next(iter(self._waiting.values()))
            words = safe(f"{done} of {len(self._names)} done, waiting for {first}")
            print(_CLEAR + words[: _columns() - 1], end="", file=sys.stderr, flush=True)


def _columns() -> int:
    return terminal_columns(COLUMNS_DEFAULT)


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
        words = safe(f"{self._answered} answers{waiting}")[: _columns() - 1]
        print(_CLEAR + words, end="", file=sys.stderr, flush=True)
