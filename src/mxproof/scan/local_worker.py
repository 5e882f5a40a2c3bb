"""A worker of the engine for plain processes: it does the tasks that come to it, and ends with the driver.

It is a process of its own that has nothing of the driver but two file descriptors: the pipe over which tasks come and what
became of them goes, and one on which nothing ever comes, until the driver is gone.
"""

import os
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread

import msgspec

from mxproof.scan.error import ScanError
from mxproof.scan.network import Asked
from mxproof.scan.perform import perform
from mxproof.scan.task import ScanTask, TaskDone


class TaskFailed(msgspec.Struct, frozen=True):
    """A task that could not be done, and why."""

    task: ScanTask
    words: str


class WorkerStart(msgspec.Struct, frozen=True):
    """What a worker is told first: the folder of the scan, and whom its tasks ask."""

    folder: Path
    asked: Asked


def main(pipe_number: int, life_number: int) -> None:
    """Do tasks until there are no more."""
    Thread(target=_end_with_driver, args=(life_number,), daemon=True).start()
    pipe: Connection[TaskDone | TaskFailed, WorkerStart | ScanTask] = Connection(pipe_number)
    start: WorkerStart | None = None
    while True:
        try:
            told = pipe.recv()
        except EOFError:
            return
        if isinstance(told, WorkerStart):
            start = told
            continue
        assert start is not None, "the first word is where to work"
        pipe.send(_done(start, told))


def _done(start: WorkerStart, task: ScanTask) -> TaskDone | TaskFailed:
    try:
        return perform(start.folder, task, start.asked)
    except ScanError as error:
        return TaskFailed(task, str(error))
    except OSError as error:
        return TaskFailed(task, f"{error.filename or start.folder}: {error.strerror or error}")
    except Exception as error:  # noqa: BLE001 - passed on to the driver, which ends the scan with it
        return TaskFailed(task, f"task {task.phase} {task.index}: {type(error).__name__}: {error}")


def _end_with_driver(life_number: int) -> None:
    os.read(life_number, 1)
    os._exit(1)
