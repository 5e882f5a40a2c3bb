"""The long run: every target for some seconds, or with so many inputs, drawn anew, and what breaks a law kept as a file.

    python -m fuzz.campaign SECONDS [TARGET ...]
    python -m fuzz.campaign 100000x TARGET [TARGET ...]

The smallest input found goes to `crashers/TARGET/`, named by its digest; from then on every run of the tests tries it.
A target that was tried often enough to tell has to leave the memory of the process as it was after the first tenth.
The exit status is 1 where a law was broken or memory grew.
"""

import gc
import hashlib
import math
import sys
import traceback
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from hypothesis import HealthCheck, Phase, given, seed, settings

from fuzz.table import CRASHERS, TARGETS
from fuzz.target import Target

EXAMPLES_AT_ONCE = 100
"""So few that a target ends soon after its time."""
TOLD_FROM_INPUTS = 10_000
"""From so many on the growth of memory is judged: before that caches fill, as they are meant to."""
GROWTH_KIB_MAX = 32 * 1024
EARLY = 0.1
_LONG = settings(
    max_examples=EXAMPLES_AT_ONCE,
    derandomize=False,
    deadline=None,
    database=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


class Bound(NamedTuple):
    """For how long a target is tried, and how often at the most."""

    seconds: float
    inputs: float


class Tried(NamedTuple):
    """How many inputs were tried, the smallest that broke the law, and by how much memory grew after the first tenth (KiB)."""

    inputs: int
    broken: bytes | None
    grown_kib: int

    @property
    def is_well(self) -> bool:
        """Tell whether the law held, and memory was flat as far as that can be told."""
        return self.broken is None and (self.inputs < TOLD_FROM_INPUTS or self.grown_kib <= GROWTH_KIB_MAX)


def campaign(target: Target, bound: Bound) -> Tried:
    """Try `target` as far as its bound."""
    begun = monotonic()
    tried, broken = 0, list[bytes]()
    early_kib: int | None = None

    def done() -> float:
        return max((monotonic() - begun) / bound.seconds, tried / bound.inputs)

    def trial(data: bytes) -> None:
        nonlocal tried
        if done() >= 1 and not broken:
            return
        tried += 1
        try:
            target.law(data)
        except BaseException:
            broken.append(data)
            raise

    round_number = 0
    while done() < 1:
        if early_kib is None and done() >= EARLY:
            early_kib = _resident_kib()
        round_number += 1
        drawn = seed(int.from_bytes(hashlib.sha256(f"{begun}{round_number}".encode()).digest()[:8]))
        try:
            drawn(_LONG(given(target.inputs())(trial)))()
        except Exception:  # noqa: BLE001 - whatever breaks a law is what is looked for
            traceback.print_exc(limit=-6)
            return Tried(tried, min(broken, key=len), 0)
    now_kib = _resident_kib()
    return Tried(tried, None, now_kib - (early_kib or now_kib))


def _resident_kib() -> int:
    """Return how much memory this process holds now; zero where the system does not tell."""
    gc.collect()
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)


def keep(target: Target, data: bytes) -> Path:
    """Keep an input that breaks the law of `target`, and return its file."""
    path = CRASHERS / target.name / hashlib.sha256(data).hexdigest()[:16]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def main(bound: str, *names: str) -> int:
    """Run the campaign and return the exit status."""
    unknown = {*names} - {target.name for target in TARGETS}
    if unknown:
        print(f"no target {', '.join(sorted(unknown))}; there are: {', '.join(one.name for one in TARGETS)}")
        return 2
    often = bound.endswith("x")
    within = Bound(math.inf, float(bound[:-1])) if often else Bound(float(bound), math.inf)
    are_well = True
    for target in TARGETS:
        if names and target.name not in names:
            continue
        tried = campaign(target, within)
        said = f"memory grew by {tried.grown_kib / 1024:.1f} MiB after the first tenth"
        if tried.broken is not None:
            said = f"BROKEN: {keep(target, tried.broken)}"
        print(
            f"{target.name}: {tried.inputs} inputs, {said}{'' if tried.is_well else '  FAILED'}", flush=True
        )
        are_well = are_well and tried.is_well
    return 0 if are_well else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
