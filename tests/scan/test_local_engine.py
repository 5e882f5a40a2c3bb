"""Tasks on plain processes: workers that are killed, tasks that fail, and a driver that goes away."""

import os
import signal
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mxproof.evidence import Answer, Kind, Question
from mxproof.scan.error import ScanError
from mxproof.scan.local_engine import LocalEngine
from mxproof.scan.manifest import ScanManifest
from mxproof.scan.network import Ask
from mxproof.scan.running import scan
from mxproof.scan.task import ScanPhase, ScanTask
from support_long import EXHAUSTIVE
from support_scan import DOMAINS, Population, begun, population, scanned, tables_of, untold


class Killing:
    """A population of which the first question of some kinds ends the worker that puts it."""

    def __init__(self, people: Population, marks: Path, *kinds: Kind) -> None:
        self._people = people
        self._marks = marks
        self._kinds = kinds

    @contextmanager
    def asks(self, manifest: ScanManifest) -> Iterator[Ask]:
        """Return what tasks ask."""
        with self._people.asks(manifest) as ask:

            async def killed(question: Question) -> Answer:
                mark = self._marks / f"killed-{question.kind}"
                if question.kind in self._kinds and not mark.exists():
                    mark.touch()
                    os.kill(os.getpid(), signal.SIGKILL)
                return await ask(question)

            yield killed


def test_a_worker_that_ends_before_it_is_told_anything_is_one_that_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    more_than_a_pipe_holds = Path("a/" * 1_000_000)
    files = Path("/proc/self/fd")
    open_before = len([*files.iterdir()])
    with LocalEngine(more_than_a_pipe_holds, 1) as engine, pytest.raises(ScanError, match="3 workers ended"):
        list(engine.run([ScanTask(ScanPhase.OWN, 0)]))
    assert len([*files.iterdir()]) <= open_before, "what led to workers that ended is closed"


@pytest.mark.parametrize(("workers", "tasks", "made"), [(2, 5, 2), (4, 1, 1), (3, 3, 3), (2, 0, 0)])
def test_there_are_no_more_workers_than_are_wanted_or_have_a_task(
    monkeypatch: pytest.MonkeyPatch, workers: int, tasks: int, made: int
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    waiting = deque(ScanTask(ScanPhase.OWN, number) for number in range(tasks))
    with LocalEngine(Path("nowhere"), workers) as engine:
        engine._give(waiting)
        assert (len(engine._workers), len(waiting)) == (made, tasks - made)


@EXHAUSTIVE
def test_workers_that_are_killed_leave_each_result_once(tmp_path: Path) -> None:
    want = tables_of(scanned(tmp_path / "whole", population(), DOMAINS))
    folder = begun(tmp_path / "scan", DOMAINS)
    killing = Killing(population(), tmp_path, Kind.SMTP)
    with LocalEngine(folder.path, 2, killing.asks) as engine:
        manifest = scan(folder, engine, untold)
    assert tables_of(folder) == want
    assert sum(one.domains for one in manifest.parts) == len(DOMAINS)
