"""What Prometheus expects to know of every process, under the names that its own libraries use."""

import os
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from mxproof import __version__
from mxproof.serve.daemon.metrics import Family, counter, exposition, gauge

_PROC = Path("/proc/self")
_STARTED_AT = time.time()
"""When this process loaded its program, in seconds since 1970."""


def process_text() -> str:
    """Return processor time, memory, open files and start of this process, and what it was built from."""
    return exposition("process_", _process()) + exposition("mxproof_", (_build(),))


def _process() -> Iterator[Family]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    yield counter("cpu_seconds_total", "Processor time, user and system.", used.ru_utime + used.ru_stime)
    yield gauge("start_time_seconds", "When the process began, since 1970.", _STARTED_AT)
    yield gauge("max_fds", "Files that may be open.", resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    try:
        pages = int((_PROC / "statm").read_text().split()[1])
        files = len(list((_PROC / "fd").iterdir()))
    except (OSError, ValueError, IndexError):
        return  # no such files on this system
    yield gauge("resident_memory_bytes", "Memory in use.", pages * os.sysconf("SC_PAGE_SIZE"))
    yield gauge("open_fds", "Files that are open.", files)


def _build() -> Family:
    python = ".".join(map(str, sys.version_info[:3]))
    return gauge("build_info", "1, with the versions.", {f'{{version="{__version__}",python="{python}"}}': 1})
