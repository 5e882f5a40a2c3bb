"""Who is alone at something in a journal in SQLite: at each name one, whatever else begins and ends beside it."""

from contextlib import closing
from pathlib import Path

import pytest

from mxproof.store.journal.error import OccupiedError
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.publication_journal import PublicationJournal
from mxproof.store.journal.rollout_journal import RolloutJournal
from support_new_store import new_store

DOMAIN = "example.com"


def is_free(store: str, name: str) -> bool:
    """Tell whether somebody else can be alone at `name`."""
    with closing(Journal(store)) as other:
        try:
            with other.alone(name):
                return True
        except OccupiedError:
            return False


def test_who_is_alone_at_two_things_is_still_at_one_after_the_other_is_over(tmp_path: Path) -> None:
    """As a roll-out is that publishes, and then notes what was published."""
    store = new_store(tmp_path)
    with closing(Journal(store)) as journal:
        rollouts, publications = RolloutJournal(journal), PublicationJournal(journal)
        rolls_out = f"the roll-out of {DOMAIN}"
        with rollouts.alone(DOMAIN):
            with publications.alone(DOMAIN):
                assert [is_free(store, name) for name in (rolls_out, DOMAIN)] == [False, False]
            assert [is_free(store, name) for name in (rolls_out, DOMAIN)] == [False, True]
        assert [is_free(store, name) for name in (rolls_out, DOMAIN)] == [True, True]


def test_who_fails_while_alone_keeps_nobody_out_nor_does_who_came_in_vain(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    with closing(Journal(store)) as journal:
        with pytest.raises(ZeroDivisionError), journal.alone(DOMAIN):
            raise ZeroDivisionError
        with journal.alone(DOMAIN):
            assert [is_free(store, DOMAIN), is_free(store, DOMAIN)] == [False, False]
        assert is_free(store, DOMAIN)
