"""TLS reports as the second source: a reporter that sends none any more is told of once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mxproof.rhythm.alarm import Alarm, AlarmKind
from mxproof.rhythm.reporter import SilentReporter
from mxproof.serve.silence import reports
from mxproof.serve.silence.reports import ReportWatch
from mxproof.store.journal.journal import Journal
from support_new_store import new_store
from support_reporters import BEGIN, DOMAIN, reported

DAYS = 40
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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


class Bench:
    """A process that looks again and again, with the reporters that a test has fall silent, and what cannot be told."""

    def __init__(self, folder: Path) -> None:
        self.journal = Journal(new_store(folder))
        self.silent: list[SilentReporter] = []
        self.deaf: set[str] = set()
        self.restarts()

    def restarts(self) -> None:
        """Look as another process."""
        self.watch = ReportWatch(self.journal, DOMAIN, 1.0)

    def look(self, minutes: float) -> list[str]:
        """Return of whom it was told, in that order."""
        told: list[str] = []

        def tell(alarm: Alarm) -> bool:
            told.append(f"{alarm.sender} since day {(alarm.silent_since - BEGIN).days}")
            return alarm.sender not in self.deaf

        self.watch.look(BEGIN + timedelta(days=DAYS, minutes=minutes), tell)
        return told


def silent(name: str, last: int = DAYS - 8) -> SilentReporter:
    """Return a reporter whose last report is of that day."""
    return SilentReporter(name, (BEGIN - EPOCH).days + last, 9.0, 0.001)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    made = Bench(tmp_path)
    monkeypatch.setattr(reports, "silent_reporters", lambda *_: list(made.silent))
    yield made
    made.journal.close()


def test_who_could_not_be_told_of_is_told_at_the_next_look_and_the_others_once(bench: Bench) -> None:
    bench.silent, bench.deaf = [silent("a.example"), silent("b.example")], {"a.example"}
    both = ["a.example since day 33", "b.example since day 33"]
    assert bench.look(0) == both
    assert bench.look(0.1) == both[:1], "it is not waited for an hour"
    bench.deaf = set()
    assert bench.look(0.2) == both[:1]
    bench.silent.append(silent("c.example"))
    assert bench.look(60.1) == [], "all were told less than an hour ago"
    assert bench.look(60.2) == ["c.example since day 33"]


def test_who_was_told_is_told_no_more_after_a_restart(bench: Bench) -> None:
    bench.silent, bench.deaf = [silent("a.example"), silent("b.example")], {"a.example"}
    bench.look(0)
    bench.restarts()
    assert bench.look(0.1) == ["a.example since day 33"]


def test_who_reports_again_before_it_was_told_is_told_of_by_nobody_and_a_later_silence_is(
    bench: Bench,
) -> None:
    bench.silent, bench.deaf = [silent("a.example")], {"a.example"}
    assert bench.look(0) == ["a.example since day 33"]
    bench.silent = [silent("a.example", DAYS - 4)]
    assert bench.look(1) == ["a.example since day 37"], "the silence before is over"
    bench.silent, bench.deaf = [], set()
    assert bench.look(2) == []
    bench.silent = [silent("a.example", DAYS - 4)]
    assert bench.look(90) == [], "of that silence nobody is told any more"
    bench.silent = [silent("a.example", DAYS - 2)]
    assert bench.look(180) == ["a.example since day 39"]


def test_after_the_clock_was_set_back_it_is_looked_at_once(bench: Bench) -> None:
    assert bench.look(100) == []
    bench.silent = [silent("a.example")]
    assert bench.look(159) == []
    assert bench.look(99) == ["a.example since day 33"]


def test_who_was_silent_at_the_last_look_is_so_until_the_next(bench: Bench) -> None:
    def alarm(name: str, kind: AlarmKind = AlarmKind.REPORTER) -> Alarm:
        return Alarm(kind, name, BEGIN, BEGIN, 9.0, 0.001)

    bench.silent = [silent("a.example"), silent("")]
    assert not bench.watch.is_silent(alarm("a.example"))
    bench.look(0)
    asked = [alarm("a.example"), alarm("", AlarmKind.REPORTS), alarm("b.example"), alarm("")]
    assert [bench.watch.is_silent(one) for one in asked] == [True, True, False, False]
    bench.silent = []
    bench.look(59)
    assert bench.watch.is_silent(asked[0])
    bench.look(60)
    assert [bench.watch.is_silent(one) for one in asked] == [False] * 4
