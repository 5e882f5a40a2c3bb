"""Tasks on a cluster of Ray that is there already: the same function as on plain processes, one task a processor.

| what happens | what becomes of it |
|---|---|
| a worker or a node ends | Ray gives its task to another; a task that has ended DEATHS_MAX workers ends the scan |
| a task fails | the scan ends with what went wrong, and goes on from there when it is run again |
| the driver ends, by Ctrl-C or otherwise | Ray ends the tasks of its job |
| a node does not see the folder, or has another version | the scan is refused before anything is asked |

The machine of the driver is a node of the cluster. Nothing is told to anybody about the use of Ray.
"""

import logging
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mxproof import __version__
from mxproof.scan.error import ScanError
from mxproof.scan.local_engine import DEATHS_MAX
from mxproof.scan.network import Asked, over_network
from mxproof.scan.ray_node import NodeSaid, looked, reply_to, tried_on_node
from mxproof.scan.task import ScanTask, TaskDone
from mxproof.scan.trying import TaskFailed, WorkerStart
from mxproof.store.whole import hidden

_LOOK_S = 30.0
"""How long a node has to look at the folder, and after how long without a result the processors are counted again."""
_MARK_BYTES = 16
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class RayEngine:
    """Runs tasks on the cluster at `address` (HOST:PORT), up to `most` at once; as a context manager it leaves the cluster."""

    def __init__(
        self, folder: Path, address: str, most: int | None = None, asked: Asked = over_network
    ) -> None:
        self._start = WorkerStart(folder.resolve(), asked)
        self._address = address
        self._most = most
        self._mark = self._start.folder / hidden("cluster")
        self._ray = _library()

    def __enter__(self) -> Self:
        """Join the cluster, and see that all its nodes see the folder; raises ScanError where one does not."""
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
        os.environ["RAY_IGNORE_UNHANDLED_ERRORS"] = "1"  # the first of them ends the scan, and is said
        try:
            self._ray.init(
                address=self._address,
                log_to_driver=False,
                configure_logging=False,
                logging_level=logging.ERROR,
                runtime_env={},
            )
        except Exception as error:  # noqa: BLE001 - Ray has no class for them; each says that there is no cluster
            raise ScanError(
                f"--address {self._address}: no cluster is joined there ({_said(error)})"
            ) from None
        try:
            self._look()
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Leave the cluster, which ends what it still does for this scan."""
        self._leave()

    def run(self, tasks: Iterable[ScanTask]) -> Iterator[TaskDone]:
        """Yield each task as it is done, in whatever order; raises ScanError where one cannot be."""
        function = self._ray.remote(num_cpus=1, max_retries=DEATHS_MAX - 1)(tried_on_node)
        waiting = iter(tasks)
        under_way: dict[Any, ScanTask] = {}
        while True:
            for task in islice(waiting, max(0, self._room() - len(under_way))):
                under_way[function.remote(self._start, task, self._mark)] = task
            if not under_way:
                return
            ready, _ = self._ray.wait(list(under_way), num_returns=1, timeout=_LOOK_S)
            for one in ready:
                yield self._result(one, under_way.pop(one))

    def _room(self) -> int:
        """Return how many tasks are to be under way; raises ScanError where nobody is left to do any."""
        processors = sum(int(node["Resources"].get("CPU", 0)) for node in self._nodes())
        if not processors:
            raise ScanError(
                f"the cluster at {self._address} has no processors; `mxproof scan run` goes on once it has"
            )
        return processors if self._most is None else min(processors, self._most)

    def _result(self, held: Any, task: ScanTask) -> TaskDone:  # noqa: ANN401 - Ray has no types
        try:
            done: TaskDone | TaskFailed = self._ray.get(held)
        except self._ray.exceptions.RayError as error:
            words = f"{DEATHS_MAX} workers ended over it, or a node has no mxproof"
            raise ScanError(f"task {task.phase} {task.index}: {words} ({_said(error)})") from None
        if isinstance(done, TaskFailed):
            raise ScanError(done.words)
        return done

    def _nodes(self) -> list[dict[str, Any]]:
        return [one for one in self._ray.nodes() if one["Alive"] and one["Resources"].get("CPU", 0)]

    def _look(self) -> None:
        """Have each node repeat what is put into the folder here; raises ScanError where that does not come back."""
        said = os.urandom(_MARK_BYTES)
        self._mark.write_bytes(said)
        strategy = self._ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy
        function = self._ray.remote(num_cpus=0, max_retries=0)(looked)
        asked = [
            (node, function.options(scheduling_strategy=strategy(node["NodeID"], soft=False)))
            for node in self._nodes()
        ]
        for node, one in [(node, one.remote(self._mark, node["NodeID"])) for node, one in asked]:
            name = f"node {node['NodeManagerAddress']} ({node['NodeManagerHostname']})"
            try:
                answer: NodeSaid = self._ray.get(one, timeout=_LOOK_S)
            except self._ray.exceptions.RayError as error:
                words = f"expected mxproof[scan] {__version__} there"
                raise ScanError(f"{name}: it does no task ({_said(error)}); {words}") from None
            if answer.version != __version__:
                raise ScanError(f"{name}: mxproof {answer.version}; expected {__version__}, as here")
            if answer.words or not self._is_repeated(node["NodeID"], said):
                words = f" ({answer.words})" if answer.words else ""
                raise ScanError(
                    f"{name}: does not see {self._start.folder} as it is here{words}; expected storage of all nodes"
                )

    def _is_repeated(self, node: str, said: bytes) -> bool:
        reply = reply_to(self._mark, node)
        try:
            return reply.read_bytes() == said
        except OSError:
            return False
        finally:
            reply.unlink(missing_ok=True)

    def _leave(self) -> None:
        with suppress(OSError):
            self._mark.unlink(missing_ok=True)
            for reply in self._mark.parent.glob(f"{self._mark.name}.*"):
                reply.unlink(missing_ok=True)
        self._ray.shutdown()


def _library() -> Any:  # noqa: ANN401 - Ray has no types
    try:
        import ray  # noqa: PLC0415 - the extra `ray` may be missing
        import ray.exceptions  # noqa: PLC0415 - as above
        import ray.util.scheduling_strategies  # noqa: PLC0415 - as above
    except ImportError:
        raise ScanError(
            "Ray is not installed, and --engine ray needs it; install mxproof[scan,ray]"
        ) from None
    return ray


def _said(error: BaseException) -> str:
    """Return the line that says what went wrong: the last one where an exception was raised on a node, else the first."""
    lines = [line.strip() for line in _COLOUR.sub("", str(error)).splitlines() if line.strip()]
    if not lines:
        return type(error).__name__
    return lines[-1] if isinstance(error, _library().exceptions.RayTaskError) else lines[0]
