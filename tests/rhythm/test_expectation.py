"""What is expected from one time to another."""

from math import inf

import pytest

from mxproof.rhythm.expectation import NOTHING, expectation
from mxproof.rhythm.week import HOURS

WEEK = expectation([float(hour % 7) for hour in range(HOURS)])


def test_what_is_expected_adds_up_over_hours_and_weeks() -> None:
    assert WEEK.until(3.0)[0] == 3.0
    assert WEEK.until(3.5)[0] == 4.5
    assert WEEK.until(2 * HOURS + 3.5)[0] == pytest.approx(2 * WEEK.sums[HOURS] + 4.5)


def test_a_free_day_is_as_sunday_and_never_more_than_usual() -> None:
    assert all(free <= usual for free, usual in zip(WEEK.free_by_hour, WEEK.by_hour, strict=True))
    assert WEEK.free_by_hour[-24:] == WEEK.by_hour[-24:]


@pytest.mark.parametrize("hour", [0, 5, 100, 167, 168, 400])
def test_the_hour_of_a_number_of_mails_is_the_one_within_which_they_are_passed(hour: int) -> None:
    mails = WEEK.until(hour)[0]
    found = WEEK.hour_of(mails)
    assert WEEK.until(found)[0] <= mails < WEEK.until(found + 1)[0]


def test_where_nothing_is_expected_no_number_is_ever_passed() -> None:
    assert NOTHING.hour_of(1.0) == inf
    assert WEEK.hour_of(inf) == inf


def test_on_a_free_day_no_more_is_expected_than_as_usual() -> None:
    """Of who writes on Sundays alone nothing is expected on a Monday, holiday or not."""
    by_hour = [2.0] * 24 + [0.5] * 120 + [1.0] * 24
    assert expectation(by_hour).free_by_hour == (*[1.0] * 24, *[0.5] * 120, *[1.0] * 24)
