"""A followed log: what is counted over restarts, crashes, rotation and clocks that are set, and who is told."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mxproof.rhythm.alarm import Alarm
from mxproof.store.journal.silence import SilenceJournal
from support_follower import DAYS, MAILS, NAMES, STOPPED, Machine
from support_long import EXHAUSTIVE, some
from support_rhythm import BEGIN_S, DAY_S, HOUR_S, rung, without


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_sender_that_stops_is_told_of_once(machine: Machine) -> None:
    machine.pass_days(STOPPED, 0, DAYS)
    (want,) = rung([(at_s, NAMES[name]) for at_s, name in STOPPED], DAYS)
    (got,) = machine.told
    assert (got.sender, got.silent_since, got.alarmed_at) == (want.sender, want.silent_since, want.alarmed_at)


@EXHAUSTIVE
@pytest.mark.parametrize("domain", some(["example.com", ""], 2))
def test_a_log_and_its_alarms_are_those_of_the_domain_that_was_named(tmp_path: Path, domain: str) -> None:
    machine = Machine(tmp_path, domain=domain)
    machine.pass_days(STOPPED, 0, DAYS)
    kept = SilenceJournal(machine.journal)
    (log,) = kept.logs()
    assert (log.name, log.log.domain, len(log.log.senders)) == ("log", domain, 3)
    begin, end = (datetime.fromtimestamp(BEGIN_S + days * DAY_S, UTC) for days in (0, DAYS))
    (told,) = machine.told
    assert kept.alarms(domain or "other.example", begin, end) == [told]
    assert kept.alarms(None, begin, end) == [told]
    assert kept.alarms("other.example", begin, end) == ([] if domain else [told])
    assert kept.alarms(None, begin, told.alarmed_at) == []


@EXHAUSTIVE
def test_a_process_that_is_killed_at_every_step_counts_as_one_that_never_was(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    one, other = Machine(tmp_path / "one"), Machine(tmp_path / "other")
    one.pass_days(STOPPED, 0, DAYS)
    other.pass_days(STOPPED, 0, DAYS, killed=True)
    assert other.counts() == one.counts()
    assert [alarm.sender for alarm in other.told] == ["Microsoft"]


@pytest.mark.parametrize("time", some(["", "1970-01-01T00:00:09Z", "2099-01-01T00:00:00Z"], 3))
def test_a_line_without_a_time_that_can_be_right_makes_a_backlog_of_no_other_time(
    tmp_path: Path, time: str
) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    one, other = Machine(tmp_path / "one"), Machine(tmp_path / "other")
    stray = f"{time} mx postfix/smtpd[7]: 4F1A2B3C4D: client=stray.example[192.0.2.9]\n".encode()
    other.log.write_bytes(stray)
    for machine in (one, other):
        machine.write(MAILS)
    other.log.write_bytes(other.log.read_bytes() + stray)
    for machine in (one, other):
        machine.step(BEGIN_S + DAYS * DAY_S)
    assert other.counts() == one.counts()
    assert other.told == one.told == []


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


@EXHAUSTIVE
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


@pytest.mark.parametrize("by_s", some([-5 * HOUR_S, 30 * HOUR_S, 400 * DAY_S], 3))
def test_a_clock_that_is_set_rings_nothing(machine: Machine, by_s: float) -> None:
    machine.pass_days(MAILS, 0, 20)
    machine.set_by_s = by_s
    machine.pass_days(MAILS, 20, 23)
    assert machine.told == []


def test_a_sender_is_silent_until_it_writes_as_usual_again(machine: Machine) -> None:
    back = without(MAILS, "mail1.protection.outlook.com", 22, 24)
    machine.pass_days(back, 0, 24)
    (told,) = machine.told
    assert machine.follower.is_silent(told)
    machine.pass_days(back, 24, DAYS)
    assert not machine.follower.is_silent(told)


def test_an_outage_ends_with_the_next_mail(machine: Machine) -> None:
    machine.pass_days(MAILS, 0, 20)
    machine.step(BEGIN_S + 20.5 * DAY_S)
    (told,) = machine.told
    assert machine.follower.is_silent(told)
    machine.pass_days(MAILS, 21, 22)
    assert not machine.follower.is_silent(told)


def test_an_outage_is_told_while_it_lasts(machine: Machine) -> None:
    machine.pass_days(MAILS, 0, 20)
    for hour in range(1, 12):
        machine.step(BEGIN_S + 20 * DAY_S + hour * HOUR_S)
    assert [alarm.kind for alarm in machine.told] == ["everything"]
