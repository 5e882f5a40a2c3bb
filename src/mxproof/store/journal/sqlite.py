"""The journal in one file of SQLite: written ahead (WAL), and safe on disk once it is committed.

The driver would begin a transaction late and end it before a table is changed, so that a migration that fails leaves half of
it. It is told to do neither (`isolation_level`): each transaction begins in so many words.
"""

import os
import sqlite3
import struct
import sys
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mxproof.store.journal.error import OccupiedError
from mxproof.store.journal.place import Rows, StillAlone
from mxproof.store.shared.sqlite import make_file, write_ahead

if TYPE_CHECKING:
    from sqlalchemy import Engine

JOURNAL_TIMEOUT_S = 10.0
JOURNAL_FILE_MODE = 0o600
_CACHE_KIB = 16 * 1024
_LOCK = "hhqqi"
"""`struct flock`: type, whence, start, length and process."""


class SqlitePlace:
    """The file `path`, which is made where it is missing."""

    errors: tuple[type[Exception], ...] = (sqlite3.Error, OSError)
    has_table = "SELECT name FROM sqlite_master WHERE type = 'table' AND name = :name"

    def __init__(self, path: Path) -> None:
        self.where = str(path)
        self._path = path

    def engine(self) -> "Engine":
        """Return the engine that writes to it."""
        from mxproof.store.journal.engine import sqlite_engine  # noqa: PLC0415 - only looking does without it

        return sqlite_engine(self._connect)

    @contextmanager
    def looked_at(self) -> Iterator[Rows]:
        """Open it and read, in one transaction."""
        with closing(self._connect()) as connection:
            connection.execute("BEGIN")
            yield lambda statement, values: connection.execute(statement, values).fetchall()

    @contextmanager
    def alone(self, name: str) -> Iterator[StillAlone]:
        """Lock one byte of a file beside it, which the system lets go of when the process ends, however that does.

        On Linux the lock is one of this opening of the file (fcntl(2), F_OFD_SETLK): with one of the process, whoever is alone at two
        things loses both at the end of the first of them, when the file is closed.
        """
        beside = self._path.with_name(f"{self._path.name}.alone")
        make_file(beside, JOURNAL_FILE_MODE)
        locked = os.open(beside, os.O_RDWR | os.O_CLOEXEC)
        try:
            try:
                _lock_byte(locked, zlib.crc32(name.encode()))
            except BlockingIOError:
                raise OccupiedError(f"another process is at {name}") from None
            yield lambda: None
        finally:
            os.close(locked)

    def copy_to(self, beside: Path) -> None:
        """Copy it whole into the file `beside`, while others write; raises what SQLite raises."""
        with closing(self._connect()) as connection, closing(sqlite3.connect(beside)) as copy:
            connection.backup(copy)
            # One file, that any SQLite can open without a second beside it.
            copy.execute("PRAGMA journal_mode = DELETE")

    def take_from(self, copy: Path) -> None:
        """Put what is in the file `copy` in place of all that is here, in one transaction; raises what SQLite raises."""
        with closing(_opened_copy(copy)) as taken, closing(self._connect()) as connection:
            (found,) = taken.execute("PRAGMA integrity_check").fetchone()
            if found != "ok":
                raise sqlite3.DatabaseError(f"{copy}: {found}")
            taken.backup(connection)

    def _connect(self) -> sqlite3.Connection:
        make_file(self._path, JOURNAL_FILE_MODE)
        connection = sqlite3.connect(
            self._path, timeout=JOURNAL_TIMEOUT_S, check_same_thread=False, isolation_level=None
        )
        try:
            write_ahead(connection, JOURNAL_TIMEOUT_S)
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        except sqlite3.Error:
            connection.close()
            raise
        return connection


@contextmanager
def copy_looked_at(copy: Path) -> Iterator[Rows]:
    """Open a file that nobody writes to and read, and leave nothing beside it; raises what SQLite raises."""
    with closing(_opened_copy(copy)) as connection:
        yield lambda statement, values: connection.execute(statement, values).fetchall()


def _opened_copy(copy: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def _lock_byte(opened: int, at: int) -> None:
    """Lock one byte of an open file; raises BlockingIOError where it is locked."""
    import fcntl  # noqa: PLC0415 - it is of Unix, and who only keeps reports needs it not

    if sys.platform == "linux":
        fcntl.fcntl(opened, fcntl.F_OFD_SETLK, struct.pack(_LOCK, fcntl.F_WRLCK, os.SEEK_SET, at, 1, 0))
    else:
        fcntl.lockf(opened, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, at)
