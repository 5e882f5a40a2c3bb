"""The engines that write: each transaction of SQLite begins for writing at once, so that two writers wait for each other and
do not fail.
"""

from collections.abc import Callable

from sqlalchemy import Connection, Engine, create_engine, event

MIGRATES = "mxproof_migrates"
"""The execution option of a connection that makes tables anew: nothing may look meanwhile whether all that points at them is
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
    if connection.get_execution_options().get(MIGRATES):
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")  # within a transaction it would do nothing
    connection.exec_driver_sql("BEGIN IMMEDIATE")
