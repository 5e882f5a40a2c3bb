"""Read every file of a folder as TLS reports and print what they count and what it took: by mxproof, or by parsedmarc.

`python bench/tlsrpt_read.py mxproof|parsedmarc FOLDER`. It imports what it is asked to measure and nothing else of ours,
since parsedmarc has an environment of its own.
"""

import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def main(program: str, folder: str) -> None:
    """Read all files before the clock runs, and parse them while it does."""
    files = [(path.name, path.read_bytes()) for path in sorted(Path(folder).iterdir())]
    read = _mxproof if program == "mxproof" else _parsedmarc
    read(files[:20])
    began = time.process_time()
    success, failure = read(files)
    cpu_s = time.process_time() - began
    print(json.dumps({"success": success, "failure": failure, "per_cpu_s": len(files) / cpu_s}))


def _mxproof(files: Iterable[tuple[str, bytes]]) -> tuple[int, int]:
    from mxproof.formats.tlsrpt.found import reports_in  # noqa: PLC0415 - not there for the other program

    success = failure = 0
    for name, data in files:
        for found in reports_in(data, name):
            for policy in found.read.report.policies:
                success, failure = success + policy.success, failure + policy.failure
    return success, failure


def _parsedmarc(files: Iterable[tuple[str, bytes]]) -> tuple[int, int]:
    import parsedmarc  # type: ignore[import-not-found]  # noqa: PLC0415 - in an environment of its own

    success = failure = 0
    for name, data in files:
        if name.endswith(".eml"):
            found: Any = parsedmarc.parse_report_email(data, offline=True)
        else:
            found = parsedmarc.parse_report_file(data, offline=True)
        for policy in found["report"]["policies"]:
            success += policy["successful_session_count"]
            failure += policy["failed_session_count"]
    return success, failure


if __name__ == "__main__":
    main(*sys.argv[1:])
