"""Tasks on plain processes of this machine: a process a worker, one task each at a time.

| what happens | what becomes of it |
|---|---|
| a worker is killed | another takes its task; a task that has ended DEATHS_MAX workers ends the scan |
| a task fails | the scan ends with what went wrong, and goes on from there when it is run again |
| the driver is killed | its workers end at once |
| Ctrl-C | the driver ends its workers |
"""

import os
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import wait
from pathlib import Path
from subprocess import DEVNULL, Popen, TimeoutExpired
from types import TracebackType
from typing import Self

from mxproof.scan.error import ScanError
from mxproof.scan.network import Asked, over_network
from mxproof.scan.task import ScanTask, TaskDone
from mxproof.scan.trying import TaskFailed, WorkerStart

DEATHS_MAX = 3
WORKERS_MAX = 64
_BEGINNING = "from mxproof.scan.local_worker import main; main"
_ENDING_S = 5.0


class LocalEngine:
    """Runs tasks on `workers` processes; as a context manager it ends them."""

    def __init__(self, folder: Path, workers: int, asked: Asked = over_network) -> None:
        self._start = WorkerStart(folder, asked)
        self._count = workers
        self._workers: list[_Worker] = []
        self._deaths: dict[ScanTask, int] = {}

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """End all workers."""
        for worker in self._workers:
            worker.end()

    def run(self, tasks: Iterable[ScanTask]) -> Iterator[TaskDone]:
        """Yield each task as it is done, in whatever order; raises ScanError where one cannot be."""
        waiting = deque(tasks)
        while waiting or any(worker.task is not None for worker in self._workers):
            self._give(waiting)
            ready = wait([worker.pipe for worker in self._workers if worker.task is not None])
            for worker in [one for one in self._workers if one.pipe in ready]:
                done = worker.result()
                if isinstance(done, TaskFailed):
                    raise ScanError(done.words)
                if done is not None:
                    yield done
                    continue
                self._workers.remove(worker)
                waiting.appendleft(self._orphan(worker))

    def _give(self, waiting: deque[ScanTask]) -> None:
        """Give a task to each worker that has none, and make workers while there are too few."""
        while len(self._workers) < min(
            self._count, len(waiting) + sum(w.task is not None for w in self._workers)
        ):
            self._workers.append(_Worker(self._start))
        for worker in self._workers:
            if worker.task is None and waiting:
                worker.give(waiting.popleft())

    def _orphan(self, worker: "_Worker") -> ScanTask:
        task = worker.task
        assert task is not None, "only a worker with a task is waited for"
        self._deaths[task] = self._deaths.get(task, 0) + 1
        if self._deaths[task] >= DEATHS_MAX:
            raise ScanError(
                f"task {task.phase} {task.index}: {DEATHS_MAX} workers ended over it"
                f" (the last with status {worker.status()}); the machine may be short of memory"
            )
        return task


class _Worker:
    """A process that does one task after another; `task` is the one that it has."""

    def __init__(self, start: WorkerStart) -> None:
        self.pipe, theirs = Pipe()
        self.task: ScanTask | None = None
        life, held = os.pipe()
        self._life: int | None = held
        self._process = Popen(  # noqa: S603 - this interpreter
            [sys.executable, "-c", f"{_BEGINNING}({theirs.fileno()}, {life})"],
            stdin=DEVNULL,
            pass_fds=(theirs.fileno(), life),
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            start_new_session=True,  # Ctrl-C is the driver's affair
        )
        theirs.close()
        os.close(life)
        self._send(start)

    def give(self, task: ScanTask) -> None:
        """Have a task done."""
        self.task = task
        self._send(task)

    def _send(self, told: WorkerStart | ScanTask) -> None:
        """Tell the worker something; that it has ended meanwhile is seen when its result is read."""
        with suppress(OSError):
            self.pipe.send(told)

    def result(self) -> TaskDone | TaskFailed | None:
        """Return what became of the task, None where the worker has ended, which then keeps the task."""
        try:
            done: TaskDone | TaskFailed = self.pipe.recv()
        except (EOFError, OSError):
            with suppress(TimeoutExpired):
                self._process.wait(_ENDING_S)
            self.end()
            return None
        self.task = None
        return done

    def status(self) -> int | None:
        """Return the exit status of the process, negative for a signal."""
        return self._process.returncode

    def end(self) -> None:
        """End the process, whatever it does: what it has not written whole is not there."""
        self.pipe.close()
        self._process.kill()
        self._process.wait()
        if self._life is not None:
            os.close(self._life)
            self._life = None
