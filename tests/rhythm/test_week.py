"""How a sender's mail is spread over the week."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.rhythm.week import FIRST_FREE_DAY, HOURS, HOURS_A_DAY, SUNDAY, share
from support_long import EXHAUSTIVE


def test_without_counts_every_hour_is_like_any_other() -> None:
    assert share([0.0] * HOURS) == pytest.approx([1 / HOURS] * HOURS)


def test_many_counts_are_taken_at_their_word() -> None:
    counts = [0.0] * HOURS
    counts[9] = 1e6
    assert share(counts)[9] > 0.99


def test_few_counts_borrow_their_hours_from_everybody() -> None:
    everybody = [0.001 / HOURS] * HOURS
    everybody[9] = 1.0
    counts = [0.0] * HOURS
    counts[2 * HOURS_A_DAY + 15] = 2.0
    found = share(counts, tuple(everybody))
    assert found[9] == max(found)


def test_an_hour_of_a_working_day_says_nothing_of_a_free_one() -> None:
    counts = [0.0] * HOURS
    for day in range(FIRST_FREE_DAY):
        counts[day * HOURS_A_DAY + 9] = 200.0
    found = share(counts)
    assert found[9] > 20 * found[SUNDAY * HOURS_A_DAY + 9]


@EXHAUSTIVE
@given(st.lists(st.floats(0, 1e6), min_size=HOURS, max_size=HOURS))
def test_the_shares_make_a_whole(counts: list[float]) -> None:
    found = share(counts)
    assert sum(found) == pytest.approx(1.0)
    assert min(found) >= 0


def test_saturday_is_as_sunday_and_friday_as_monday() -> None:
    """Of a week of 168 hours, Monday's first being 0."""
    counts = [0.0] * 168
    for day in range(5):
        counts[24 * day + 9] = 200.0
    found = share(counts)
    monday, friday, saturday, sunday = (found[24 * day + 9] for day in (0, 4, 5, 6))
    assert monday == pytest.approx(friday)
    assert saturday == pytest.approx(sunday)
    assert monday > 20 * saturday


def test_a_free_day_has_its_own_hours_and_a_working_day_its_own() -> None:
    """Of who writes at nine on working days, and at twenty on Saturdays alone, Sunday's hours are those of Saturday."""
    counts = [0.0] * 168
    for day in range(5):
        counts[24 * day + 9] = 200.0
    counts[24 * 5 + 20] = 200.0
    found = share(counts)
    for day in range(7):
        at_nine, at_twenty = found[24 * day + 9], found[24 * day + 20]
        assert (at_nine > 5 * at_twenty) is (day < 5), day
        assert (at_twenty > 5 * at_nine) is (day >= 5), day
