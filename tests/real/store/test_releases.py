"""Stores of releases in a real PostgreSQL and a real Redis: newer code finds every policy, and the release finds it again."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import NamedTuple, Protocol, cast

import psycopg
import pytest
import redis as redis_client

from real.bed.process import Daemon
from real.store.servers import folder_of, postgresql, redis
from support_cli import mxproof
from support_releases import Row, exported, files, listed, lost, moved, name_of, policies, to_now

ENTRIES_MAX = 1000
FIELDS = ("policy", "findings", "asked_at", "refresh_at")


class Kept(Protocol):
    """A store of a release in a running server: how newer code reaches it, and how that release reads and writes."""

    url: str

    def rows(self) -> list[Row]:
        """Return what the release reads."""

    def write(self, rows: list[Row]) -> None:
        """Write as the release does."""


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
        return (self._release / "store" / f"{name}.sql").read_bytes().replace(b"?", b"%s")


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
    filled: Callable[[Path, Path], Kept]


KINDS = {
    "postgresql": Kind("postgres", postgresql, InPostgresql),
    "redis": Kind("redis", redis, InRedis),
}
STORES = [path for path in files("store/*.list.tsv") if path.name.partition(".")[0] in KINDS]


@pytest.fixture(params=STORES, ids=name_of)
def listing(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


@pytest.fixture
def kept(listing: Path) -> Iterator[Kept]:
    kind = KINDS[listing.name.partition(".")[0]]
    with folder_of(kind.user) as folder, kind.run(folder):
        yield kind.filled(listing.parent.parent, folder)


def test_there_is_a_store_of_each_kind() -> None:
    assert {path.name.partition(".")[0] for path in STORES} == set(KINDS)


def test_a_store_in_a_server_is_read_whole_and_goes_back(listing: Path, kept: Kept) -> None:
    before = kept.rows()
    got = mxproof("policyd", "--store", kept.url, "list")
    assert (got.returncode, got.stderr) == (0, b"")
    assert lost(listed(listing.read_bytes()), listed(got.stdout)) == []
    after = kept.rows()
    assert policies({row.key: row.policy for row in after}) == policies(
        {row.key: row.policy for row in before}
    )
    kept.write(before)
    assert set(kept.rows()) == set(before)


@pytest.mark.parametrize("table", ["postfix", "postfix-tlsrpt"])
def test_a_store_in_a_server_is_exported_whole(listing: Path, kept: Kept, table: str) -> None:
    rows = kept.rows()
    by = to_now(max(row.asked_at for row in rows))
    kept.write([moved(row, by) for row in rows])
    got = mxproof("policyd", "--store", kept.url, "export", "--map", table)
    assert got.returncode == 0
    assert lost(exported((listing.parent / f"export.{table}").read_bytes()), exported(got.stdout)) == []
