"""The contract of the journal in SQLite; tests/real/store hands the same to PostgreSQL."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mxproof.formats.errors import ConfigError
from mxproof.store.journal.access_journal import AccessJournal
from mxproof.store.journal.certificate_order_journal import CertificateOrderJournal
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.met_journal import MetJournal
from mxproof.store.journal.publication_journal import PublicationJournal
from mxproof.store.journal.rollover_journal import RolloverJournal
from mxproof.store.journal.sqlite import JOURNAL_FILE_MODE
from mxproof.store.journal.wanted_certificate_journal import WantedCertificateJournal
from mxproof.store.journal.watch_journal import WatchJournal
from support_access import ACCESS_CONTRACT
from support_arranging import ARRANGING_CONTRACT
from support_certificate_journal import (
    CERTIFICATE_ORDER_CONTRACT,
    ROLLOVER_CONTRACT,
    WANTED_CERTIFICATE_CONTRACT,
)
from support_guests import GUEST_CONTRACT
from support_journal import CONTRACT, EVER
from support_met import MET_CONTRACT
from support_outgoing import OUTGOING_CONTRACT
from support_publication_journal import PUBLICATION_CONTRACT
from support_rollout_journal import ROLLOUT_CONTRACT
from support_silence_news import SILENCE_NEWS_CONTRACT
from support_watch import WATCH_CONTRACT

NOBODY = 65534


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(f"sqlite:{tmp_path}/journal.db")
    yield made
    made.close()


@pytest.mark.parametrize("rule", CONTRACT, ids=lambda rule: rule.__name__)
def test_sqlite_keeps_the_contract(journal: Journal, rule: Callable[[Journal], None]) -> None:
    rule(journal)


@pytest.mark.parametrize("rule", [*WATCH_CONTRACT, *SILENCE_NEWS_CONTRACT], ids=lambda rule: rule.__name__)
def test_sqlite_keeps_the_contract_of_the_watch(
    journal: Journal, rule: Callable[[WatchJournal], None]
) -> None:
    rule(WatchJournal(journal))


@pytest.mark.parametrize("rule", ARRANGING_CONTRACT, ids=lambda rule: rule.__name__)
def test_sqlite_keeps_the_contract_of_what_is_arranged(
    journal: Journal, rule: Callable[[Journal], None]
) -> None:
    rule(journal)


@pytest.mark.parametrize("rule", GUEST_CONTRACT, ids=lambda rule: rule.__name__)
def test_sqlite_keeps_the_contract_of_the_checks_of_guests(
    journal: Journal, rule: Callable[[Journal], None]
) -> None:
    rule(journal)


@pytest.mark.parametrize("rule", ACCESS_CONTRACT, ids=lambda rule: rule.__name__)
def test_sqlite_keeps_the_contract_of_access(journal: Journal, rule: Callable[[AccessJournal], None]) -> None:
    rule(AccessJournal(journal))


@pytest.mark.parametrize("rule", PUBLICATION_CONTRACT, ids=lambda rule: rule.__name__)
def test_sqlite_keeps_the_contract_of_publications(
    journal: Journal, rule: Callable[[PublicationJournal], None]
) -> None:
    rule(PublicationJournal(journal))


@pytest.mark.parametrize("rule", ROLLOVER_CONTRACT, ids=lambda rule: rule.__name__)
def test_sqlite_keeps_the_contract_of_rollovers(
    journal: Journal, rule: Callable[[RolloverJournal], None]
) -> None:
    rule(RolloverJournal(journal))


@pytest.mark.parametrize("rule", WANTED_CERTIFICATE_CONTRACT, ids=lambda rule: rule.__name__)
def test_sqlite_keeps_the_contract_of_certificates_that_are_wanted(
    journal: Journal, rule: Callable[[WantedCertificateJournal], None]
) -> None:
    rule(WantedCertificateJournal(journal))


@pytest.mark.parametrize("rule", CERTIFICATE_ORDER_CONTRACT, ids=lambda rule: rule.__name__)
def test_sqlite_keeps_the_contract_of_orders(
    journal: Journal, rule: Callable[[CertificateOrderJournal, CertificateOrderJournal], None]
) -> None:
    rule(
        CertificateOrderJournal(journal, "https://acme.example/directory"),
        CertificateOrderJournal(journal, "https://other.example/directory"),
    )


@pytest.mark.parametrize("rule", MET_CONTRACT, ids=lambda rule: rule.__name__)
def test_sqlite_keeps_the_contract_of_what_was_met(
    journal: Journal, rule: Callable[[MetJournal], None]
) -> None:
    rule(MetJournal(journal))


@pytest.mark.parametrize("rule", OUTGOING_CONTRACT, ids=lambda rule: rule.__name__)
def test_sqlite_keeps_the_contract_of_what_goes_out(
    journal: Journal, rule: Callable[[Journal], None]
) -> None:
    rule(journal)


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    journal = Journal(f"sqlite:{tmp_path}/journal.db")
    journal.open()
    journal.close()
    assert (tmp_path / "journal.db").stat().st_mode & 0o777 == JOURNAL_FILE_MODE


def test_what_root_makes_belongs_to_whoever_has_the_folder_the_lock_too(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        os.chown(tmp_path, NOBODY, NOBODY)
    journal = Journal(f"sqlite:{tmp_path}/journal.db")
    journal.open()
    with PublicationJournal(journal).alone("example.com"):
        made = {one.name: one.stat().st_uid for one in tmp_path.iterdir()}
    journal.close()
    assert {"journal.db", "journal.db.alone"} <= set(made)
    assert set(made.values()) == {tmp_path.stat().st_uid}


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


@pytest.mark.parametrize("rule", ROLLOUT_CONTRACT, ids=lambda rule: rule.__name__)
def test_sqlite_keeps_the_contract_of_roll_outs(journal: Journal, rule: Callable[[Journal], None]) -> None:
    rule(journal)
