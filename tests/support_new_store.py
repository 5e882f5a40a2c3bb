"""A new store for a test, whose schema is made once in a process."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from mxproof.store.journal.journal import Journal


def new_store(folder: Path) -> str:
    """Make an empty store in a folder; return its URL."""
    (folder / "journal.db").write_bytes(_empty())
    return _url(folder)


@cache
def _empty() -> bytes:
    with TemporaryDirectory() as folder:
        journal = Journal(_url(Path(folder)))
        journal.open()
        journal.close()
        return (Path(folder) / "journal.db").read_bytes()


def _url(folder: Path) -> str:
    return f"sqlite:{folder}/journal.db"
