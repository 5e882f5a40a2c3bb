"""How far a scan is, on stderr: a line that is redrawn where somebody watches, and else a line a stage."""

import sys
import time

from mxproof.cli.streams import terminal_columns
from mxproof.formats.text import safe
from mxproof.scan.running import ScanStanding

_REDRAW_S = 0.2
_COLUMNS_DEFAULT = 80
_CLEAR_LINE = "\r\x1b[K"
_STAGES = {
    "domains": "asking about the domains",
    "names": "asking about shared names",
    "hosts": "asking hosts",
    "once more": "asking once more what was not answered",
    "joining": "putting answers together",
    "judge": "judging",
}
_QUIET = frozenset({"joining"})
_SHOWN = (
    "questions",
    "found",
    "empty",
    "nxdomain",
    "timeout",
    "servfail",
    "refused",
    "delivers",
    "at_risk",
    "unknown",
)


class ScanProgress:
    """Says how far a scan is; `watched` where stderr is a terminal."""

    def __init__(self, *, watched: bool) -> None:
        self._watched = watched
        self._stage = ""
        self._began = 0.0
        self._before = 0
        self._drawn = 0.0

    def told(self, standing: ScanStanding) -> None:
        """Take note of a task that is done."""
        now = time.monotonic()
        is_first = standing.stage != self._stage or not standing.is_new
        if is_first:
            self._stage, self._began = standing.stage, now
            self._before = standing.done if not standing.is_new else 0
        is_last = standing.done == standing.tasks
        if is_last and standing.stage not in _QUIET:
            self._say(_line(standing, 0), stays=True)
            self._stage = ""
        elif self._watched and (is_first or now - self._drawn >= _REDRAW_S):
            self._drawn = now
            done = standing.done - self._before
            left = (now - self._began) / done * (standing.tasks - standing.done) if done else 0.0
            self._say(_line(standing, round(left)), stays=False)

    def end(self) -> None:
        """Leave nothing behind that is redrawn."""
        if self._watched:
            print(_CLEAR_LINE, end="", file=sys.stderr, flush=True)

    def _say(self, line: str, *, stays: bool) -> None:
        if not self._watched:
            print(safe(f"mxproof: {line}"), file=sys.stderr)
            return
        cut = safe(line)[: terminal_columns(_COLUMNS_DEFAULT) - 1]
        print(_CLEAR_LINE + cut, end="\n" if stays else "", file=sys.stderr, flush=True)


def _line(standing: ScanStanding, left_s: int) -> str:
    """Say one stage in a line, with the seconds that are left where some are."""
    counted = ", ".join(f"{standing.counts[one]:,} {one}" for one in _SHOWN if standing.counts.get(one))
    done = f"{standing.done} of {standing.tasks} parts"
    left = f", {left_s // 3600}:{left_s // 60 % 60:02}:{left_s % 60:02} left" if left_s else ""
    return f"{_STAGES.get(standing.stage, standing.stage)}: {done}{left}" + (
        f"; {counted}" if counted else ""
    )
