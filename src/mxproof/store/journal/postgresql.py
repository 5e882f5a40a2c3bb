"""The journal in PostgreSQL: several collectors write to it, and several readers read."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
from psycopg.conninfo import conninfo_to_dict

from mxproof.formats.errors import ConfigError
from mxproof.store.journal.place import Rows

if TYPE_CHECKING:
    from sqlalchemy import Engine

CONNECT_TIMEOUT_S = 5
STATEMENT_TIMEOUT_S = 60
GONE_WITHIN_S = 30
"""How long a server that fell off the network is waited for; the system would wait a quarter of an hour and longer."""
_NAMED = re.compile(r":([a-z_0-9]+)")


class PostgresqlPlace:
    """The database that a libpq connection string or URI names; raises ConfigError, which does not repeat it, for others."""

    errors: tuple[type[Exception], ...] = (psycopg.Error, OSError)
    has_table = "SELECT relname FROM pg_class WHERE oid = to_regclass(:name)"
    where = "PostgreSQL"

    def __init__(self, conninfo: str) -> None:
        try:
            conninfo_to_dict(conninfo)
        except psycopg.ProgrammingError:
            raise ConfigError("store.url: this is no URL that PostgreSQL knows") from None
        self._conninfo = conninfo

    def engine(self) -> "Engine":
        """Return the engine that writes to it."""
        from mxproof.store.journal.engine import postgresql_engine  # noqa: PLC0415 - only looking does without it

        return postgresql_engine(self._connect)

    @contextmanager
    def looked_at(self) -> Iterator[Rows]:
        """Connect and read, in one transaction."""
        with self._connect() as connection:
            connection.read_only = True
            yield lambda statement, values: connection.execute(
                _NAMED.sub(r"%(\1)s", statement).encode(), values
            ).fetchall()

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            self._conninfo,
            connect_timeout=CONNECT_TIMEOUT_S,
            options=f"-c statement_timeout={STATEMENT_TIMEOUT_S * 1000}",
            application_name="mxproof journal",
            keepalives_idle=GONE_WITHIN_S // 3,
            keepalives_interval=GONE_WITHIN_S // 6,
            keepalives_count=4,
            tcp_user_timeout=GONE_WITHIN_S * 1000,
        )
