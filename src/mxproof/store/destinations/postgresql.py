"""PostgreSQL: shared by several daemons, so that a policy learnt by one is known to all."""

import psycopg
from psycopg.conninfo import conninfo_to_dict

from mxproof.store.destinations.destination import OPERATION_TIMEOUT_S
from mxproof.store.destinations.sql import DatabaseConnection, SqlStore

_TIMEOUT_MS = round(OPERATION_TIMEOUT_S * 1000)


def postgresql_store(conninfo: str) -> SqlStore:
    """Return the store in the database that a libpq connection string or URI names; raises ValueError for others."""
    try:
        conninfo_to_dict(conninfo)
    except psycopg.ProgrammingError:
        raise ValueError("not a connection string") from None
    return SqlStore(_Postgresql(conninfo))


class _Postgresql:
    errors: tuple[type[Exception], ...] = (psycopg.Error, OSError)
    blob = "BYTEA"
    placeholder = "%s"
    shared = True
    where = "PostgreSQL"

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo

    def connect(self) -> DatabaseConnection:
        return psycopg.connect(
            self._conninfo,
            connect_timeout=max(2, round(OPERATION_TIMEOUT_S)),
            tcp_user_timeout=_TIMEOUT_MS,
            options=f"-c statement_timeout={_TIMEOUT_MS} -c lock_timeout={_TIMEOUT_MS}",
            application_name="mxproof policyd",
        )

    def connect_to_read(self) -> DatabaseConnection | None:
        return None
