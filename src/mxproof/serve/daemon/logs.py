"""The log on standard error: written by a thread of its own, so that nobody who does not read it holds the daemon up.

```
a line ── LINES_WAITING_MAX wait already? ── no ── it waits ── the thread writes it, however long that takes
                                          └─ yes ─ it is lost and counted; the next line that is written says how many
```
The thread gathers lines for LINES_GATHERED_S and writes them together, and sleeps only when none came for as long: to wake it for
each costs more than the line. A warning, and the end of the process, has what waits written now.

A pipe that nobody empties and a journal that stands still make whoever writes wait for ever. Only the thread does, and
the end of the process waits for it no longer than LAST_LINES_S.

systemd says in JOURNAL_STREAM which stream leads to the journal (systemd.exec(5)). There a line begins with the number
of its level (sd-daemon(3)), elsewhere with the time (UTC), which the journal knows by itself.
"""

import logging
import os
import select
import threading
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TextIO

LINES_WAITING_MAX = 10_000
LINES_GATHERED_S = 0.05
LAST_LINES_S = 2.0
"""How long the end of the process waits for lines that are not written yet."""

_PRIORITIES = {
    logging.DEBUG: 7,
    logging.INFO: 6,
    logging.WARNING: 4,
    logging.ERROR: 3,
    logging.CRITICAL: 2,
}


class Log(logging.Handler):
    """Has lines written to the file `descriptor`; `lost` counts those for which there was no room."""

    def __init__(self, descriptor: int, *, lines_max: int = LINES_WAITING_MAX) -> None:
        super().__init__()
        self.lost = 0
        self._descriptor = descriptor
        self._lines_max = lines_max
        self._waiting: deque[str] = deque()
        self._told_lost = 0
        self._changed = threading.Condition()
        self._writing = False
        self._awake = False
        self._urgent = False
        self._thread: threading.Thread | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Let a line wait to be written, or count it as lost."""
        try:
            line = self.format(record)
        except Exception:  # noqa: BLE001 - the boundary of a record; a line that cannot be formatted ends nothing
            line = f"{record.levelname} {record.msg!r} cannot be formatted"
        with self._changed:
            if len(self._waiting) >= self._lines_max:
                self.lost += 1
                return
            self._waiting.append(line)
            if self._thread is None:
                self._thread = threading.Thread(target=self._write_all, name="log", daemon=True)
                self._thread.start()
            urgent = record.levelno >= logging.WARNING
            if not self._awake or (urgent and not self._urgent):
                self._awake = True
                self._urgent |= urgent
                self._changed.notify_all()

    def flush(self) -> None:
        """Return when every line is written, or LAST_LINES_S are over."""
        with self._changed:
            self._urgent = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._waiting and not self._writing, LAST_LINES_S)

    def _write_all(self) -> None:
        while True:
            with self._changed:
                self._writing = False
                self._changed.notify_all()
                if not self._waiting and not self._changed.wait_for(
                    lambda: bool(self._waiting), LINES_GATHERED_S
                ):
                    self._awake = False
                    self._changed.wait_for(lambda: bool(self._waiting))
                self._changed.wait_for(lambda: self._urgent, LINES_GATHERED_S)
                lines = list(self._waiting)
                self._waiting.clear()
                self._urgent = False
                lost, self._told_lost = self.lost - self._told_lost, self.lost
                self._writing = True
                self._changed.notify_all()
            if lost:
                lines.append(self._about(lost))
            self._write("".join(f"{line}\n" for line in lines).encode(errors="backslashreplace"))

    def _about(self, lost: int) -> str:
        words = f"log: {lost} lines were lost here, for nobody read the log"
        return self.format(logging.LogRecord("mxproof.daemon", logging.WARNING, "", 0, words, None, None))

    def _write(self, data: bytes) -> None:
        """Write all of `data`; where nothing can be written any more, leave it."""
        while data:
            try:
                data = data[os.write(self._descriptor, data) :]
            except BlockingIOError:
                select.select((), (self._descriptor,), ())
            except OSError:
                with self._changed:
                    self.lost += data.count(b"\n")
                return


def log_to(stream: TextIO, environment: Mapping[str, str]) -> Log:
    """Return what writes the log to the file of `stream`."""
    log = Log(stream.fileno())
    log.setFormatter(_Journal() if _is_journal(stream, environment.get("JOURNAL_STREAM", "")) else _Dated())
    return log


class _Journal(logging.Formatter):
    """`<6>INFO words`."""

    def __init__(self) -> None:
        super().__init__("<%(priority)d>%(levelname)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        record.priority = _PRIORITIES.get(record.levelno, _PRIORITIES[logging.WARNING])
        return super().format(record)


class _Dated(logging.Formatter):
    """`2026-06-01T12:00:00.123Z INFO words`."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - the name and the arguments are logging's
        moment = datetime.fromtimestamp(record.created, UTC)
        return f"{moment.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def _is_journal(stream: TextIO, announced: str) -> bool:
    """Tell whether `stream` is the one that was announced, as device and inode."""
    try:
        found = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return announced == f"{found.st_dev}:{found.st_ino}"
