"""What a writer knows of today and yesterday, also after a restart, what a fault costs, and what is swept once a day."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.met_counts import MetBounds, MetCounts
from mxproof.store.journal.met_journal import MetJournal, MetTally
from support_datagram import DATAGRAMS
from support_met_writer import NIGHT, Scripted
from support_new_store import new_store

GOOD, OTHER = DATAGRAMS[:2]
MORNING = NIGHT + timedelta(hours=2)
DAY, NEXT = date(2026, 3, 1), date(2026, 3, 2)


class Store(MetJournal):
    """A journal that notes what is forgotten, and fails where a test says so."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(journal)
        self.forgotten: list[date] = []
        self.cannot_recall = self.cannot_forget = False
        self.poison = ""

    def bounds(self, domains_max: int, since: datetime) -> MetBounds:
        """Return what is known already."""
        if self.cannot_recall:
            raise JournalError("away")
        return super().bounds(domains_max, since)

    def add(self, counts: MetCounts) -> None:
        """Add, but for a fault of this program in one domain."""
        if any(one.domain == self.poison for one in counts.policies):
            raise ZeroDivisionError
        super().add(counts)

    def forget_before(self, day: date) -> int:
        """Note the day."""
        if self.cannot_forget:
            raise JournalError("locked")
        self.forgotten.append(day)
        return super().forget_before(day)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    journal = Journal(new_store(tmp_path))
    yield Store(journal)
    journal.close()


def late(datagram: bytes, attempts: int) -> bytes:
    """Return what our own daemon tells of so many attempts before midnight."""
    said = {"dpv": "mxproof-1", "n": attempts, "at": NIGHT.timestamp()}
    return json.dumps(json.loads(datagram) | said).encode()


def test_a_day_that_is_full_stays_so_after_midnight_for_what_is_told_late(store: Store) -> None:
    writing = Scripted(store, domains_max=1)
    writing.write({GOOD: 2})
    writing.now = MORNING
    writing.write({})
    writing.write({late(OTHER, 5): 2, late(GOOD, 3): 1})
    assert writing.counts.beyond == 10
    assert writing.counts.domains == 0
    writing.write({OTHER: 7})
    assert (writing.counts.beyond, writing.counts.domains) == (10, 1)
    assert store.tallies() == [MetTally(DAY, 1, 15, 0, 10), MetTally(NEXT, 1, 7, 0, 0)]


def test_a_day_that_is_full_stays_so_after_a_restart_be_it_today_or_yesterday(store: Store) -> None:
    Scripted(store, domains_max=1).write({GOOD: 2})
    again = Scripted(store, domains_max=1)
    again.write({OTHER: 3, GOOD: 1})
    assert (again.counts.beyond, again.counts.domains) == (3, 1)
    next_day = Scripted(store, MORNING, domains_max=1)
    next_day.write({late(OTHER, 5): 1, OTHER: 7})
    assert (next_day.counts.beyond, next_day.counts.domains) == (5, 1)
    assert store.tallies() == [MetTally(DAY, 1, 11, 0, 8), MetTally(NEXT, 1, 7, 0, 0)]


def test_nothing_is_taken_before_it_is_known_what_is_written_already(store: Store) -> None:
    writing = Scripted(store, domains_max=1)
    store.cannot_recall = True
    writing.write({GOOD: 2})
    assert (writing.waiting, writing.counts.store_down, writing.counts.errors) == ({GOOD: 2}, True, 0)
    store.cannot_recall = False
    writing.write({GOOD: 3})
    assert (writing.waiting, writing.counts.store_down) == ({}, False)
    assert store.tallies() == [MetTally(DAY, 1, 3, 0, 0)]


def test_what_cannot_be_written_for_a_fault_is_let_go_and_holds_nothing_up(store: Store) -> None:
    writing = Scripted(store, domains_max=9)
    store.poison = "good.test"
    writing.write({GOOD: 2})
    assert (writing.counts.errors, writing.counts.written_at, store.tallies()) == (1, 0.0, [])
    writing.write({OTHER: 3})
    assert (writing.counts.errors, writing.counts.written_at) == (1, NIGHT.timestamp())
    assert [(one.day, one.attempts) for one in store.tallies()] == [(DAY, 3)]
    assert [one.domain for one in store.met_on(DAY, domains_max=9)] == ["mismatch.test"]


def test_what_is_over_is_forgotten_once_a_day_and_again_where_that_failed(store: Store) -> None:
    writing = Scripted(store, domains_max=1)
    for _ in range(3):
        writing.write({GOOD: 1})
    oldest = date(2026, 1, 31)
    assert store.forgotten == [oldest]
    writing.now = MORNING
    store.cannot_forget = True
    writing.write({GOOD: 1})
    down = [writing.counts.store_down]
    store.cannot_forget = False
    for _ in range(2):
        writing.write({GOOD: 1})
    assert store.forgotten == [oldest, oldest + timedelta(days=1)]
    assert [*down, writing.counts.store_down] == [True, False]
    assert [one.attempts for one in store.tallies()] == [3, 3], "what was written is not written twice"
    writing.writer.keep_days = 2
    writing.now += timedelta(days=1)
    writing.write({})
    assert store.forgotten[2:] == [NEXT]


def test_sessions_are_counted_by_how_often_they_came_and_for_how_many_they_stand(store: Store) -> None:
    writing = Scripted(store, domains_max=9)
    writing.write({GOOD: 2, late(GOOD, 5): 3, late(OTHER, 7): 2, b"{": 4, b"[": 1})
    assert writing.counts.sessions == {"success": 17, "failure": 14}
    assert writing.counts.refused["json"] + writing.counts.refused["content"] == 5
    assert store.tallies() == [MetTally(DAY, 2, 31, 5, 0)]
