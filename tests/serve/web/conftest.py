"""A store with a month of history, filled once and copied for each test, and one with an account alone, for whoever only reads."""

import shutil
from pathlib import Path

import pytest

from mxproof.store.journal.access_journal import AccessJournal
from mxproof.store.journal.account import Account, Role
from mxproof.store.journal.journal import Journal
from support_web import NOW, filled, hash_of_password


@pytest.fixture(scope="session")
def filled_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("web") / "journal.db"
    filled(f"sqlite:{path}")
    return path


@pytest.fixture
def store(filled_file: Path, tmp_path: Path) -> str:
    """Return the URL of a store that the test may write to."""
    shutil.copy(filled_file, tmp_path / "journal.db")
    return f"sqlite:{tmp_path}/journal.db"


@pytest.fixture(scope="session")
def bare_store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the URL of a store in which nothing is watched."""
    url = f"sqlite:{tmp_path_factory.mktemp('bare')}/journal.db"
    journal = Journal(url)
    AccessJournal(journal).add_account(Account("ada", Role.ADMIN, NOW), hash_of_password())
    journal.close()
    return url
