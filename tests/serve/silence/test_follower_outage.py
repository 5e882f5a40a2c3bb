"""A followed log while its journal is away, and step by step: nothing that was counted or rang is lost, or kept twice."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mxproof.rhythm.alarm import Alarm, AlarmKind
from mxproof.rhythm.detector import Detector
from mxproof.serve.silence.follower import SET_S, TOLD_WITHIN_S, WRITTEN_WITHIN_S, Follower
from mxproof.serve.silence.log_file import FilePlace, LogFile
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.silence import KeptLog, SilenceJournal
from support_follower import lines
from support_new_store import new_store
from support_rhythm import BEGIN_S, HOUR_S, utc_hour_of_week

AT = datetime.fromtimestamp(BEGIN_S, UTC)
MAIL = "mail-a.google.com"


def ringing(kind: AlarmKind, sender: str) -> Alarm:
    return Alarm(kind, sender, AT - timedelta(hours=9), AT, 9.0, 0.001)


EVERYTHING = ringing(AlarmKind.EVERYTHING, "")
SILENT = ringing(AlarmKind.SENDER, "example.org")


class Ringing(Detector):
    """A detector that rings when a test says so, and notes when it was let know of time and clocks."""

    def __init__(self) -> None:
        super().__init__(utc_hour_of_week)
        self.rings: list[Alarm] = []
        self.until_s: list[float] = []
        self.set_s: list[float] = []

    def until(self, now_s: float) -> Iterator[Alarm]:
        """Let time pass."""
        self.until_s.append(now_s - BEGIN_S)
        yield from super().until(now_s)
        yield from self.rings
        self.rings = []

    def set_clock(self, now_s: float) -> None:
        """Hear that the clock was set."""
        self.set_s.append(now_s - BEGIN_S)
        super().set_clock(now_s)


class Parts(LogFile):
    """A log that is read in parts."""

    parts_left = 0

    def since(self, place: FilePlace | None) -> tuple[bytes, FilePlace | None, bool]:
        """Return the next part."""
        read, behind, more = super().since(place)
        self.parts_left -= 1
        return read, behind, more or self.parts_left > 0


class Away(SilenceJournal):
    """A journal that is away for so many times."""

    left = 0

    def keep(self, name: str, log: KeptLog, alarms: Sequence[Alarm] = ()) -> None:
        """Keep, or fail."""
        if self.left:
            self.left -= 1
            raise JournalError("away")
        super().keep(name, log, alarms)


class Bench:
    """One log with its follower."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "mail.log"
        self.path.touch()
        self.journal = Journal(new_store(folder))
        self.kept = Away(self.journal)
        self.begins()

    def begins(self) -> bool:
        """Follow as a process that has just been started; return whether it goes on from what was kept."""
        self.log, self.detector = Parts(self.path), Ringing()
        self.follower = Follower(self.log, "log", self.kept, self.detector, UTC)
        return self.follower.begin()

    def write(self, *after_s: float) -> None:
        with self.path.open("ab") as opened:
            opened.write(lines([(BEGIN_S + one, MAIL) for one in after_s]))

    def step(self, after_s: float, set_by_s: float = 0.0) -> bool:
        return self.follower.step(lambda: (BEGIN_S + after_s + set_by_s, after_s))

    def tell(self, after_s: float = 0.0, *, works: bool = True) -> list[Alarm]:
        """Return who is told of."""
        told: list[Alarm] = []

        def tell(alarm: Alarm) -> bool:
            told.append(alarm)
            return works

        self.follower.tell(tell, AT + timedelta(seconds=after_s))
        return told

    def arrivals(self) -> dict[str, int]:
        """Return how many mails were counted ever, as the journal has it."""
        self.begins()
        return {name: round(one.arrivals_ever) for name, one in self.detector.senders.items()}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.journal.close()


def test_what_was_counted_and_rang_while_the_journal_was_away_is_kept_once_when_it_is_back(
    bench: Bench,
) -> None:
    bench.write(*(number * HOUR_S for number in range(4)))
    bench.kept.left = 2
    for rings in ([EVERYTHING], []):
        bench.detector.rings = rings
        with pytest.raises(JournalError):
            bench.step(4 * HOUR_S)
    assert bench.tell() == []
    bench.step(4 * HOUR_S + 12)
    bench.step(4 * HOUR_S + 13)
    assert bench.tell() == [EVERYTHING]
    assert bench.tell() == []
    assert bench.arrivals() == {"Google": 4}
    bench.step(4 * HOUR_S + 14)
    assert bench.arrivals() == {"Google": 4}


def test_a_process_that_begins_again_goes_on_behind_what_the_last_one_kept(bench: Bench) -> None:
    assert not bench.begins()
    bench.write(*(number * HOUR_S for number in range(4)))
    bench.step(4 * HOUR_S)
    assert bench.begins()
    bench.write(5 * HOUR_S)
    bench.step(6 * HOUR_S)
    assert bench.arrivals() == {"Google": 5}


def test_a_process_that_ends_before_it_kept_reads_again_what_it_had_read(bench: Bench) -> None:
    bench.write(*(number * HOUR_S for number in range(4)))
    bench.kept.left = 1
    with pytest.raises(JournalError):
        bench.step(4 * HOUR_S)
    assert not bench.begins()
    bench.step(4 * HOUR_S + 11)
    assert bench.arrivals() == {"Google": 4}


def test_time_passes_only_once_all_of_the_log_is_read_and_lines_may_come_late(bench: Bench) -> None:
    bench.log.parts_left = 3
    bench.write(1)
    assert [bench.step(HOUR_S), bench.step(HOUR_S + 1), bench.step(HOUR_S + 2)] == [True, True, False]
    assert bench.detector.until_s == [HOUR_S + 2 - WRITTEN_WITHIN_S]


def test_a_clock_that_is_set_is_noticed_once_for_each_time(bench: Bench) -> None:
    for after_s, set_by_s in (
        (0, 0.0),
        (5, SET_S),
        (10, SET_S + 900.0),
        (15, SET_S + 900.0),
        (20, 0.0),
        (25, 0.0),
    ):
        bench.step(after_s, set_by_s)
    assert bench.detector.set_s == [10 + SET_S + 900.0, 20.0]


def test_an_alarm_is_told_until_that_succeeds_and_to_nobody_a_day_later(bench: Bench) -> None:
    bench.detector.rings = [EVERYTHING]
    bench.step(1)
    assert bench.tell(works=False) == [EVERYTHING]
    bench.begins()
    assert bench.tell(TOLD_WITHIN_S, works=False) == [EVERYTHING]
    assert bench.tell(TOLD_WITHIN_S + 1) == []
    assert bench.tell() == [], "it is over for good"


def test_one_that_cannot_be_told_keeps_no_other_back_and_a_sender_that_writes_is_told_of_to_nobody(
    bench: Bench,
) -> None:
    bench.detector.rings = [SILENT, EVERYTHING, ringing(AlarmKind.EVERYTHING, "")]
    bench.step(1)
    assert len(bench.tell(works=False)) == 2
    assert len(bench.tell()) == 2
    assert bench.tell() == []
