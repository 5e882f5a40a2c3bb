"""Run `mxproof` and kill it at its Nth deed: `killed_at.py N DELAY_S COUNT_FILE ARGUMENT...`.

A deed is a statement to a database, a file that is opened or replaced, a socket, something sent to an API, a program that is run,
or a pause: what lies between two of them no other process can tell from what comes right after. The kill comes `DELAY_S` after the deed
has begun, so that what it waits for may have happened or not. If it comes to its end, `COUNT_FILE` says how many deeds there were.
So it does not depend on the speed of a machine which points are met.
"""

import itertools
import os
import runpy
import signal
import sqlite3
import sqlite3.dbapi2
import sys
import threading
import time
from pathlib import Path

_DEEDS = ("open", "os.", "shutil.", "socket.", "http.client.", "subprocess.", "time.sleep")
_CONNECT = sqlite3.connect


def main(number: int, delay_s: float, count: Path, arguments: list[str]) -> None:
    """Run it with these arguments."""
    deeds = itertools.count(1)
    is_counted = threading.Event()

    def deed(_: object = None) -> None:
        if next(deeds) == number:
            if delay_s:
                threading.Thread(target=_kill, args=(delay_s,), daemon=True).start()
            else:
                _kill(0)

    def connect(*given: object, **named: object) -> sqlite3.Connection:
        made: sqlite3.Connection = _CONNECT(*given, **named)  # type: ignore[call-overload] # whatever it takes
        made.set_trace_callback(deed)
        is_counted.set()
        return made

    def hear(event: str, details: tuple[object, ...]) -> None:
        if is_counted.is_set() and event.startswith(_DEEDS) and not _is_of_code(event, details):
            deed()

    for module in (sqlite3, sqlite3.dbapi2):
        setattr(module, "connect", connect)  # noqa: B010 - it stands for the function that is there
    sys.addaudithook(hear)
    sys.argv = ["mxproof", *arguments]
    try:
        runpy.run_module("mxproof", run_name="__main__", alter_sys=True)
    finally:
        count.write_text(str(next(deeds) - 1))


def _is_of_code(event: str, details: tuple[object, ...]) -> bool:
    """Tell whether a file is opened because code is loaded."""
    return event == "open" and str(details[0]).endswith((".py", ".pyc", ".so"))


def _kill(after_s: float) -> None:
    time.sleep(after_s)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:])
