"""What a node of a Ray cluster does: it shows that it sees the folder of the scan, and tries tasks as any worker does."""

from functools import cache
from pathlib import Path

import msgspec

from mxproof import __version__
from mxproof.scan.local_worker import raise_file_limit, spare_collector
from mxproof.scan.task import ScanTask, TaskDone
from mxproof.scan.trying import TaskFailed, WorkerStart, tried


class NodeSaid(msgspec.Struct, frozen=True):
    """The version of mxproof on a node, and why it does not see the folder, empty where it does."""

    version: str
    words: str = ""


def reply_to(mark: Path, node: str) -> Path:
    """Return where a node repeats what it read in the mark."""
    return mark.with_name(f"{mark.name}.{node}")


def looked(mark: Path, node: str) -> NodeSaid:
    """Repeat what the driver has put into the mark beside it, so that the driver sees that both see one folder."""
    try:
        reply_to(mark, node).write_bytes(mark.read_bytes())
    except OSError as error:
        return NodeSaid(__version__, f"{error.filename}: {error.strerror}")
    return NodeSaid(__version__)


def tried_on_node(start: WorkerStart, task: ScanTask, mark: Path) -> TaskDone | TaskFailed:
    """Do a task where the folder of the scan is seen: a node may have come after all were looked at."""
    if not mark.exists():
        return TaskFailed(
            task, f"a node that came later does not see {start.folder}; expected storage of all nodes"
        )
    _made_ready()
    return tried(start, task)


@cache
def _made_ready() -> None:
    spare_collector()
    raise_file_limit()
