"""Have a file of SQLite written ahead (WAL), so that readers and the writer do not wait for each other."""

import contextlib
import os
import sqlite3
import time
from pathlib import Path


def make_file(path: Path, mode: int) -> None:
    """Make a file where it is missing; one that is there is not touched. Raises OSError.

    Whoever closes a file lets go of all locks that the process holds on it (POSIX), those of SQLite among them. Another process that
    looks in then takes itself for the last one, and removes the log that this one goes on to write.
    """
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path.resolve(), os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, mode))


def write_ahead(connection: sqlite3.Connection, timeout_s: float) -> None:
    """Set the mode; raises sqlite3.Error.

    SQLite does not wait for its lock here, unlike elsewhere: where another makes or reads the same new file at this moment it
    fails at once. So a transaction of nothing waits for it, and it is tried again, for `timeout_s`.
    """
    until = time.monotonic() + timeout_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
        else:
            return
