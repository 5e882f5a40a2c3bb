"""What both stores do with a file of SQLite: make it, and have it written ahead (WAL), so that readers and writer do not wait."""

import errno
import os
import sqlite3
import time
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Final

from mxproof.store.whole import give

_MAKING: Final = Lock()


def make_file(path: Path, mode: int) -> None:
    """Make an empty file with these permissions where there is none; raises OSError.

    What root makes belongs to whoever has the folder: a daemon reads and writes it under a user of its own. What SQLite makes beside a
    file belongs to whoever has that.

    One that is there is not opened. Whoever closes a file ends all locks that its process holds on it (POSIX), those of SQLite
    among them: another process that ends would then find its log used by nobody and delete it, and what this one writes from
    then on would be lost (https://www.sqlite.org/howtocorrupt.html section 2.2).
    """
    place = path.resolve()
    with _MAKING, suppress(FileExistsError):
        made = os.open(place, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, mode)
        try:
            give(made, place.parent.stat())
        finally:
            os.close(made)
    if not os.access(path, os.R_OK | os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


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
