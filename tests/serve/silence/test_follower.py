"""A followed log: what is counted over restarts, crashes, rotation and clocks that are set, and who is told."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mxproof.rhythm.alarm import Alarm
from mxproof.rhythm.detector import Detector
from mxproof.serve.silence.follower import Follower
from mxproof.serve.silence.log_file import LogFile
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.silence import SilenceJournal
from support_rhythm import BEGIN_S, DAY_S, HOUR_S, Mails, rung, steady, utc_hour_of_week, without

DAYS = 26
STEP_H = 12
RATES = {"mail1.protection.outlook.com": 60.0, "mail-a.google.com": 40.0, "mx.firm.example": 25.0}
NAMES = {
    "mail1.protection.outlook.com": "Microsoft",
    "mail-a.google.com": "Google",
    "mx.firm.example": "firm.example",
}
MAILS = [(float(int(at_s)), name) for at_s, name in steady(RATES, DAYS)]
STOPPED = without(MAILS, "mail1.protection.outlook.com", 22)


def lines(mails: Mails) -> bytes:
    return "".join(
        f"{datetime.fromtimestamp(at_s, UTC).isoformat()} mx postfix/smtpd[7]: 4F1A2B3C4D: client={host}[192.0.2.1]\n"
        for at_s, host in mails
    ).encode()


class Machine:
    """A log, a store and a clock; each `step` is a process of its own, which is killed behind it."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "mail.log"
        self.journal = Journal(f"sqlite:{folder / 'journal.db'}")
        self.told: list[Alarm] = []
        self.set_by_s = 0.0
        self.follower = self.started()

    def started(self) -> Follower:
        follower = Follower(
            LogFile(self.log), "log", SilenceJournal(self.journal), Detector(utc_hour_of_week), UTC
        )
        follower.begin()
        return follower

    def write(self, mails: Mails) -> None:
        with self.log.open("ab") as opened:
            opened.write(lines([(at_s + self.set_by_s, name) for at_s, name in mails]))

    def pass_days(self, mails: Mails, first: int, last: int, *, killed: bool = False) -> None:
        for hour in range(first * 24, last * 24, STEP_H):
            begin, end = BEGIN_S + hour * HOUR_S, BEGIN_S + (hour + STEP_H) * HOUR_S
            self.write([one for one in mails if begin <= one[0] < end])
            if killed:
                self.follower = self.started()
            self.step(end)

    def step(self, now_s: float) -> None:
        while self.follower.step(lambda: (now_s + self.set_by_s, now_s)):
            pass
        self.follower.tell(self.tell, datetime.fromtimestamp(now_s, UTC))

    def tell(self, alarm: Alarm) -> bool:
        self.told.append(alarm)
        return True

    def counts(self) -> dict[str, tuple[float, float]]:
        return {
            name: (one.arrivals_ever, one.expectation.sums[-1])
            for name, one in self.follower._detector.senders.items()
        }


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_sender_that_stops_is_told_of_once(machine: Machine) -> None:
    machine.pass_days(STOPPED, 0, DAYS)
    (want,) = rung([(at_s, NAMES[name]) for at_s, name in STOPPED], DAYS)
    (got,) = machine.told
    assert (got.sender, got.silent_since, got.alarmed_at) == (want.sender, want.silent_since, want.alarmed_at)


def test_a_process_that_is_killed_at_every_step_counts_as_one_that_never_was(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    one, other = Machine(tmp_path / "one"), Machine(tmp_path / "other")
    one.pass_days(STOPPED, 0, DAYS)
    other.pass_days(STOPPED, 0, DAYS, killed=True)
    assert other.counts() == one.counts()
    assert [alarm.sender for alarm in other.told] == ["Microsoft"]


def test_what_was_read_and_not_kept_is_read_again(machine: Machine, tmp_path: Path) -> None:
    machine.pass_days(MAILS, 0, 16)
    machine.write([one for one in MAILS if 16 * DAY_S <= one[0] - BEGIN_S < 17 * DAY_S])
    kept = (tmp_path / "journal.db").read_bytes()
    machine.step(BEGIN_S + 17 * DAY_S)
    want = machine.counts()
    machine.journal.close()
    (tmp_path / "journal.db").write_bytes(kept)
    for name in ("journal.db-wal", "journal.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    machine.follower = machine.started()
    machine.step(BEGIN_S + 17 * DAY_S)
    assert machine.counts() == want


def test_an_alarm_is_told_until_the_telling_succeeds(machine: Machine) -> None:
    machine.pass_days(STOPPED, 0, 22)
    told: list[Alarm] = []

    def fail(alarm: Alarm) -> bool:
        told.append(alarm)
        return len(told) == 3

    machine.tell = fail  # type: ignore[method-assign]  # another way to tell
    machine.pass_days(STOPPED, 22, DAYS, killed=True)
    assert len(told) == 3


def test_alarms_of_the_past_are_told_to_nobody(machine: Machine) -> None:
    came_back = without(MAILS, "mail1.protection.outlook.com", 21, 23)
    machine.write(came_back)
    machine.step(BEGIN_S + DAYS * DAY_S)
    assert machine.told == []


@pytest.mark.parametrize("by_s", [-5 * HOUR_S, 30 * HOUR_S, 400 * DAY_S])
def test_a_clock_that_is_set_rings_nothing(machine: Machine, by_s: float) -> None:
    machine.pass_days(MAILS, 0, 20)
    machine.set_by_s = by_s
    machine.pass_days(MAILS, 20, 23)
    assert machine.told == []


def test_an_outage_is_told_while_it_lasts(machine: Machine) -> None:
    machine.pass_days(MAILS, 0, 20)
    for hour in range(1, 12):
        machine.step(BEGIN_S + 20 * DAY_S + hour * HOUR_S)
    assert [alarm.kind for alarm in machine.told] == ["everything"]
