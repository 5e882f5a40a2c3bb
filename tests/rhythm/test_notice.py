"""What is known of a sender, said in few words."""

from math import inf

import pytest

from mxproof.rhythm.expectation import expectation
from mxproof.rhythm.notice import known_sender
from mxproof.rhythm.sender import GAIN, SenderRhythm
from mxproof.rhythm.week import HOURS


def known(expected: list[float], threshold: float) -> SenderRhythm:
    one = SenderRhythm("sender", 0.0)
    one.expectation = expectation(expected)
    one.rate_a_day = sum(expected) / 7
    one.threshold = threshold
    return one


def test_a_sender_round_the_clock_is_noticed_after_the_same_time_always() -> None:
    got = known_sender(known([1.0] * HOURS, 12 * GAIN))
    assert got.days == tuple(range(7))
    assert (got.noticed_h, got.noticed_max_h) == pytest.approx((12.0, 12.0))


def test_a_sender_in_working_hours_is_noticed_latest_from_friday_evening_on() -> None:
    week = [1.0 if hour // 24 < 5 and 8 <= hour % 24 < 16 else 0.0 for hour in range(HOURS)]
    got = known_sender(known(week, 4 * GAIN))
    assert got.days == (0, 1, 2, 3, 4)
    assert got.hours[0] in {8, 9}
    assert got.noticed_max_h == pytest.approx(4 + 24 + 16 + 24 + 3, abs=4)


def test_hours_may_go_over_midnight() -> None:
    week = [1.0 if hour % 24 in {22, 23, 0, 1} else 0.0 for hour in range(HOURS)]
    assert known_sender(known(week, 5.0)).hours == (22, 2)


def test_a_weekly_digest_is_noticed_after_weeks() -> None:
    week = [1.0 if hour == 33 else 0.0 for hour in range(HOURS)]
    got = known_sender(known(week, 5.5 * GAIN))
    assert got.days == (1,)
    assert got.noticed_h == pytest.approx(5.5 * HOURS, rel=0.1)


def test_what_never_writes_is_never_noticed() -> None:
    assert known_sender(known([0.0] * HOURS, 1.0)).noticed_h == inf
    assert known_sender(known([1.0] * HOURS, inf)).noticed_h == inf


def test_the_hours_of_a_sender_are_the_fewest_that_hold_four_fifths_of_its_mail() -> None:
    week = [1.0 if 8 <= hour % 24 < 13 else 0.0 for hour in range(HOURS)]
    assert known_sender(known(week, 5.0)).hours == (8, 12)


def test_a_day_is_one_of_a_senders_that_has_half_of_an_even_share() -> None:
    week = [7.0] * 24 * 5 + [6.0] * 24 + [1.0] * 24
    assert known_sender(known(week, 5.0)).days == (0, 1, 2, 3, 4, 5)


def test_a_day_with_just_half_of_an_even_share_is_one_of_a_senders() -> None:
    week = [2.0] * 24 * 5 + [3.0] * 24 + [1.0] * 24
    assert known_sender(known(week, 5.0)).days == (0, 1, 2, 3, 4, 5, 6)
