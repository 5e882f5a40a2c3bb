"""A store with a month of history, filled once and copied for each test."""

import shutil
from pathlib import Path

import pytest

from support_web import filled


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
