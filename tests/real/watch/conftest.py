"""One lab for the tests of a file, and the stores that they are run over: a file of SQLite and a real PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from real.store.servers import folder_of, postgresql
from real.watch.processes import DOMAINS, Asked, lab, url_in

SQLITE, POSTGRESQL = "sqlite", "postgresql"


@pytest.fixture(scope="module")
def asked(host: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    with lab(tmp_path_factory.mktemp("lab"), len(DOMAINS)) as served:
        yield served


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the URL of a new store."""
    if request.param == SQLITE:
        yield f"sqlite:{tmp_path}/journal.db"
        return
    with folder_of("postgres") as made, postgresql(made):
        yield url_in(made)
