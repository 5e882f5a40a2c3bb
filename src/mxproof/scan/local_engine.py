"""Tasks on plain processes of this machine: a process a worker, one task each at a time.

| what happens | what becomes of it |
|---|---|
| a worker is killed | another takes its task; a task that has ended DEATHS_MAX workers ends the scan |
| a task fails | the scan ends with what went wrong, and goes on from there when it is run again |
| the driver is killed | its workers end at once |
| Ctrl-C | the driver ends its workers |
"""

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Self

import msgspec

from mxproof.scan.error import ScanError
from mxproof.scan.network import Asked, over_network
from mxproof.scan.perform import perform
from mxproof.scan.task import ScanTask, TaskDone

DEATHS_MAX = 3
WORKERS_MAX = 64
_ENDING_S = 5.0


class TaskFailed(msgspec.Struct, frozen=True):
    """A task that could not be done, and why."""

    task: ScanTask
    words: str


class LocalEngine:
    """Runs tasks on `workers` processes; as a context manager it ends them."""

    def __init__(self, folder: Path, workers: int, asked: Asked = over_network) -> None:
        self._folder = folder
        self._count = workers
        self._asked = asked
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
        while len(self._workers) < min(self._count, len(waiting) + sum(w.task is not None for w in self._workers)):
            self._workers.append(_Worker(self._folder, self._asked))
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

    def __init__(self, folder: Path, asked: Asked) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.task: ScanTask | None = None
        self._process = context.Process(target=_work, args=(folder, theirs, asked), daemon=True)
        self._process.start()
        theirs.close()

    def give(self, task: ScanTask) -> None:
        """Have a task done; that the worker has ended meanwhile is seen when its result is read."""
        self.task = task
        try:
            self.pipe.send(task)
        except OSError:
            return

    def result(self) -> TaskDone | TaskFailed | None:
        """Return what became of the task, None where the worker has ended, which then keeps the task."""
        try:
            done: TaskDone | TaskFailed = self.pipe.recv()
        except (EOFError, OSError):
            self._process.join()
            self.pipe.close()
            return None
        self.task = None
        return done

    def status(self) -> int | None:
        """Return the exit status of the process, negative for a signal."""
        return self._process.exitcode

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.terminate()
        self._process.join(_ENDING_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self.pipe.close()


def _work(folder: Path, pipe: Connection, asked: Asked) -> None:
    """Do tasks until there are no more; Ctrl-C is the driver's affair."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_driver, daemon=True).start()
    while True:
        try:
            task: ScanTask = pipe.recv()
        except EOFError:
            return
        pipe.send(_done(folder, task, asked))


def _done(folder: Path, task: ScanTask, asked: Asked) -> TaskDone | TaskFailed:
    try:
        return perform(folder, task, asked)
    except ScanError as error:
        return TaskFailed(task, str(error))
    except OSError as error:
        return TaskFailed(task, f"{error.filename or folder}: {error.strerror or error}")
    except Exception as error:  # noqa: BLE001 - passed on to the driver, which ends the scan with it
        return TaskFailed(task, f"task {task.phase} {task.index}: {type(error).__name__}: {error}")


def _end_with_driver() -> None:
    driver = parent_process()
    assert driver is not None, "a worker has a driver"
    driver.join()
    os._exit(1)
