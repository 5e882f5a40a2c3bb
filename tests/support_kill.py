"""Kill a process that writes to SQLite, again and again, and see what is left."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from mxproof.store.destinations.sqlite import sqlite_store
from support_store import destination

_WRITER = """
import sys
from pathlib import Path
from mxproof.store.destinations.sqlite import sqlite_store
from support_store import destination
store = sqlite_store(Path(sys.argv[1]))
number = int(sys.argv[2])
while True:
    store.write([destination(f"d{number + one}.example", asked_s=number + one) for one in range(7)])
    print(number + 6, flush=True)
    number += 7
"""


def killed_while_writing(path: Path, kills: int) -> None:
    """Kill a writer `kills` times at moments that its own output chooses, and compare."""
    acknowledged = -1
    for turn in range(kills):
        command = [sys.executable, "-c", _WRITER, str(path), str(acknowledged + 1)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            lines = [writer.stdout.readline() for _ in range(1 + turn % 5)]
            os.kill(writer.pid, signal.SIGKILL)
            lines += writer.stdout.read().splitlines(keepends=True)
        acknowledged = int([line for line in lines if line.endswith(b"\n")][-1])
        store = sqlite_store(path)
        keys = {one.key for one in store.load(1_000_000)}
        assert {f"d{number}.example" for number in range(acknowledged + 1)} <= keys
        assert store.read(f"d{acknowledged}.example") == destination(
            f"d{acknowledged}.example", asked_s=acknowledged
        )
        store.close()
