"""What is drained is read once, counted for its day, and written once the store takes it."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from mxproof.serve.collect.metrics import CollectCounts
from mxproof.serve.collect.writer import Writer
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.met_counts import MetCounts
from mxproof.store.journal.met_journal import MetJournal, MetTally
from support_datagram import DATAGRAMS

GOOD = DATAGRAMS[0]
NIGHT = datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC)
DAY, NEXT = date(2026, 3, 1), date(2026, 3, 2)


class Scripted:
    """A writer whose datagrams and whose time a test says."""

    def __init__(self, journal: MetJournal) -> None:
        self.journal = journal
        self.now = NIGHT
        self.waiting: dict[bytes, int] = {}
        self.counts = CollectCounts()
        self.writer = Writer(self._take, journal, self.counts, 100, 30, lambda: self.now)

    def write(self, waiting: dict[bytes, int]) -> None:
        """Write what waits."""
        self.waiting = waiting
        self.writer.write()

    def _take(self) -> dict[bytes, int]:
        taken, self.waiting = self.waiting, {}
        return taken


@pytest.fixture
def scripted(tmp_path: Path) -> Iterator[Scripted]:
    journal = Journal(f"sqlite:{tmp_path}/journal.db")
    yield Scripted(MetJournal(journal))
    journal.close()


class Failing(MetJournal):
    """A journal that is away for a while."""

    away = True

    def add(self, counts: MetCounts) -> None:
        """Add, but while it is away."""
        if self.away:
            raise JournalError("away")
        super().add(counts)


def ours(at: datetime, times: int) -> bytes:
    """Return a datagram of our own kind."""
    return json.dumps(json.loads(GOOD) | {"dpv": "mxproof-1", "n": times, "at": at.timestamp()}).encode()


def test_sessions_count_for_the_utc_day_on_which_they_are_taken(scripted: Scripted) -> None:
    scripted.write({GOOD: 2})
    scripted.now += timedelta(seconds=1)
    scripted.write({GOOD: 3, b"x": 4})
    assert scripted.journal.tallies() == [MetTally(DAY, 1, 2, 0, 0), MetTally(NEXT, 1, 3, 4, 0)]
    assert (scripted.counts.sessions["success"], scripted.counts.refused["json"]) == (5, 4)


def test_what_our_own_daemon_tells_late_counts_for_the_day_before_and_no_earlier(scripted: Scripted) -> None:
    scripted.now = NIGHT + timedelta(hours=2)
    scripted.write({ours(NIGHT, 5): 1, ours(NIGHT - timedelta(days=1), 7): 1, ours(scripted.now, 11): 2})
    assert [(one.day, one.attempts) for one in scripted.journal.tallies()] == [(DAY, 5), (NEXT, 29)]


def is_down(scripted: Scripted) -> bool:
    return scripted.counts.store_down


def test_what_the_store_did_not_take_is_written_once_it_is_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    journal = Journal(f"sqlite:{tmp_path}/journal.db")
    failing = Failing(journal)
    scripted = Scripted(failing)
    scripted.write({GOOD: 2})
    assert is_down(scripted)
    scripted.write({GOOD: 3})
    failing.away = False
    scripted.write({})
    assert not is_down(scripted)
    assert scripted.journal.tallies() == [MetTally(DAY, 1, 5, 0, 0)]
    journal.close()
    assert [one.levelname for one in caplog.records] == ["ERROR", "WARNING"], "it is said once each"


def test_what_is_kept_no_longer_is_forgotten_once_a_day(scripted: Scripted) -> None:
    scripted.write({GOOD: 1})
    scripted.now += timedelta(days=29)
    scripted.write({GOOD: 1})
    assert len(scripted.journal.tallies()) == 2
    scripted.now += timedelta(days=1)
    scripted.write({})
    assert [one.day for one in scripted.journal.tallies()] == [date(2026, 3, 30)]
