"""How often the clocks of the machine are looked at, and what a daemon lives through from one look to the next."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from mxproof.serve.daemon.clock import (
    JUMP_S,
    LOOK_S,
    SETTLED_S,
    SIGN_S,
    SYNCHRONISED_WITHIN_S,
    Clockwork,
)
from mxproof.serve.daemon.kernel_time import Synchronised

START = datetime(2026, 6, 1, tzinfo=UTC)
YES, NO, UNKNOWN = Synchronised.YES, Synchronised.NO, Synchronised.UNKNOWN
DAY_S = 86_400.0


class Machine:
    """A machine whose clocks are moved by hand; `looks` counts those at its clock, `signs` those at the kernel's word."""

    def __init__(self, sync: Synchronised = UNKNOWN, counted_s: float = 5000.0) -> None:
        self.looks = self.signs = 0
        self.begun_s = self.counted_s = counted_s
        self.away_s = 0.0
        self.sync = sync
        self.work = Clockwork(self._look, lambda: self.counted_s, self._sign)
        self.looks = self.signs = 0

    def _look(self) -> datetime:
        self.looks += 1
        return START + timedelta(seconds=self.counted_s - self.begun_s + self.away_s)

    def _sign(self) -> Synchronised:
        self.signs += 1
        return self.sync

    def after(self, seconds: float) -> float:
        """Let time pass, and return by how much the steady time is elsewhere than at what has passed."""
        self.counted_s += seconds
        return round((self.work.now() - START).total_seconds() - (self.counted_s - self.begun_s), 3)


def test_the_clock_is_looked_at_after_a_moment_and_the_kernel_asked_after_a_second() -> None:
    one = Machine()
    assert one.after(0) == 0
    assert (one.looks, one.signs) == (1, 1)
    for _ in range(9):
        one.after(LOOK_S / 10)
    assert (one.looks, one.signs) == (1, 1)
    one.after(LOOK_S / 8)
    assert (one.looks, one.signs) == (2, 1)
    one.after(SIGN_S / 2)
    one.after(SIGN_S / 4)
    assert (one.looks, one.signs) == (4, 1)
    one.after(SIGN_S / 4)
    assert (one.looks, one.signs) == (5, 2)


def test_between_two_looks_time_goes_on_and_a_jump_is_not_seen() -> None:
    one = Machine()
    one.after(1)
    one.away_s = DAY_S
    assert one.after(LOOK_S / 2) == 0
    assert (one.work.jumps, one.work.state.away_since_s) == (0, None)
    assert one.after(LOOK_S) == 0
    assert (one.work.jumps, one.work.state.away_by_s) == (1, DAY_S)


def test_a_clock_that_counts_from_anew_is_looked_at() -> None:
    one = Machine()
    one.after(10)
    looks, signs = one.looks, one.signs
    one.after(-5)
    assert (one.looks, one.signs) == (looks + 1, signs + 1)


def test_a_jump_is_lived_through_told_once_and_followed_when_it_has_lasted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    one = Machine(YES)
    one.after(10)
    one.away_s = DAY_S
    with caplog.at_level(logging.WARNING, "mxproof.daemon"):
        found = [one.after(seconds) for seconds in (1, SETTLED_S - 1, 0.5, 0.5, 10)]
    assert found == [0, 0, 0, DAY_S, DAY_S]
    assert (one.work.jumps, len(caplog.records)) == (1, 2)
    assert one.work.state.says() == "the kernel's clock is synchronised"


def test_a_second_jump_has_to_last_by_itself_and_one_back_is_told(caplog: pytest.LogCaptureFixture) -> None:
    one = Machine()
    one.after(10)
    one.away_s = DAY_S
    one.after(1)
    one.away_s = DAY_S + JUMP_S
    one.after(SETTLED_S - 10)
    assert one.work.jumps == 1, "it has drifted, and is where it was"
    one.away_s = 2 * DAY_S
    assert [one.after(seconds) for seconds in (5, 10, SETTLED_S - 11)] == [0, 0, 0]
    assert (one.work.jumps, one.work.state.away_by_s) == (2, 2 * DAY_S)
    one.away_s = 1.0
    caplog.clear()
    with caplog.at_level(logging.WARNING, "mxproof.daemon"):
        assert one.after(5) == 1.0
    assert (one.work.jumps, one.work.state.away_since_s, len(caplog.records)) == (2, None, 1)


def test_who_lost_the_sign_and_gets_it_back_is_followed_with_the_next_look_at_it() -> None:
    one = Machine(YES)
    one.after(10)
    one.sync, one.away_s = NO, DAY_S
    assert [one.after(seconds) for seconds in (2, SETTLED_S, SETTLED_S)] == [0, 0, 0]
    assert one.work.state.synchronised is NO
    one.sync = YES
    assert [one.after(seconds) for seconds in (SIGN_S / 2, SIGN_S / 2)] == [0, DAY_S]


@pytest.mark.parametrize("ahead_s", [DAY_S, -DAY_S])
def test_a_start_without_the_right_time_goes_on_from_what_is_known_and_says_so(
    ahead_s: float, caplog: pytest.LogCaptureFixture
) -> None:
    one = Machine(NO, counted_s=20.0)
    one.away_s = ahead_s
    with caplog.at_level(logging.WARNING, "mxproof.daemon"):
        one.work.begin(START)
    assert len(caplog.records) == 1
    assert "while the machine starts" in one.work.state.says()
    assert (one.work.state.away_by_s, one.work.jumps) == (ahead_s, 0)
    assert [one.after(seconds) for seconds in (5, SYNCHRONISED_WITHIN_S - 6, 1)] == [0, 0, ahead_s]
    assert "while" not in one.work.state.says()


@pytest.mark.parametrize(
    ("sync", "newest_s", "away_s"),
    [
        (NO, JUMP_S, 0.0),
        (NO, -JUMP_S, 0.0),
        (YES, -DAY_S, 0.0),
        (UNKNOWN, DAY_S, 0.0),
        (NO, JUMP_S + 1, 61.0),
    ],
)
def test_only_a_kernel_that_is_not_synchronised_is_doubted_and_only_far_from_what_is_known(
    sync: Synchronised, newest_s: float, away_s: float
) -> None:
    one = Machine(sync, counted_s=20.0)
    one.work.begin(START + timedelta(seconds=newest_s))
    assert one.after(0) == away_s
