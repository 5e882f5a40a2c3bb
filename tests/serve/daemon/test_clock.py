from datetime import UTC, datetime, timedelta

import pytest

from mxproof.serve.daemon.clock import JUMP_S, SETTLED_S, Clock, ticked

START = datetime(2026, 6, 1, tzinfo=UTC)


def at(clock: Clock, machine_s: float, counted_s: float) -> Clock:
    return ticked(clock, START + timedelta(seconds=machine_s), counted_s)


def test_a_clock_that_drifts_is_followed() -> None:
    clock = Clock(START, 0)
    for minute in range(1, 100):
        clock = at(clock, minute * 60 * 1.01, minute * 60)
    assert clock.now(99 * 60) == START + timedelta(seconds=99 * 60 * 1.01)


@pytest.mark.parametrize("by_s", [JUMP_S + 1, 1e9, -JUMP_S - 1, -1e9])
def test_a_jump_is_not_followed_until_it_has_lasted(by_s: float) -> None:
    clock = at(Clock(START, 0), 100 + by_s, 100)
    assert clock.now(100) == START + timedelta(seconds=100)
    clock = at(clock, 100 + SETTLED_S - 1 + by_s, 100 + SETTLED_S - 1)
    assert clock.now(200) == START + timedelta(seconds=200)
    clock = at(clock, 100 + SETTLED_S + by_s, 100 + SETTLED_S)
    assert clock.now(100 + SETTLED_S) == START + timedelta(seconds=100 + SETTLED_S + by_s)


def test_a_jump_there_and_back_leaves_nothing_behind() -> None:
    clock = at(at(Clock(START, 0), 1e6, 10), 20, 20)
    assert clock == Clock(START + timedelta(seconds=20), 20)


def test_each_further_jump_starts_the_wait_anew() -> None:
    clock = at(Clock(START, 0), 1e6, 10)
    clock = at(clock, 2e6, SETTLED_S)
    clock = at(clock, 2e6 + 20, SETTLED_S + 20)
    assert clock.now(SETTLED_S + 20) == START + timedelta(seconds=SETTLED_S + 20)
