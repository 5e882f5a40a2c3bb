"""Packages that only an extra of the installation brings, and what is said where one of them is needed and not there."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mxproof.cli.exit import RunError

EXTRAS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(
            ("aiosmtpd", "alembic", "argon2", "psycopg", "redis", "sqlalchemy", "starlette", "uvicorn"),
            "serve",
        ),
        "apprise": "alerts",
        **dict.fromkeys(("acme", "josepy"), "publish"),
        **dict.fromkeys(("duckdb", "pyarrow"), "scan"),
        "ray": "ray",
    }
)
"""The extra that brings each package, by the name that is imported."""


def missing(error: ImportError) -> RunError | None:
    """Return what to say of a package that could not be imported, or None where no extra brings it."""
    name = (error.name or "").partition(".")[0]
    extra = EXTRAS.get(name)
    return RunError(f"{name} is not installed; install mxproof[{extra}]") if extra else None
