"""The long run: every target for some seconds, or with so many inputs, drawn anew, and what breaks a law kept as a file.

    python -m fuzz.campaign SECONDS [TARGET ...]
    python -m fuzz.campaign 100000x TARGET [TARGET ...]

The smallest input found goes to `crashers/TARGET/`, named by its digest; from then on every run of the tests tries it.
For a time Hypothesis draws the inputs. So many inputs are drawn by chance alone, which takes a fifth of the time, and only what
breaks a law is cut down, by halves and less.
A target that was tried often enough to tell has to leave the memory of the process as it was after the first tenth.
The exit status is 1 where a law was broken or memory grew.
"""

import gc
import hashlib
import resource
import secrets
import sys
import traceback
from pathlib import Path
from random import Random
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


class Tried(NamedTuple):
    """How many inputs were tried and for how long, the smallest that broke the law, and by how much memory grew.

    `grown_kib` is counted after the first tenth; `most_kib` is the most that the process ever held.
    """

    inputs: int
    seconds: float
    broken: bytes | None
    grown_kib: int
    most_kib: int

    @property
    def is_well(self) -> bool:
        """Tell whether the law held, and memory was flat as far as that can be told."""
        return self.broken is None and (self.inputs < TOLD_FROM_INPUTS or self.grown_kib <= GROWTH_KIB_MAX)


def for_seconds(target: Target, seconds: float) -> Tried:
    """Try `target` for so long, with inputs that Hypothesis draws."""
    begun = monotonic()
    tried, broken = 0, list[bytes]()
    early_kib: int | None = None

    def done() -> float:
        return (monotonic() - begun) / seconds

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
            return Tried(tried, monotonic() - begun, min(broken, key=len), 0, _most_kib())
    now_kib = _resident_kib()
    return Tried(tried, monotonic() - begun, None, now_kib - (early_kib or now_kib), _most_kib())


def with_inputs(target: Target, inputs: int) -> Tried:
    """Try `target` with so many inputs, drawn by chance."""
    begun = monotonic()
    start = secrets.randbits(64)
    random = Random(start)
    early_kib = 0
    for number in range(inputs):
        if number == int(EARLY * inputs):
            early_kib = _resident_kib()
        data = target.input_by_chance(random)
        try:
            target.law(data)
        except Exception:  # noqa: BLE001 - as above
            traceback.print_exc(limit=-6)
            return Tried(number + 1, monotonic() - begun, _cut_down(target, data), 0, _most_kib())
    return Tried(inputs, monotonic() - begun, None, _resident_kib() - early_kib, _most_kib())


def _cut_down(target: Target, data: bytes) -> bytes:
    """Return a smaller input that breaks the law too: pieces are taken out of it, halves first, as long as it does."""
    size = len(data) // 2
    while size:
        at = 0
        while at < len(data):
            less = data[:at] + data[at + size :]
            if _breaks(target, less):
                data = less
            else:
                at += size
        size //= 2
    return data


def _breaks(target: Target, data: bytes) -> bool:
    try:
        target.law(data)
    except Exception:  # noqa: BLE001 - as above
        return True
    return False


def _resident_kib() -> int:
    """Return how much memory this process holds now; zero where the system does not tell."""
    gc.collect()
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)


def _most_kib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


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
    are_well = True
    for target in TARGETS:
        if names and target.name not in names:
            continue
        often = bound.endswith("x")
        tried = with_inputs(target, int(bound[:-1])) if often else for_seconds(target, float(bound))
        said = f"memory grew by {tried.grown_kib / 1024:.1f} MiB after the first tenth, to {tried.most_kib / 1024:.0f} at the most"
        if tried.broken is not None:
            said = f"BROKEN: {keep(target, tried.broken)}"
        print(
            f"{target.name}: {tried.inputs} inputs in {tried.seconds:.0f} s, {said}{'' if tried.is_well else '  FAILED'}",
            flush=True,
        )
        are_well = are_well and tried.is_well
    return 0 if are_well else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
