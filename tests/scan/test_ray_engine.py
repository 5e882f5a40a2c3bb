"""Tasks on a cluster: how many at a time, what ends them; a cluster in this process stands for one of Ray (tests/real/scan has that)."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mxproof import __version__
from mxproof.scan import ray_engine
from mxproof.scan.error import ScanError
from mxproof.scan.ray_engine import RayEngine
from mxproof.scan.task import ScanPhase, ScanTask, TaskDone
from mxproof.scan.trying import TaskFailed

TASKS = [ScanTask(ScanPhase.OWN, number) for number in range(7)]
Called = Callable[..., Any]


def node(name: str, processors: int, *, alive: bool = True) -> dict[str, Any]:
    return {
        "NodeID": name,
        "NodeManagerAddress": "192.0.2.1",
        "NodeManagerHostname": name,
        "Alive": alive,
        "Resources": {"CPU": float(processors)} if processors else {},
    }


THREE_PROCESSORS = (node("two", 2), node("one", 1), node("gone", 8, alive=False), node("none", 0))


class _Function:
    """A function that is called where its result is taken."""

    def __init__(self, function: Called) -> None:
        self._function = function

    def options(self, **_: object) -> "_Function":
        return self

    def remote(self, *args: object) -> Called:
        return partial(self._function, *args)


class Cluster:
    """What of Ray is used; `at_once` is how many tasks were under way whenever one was waited for."""

    exceptions = SimpleNamespace(RayError=RuntimeError, RayTaskError=RuntimeError)
    util = SimpleNamespace(
        scheduling_strategies=SimpleNamespace(
            NodeAffinitySchedulingStrategy=lambda name, *, soft: (name, soft)
        )
    )

    def __init__(self, nodes: Sequence[dict[str, Any]]) -> None:
        self._nodes = nodes
        self.at_once: list[int] = []
        self.is_joined = False

    def init(self, **_: object) -> None:
        self.is_joined = True

    def shutdown(self) -> None:
        self.is_joined = False

    def nodes(self) -> Sequence[dict[str, Any]]:
        return self._nodes

    def remote(self, **_: object) -> Callable[[Called], _Function]:
        return _Function

    def wait(self, held: list[Called], **_: object) -> tuple[list[Called], list[Called]]:
        self.at_once.append(len(held))
        return held[:1], held[1:]

    def get(self, held: Called, timeout: float | None = None) -> Any:  # noqa: ANN401 - as Ray has it
        assert timeout is None or timeout > 0
        return held()


@pytest.fixture
def does(monkeypatch: pytest.MonkeyPatch) -> Callable[[Cluster, Called], None]:
    """Return what lets a cluster stand for Ray, whose nodes do a task as a function says."""

    def stands(cluster: Cluster, tried: Called) -> None:
        monkeypatch.setattr(ray_engine, "_library", lambda: cluster)
        monkeypatch.setattr(ray_engine, "tried_on_node", lambda _start, task, _mark: tried(task))

    return stands


Stands = Callable[[Cluster, Called], None]


def done(task: ScanTask) -> TaskDone:
    return TaskDone(task, {"domains": 1})


@pytest.mark.parametrize(("most", "at_once"), [(None, 3), (2, 2), (9, 3)])
def test_each_task_is_done_once_and_one_a_processor_of_the_nodes_that_are_there(
    tmp_path: Path, does: Stands, most: int | None, at_once: int
) -> None:
    cluster = Cluster(THREE_PROCESSORS)
    does(cluster, done)
    with RayEngine(tmp_path, "192.0.2.1:6379", most) as engine:
        assert sorted(one.task.index for one in engine.run(TASKS)) == list(range(7))
    assert max(cluster.at_once) == at_once
    assert not cluster.is_joined
    assert list(tmp_path.iterdir()) == []


def test_a_task_that_fails_ends_the_scan_with_what_went_wrong(tmp_path: Path, does: Stands) -> None:
    def fails(task: ScanTask) -> TaskDone | TaskFailed:
        return TaskFailed(task, "the disk is full") if task.index == 2 else done(task)

    does(Cluster(THREE_PROCESSORS), fails)
    with RayEngine(tmp_path, "192.0.2.1:6379") as engine, pytest.raises(ScanError, match="the disk is full"):
        list(engine.run(TASKS))


def test_a_cluster_without_processors_does_nothing_and_that_is_said(tmp_path: Path, does: Stands) -> None:
    does(Cluster(THREE_PROCESSORS[2:]), done)
    with RayEngine(tmp_path, "192.0.2.1:6379") as engine, pytest.raises(ScanError, match="has no processors"):
        list(engine.run(TASKS))


def test_a_node_that_does_not_see_the_folder_is_named_before_anything_is_asked(
    tmp_path: Path, does: Stands, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mxproof.scan.ray_node import NodeSaid, looked

    def elsewhere(mark: Path, name: str) -> NodeSaid:
        return looked(mark, name) if name == "two" else NodeSaid(__version__, "no such file")

    does(Cluster(THREE_PROCESSORS), done)
    monkeypatch.setattr(ray_engine, "looked", elsewhere)
    engine = RayEngine(tmp_path, "192.0.2.1:6379")
    with pytest.raises(ScanError, match=r"\(one\): does not see .* \(no such file\)"):
        engine.__enter__()
