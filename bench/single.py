"""One `mxproof check` of a domain, against an interpreter that loads the same libraries of others and does nothing.

The domain is that of the founding incident, served by a lab in a process of its own. Release 0.1.0 comes to 1.57 times the
processor time of the same interpreter, 1.68 in another run, and to 1.34 times its memory: a check that sees more is to be no
slower and no larger than that one.
"""

import contextlib
import shlex
import subprocess
from collections.abc import Iterator

from bench.timing import paired, python, ratio, verdict

CPU_RATIO_MAX = 1.7
PEAK_RATIO_MAX = 1.35
RUNS = 15
_BARE = "import asyncio, hashlib, ipaddress, ssl, click, msgspec, OpenSSL.SSL, cryptography.x509.verification"
_CHECK = "mxproof check "
"""How the command begins that the lab says to be checked with; it goes on over several lines."""


def main() -> bool:
    """Measure and print; tell whether the figures hold."""
    with _served("incident") as options:
        ours, bare = paired(
            ("mxproof check", (python(), "-m", "mxproof", "check", *options)),
            ("python, its libraries alone", (python(), "-c", _BARE)),
            runs=RUNS,
        )
    print(ours.row())
    print(bare.row())
    print(f"      exit statuses: {ours.runs[0].status} and {bare.runs[0].status}")
    cpu = verdict("processor time, ratio", ratio(ours, bare, "cpu_s"), CPU_RATIO_MAX)
    peak = verdict("peak memory, ratio", ratio(ours, bare, "peak_kib"), PEAK_RATIO_MAX)
    return cpu and peak


@contextlib.contextmanager
def _served(scenario: str) -> Iterator[list[str]]:
    """Serve a scenario as long as the block lasts; return the arguments of the check that asks it."""
    command = (python(), "-u", "-m", "mxproof", "lab", "run", scenario)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as lab:
        try:
            yield _arguments(lab)
        finally:
            lab.terminate()


def _arguments(lab: subprocess.Popen[str]) -> list[str]:
    assert lab.stdout is not None, "the output is a pipe"
    said = ""
    for line in lab.stdout:
        if line.startswith(_CHECK) or said:
            said += line.removesuffix("\n").removesuffix("\\")
            if not line.endswith("\\\n"):
                return shlex.split(said.removeprefix(_CHECK))
    raise AssertionError("the lab says how it is checked")
