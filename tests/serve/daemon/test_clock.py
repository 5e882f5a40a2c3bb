"""The steady time: what it follows, when, and what it passes over; the kernel's word is given by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from mxproof.serve.daemon.clock import (
    BOOTED_S,
    JUMP_S,
    SETTLED_S,
    SIGN_S,
    SYNCHRONISED_WITHIN_S,
    Clock,
    ClockEvent,
    Clockwork,
    ticked,
)
from mxproof.serve.daemon.kernel_time import Synchronised, running_s, synchronised

START = datetime(2026, 6, 1, tzinfo=UTC)
YEAR_S = 365 * 86_400.0
NO, YES, UNKNOWN = Synchronised.NO, Synchronised.YES, Synchronised.UNKNOWN


def at(clock: Clock, machine_s: float, counted_s: float, sync: Synchronised = UNKNOWN) -> Clock:
    return ticked(clock, START + timedelta(seconds=machine_s), counted_s, sync)[0]


@pytest.mark.parametrize("sync", Synchronised)
def test_a_clock_that_drifts_is_followed(sync: Synchronised) -> None:
    clock = Clock(START, 0)
    for minute in range(1, 100):
        clock = at(clock, minute * 60 * 1.01, minute * 60, sync)
    assert clock.now(99 * 60) == START + timedelta(seconds=99 * 60 * 1.01)


@pytest.mark.parametrize("sync", [YES, UNKNOWN])
@pytest.mark.parametrize("by_s", [JUMP_S + 1, 1e9, -JUMP_S - 1, -1e9])
def test_a_jump_is_not_followed_until_it_has_lasted(by_s: float, sync: Synchronised) -> None:
    clock = at(Clock(START, 0, sync), 100 + by_s, 100, sync)
    assert clock.now(100) == START + timedelta(seconds=100)
    clock = at(clock, 100 + SETTLED_S - 1 + by_s, 100 + SETTLED_S - 1, sync)
    assert clock.now(200) == START + timedelta(seconds=200)
    clock = at(clock, 100 + SETTLED_S + by_s, 100 + SETTLED_S, sync)
    assert clock.now(100 + SETTLED_S) == START + timedelta(seconds=100 + SETTLED_S + by_s)


@pytest.mark.parametrize("by_s", [YEAR_S, -YEAR_S])
def test_while_the_kernel_is_not_synchronised_no_jump_is_followed(by_s: float) -> None:
    clock = Clock(START, 0, NO)
    for hour in range(1, 100):
        clock = at(clock, hour * 3600 + by_s, hour * 3600, NO)
    assert clock.now(99 * 3600) == START + timedelta(hours=99)


def test_whoever_steers_the_clock_is_followed_at_once() -> None:
    clock = at(Clock(START, 0, NO), 10 + YEAR_S, 10, NO)
    clock, event = ticked(clock, START + timedelta(seconds=11 + YEAR_S), 11, YES)
    assert (clock.now(11), event) == (START + timedelta(seconds=11 + YEAR_S), ClockEvent.FOLLOWED)


def test_a_jump_there_and_back_leaves_nothing_behind() -> None:
    clock, event = ticked(at(Clock(START, 0), 1e6, 10), START + timedelta(seconds=20), 20, UNKNOWN)
    assert (clock, event) == (Clock(START + timedelta(seconds=20), 20), ClockEvent.BACK)


def test_each_further_jump_starts_the_wait_anew() -> None:
    clock = at(Clock(START, 0), 1e6, 10)
    clock = at(clock, 2e6, SETTLED_S)
    clock = at(clock, 2e6 + 20, SETTLED_S + 20)
    assert clock.now(SETTLED_S + 20) == START + timedelta(seconds=SETTLED_S + 20)


class Machine:
    """A machine that was just started, with its clock anywhere."""

    def __init__(self, away_s: float, counted_s: float = 20.0) -> None:
        self.counted_s = counted_s
        self.machine = START + timedelta(seconds=away_s)
        self.sync = NO
        self.work = Clockwork(lambda: self.machine, lambda: self.counted_s, lambda: self.sync)

    def pass_(self, seconds: float) -> None:
        self.counted_s += seconds
        self.machine += timedelta(seconds=seconds)

    def away_s(self) -> float:
        """Return how far the steady time is from START, with what has passed left out."""
        return (self.work.now() - START).total_seconds()


@pytest.mark.parametrize("by_s", [YEAR_S, -50 * YEAR_S])
def test_a_machine_without_a_clock_goes_on_from_what_is_stored_until_it_is_synchronised(by_s: float) -> None:
    one = Machine(by_s)
    one.work.begin(START)
    one.pass_(SYNCHRONISED_WITHIN_S - 1)
    assert one.away_s() == SYNCHRONISED_WITHIN_S - 1
    one.counted_s += SIGN_S
    one.sync, one.machine = YES, START + timedelta(days=3)
    assert one.work.now() == START + timedelta(days=3)


def test_the_sign_is_not_waited_for_without_end() -> None:
    one = Machine(YEAR_S)
    one.work.begin(START)
    one.pass_(SYNCHRONISED_WITHIN_S)
    assert one.away_s() == YEAR_S + SYNCHRONISED_WITHIN_S
    assert one.work.state.away_since_s is None


@pytest.mark.parametrize(("counted_s", "newest"), [(BOOTED_S, START), (20.0, None)])
def test_a_machine_that_runs_long_or_remembers_nothing_is_believed(
    counted_s: float, newest: datetime | None
) -> None:
    one = Machine(YEAR_S, counted_s)
    one.work.begin(newest)
    assert one.away_s() == YEAR_S


def test_jumps_are_counted_and_told(caplog: pytest.LogCaptureFixture) -> None:
    one = Machine(0)
    for _ in range(2):
        one.counted_s += 1
        one.machine += timedelta(seconds=YEAR_S + 1)
        one.work.now()
    assert one.work.jumps == 2
    assert [line.levelname for line in caplog.records] == ["WARNING"] * 2
    assert f"{2 * YEAR_S:+.0f} s" in one.work.state.says()


def test_this_machine_says_what_it_knows() -> None:
    assert running_s() > 0
    assert synchronised() in Synchronised
