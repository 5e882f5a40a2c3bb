"""A scan from its first question to its last table: turn after turn of tasks, each done once.

```
own ── names ── ... ── names ── hosts ── (names ...) ── what was not answered, once more ── (names, hosts ...) ── judge
        every turn: SHARED for each bucket, then JOIN for each chunk, until nothing is wanted
```
Which turn follows is read from the parts of the last one, so that whoever runs a scan again comes to the same turns, and to
the first task that is not done.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Protocol

import msgspec

from mxproof import __version__
from mxproof.scan.continuing import finished_manifest
from mxproof.scan.error import ScanError
from mxproof.scan.folder import ScanFolder
from mxproof.scan.manifest import ResultPart, ScanManifest, read_manifest, write_manifest
from mxproof.scan.part import ScanPart
from mxproof.scan.task import ScanPhase, ScanTask, TaskDone, part_of

TURNS_MAX = 60
"""More than any chain of dependent questions is long."""


class Engine(Protocol):
    """Whatever runs tasks."""

    def run(self, tasks: Iterable[ScanTask]) -> Iterator[TaskDone]:
        """Yield each task as it is done, in whatever order; raises ScanError where one cannot be."""
        ...


class ScanStanding(msgspec.Struct, frozen=True):
    """How far a scan is: the stage, how many of its tasks are done, and what was counted in them."""

    stage: str
    done: int
    tasks: int
    counts: dict[str, int]
    is_new: bool
    """Whether the last task was done now, and not by a run before."""


Told = Callable[[ScanStanding], None]


def scan(folder: ScanFolder, engine: Engine, told: Told) -> ScanManifest:
    """Do all that is not done yet of the scan in `folder`, and return its manifest; raises ScanError and OSError."""
    manifest = read_manifest(folder.path)
    if manifest.is_finished:
        folder.clear_work()
        return manifest
    run = _Run(folder, manifest, engine, told)
    last = run.asked()
    judged = run.stage("judge", (ScanTask(ScanPhase.JUDGE, chunk, last) for chunk in range(manifest.chunks)))
    return _finished(folder, manifest, judged)


def rejudged(folder: ScanFolder, engine: Engine, told: Told) -> ScanManifest:
    """Judge all that a finished scan has kept again, asking nobody, and return its manifest."""
    manifest = finished_manifest(folder.path)
    run = _Run(folder, manifest, engine, told)
    judged = run.stage("judge", (ScanTask(ScanPhase.REJUDGE, chunk) for chunk in range(manifest.chunks)))
    return _finished(folder, manifest, judged)


def _finished(folder: ScanFolder, manifest: ScanManifest, judged: list[TaskDone]) -> ScanManifest:
    parts = tuple(
        ResultPart(one.task.index, sum(one.counts.values()), one.counts)
        for one in sorted(judged, key=lambda one: one.task.index)
    )
    counted = sum(one.domains for one in parts)
    if counted != manifest.domains:
        raise ScanError(f"{folder.path}: {counted} results of {manifest.domains} domains; a part is damaged")
    done = msgspec.structs.replace(
        manifest,
        finished_at=manifest.finished_at or datetime.now(UTC),
        judged_by=f"mxproof {__version__}",
        parts=parts,
    )
    write_manifest(folder.path, done)
    folder.clear_work()
    return done


class _Run:
    """One run of a scan."""

    def __init__(self, folder: ScanFolder, manifest: ScanManifest, engine: Engine, told: Told) -> None:
        self._folder = folder
        self._chunks = range(manifest.chunks)
        self._buckets = manifest.buckets
        self._engine = engine
        self._told = told

    def asked(self) -> int:
        """Ask all that is wanted, and return the turn in which nothing was any more."""
        done = self.stage("domains", (ScanTask(ScanPhase.OWN, chunk) for chunk in self._chunks))
        wanted = self._buckets_wanted(done)
        is_retried = again = False
        for turn in range(1, TURNS_MAX):
            names = [bucket for bucket in wanted if bucket < self._buckets]
            if wanted:
                stage, buckets = (
                    ("once more", wanted) if again else ("names", names) if names else ("hosts", wanted)
                )
                self.stage(stage, (ScanTask(ScanPhase.SHARED, bucket, turn, again) for bucket in buckets))
                again = False
            elif is_retried:
                return turn
            else:
                is_retried = again = True
            tasks = (ScanTask(ScanPhase.JOIN, chunk, turn + 1, again) for chunk in self._chunks)
            wanted = self._buckets_wanted(self.stage("joining", tasks))
        raise ScanError(f"more than {TURNS_MAX} turns of questions; the survey does not come to an end")

    def _buckets_wanted(self, done: list[TaskDone]) -> list[int]:
        """Return the buckets that some chunk wants something of, as its part counts them by number."""
        return sorted({int(name) for one in done for name in one.counts if name.isdigit()})

    def _sum(self, done: list[TaskDone]) -> Counter[str]:
        return sum((Counter(one.counts) for one in done), Counter[str]())

    def stage(self, name: str, tasks: Iterable[ScanTask]) -> list[TaskDone]:
        """Have the tasks done that are not, and return what was counted in all of them."""
        every = list(tasks)
        found = [self._before(task) for task in every]
        done = [one for one in found if one is not None]
        counts = self._sum(done)
        if done:
            self._told(ScanStanding(name, len(done), len(every), dict(counts), is_new=False))
        left = [task for task, one in zip(every, found, strict=True) if one is None]
        for one in self._engine.run(left) if left else ():
            done.append(one)
            counts.update(one.counts)
            self._told(ScanStanding(name, len(done), len(every), dict(counts), is_new=True))
        return done

    def _before(self, task: ScanTask) -> TaskDone | None:
        """Return a task as it was done by a run before, None where it was not."""
        path = part_of(task, self._folder)
        return TaskDone(task, dict(ScanPart(path).counts)) if path.exists() else None
