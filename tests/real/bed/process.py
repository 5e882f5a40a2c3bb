"""Daemons as children: started in a namespace, ready when their log says so, ended by process id.

Nothing here polls. A log is followed with inotify and its writer with a pidfd, so that a waiting test wakes when a line
is written or the daemon dies, whichever comes first.
"""

import ctypes
import os
import re
import select
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import msgspec

READY_WITHIN_S = 120.0
STOP_WITHIN_S = 20.0
LOG_TAIL_CHARACTERS = 4000

_IN_MODIFY = 0x2
_libc = ctypes.CDLL(None, use_errno=True)


class Daemon(msgspec.Struct, frozen=True):
    """A running daemon, the log it writes and the line there that says it serves."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    ready: re.Pattern[str]

    def await_ready(self) -> None:
        """Return when the daemon serves; raise if it ends before or is not ready in time."""
        self.await_line(self.ready, READY_WITHIN_S)

    def await_line(self, pattern: re.Pattern[str], within_s: float) -> re.Match[str]:
        """Return the first match of `pattern` in the log, now or as soon as it is written.

        Raises TimeoutError after `within_s` and ChildProcessError if the daemon ends without writing it.
        """
        deadline = time.monotonic() + within_s
        with closing(_Watch(self.log, self.process.pid)) as watch:
            while True:
                ended = self.process.poll() is not None
                match = pattern.search(self.text())
                if match is not None:
                    return match
                if ended:
                    raise ChildProcessError(self._complaint(f"ended with status {self.process.returncode}"))
                if not watch.wait(deadline - time.monotonic()):
                    raise TimeoutError(self._complaint(f"did not write {pattern.pattern!r} in {within_s} s"))

    def text(self) -> str:
        """Return what the log holds now."""
        return self.log.read_text(errors="replace")

    def _complaint(self, what: str) -> str:
        return f"{self.name} {what}; its log ends:\n{self.text()[-LOG_TAIL_CHARACTERS:]}"


_NICENESS = -15
_BEFORE_OTHERS = ("nice", "-n", str(_NICENESS))


@contextmanager
def running(
    name: str, argv: Sequence[str], log: Path, ready: str, *, before_others: bool = False
) -> Iterator[Daemon]:
    """Start `argv`, which logs to `log` or to its standard output, and end it when the context is left.

    It gets a processor `before_others` where a machine that is busy is not to make it late, as resolvers wait for a fraction of a
    second only, and tell of a failure then.
    """
    argv = (*_BEFORE_OTHERS, *argv) if before_others else argv
    with log.open("ab") as sink:
        process = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT, start_new_session=True
        )
    if before_others:
        _put_first(process.pid)
    try:
        yield Daemon(name, process, log, re.compile(ready))
    finally:
        _stop(process)


def _put_first(pid: int) -> None:
    """Put the session of a process before others: where the kernel groups by session, niceness counts within one alone."""
    group = Path(f"/proc/{pid}/autogroup")
    if group.exists():
        with suppress(ProcessLookupError):  # it has ended already, which whoever waits for it is told
            group.write_text(str(_NICENESS))


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class _Watch:
    """Wakes when a file is written to or a process ends."""

    def __init__(self, path: Path, pid: int) -> None:
        self._inotify = _checked(_libc.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK))
        self._pidfd = os.pidfd_open(pid)
        _checked(_libc.inotify_add_watch(self._inotify, os.fsencode(path), _IN_MODIFY))

    def wait(self, within_s: float) -> bool:
        """Wait for the next event; tell whether there was one."""
        woken, _, _ = select.select([self._inotify, self._pidfd], [], [], max(0.0, within_s))
        if self._inotify in woken:
            os.read(self._inotify, 65536)
        return bool(woken)

    def close(self) -> None:
        os.close(self._inotify)
        os.close(self._pidfd)


def _checked(result: int) -> int:
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result
