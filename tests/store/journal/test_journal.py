"""The journal as a whole: it opens when it is used, again after it was closed, and says why it cannot."""

from pathlib import Path

import pytest

from mxproof.formats.errors import ConfigError
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal
from support_journal import EVER, arrival, report


def test_works_again_after_it_was_closed(journal: Journal) -> None:
    journal.keep([arrival(report())])
    journal.close()
    assert journal.counts(EVER).senders[0].reports == 1


@pytest.mark.parametrize("where", ["missing/journal.db", "folder"])
def test_what_cannot_be_opened_is_an_error_that_names_it(tmp_path: Path, where: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(JournalError, match=where):
        Journal(f"sqlite:{tmp_path}/{where}").counts(EVER)


def test_what_is_no_database_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "journal.db").write_bytes(b"something else" * 100)
    with pytest.raises(JournalError, match="not a database"):
        Journal(f"sqlite:{tmp_path}/journal.db").open()


@pytest.mark.parametrize(
    "url", ["", "memory:", "sqlite:relative.db", "redis://x", "postgresql:x", "mysql://u:secret@h"]
)
def test_a_url_of_another_kind_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Journal(url)
    assert "secret" not in str(caught.value)
