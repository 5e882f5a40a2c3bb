"""Rollovers as they are noted: one of a host is open at a time, and the newest are kept."""

from datetime import UTC, datetime, timedelta

import pytest

from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.publication_journal import PublicationJournal
from mxproof.store.journal.rollover import JournalledRollover, RolloverState
from mxproof.store.journal.rollover_journal import ROLLOVERS_KEPT_MAX, RolloverJournal

AT = datetime(2026, 3, 2, 5, 0, 0, 250000, tzinfo=UTC)
MX1, MX2 = "mx1.example.com", "mx2.example.com"


def _later(seconds: int) -> datetime:
    return AT + timedelta(seconds=seconds)


@pytest.fixture
def journal(journal: Journal) -> RolloverJournal:
    return RolloverJournal(journal)


def test_what_is_begun_of_a_host_is_open_until_it_is_over(journal: RolloverJournal) -> None:
    begun = journal.begin(MX1, b"rolled", "it is known\0", AT)
    assert journal.opened(MX1) == begun
    assert (begun.rollover, begun.forced) == (b"rolled", "it is known\N{REPLACEMENT CHARACTER}")
    assert (journal.opened(MX2), journal.open_hosts()) == (None, (MX1,))
    journal.end(begun.number, RolloverState.DONE, _later(1))
    assert (journal.opened(MX1), journal.open_hosts()) == (None, ())
    (done,) = journal.history(MX1, 5)
    assert (done.state, done.ended_at) == (RolloverState.DONE, _later(1))


def test_when_it_was_announced_and_shown_is_kept_and_the_first_may_be_taken_back(
    journal: RolloverJournal,
) -> None:
    begun = journal.begin(MX1, b"rolled", "", AT)
    journal.announced(begun.number, _later(1))
    journal.shown(begun.number, _later(2))
    found = journal.opened(MX1)
    assert found is not None
    assert (found.announced_at, found.shown_at) == (_later(1), _later(2))
    journal.announced(begun.number, None)
    again = journal.opened(MX1)
    assert again is not None
    assert (again.announced_at, again.shown_at) == (None, _later(2))


def test_another_one_of_a_host_takes_the_place_of_what_is_open(journal: RolloverJournal) -> None:
    first = journal.begin(MX1, b"first", "", AT)
    second = journal.begin(MX1, b"second", "", _later(1))
    other = journal.begin(MX2, b"other", "", _later(1))
    assert (journal.opened(MX1), journal.opened(MX2)) == (second, other)
    assert [(one.number, one.state) for one in journal.history(MX1, 5)] == [
        (second.number, RolloverState.OPEN),
        (first.number, RolloverState.SUPERSEDED),
    ]


def test_what_is_over_is_altered_no_more(journal: RolloverJournal) -> None:
    first = journal.begin(MX1, b"first", "", AT)
    journal.begin(MX1, b"second", "", _later(1))
    journal.end(first.number, RolloverState.DONE, _later(2))
    journal.shown(first.number, _later(2))
    superseded = journal.history(MX1, 5)[1]
    assert (superseded.state, superseded.shown_at) == (RolloverState.SUPERSEDED, None)


def test_of_a_host_the_newest_rollovers_are_kept(journal: RolloverJournal) -> None:
    for number in range(ROLLOVERS_KEPT_MAX + 3):
        journal.begin(MX1, str(number).encode(), "", _later(number))
    kept = journal.history(MX1, 2 * ROLLOVERS_KEPT_MAX)
    assert (len(kept), kept[0].rollover) == (ROLLOVERS_KEPT_MAX, str(ROLLOVERS_KEPT_MAX + 2).encode())


def test_what_becomes_of_one_host_becomes_of_no_other(journal: RolloverJournal) -> None:
    first, other = journal.begin(MX1, b"first", "", AT), journal.begin(MX2, b"other", "", AT)
    for number in range(ROLLOVERS_KEPT_MAX + 1):
        journal.begin(MX1, str(number).encode(), "", _later(number))
    assert first not in journal.history(MX1, 5)
    assert journal.history(MX2, 5) == (other,)
    assert journal.open_hosts() == (MX1, MX2)
    journal.announced(other.number, _later(1))
    (opened,) = journal.history(MX1, 1)
    assert (opened.announced_at, opened.ended_at) == (None, None)


def test_who_is_alone_at_a_host_keeps_nobody_from_publishing_for_its_name(
    kept_journal: Journal, journal: RolloverJournal
) -> None:
    with journal.alone(MX1) as still, journal.alone(MX2), PublicationJournal(kept_journal).alone(MX1):
        still()
        with pytest.raises(JournalError), journal.alone(MX1):
            raise AssertionError("both are alone")


def test_a_rollover_is_read_back_with_all_that_became_of_it(journal: RolloverJournal) -> None:
    first = journal.begin(MX1, b"first", "", AT)
    journal.announced(first.number, _later(1))
    journal.shown(first.number, _later(2))
    journal.end(first.number, RolloverState.DONE, _later(3))
    second = journal.begin(MX1, b"second", "it is known", _later(4))
    third = journal.begin(MX1, b"third", "", _later(5))
    journal.announced(second.number, _later(6))
    journal.end(first.number, RolloverState.SUPERSEDED, _later(7))
    done = JournalledRollover(
        first.number, MX1, b"first", "", RolloverState.DONE, AT, _later(1), _later(2), _later(3)
    )
    superseded = JournalledRollover(
        second.number,
        MX1,
        b"second",
        "it is known",
        RolloverState.SUPERSEDED,
        _later(4),
        None,
        None,
        _later(5),
    )
    assert journal.history(MX1, 9) == (third, superseded, done)
    assert journal.history(MX1, 1) == (third,)
    assert (journal.opened(MX1), journal.open_hosts()) == (third, (MX1,))
