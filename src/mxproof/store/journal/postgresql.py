"""The journal in PostgreSQL: several collectors write to it, and several readers read."""

import re
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import psycopg
from psycopg.conninfo import conninfo_to_dict

from mxproof.formats.errors import ConfigError
from mxproof.store.journal.error import JournalError, OccupiedError
from mxproof.store.journal.place import Rows, StillAlone

if TYPE_CHECKING:
    from sqlalchemy import Engine

CONNECT_TIMEOUT_S = 5
STATEMENT_TIMEOUT_S = 60
ALONE_LOCK = 0x6D7870
"""The first number of the advisory locks of those who want to be alone."""
GONE_WITHIN_S = 30
"""How long a server that fell off the network is waited for; the system would wait a quarter of an hour and longer."""
_OPTIONS = " ".join(
    f"-c {name}={value}"
    for name, value in {
        "statement_timeout": STATEMENT_TIMEOUT_S * 1000,
        "tcp_keepalives_idle": GONE_WITHIN_S // 3,
        "tcp_keepalives_interval": GONE_WITHIN_S // 6,
        "tcp_keepalives_count": 4,
        "tcp_user_timeout": GONE_WITHIN_S * 1000,
    }.items()
)
"""The server looks after us too: where this machine is gone, others are not kept out for long."""
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

    @contextmanager
    def alone(self, name: str) -> Iterator[StillAlone]:
        """Hold an advisory lock over a connection of its own, which the server lets go of when that ends, however it does."""
        key = int.from_bytes(zlib.crc32(name.encode()).to_bytes(4), signed=True)
        with closing(self._connect()) as connection:
            connection.autocommit = True
            found = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", (ALONE_LOCK, key)).fetchone()
            if found is None or not found[0]:
                raise OccupiedError(f"another process is at {name}")

            def still() -> None:
                try:
                    connection.execute("SELECT 1")
                except psycopg.Error as error:
                    raise JournalError(
                        f"the lock of {name} is lost ({' '.join(str(error).split())})"
                    ) from None

            yield still

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            self._conninfo,
            connect_timeout=CONNECT_TIMEOUT_S,
            options=_OPTIONS,
            application_name="mxproof journal",
            keepalives_idle=GONE_WITHIN_S // 3,
            keepalives_interval=GONE_WITHIN_S // 6,
            keepalives_count=4,
            tcp_user_timeout=GONE_WITHIN_S * 1000,
        )
