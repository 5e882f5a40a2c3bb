"""TLS reports as the second source: a reporter that sends none any more is told of once."""

from datetime import timedelta
from pathlib import Path

import pytest

from mxproof.rhythm.alarm import Alarm, AlarmKind
from mxproof.serve.silence.reports import ReportWatch
from mxproof.store.journal.journal import Journal
from support_reporters import BEGIN, DOMAIN, reported

DAYS = 40


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(f"sqlite:{tmp_path / 'journal.db'}")


class Ringing:
    """Looks at the reports each day, and keeps what is told."""

    def __init__(self, journal: Journal, domain: str = DOMAIN) -> None:
        self.journal = journal
        self.domain = domain
        self.told: list[Alarm] = []
        self.works = True

    def tell(self, alarm: Alarm) -> bool:
        self.told.append(alarm)
        return self.works

    def look(self, day: float) -> None:
        """Look as a process does that has just been started."""
        ReportWatch(self.journal, self.domain, 1.0).look(BEGIN + timedelta(days=day), self.tell)


def test_a_reporter_that_falls_silent_is_told_once(journal: Journal) -> None:
    reported(journal, "google.com", 0, DAYS)
    reported(journal, "microsoft.com", 0, DAYS - 8)
    ringing = Ringing(journal)
    for day in (DAYS - 6, DAYS, DAYS + 0.5, DAYS + 1):
        ringing.look(day)
    (told,) = ringing.told
    assert (told.kind, told.sender) == (AlarmKind.REPORTER, "microsoft.com")
    assert told.silent_since == BEGIN + timedelta(days=DAYS - 8)


def test_it_is_told_until_the_telling_succeeds_and_not_once_it_reports_again(journal: Journal) -> None:
    reported(journal, "google.com", 0, DAYS)
    reported(journal, "microsoft.com", 0, DAYS - 8)
    ringing = Ringing(journal)
    ringing.works = False
    ringing.look(DAYS)
    ringing.look(DAYS + 0.2)
    assert len(ringing.told) == 2
    reported(journal, "microsoft.com", DAYS - 2, DAYS)
    ringing.look(DAYS + 0.4)
    assert len(ringing.told) == 2


def test_reports_that_all_stop_are_told_as_such(journal: Journal) -> None:
    for name in ("google.com", "microsoft.com"):
        reported(journal, name, 0, DAYS)
    ringing = Ringing(journal)
    ringing.look(DAYS + 8)
    assert [(one.kind, one.sender) for one in ringing.told] == [(AlarmKind.REPORTS, "")]


def test_reports_of_another_domain_say_nothing_of_this_one(journal: Journal) -> None:
    reported(journal, "google.com", 0, DAYS)
    reported(journal, "microsoft.com", 0, DAYS - 8)
    reported(journal, "microsoft.com", 0, DAYS, "example.net")
    one, all_of_them = Ringing(journal), Ringing(journal, "")
    one.look(DAYS)
    all_of_them.look(DAYS)
    assert ([alarm.sender for alarm in one.told], all_of_them.told) == (["microsoft.com"], [])


def test_it_is_looked_again_after_an_hour(journal: Journal) -> None:
    ringing = Ringing(journal)
    watch = ReportWatch(journal, DOMAIN, 1.0)
    watch.look(BEGIN + timedelta(days=DAYS), ringing.tell)
    reported(journal, "google.com", 0, DAYS)
    reported(journal, "microsoft.com", 0, DAYS - 8)
    watch.look(BEGIN + timedelta(days=DAYS, minutes=30), ringing.tell)
    assert ringing.told == []
    watch.look(BEGIN + timedelta(days=DAYS, minutes=61), ringing.tell)
    assert [one.sender for one in ringing.told] == ["microsoft.com"]
