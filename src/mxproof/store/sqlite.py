"""SQLite: one file, one daemon. Python's own module; nothing to install, nothing to set up.

Written ahead (WAL) with full synchronisation, so that what was acknowledged survives both `kill -9` and a power cut.
The file belongs to the user of the daemon alone.
"""

import os
import sqlite3
from pathlib import Path

from mxproof.store.entry import OPERATION_TIMEOUT_S
from mxproof.store.sql import Connection, SqlStore

CACHE_KIB = 2048
FILE_MODE = 0o600


def sqlite_store(path: Path) -> SqlStore:
    """Return the store in the file `path`."""
    return SqlStore(_Sqlite(path))


class _Sqlite:
    errors: tuple[type[Exception], ...] = (sqlite3.Error, OSError)
    blob = "BLOB"
    placeholder = "?"
    shared = False

    def __init__(self, path: Path) -> None:
        self._path = path

    def connect(self) -> Connection:
        os.close(os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, FILE_MODE))
        connection = sqlite3.connect(self._path, timeout=OPERATION_TIMEOUT_S, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        except sqlite3.Error:
            connection.close()
            raise
        return connection
