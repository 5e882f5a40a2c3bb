"""A task tried by a worker of whatever engine: what goes wrong is a value, which the driver is told."""

from pathlib import Path

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


def tried(start: WorkerStart, task: ScanTask) -> TaskDone | TaskFailed:
    """Do a task, and return what was counted in it or why it could not be done."""
    try:
        return perform(start.folder, task, start.asked)
    except ScanError as error:
        return TaskFailed(task, str(error))
    except OSError as error:
        return TaskFailed(task, f"{error.filename or start.folder}: {error.strerror or error}")
    except Exception as error:  # noqa: BLE001 - passed on to the driver, which ends the scan with it
        return TaskFailed(task, f"task {task.phase} {task.index}: {type(error).__name__}: {error}")
