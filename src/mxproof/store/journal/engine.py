"""The engines of SQLAlchemy: each transaction of SQLite that writes begins for that at once, so that two writers wait for each
other and do not fail.
"""

from collections.abc import Callable

from sqlalchemy import Connection, Engine, create_engine, event

READS = "mxproof_reads"
"""The execution option of a connection that only reads."""
MIGRATES = "mxproof_migrates"
"""That of one that makes tables anew: nothing may look meanwhile whether all that points at them is
there.
"""


def sqlite_engine(connect: Callable[[], object]) -> Engine:
    """Return the engine over connections to one file."""
    engine = create_engine("sqlite://", creator=connect)
    event.listen(engine, "begin", _begin)
    return engine


def postgresql_engine(connect: Callable[[], object]) -> Engine:
    """Return the engine over connections to one database."""
    return create_engine(
        "postgresql+psycopg://", creator=connect, pool_size=1, max_overflow=1, pool_pre_ping=True
    )


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get(MIGRATES):
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")  # within a transaction it would do nothing
    connection.exec_driver_sql("BEGIN" if options.get(READS) else "BEGIN IMMEDIATE")
