"""Roll-outs as they are kept, and who is alone at one."""

from datetime import UTC, datetime

from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.rollout_journal import RolloutJournal

AT = datetime(2026, 3, 2, 5, 0, 0, 250000, tzinfo=UTC)


def test_a_roll_out_is_kept_in_place_of_the_last_until_it_is_forgotten(journal: Journal) -> None:
    rollouts = RolloutJournal(journal)
    assert rollouts.rollout("example.com") is None
    rollouts.keep("example.com", b"first", AT)
    rollouts.keep("example.com", b"second", AT)
    rollouts.keep("example.net", b"other", AT)
    assert rollouts.rollout("example.com") == b"second"
    assert rollouts.domains() == ("example.com", "example.net")
    rollouts.forget("example.com")
    assert (rollouts.rollout("example.com"), rollouts.domains()) == (None, ("example.net",))


def test_who_rolls_a_domain_out_keeps_nobody_from_publishing_for_it(journal: Journal) -> None:
    with RolloutJournal(journal).alone("example.com") as still, journal.alone("example.com"):
        still()


def test_two_never_roll_out_one_domain_at_the_same_time(journal: Journal) -> None:
    rollouts = RolloutJournal(journal)
    with rollouts.alone("example.com"), rollouts.alone("example.net"):
        assert not _is_free(rollouts)
    assert _is_free(rollouts)


def _is_free(rollouts: RolloutJournal) -> bool:
    try:
        with rollouts.alone("example.com"):
            return True
    except JournalError:
        return False
