"""A new store for a test, whose schema is made once in a process."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from mxproof.store.journal.backup import back_up
from mxproof.store.journal.journal import Journal


def new_store(folder: Path) -> str:
    """Make an empty store in a folder; return its URL."""
    (folder / "journal.db").write_bytes(empty_journal())
    return f"sqlite:{folder}/journal.db"


@cache
def empty_journal() -> bytes:
    """Return the file of a journal with nothing in it; to make one takes longer than all that is then done in it."""
    with TemporaryDirectory() as folder:
        made = Journal(f"sqlite:{folder}/journal.db")
        made.open()
        made.close()
        back_up(f"sqlite:{folder}/journal.db", Path(folder) / "copy.db")
        return (Path(folder) / "copy.db").read_bytes()
