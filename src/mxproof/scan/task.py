"""A task of a scan, which any engine runs anywhere: it reads parts of the folder, and writes one.

| phase | reads | does | writes |
|---|---|---|---|
| OWN | the domains of a chunk | asks what belongs to each of them | `own`, `wanted-01` |
| SHARED | what all chunks want of a bucket | asks each question once | `answers` |
| JOIN | what the domains of a chunk know, and the answers of the last turn | finds what they want next | `wanted` of the next turn |
| JUDGE | all answers to the domains of a chunk | judges each | tables, `evidence`, and last `judged` |

To run a task twice does no harm: the second part is written in place of the first.
"""

from enum import StrEnum
from pathlib import Path

import msgspec

from mxproof.scan.folder import ScanFolder


class ScanPhase(StrEnum):
    """What kind of task."""

    OWN = "own"
    SHARED = "shared"
    JOIN = "join"
    JUDGE = "judge"
    REJUDGE = "rejudge"


class ScanTask(msgspec.Struct, frozen=True):
    """One task: `index` is its chunk or bucket, `turn` the turn of shared questions that it belongs to.

    `again`: a JOIN wants what was not answered once more, and a SHARED asks it.
    """

    phase: ScanPhase
    index: int
    turn: int = 0
    again: bool = False


class TaskDone(msgspec.Struct, frozen=True):
    """A task that is done, and what was counted in it."""

    task: ScanTask
    counts: dict[str, int]


def part_of(task: ScanTask, folder: ScanFolder) -> Path:
    """Return the part that a task writes last: when it is there the task is done."""
    match task.phase:
        case ScanPhase.OWN:
            return folder.wanted(1, task.index)
        case ScanPhase.SHARED:
            return folder.answers(task.turn, task.index)
        case ScanPhase.JOIN:
            return folder.wanted(task.turn, task.index)
        case ScanPhase.JUDGE | ScanPhase.REJUDGE:
            return folder.judged(task.index)
