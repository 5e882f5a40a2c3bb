"""A worker of the engine for plain processes: it does the tasks that come to it, and ends with the driver.

It is a process of its own that has nothing of the driver but two file descriptors: the pipe over which tasks come and what
became of them goes, and one on which nothing ever comes, until the driver is gone.
"""

import os
from multiprocessing.connection import Connection
from threading import Thread

from mxproof.scan.task import ScanTask, TaskDone
from mxproof.scan.trying import TaskFailed, WorkerStart, tried


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
        pipe.send(tried(start, told))


def _end_with_driver(life_number: int) -> None:
    os.read(life_number, 1)
    os._exit(1)
