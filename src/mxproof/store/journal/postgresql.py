"""The journal in PostgreSQL: several collectors write to it, and several readers read."""

import psycopg
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import Engine, create_engine

from mxproof.formats.errors import ConfigError

CONNECT_TIMEOUT_S = 5
STATEMENT_TIMEOUT_S = 60


def postgresql_engine(conninfo: str) -> Engine:
    """Return the engine for a libpq connection string or URI; raises ConfigError, which does not repeat it, for others."""
    try:
        conninfo_to_dict(conninfo)
    except psycopg.ProgrammingError:
        raise ConfigError("store.url: this is no URL that PostgreSQL knows") from None

    def connect() -> psycopg.Connection:
        return psycopg.connect(
            conninfo,
            connect_timeout=CONNECT_TIMEOUT_S,
            options=f"-c statement_timeout={STATEMENT_TIMEOUT_S * 1000}",
            application_name="mxproof journal",
        )

    return create_engine(
        "postgresql+psycopg://", creator=connect, pool_size=1, max_overflow=1, pool_pre_ping=True
    )
