"""A log followed with a real PostgreSQL as its store: counted and told as with a file, however often the process is killed."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from real.store.servers import folder_of, postgresql
from support_follower import DAYS, STOPPED, Machine

pytestmark = pytest.mark.usefixtures("host")


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    with folder_of("postgres") as made, postgresql(made):
        yield f"postgresql:///postgres?host={made}&user=postgres"


def test_it_counts_and_tells_as_a_file_does(store: str, tmp_path: Path) -> None:
    for name in ("file", "server"):
        (tmp_path / name).mkdir()
    by_file, by_server = Machine(tmp_path / "file"), Machine(tmp_path / "server", store)
    with closing(by_file.journal), closing(by_server.journal):
        by_file.pass_days(STOPPED, 0, DAYS)
        by_server.pass_days(STOPPED, 0, DAYS, killed=True)
    assert by_server.counts() == by_file.counts()
    assert [one.sender for one in by_server.told] == ["Microsoft"]
    assert [one.alarmed_at for one in by_server.told] == [one.alarmed_at for one in by_file.told]
