"""The door to Ray: tasks on a cluster that is there already, whose nodes all see the folder of the scan.

Each task is a Ray task of its own, so many at a time as are asked for; Ray starts a task again whose worker or node is gone, and
a part that is written twice is the same part. Whether every node sees the folder is found out before the first task: each reads
a word from a file there that was written for it.
"""

import os
import secrets
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mxproof.scan.error import ScanError
from mxproof.scan.network import Asked, over_network
from mxproof.scan.task import ScanTask, TaskDone
from mxproof.scan.trying import TaskFailed, WorkerStart, tried

RETRIES_MAX = 5
"""How often Ray starts a task again whose worker has ended."""
_PROBE_S = 60.0
_IN_FLIGHT_PER_WORKER = 2


class RayEngine:
    """Runs tasks on the cluster at `address`, `workers` at a time or as many as it has processors."""

    def __init__(self, folder: Path, address: str, workers: int | None, asked: Asked = over_network) -> None:
        self._start = WorkerStart(folder.resolve(), asked)
        self._address = address
        self._count = workers

    def __enter__(self) -> Self:
        """Join the cluster; raises ScanError where there is none, or a node that does not see the folder."""
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        self._ray = _ray()
        try:
            self._ray.init(address=self._address, log_to_driver=False, configure_logging=False)
        except (ConnectionError, RuntimeError, ValueError, OSError) as error:
            first, _, _ = str(error).partition("\n")
            raise ScanError(f"no Ray cluster at {self._address} ({first})") from None
        self._remote = self._ray.remote(max_retries=RETRIES_MAX, num_cpus=1)(tried)
        self._refuse_blind_nodes()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Leave the cluster, which ends the tasks that were begun."""
        self._ray.shutdown()

    def run(self, tasks: Iterable[ScanTask]) -> Iterator[TaskDone]:
        """Yield each task as it is done, in whatever order; raises ScanError where one cannot be."""
        waiting = iter(tasks)
        processors = self._count or max(1, int(self._ray.cluster_resources().get("CPU", 1)))
        under_way = {self._begun(task): task for task in islice(waiting, processors * _IN_FLIGHT_PER_WORKER)}
        while under_way:
            (ready, *_), _ = self._ray.wait(list(under_way), num_returns=1)
            task = under_way.pop(ready)
            try:
                done: TaskDone | TaskFailed = self._ray.get(ready)
            except self._ray.exceptions.RayError as error:
                first, _, _ = str(error).partition("\n")
                raise ScanError(f"task {task.phase} {task.index}: {first}") from None
            if isinstance(done, TaskFailed):
                raise ScanError(done.words)
            for more in islice(waiting, 1):
                under_way[self._begun(more)] = more
            yield done

    def _begun(self, task: ScanTask) -> Any:  # noqa: ANN401 - Ray's reference to what is to come
        return self._remote.remote(self._start, task)

    def _refuse_blind_nodes(self) -> None:
        """Have every node read a word from the folder; raises ScanError for the first that does not."""
        path = self._start.folder / f".seen-{secrets.token_hex(8)}"
        word = secrets.token_hex(16)
        path.write_text(word, encoding="ascii")
        affinity = self._ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy
        look = self._ray.remote(max_retries=0, num_cpus=0)(word_in)
        try:
            for node in self._ray.nodes():
                if not node["Alive"]:
                    continue
                strategy = affinity(node_id=node["NodeID"], soft=False)
                try:
                    seen = self._ray.get(
                        look.options(scheduling_strategy=strategy).remote(path), timeout=_PROBE_S
                    )
                except self._ray.exceptions.RayError:
                    seen = None
                if seen != word:
                    raise ScanError(
                        f"{self._start.folder}: the node {node['NodeManagerAddress']} does not see this folder;"
                        " expected storage that all nodes of the cluster share"
                    )
        finally:
            path.unlink(missing_ok=True)


def word_in(path: Path) -> str | None:
    """Return what a file holds, None where it cannot be read."""
    try:
        return path.read_text(encoding="ascii")
    except OSError:
        return None


def _ray() -> Any:  # noqa: ANN401 - its functions are made at run time
    try:
        import ray  # noqa: PLC0415 - the extra `scan` may be missing
        import ray.util.scheduling_strategies  # noqa: PLC0415 - as above
    except ImportError:
        raise ScanError(
            "ray is not installed, and a cluster is reached with it; install mxproof[scan,ray]"
        ) from None
    return ray
