"""Stores of the policy daemon as releases left them, in a file or in a running server."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import NamedTuple, Protocol, cast

import psycopg
import redis as redis_client

from real.bed.process import Daemon
from real.store.servers import postgresql, redis
from support_releases import Row

ENTRIES_MAX = 1000
FIELDS = ("policy", "findings", "asked_at", "refresh_at")


class Held(Protocol):
    """A store of a release: how newer code reaches it, and how that release reads and writes."""

    url: str

    def rows(self) -> list[Row]:
        """Return what the release reads."""

    def write(self, rows: list[Row]) -> None:
        """Write as the release does."""


class InSqlite:
    """The file, copied to where the daemon keeps its own."""

    def __init__(self, release: Path, folder: Path) -> None:
        self._file = Path(shutil.copy(release / "store" / "sqlite.db", folder / "policyd.db"))
        self.url = f"sqlite:{self._file}"
        self._release = release

    def rows(self) -> list[Row]:
        with closing(sqlite3.connect(self._file)) as connection:
            found = connection.execute(_statement(self._release, "read"), (ENTRIES_MAX,))
            return [Row(*row) for row in found.fetchall()]

    def write(self, rows: list[Row]) -> None:
        with closing(sqlite3.connect(self._file)) as connection, connection:
            connection.executemany(_statement(self._release, "write"), rows)


class InPostgresql:
    """The table, filled from the dump."""

    def __init__(self, release: Path, folder: Path) -> None:
        self.url = f"postgresql:///postgres?host={folder}&user=postgres"
        self._release = release
        with closing(psycopg.connect(self.url)) as connection:
            connection.execute((release / "store" / "postgresql.sql").read_bytes())
            connection.commit()

    def rows(self) -> list[Row]:
        with closing(psycopg.connect(self.url)) as connection:
            return [
                Row(*row) for row in connection.execute(self._statement("read"), (ENTRIES_MAX,)).fetchall()
            ]

    def write(self, rows: list[Row]) -> None:
        with closing(psycopg.connect(self.url)) as connection, connection.cursor() as cursor:
            cursor.executemany(self._statement("write"), rows)
            connection.commit()

    def _statement(self, name: str) -> bytes:
        return _statement(self._release, name).encode().replace(b"?", b"%s")


class InRedis:
    """The hashes and sorted sets, as they were."""

    def __init__(self, release: Path, folder: Path) -> None:
        self.url = f"unix://{folder}/s"
        self._client = redis_client.Redis.from_url(self.url)
        held = json.loads((release / "store" / "redis.json").read_bytes())
        for key, fields in held["hashes"].items():
            for name, value in fields.items():
                self._client.hset(key, name, value)
        for key, scores in held["sorted_sets"].items():
            self._client.zadd(key, scores)

    def rows(self) -> list[Row]:
        keys = cast("list[bytes]", self._client.zrevrange("mxproof:asked", 0, ENTRIES_MAX - 1))
        due = cast("list[bytes]", self._client.zrange("mxproof:refresh", 0, -1))
        rows = [self._row(key.decode()) for key in keys]
        assert {key.decode() for key in due} == {row.key for row in rows if row.refresh_at is not None}
        return rows

    def _row(self, key: str) -> Row:
        values = cast("list[bytes | None]", self._client.hmget(f"mxproof:d:{key}", FIELDS))
        policy, findings, asked_at, refresh_at = values
        assert findings is not None
        assert asked_at is not None
        return Row(key, policy, findings, float(asked_at), None if refresh_at is None else float(refresh_at))

    def write(self, rows: list[Row]) -> None:
        for row in rows:
            for name, value in zip(FIELDS, row[1:], strict=True):
                if value is not None:
                    self._client.hset(f"mxproof:d:{row.key}", name, value)
            self._client.zadd("mxproof:asked", {row.key: row.asked_at})
            if row.refresh_at is not None:
                self._client.zadd("mxproof:refresh", {row.key: row.refresh_at})


class Kind(NamedTuple):
    """A kind of server: its user, how to run it, and how to fill it."""

    user: str
    run: Callable[[Path], AbstractContextManager[Daemon]]
    filled: Callable[[Path, Path], Held]


SERVERS = {
    "postgresql": Kind("postgres", postgresql, InPostgresql),
    "redis": Kind("redis", redis, InRedis),
}


def _statement(release: Path, name: str) -> str:
    return (release / "store" / f"{name}.sql").read_text(encoding="utf-8")
