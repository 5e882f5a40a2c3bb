"""The long run: every target for some seconds with inputs drawn anew, and what breaks a law kept as a file.

    python -m fuzz.campaign SECONDS [TARGET ...]

The smallest input found goes to `crashers/TARGET/`, named by its digest; from then on every run of the tests tries it.
The exit status is 1 where anything was found.
"""

import hashlib
import sys
import traceback
from pathlib import Path
from time import monotonic

from hypothesis import HealthCheck, Phase, given, seed, settings

from fuzz.table import CRASHERS, TARGETS
from fuzz.target import Target

EXAMPLES_AT_ONCE = 100
"""So few that a target ends soon after its time."""
_LONG = settings(
    max_examples=EXAMPLES_AT_ONCE,
    derandomize=False,
    deadline=None,
    database=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


def campaign(target: Target, seconds: float) -> tuple[int, bytes | None]:
    """Try `target` for `seconds`; return how many inputs were tried, and the smallest that breaks its law, if any does."""
    until = monotonic() + seconds
    tried, broken = 0, list[bytes]()

    def trial(data: bytes) -> None:
        nonlocal tried
        if monotonic() > until and not broken:
            return
        tried += 1
        try:
            target.law(data)
        except BaseException:
            broken.append(data)
            raise

    round_number = 0
    while monotonic() < until:
        round_number += 1
        drawn = seed(int.from_bytes(hashlib.sha256(f"{until}{round_number}".encode()).digest()[:8]))
        try:
            drawn(_LONG(given(target.inputs())(trial)))()
        except Exception:  # noqa: BLE001 - whatever breaks a law is what is looked for
            traceback.print_exc(limit=-6)
            return tried, min(broken, key=len)
    return tried, None


def keep(target: Target, data: bytes) -> Path:
    """Keep an input that breaks the law of `target`, and return its file."""
    path = CRASHERS / target.name / hashlib.sha256(data).hexdigest()[:16]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def main(seconds: str, *names: str) -> int:
    """Run the campaign and return the exit status."""
    unknown = {*names} - {target.name for target in TARGETS}
    if unknown:
        print(f"no target {', '.join(sorted(unknown))}; there are: {', '.join(one.name for one in TARGETS)}")
        return 2
    found = 0
    for target in TARGETS:
        if names and target.name not in names:
            continue
        tried, broken = campaign(target, float(seconds))
        print(
            f"{target.name}: {tried} inputs"
            + ("" if broken is None else f", BROKEN: {keep(target, broken)}"),
            flush=True,
        )
        found += broken is not None
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
