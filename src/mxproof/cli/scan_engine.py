"""The engine of a scan as the command line names it, for as long as it works."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mxproof.cli.options.scan_engine import RAY, EngineOptions
from mxproof.scan.local_engine import WORKERS_MAX, LocalEngine
from mxproof.scan.network import Asked, over_network
from mxproof.scan.running import Engine


@contextmanager
def engine_of(options: EngineOptions, folder: Path, asked: Asked = over_network) -> Iterator[Engine]:
    """Return the engine; raises ScanError where a cluster cannot do it."""
    if options.engine == RAY:
        from mxproof.scan.ray_engine import RayEngine  # noqa: PLC0415 - for those alone who have a cluster

        with RayEngine(folder, options.address, options.workers, asked) as cluster:
            yield cluster
    else:
        with LocalEngine(folder, options.workers or _processors(), asked) as engine:
            yield engine


def _processors() -> int:
    return min(len(os.sched_getaffinity(0)), WORKERS_MAX)
