"""SQLite: one file, one daemon. Python's own module; nothing to install, nothing to set up.

Written ahead (WAL) with full synchronisation, so that what was acknowledged survives both `kill -9` and a power cut.
The file belongs to the user of the daemon alone. SQLite writes even to read: it makes an index of the log beside the
file. Where it cannot, for the disk is full or read-only, what is stored is read without one.
"""

import sqlite3
from pathlib import Path

from mxproof.store.destinations.destination import OPERATION_TIMEOUT_S
from mxproof.store.destinations.sql import DatabaseConnection, SqlStore
from mxproof.store.shared.sqlite import make_file, write_ahead

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
        self.where = str(path)
        self._path = path

    def connect(self) -> DatabaseConnection:
        make_file(self._path, FILE_MODE)
        connection = sqlite3.connect(self._path, timeout=OPERATION_TIMEOUT_S, check_same_thread=False)
        try:
            write_ahead(connection, OPERATION_TIMEOUT_S)
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def connect_to_read(self) -> DatabaseConnection | None:
        if not self._path.is_file():
            return None
        for parameters, mode in (("mode=ro", "NORMAL"), ("mode=rw", "EXCLUSIVE"), *self._without_log()):
            connection = sqlite3.connect(
                f"{self._path.absolute().as_uri()}?{parameters}",
                uri=True,
                timeout=OPERATION_TIMEOUT_S,
                check_same_thread=False,
            )
            try:
                # whoever locks the file for itself has the index of the log in memory
                connection.execute(f"PRAGMA locking_mode = {mode}")
                connection.execute("SELECT count(*) FROM sqlite_master").close()
            except sqlite3.Error:
                connection.close()
            else:
                return connection
        return None

    def _without_log(self) -> tuple[tuple[str, str], ...]:
        """Return how to open the file without its log, which is everything only where nothing waits there."""
        log = self._path.with_name(self._path.name + "-wal")
        waits = log.exists() and log.stat().st_size > 0
        return () if waits else (("mode=ro&immutable=1", "NORMAL"),)
