"""The back ends that need no server; tests/real/store hands the same contract to PostgreSQL and Redis."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mxproof.store.destinations.destination import Store
from mxproof.store.destinations.memory import MemoryStore
from mxproof.store.destinations.sqlite import sqlite_store
from support_store import CONTRACT


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    made: Store = MemoryStore(1000) if request.param == "memory" else sqlite_store(tmp_path / "state.db")
    yield made
    made.close()


@pytest.mark.parametrize("rule", CONTRACT, ids=lambda rule: rule.__name__)
def test_the_back_end_keeps_the_contract(store: Store, rule: Callable[[Store], None]) -> None:
    rule(store)
