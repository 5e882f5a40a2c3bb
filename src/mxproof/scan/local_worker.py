"""A worker of the engine for plain processes: it does the tasks that come to it, and ends with the driver.

It is a process of its own that has nothing of the driver but two file descriptors: the pipe over which tasks come and what
became of them goes, and one on which nothing ever comes, until the driver is gone.
"""

import gc
import os
import resource
from multiprocessing.connection import Connection
from threading import Thread

from mxproof.scan.task import ScanTask, TaskDone
from mxproof.scan.trying import TaskFailed, WorkerStart, tried

OPEN_FILES_MAX = 8192
_ALLOCATIONS = 50_000


def main(pipe_number: int, life_number: int) -> None:
    """Do tasks until there are no more."""
    spare_collector()
    raise_file_limit()
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


def spare_collector() -> None:
    """Have the collector of cycles look seldom, and never at what was loaded.

    A task makes a hundred thousand values that live until it ends and lead in no circle: to look at all of them over and over is a
    fifth of the time of asking.
    """
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS, 20, 50)


def raise_file_limit() -> None:
    """Allow this process as many open files as the system lets it have, up to OPEN_FILES_MAX."""
    files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    raised = OPEN_FILES_MAX if most == resource.RLIM_INFINITY else min(most, OPEN_FILES_MAX)
    if raised > files:
        resource.setrlimit(resource.RLIMIT_NOFILE, (raised, most))


def _end_with_driver(life_number: int) -> None:
    os.read(life_number, 1)
    os._exit(1)
