"""Whole processes measured from outside: wall time, processor time and peak memory, in alternation.

These figures are for machines whose speed drifts: two commands are run in turn, and what counts is the ratio pair by
pair, of which the median is quoted.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

import msgspec

RUNS = 7
WARM_UP_RUNS = 1
# An installer compiles what it installs. In a checkout the warm-up run does, unless the environment forbids it.
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


class Run(msgspec.Struct, frozen=True):
    """One finished process; `peak_kib` is its largest resident set, and never below that of its parent when it began."""

    wall_s: float
    cpu_s: float
    peak_kib: int
    status: int


class Figures(msgspec.Struct, frozen=True):
    """The runs of one command."""

    name: str
    runs: tuple[Run, ...]

    def median(self, field: str) -> float:
        """Return the median of one field over the runs."""
        return statistics.median(float(getattr(run, field)) for run in self.runs)

    def row(self) -> str:
        """Return one line for a table."""
        walls = sorted(run.wall_s for run in self.runs)
        return (
            f"{self.name:<34} wall {walls[0]:.3f} / {self.median('wall_s'):.3f} / {walls[-1]:.3f} s"
            f"   cpu {self.median('cpu_s'):.3f} s   peak {self.median('peak_kib') / 1024:.1f} MiB"
        )


def timed(command: Sequence[str]) -> Run:
    """Run `command` with its output thrown away and return what it cost."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=_ENVIRONMENT,
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    return Run(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, process.returncode)


def paired(
    ours: tuple[str, Sequence[str]], theirs: tuple[str, Sequence[str]], runs: int = RUNS
) -> tuple[Figures, Figures]:
    """Run two named commands in turn, after a warm-up that does not count."""
    for _ in range(WARM_UP_RUNS):
        timed(ours[1])
        timed(theirs[1])
    pairs = [(timed(ours[1]), timed(theirs[1])) for _ in range(runs)]
    return (
        Figures(ours[0], tuple(one for one, _ in pairs)),
        Figures(theirs[0], tuple(other for _, other in pairs)),
    )


def ratio(ours: Figures, theirs: Figures, field: str) -> float:
    """Return the median of the ratios of `field`, pair by pair."""
    pairs = zip(ours.runs, theirs.runs, strict=True)
    return statistics.median(
        float(getattr(one, field)) / float(getattr(other, field)) for one, other in pairs
    )


def verdict(label: str, value: float, limit: float, unit: str = "") -> bool:
    """Print one figure beside its limit, and tell whether it is within."""
    held = value <= limit
    print(f"{'ok  ' if held else 'OVER'}  {label}: {value:.2f}{unit} (limit {limit:g}{unit})", flush=True)
    return held


def python() -> str:
    """Return the interpreter that runs this."""
    return sys.executable
