"""Run the tests side by side in processes: `tools/side_by_side.py [FILE|FOLDER...]`, without one all of them.

There are twice as many processes as processors, since many tests wait for a timer, a socket or a program; on one processor
there is one process, which runs the files in their order.

Tests with the mark `exhaustive` are left out, and laws tried with some of their examples. With `--exhaustive` before the files these
tests and laws are run whole and no others, with `--all` all tests are.

Each process is handed one file after the other, and collects no more than that. With pytest-xdist each collects all tests and
tells of each three times, which takes more processor time than most of our tests do. The files of a stretch go to one process,
since those of a room share what is worked out once in a process; whoever is done with its own takes from the end of the
longest stretch that is left.

Each process has a folder of its own for what its tests write. In the one that pytest shares, each run clears away what earlier
ones left, and those that end together meet in it, which has one of them fail. These folders are in memory where there is room:
stores that tests make have everything written through to the disk.

A dot is a file. What each process printed appears whole when it has ended. The exit status is 1 where a test failed, a file
could not be read or a process ended before its time, and 5 where no test was run.
"""

import gc
import os
import subprocess
import sys
import tempfile
from collections import Counter, deque
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import IO, NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
WORK = "--works"
OUTCOMES = ("passed", "failed", "skipped", "error")
NO_TESTS = int(pytest.ExitCode.NO_TESTS_COLLECTED)
APART = ("real", "trace")
"""Folders whose conftest.py has their files left out, which counts for no file that is named; `make test-real` names them."""
EXHAUSTIVE = "--exhaustive"
SHORT = "not exhaustive"
CHOICES = {EXHAUSTIVE: "exhaustive or law", "--all": ""}
"""What the options choose of the tests, and SHORT what is chosen without one, as pytest's `-m` takes it."""
MARKING = ("support_long", "from hypothesis")
"""Where a file has one of the marks from."""
IN_MEMORY = Path("/dev/shm")
IN_MEMORY_BYTES = 2**31
"""The room that is wanted there, several times what the tests write."""
_PLUGINS = ("--disable-plugin-autoload", "-p", "_hypothesis_pytestplugin")
"""Of those installed: asserts of all that a plugin comes with are rewritten, which each process would do in a new environment."""
_BY_DEFAULT = (*_PLUGINS, "-p", "no:cacheprovider", "-o", "console_output_style=classic")


class Stretches:
    """Files that are still to be handed out, those of each process in their order."""

    def __init__(self, files: Sequence[Path], processes: int) -> None:
        size = -(-len(files) // processes)
        self._stretches = [deque(files[one * size : (one + 1) * size]) for one in range(processes)]
        self._lock = Lock()

    def next(self, process: int) -> Path | None:
        """Return the file that `process` is to run, or None where nothing is left."""
        with self._lock:
            own = self._stretches[process]
            if own:
                return own.popleft()
            longest = max(self._stretches, key=len)
            return longest.pop() if longest else None


class Worked(NamedTuple):
    """How a process ended: its exit status, the file that it had last, and how many tests came out how."""

    status: int
    last: Path | None
    outcomes: Counter[str]


class FilesAsTold:
    """A plugin that has pytest run one file after the other, for as long as it is told of one more."""

    def __init__(self, asks: IO[str], told: IO[str]) -> None:
        self._asks, self._told = asks, told
        self._folders: dict[Path, pytest.Collector] = {}

    def next(self) -> str:
        """Return the next file, or nothing."""
        print("next", file=self._asks, flush=True)
        return self._told.readline().strip()

    @pytest.hookimpl(wrapper=True)
    def pytest_collect_directory(self, path: Path) -> Generator[None, pytest.Collector, pytest.Collector]:
        """Have a folder be the same for each of its files: what its conftest.py defines belongs to the first that is made."""
        made = yield
        return self._folders.setdefault(path, made)

    @pytest.hookimpl(tryfirst=True)
    def pytest_ignore_collect(self) -> bool:
        """Leave out what is in a folder beside a file that was named, which pytest does not ask about: most of what collecting takes."""
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run what is collected; what follows is collected before the last test ends, which so knows what it can leave set up."""
        items = session.items or self._collected(session)
        collected = len(items)
        while items:
            following = list[pytest.Item]()
            for place, item in enumerate(items, start=1):
                if place == len(items):
                    following = self._collected(session)
                    collected += len(following)
                after = next(iter([*items[place : place + 1], *following[:1]]), None)
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
                if session.shouldfail:
                    raise session.Failed(session.shouldfail)
                if session.shouldstop:
                    raise session.Interrupted(session.shouldstop)
            items = following
        session.testscollected = collected
        return True

    def _collected(self, session: pytest.Session) -> list[pytest.Item]:
        """Return the tests of the next file that has some."""
        while file := self.next():
            # What earlier tests left behind is told of now: what is collected is put out of the collector's sight.
            gc.collect()
            gc.disable()
            session.config.args[:] = [file]
            session.config.hook.pytest_collection(session=session)
            if session.items:
                return session.items
        return []

    def pytest_unconfigure(self, config: pytest.Config) -> None:
        """Say how many tests came out how."""
        stats = getattr(config.pluginmanager.get_plugin("terminalreporter"), "stats", {})
        counts = (f"{one}={len(stats.get(one, ()))}" for one in OUTCOMES)
        print("ended", *counts, file=self._asks, flush=True)


def files(names: Sequence[str], option: str = "") -> list[Path]:
    """Return the files of tests that are named or in folders that are, in their order, and that have some of those chosen."""
    found = set[Path]()
    apart = [ROOT / "tests" / folder for folder in APART]
    for path in [ROOT / name for name in names] or [ROOT / "tests"]:
        found.update(path.rglob("test_*.py") if path.is_dir() else [path])
    here = sorted(path for path in found if not any(map(path.is_relative_to, apart)))
    return here if option != EXHAUSTIVE else [path for path in here if _is_marked(path)]


def _is_marked(path: Path) -> bool:
    text = path.read_text(encoding="utf-8")
    return any(one in text for one in MARKING)


def main(arguments: Sequence[str]) -> int:
    """Run them; return the exit status."""
    began = monotonic()
    option = next((one for one in arguments[:1] if one in CHOICES), "")
    wanted = files(arguments[1:] if option else arguments, option)
    processors = len(os.sched_getaffinity(0))
    processes = min(processors * 2 if processors > 1 else 1, len(wanted)) or 1
    stretches = Stretches(wanted, processes)
    with ThreadPoolExecutor(processes) as pool:
        worked = list(
            pool.map(
                lambda process: _worked(stretches, process, CHOICES.get(option, SHORT)), range(processes)
            )
        )
    counts = sum((one.outcomes for one in worked), Counter[str]())
    gone = [one for one in worked if not one.outcomes]
    for one in gone:
        print(f"== a process ended with {one.status} at {one.last}")
    failed = counts["failed"] + counts["error"]
    print(f"== {len(wanted)} files, {monotonic() - began:.0f} s")
    print(f"{counts['passed']} passed, {failed} failed, {counts['skipped']} skipped")
    if failed or gone or any(one.status not in {os.EX_OK, NO_TESTS} for one in worked):
        return 1
    return os.EX_OK if counts["passed"] else NO_TESTS


def _worked(stretches: Stretches, process: int, chosen: str) -> Worked:
    """Have one process run files until none is left, and print what it printed; `chosen` says by their marks which tests."""
    last = stretches.next(process)
    if last is None:
        return Worked(os.EX_OK, None, Counter(passed=0))
    asks, asked = os.pipe()
    tells, told = os.pipe()
    with (
        tempfile.TemporaryFile() as printed,
        tempfile.TemporaryDirectory(None, "mxproof-tests-", _memory(), ignore_cleanup_errors=True) as written,
    ):
        command = [sys.executable, __file__, WORK, str(asked), str(tells), chosen, str(last), written]
        running = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "TMPDIR": written},
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            pass_fds=(asked, tells),
        )
        os.close(asked)
        os.close(tells)
        outcomes = Counter[str]()
        with os.fdopen(asks) as wanted, os.fdopen(told, "w") as handed:
            for line in wanted:
                if line.startswith("ended"):
                    outcomes.update({word: int(count) for word, count in _counts(line)})
                    break  # what a test left running may hold the pipe open
                following = stretches.next(process)
                last = following or last
                print(following or "", file=handed, flush=True)
                print(".", end="", flush=True)
        status = running.wait()
        printed.seek(0)
        print(f"\n{printed.read().decode(errors='replace')}", flush=True)
    return Worked(status, last, outcomes)


def _memory() -> Path | None:
    """Return a folder in memory, None where there is none that has room and lets programs run."""
    try:
        room = os.statvfs(IN_MEMORY)
    except OSError:
        return None
    is_enough = room.f_bavail * room.f_frsize >= IN_MEMORY_BYTES
    return IN_MEMORY if is_enough and not room.f_flag & os.ST_NOEXEC else None


def _counts(line: str) -> list[tuple[str, str]]:
    return [(word, count) for word, _, count in (one.partition("=") for one in line.split()[1:])]


def work(asks: int, told: int, chosen: str, first: str, written: str) -> int:
    """Run what is chosen of the file `first`, and of those that are told after it; return pytest's exit status.

    What the tests write is below the folder `written`.
    """
    for one in (asks, told):
        os.set_inheritable(one, False)
    with os.fdopen(asks, "w") as asking, os.fdopen(told) as heard:
        options = (*_BY_DEFAULT, "--basetemp", str(Path(written, "tmp")), "-m", chosen)
        return int(pytest.main([*options, first], plugins=[FilesAsTold(asking, heard)]))


if __name__ == "__main__":
    if sys.argv[1:2] == [WORK]:
        sys.exit(work(int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:]))
    sys.exit(main(sys.argv[1:]))
