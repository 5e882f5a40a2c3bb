"""A task that goes wrong ends no worker: the driver is told which one, and why."""

from contextlib import AbstractContextManager
from pathlib import Path

from mxproof.scan.manifest import ScanManifest
from mxproof.scan.network import Ask
from mxproof.scan.task import ScanPhase, ScanTask
from mxproof.scan.trying import TaskFailed, WorkerStart, tried


def nobody(_manifest: ScanManifest) -> AbstractContextManager[Ask]:
    raise AssertionError("nothing is asked")


def test_a_folder_that_is_no_scan_is_told_by_its_file(tmp_path: Path) -> None:
    task = ScanTask(next(iter(ScanPhase)), 0)
    failed = tried(WorkerStart(tmp_path, nobody), task)
    assert isinstance(failed, TaskFailed)
    assert failed.task == task
    assert str(tmp_path) in failed.words


def test_a_fault_of_ours_is_told_with_the_task_and_its_kind(tmp_path: Path) -> None:
    task = ScanTask(next(iter(ScanPhase)), 7)
    failed = tried(WorkerStart(None, nobody), task)  # type: ignore[arg-type] # that is the fault
    assert isinstance(failed, TaskFailed)
    assert failed.words.startswith(f"task {task.phase} 7: ")
    assert "Error: " in failed.words
