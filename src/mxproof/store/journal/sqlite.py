"""The journal in one file of SQLite: written ahead (WAL), and safe on disk once it is committed.

The driver would begin a transaction late and end it before a table is changed, so that a migration that fails leaves half of
it. It is told to do neither: each transaction begins in so many words, for writing at once, so that two writers wait for
each other and do not fail.
"""

import os
import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event

JOURNAL_TIMEOUT_S = 10.0
JOURNAL_FILE_MODE = 0o600
READS = "mxproof_reads"
"""The execution option of a connection that only reads."""
MIGRATES = "mxproof_migrates"
"""That of one that makes tables anew: nothing may look meanwhile whether all that points at them is there."""
_CACHE_KIB = 16 * 1024


def sqlite_engine(path: Path) -> Engine:
    """Return the engine for the file `path`, which is made where it is missing."""

    def connect() -> sqlite3.Connection:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, JOURNAL_FILE_MODE))
        connection = sqlite3.connect(
            path, timeout=JOURNAL_TIMEOUT_S, check_same_thread=False, isolation_level=None
        )
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    engine = create_engine("sqlite://", creator=connect)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get(MIGRATES):
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")  # within a transaction it would do nothing
    connection.exec_driver_sql("BEGIN" if options.get(READS) else "BEGIN IMMEDIATE")
