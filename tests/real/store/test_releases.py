"""Stores of releases in a real PostgreSQL and a real Redis: newer code finds every policy, and the release finds it again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from real.store.held import SERVERS, Held
from real.store.servers import folder_of
from support_cli import mxproof
from support_releases import exported, files, listed, lost, moved, name_of, policies, to_now

STORES = [path for path in files("store/*.list.tsv") if path.name.partition(".")[0] in SERVERS]


@pytest.fixture(params=STORES, ids=name_of)
def listing(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


@pytest.fixture
def kept(listing: Path) -> Iterator[Held]:
    kind = SERVERS[listing.name.partition(".")[0]]
    with folder_of(kind.user) as folder, kind.run(folder):
        yield kind.filled(listing.parent.parent, folder)


def test_there_is_a_store_of_each_kind() -> None:
    assert {path.name.partition(".")[0] for path in STORES} == set(SERVERS)


def test_a_store_in_a_server_is_read_whole_and_goes_back(listing: Path, kept: Held) -> None:
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
def test_a_store_in_a_server_is_exported_whole(listing: Path, kept: Held, table: str) -> None:
    rows = kept.rows()
    by = to_now(max(row.asked_at for row in rows))
    kept.write([moved(row, by) for row in rows])
    got = mxproof("policyd", "--store", kept.url, "export", "--map", table)
    assert got.returncode == 0
    assert lost(exported((listing.parent / f"export.{table}").read_bytes()), exported(got.stdout)) == []
