"""Run the tests with real daemons, several files at a time: `tools/real_tests.py [FILES_AT_ONCE [ROOM]]`, as root.

Without a room those of all run but APART, which build what they try, or need a machine for themselves, and have a target of their own.

Each file has a `tools/leave-no-trace` of its own, so that none sees another's namespaces, mounts or processes. What a file
prints appears whole when it has ended, with its time. The exit status is 1 where any has failed or has run no test.
Most of their time is waiting (for a time to live, a daemon, a time-out); four at once keep two processors busy.

Daemons of others have time-outs of their own, which a busy machine can exceed. So a file that fails beside others is run once
more, alone: what fails alone has failed, what does not is named at the end.

The program is compiled first, for the tests start it a hundred times.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from compileall import compile_dir
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from time import monotonic

ROOT = Path(__file__).resolve().parents[1]
FILES_AT_ONCE = 4
APART = ("cluster", "packages")
LONGEST_FIRST = (
    *(
        "test_outage",
        "test_kill",
        "test_watch",
        "test_film",
        "test_api",
        "test_imap",
        "test_html",
        "test_damping",
    ),
    *(
        "test_check",
        "test_models",
        "test_records",
        "test_journal",
        "test_migration",
        "test_long_outage",
        "test_senders",
        "test_memory",
    ),
    *("test_founding", "test_founding_certificates", "test_killed", "test_trouble", "test_cut"),
)
"""Begun first, so that the run does not end with waiting for one of them."""


def run(file: Path) -> tuple[int, str, float]:
    """Run the tests of one file; return pytest's exit status, all that was printed, and the seconds it took."""
    began = monotonic()
    pytest = ("env", "MXPROOF_REAL=1", sys.executable, "-m", "pytest", str(file.relative_to(ROOT)))
    done = subprocess.run(
        [str(ROOT / "tools" / "leave-no-trace"), *pytest],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return done.returncode, done.stdout, monotonic() - began


def files(room: str = "") -> list[Path]:
    """Return the files of tests of a room, those that take longest first."""
    real = ROOT / "tests" / "real"
    found = sorted(file for file in (real / room).rglob("test_*.py") if room or file.parent.name not in APART)
    return sorted(found, key=lambda file: file.stem not in LONGEST_FIRST)


def main(arguments: Sequence[str]) -> int:
    """Run all of them; return the exit status."""
    at_once = int(arguments[0]) if arguments else FILES_AT_ONCE
    began = monotonic()
    compile_dir(ROOT / "src", quiet=2)
    all_files = files(*arguments[1:2])
    failed_beside = _failed(all_files, at_once)
    failed = _failed(failed_beside, 1)
    # Once more at the end, where a reader looks first.
    beside = [file for file in failed_beside if file not in failed]
    if beside:
        print(f"== failed beside others and passed alone: {_names(beside)}")
    print(f"== {len(all_files)} files, {monotonic() - began:.0f} s; failed: {_names(failed)}")
    return 1 if failed else 0


def _failed(tried: Sequence[Path], at_once: int) -> list[Path]:
    """Run these files, print what they printed, and return those that failed."""
    failed = list[Path]()
    with ThreadPoolExecutor(at_once) as pool:
        running = {pool.submit(run, file): file for file in tried}
        for one in as_completed(running):
            status, printed, seconds = one.result()
            print(f"== {running[one].relative_to(ROOT)}: {seconds:.0f} s\n{printed}", flush=True)
            if status != os.EX_OK:
                failed.append(running[one])
    return failed


def _names(files: Sequence[Path]) -> str:
    return ", ".join(str(file.relative_to(ROOT)) for file in files) or "none"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
