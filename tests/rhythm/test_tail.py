"""How far silence usually goes."""

import random
from math import exp, log

import pytest

from mxproof.rhythm.tail import PEAKS_MAX, Tail


def learnt(peaks: list[float], a_day: float = 1.0) -> Tail:
    tail = Tail()
    for peak in peaks:
        tail.add(peak)
    tail.learn(a_day)
    return tail


def test_without_peaks_chance_alone_says_what_is_passed() -> None:
    assert learnt([]).threshold(365, 1) == pytest.approx(log(365))
    assert learnt([], 20.0).threshold(365, 1) == pytest.approx(log(365 * 20))


def test_fewer_peaks_than_one_a_day_are_passed_less_often() -> None:
    assert learnt([], 0.1).threshold(365, 1) < learnt([]).threshold(365, 1)


def test_peaks_by_chance_give_a_threshold_near_that_of_chance() -> None:
    chance = random.Random(5)
    tail = learnt([chance.expovariate(1) for _ in range(PEAKS_MAX)])
    assert tail.threshold(365, 1) == pytest.approx(log(365), rel=0.25)


def test_wider_peaks_raise_the_threshold() -> None:
    chance = random.Random(5)
    peaks = [chance.expovariate(1) for _ in range(PEAKS_MAX)]
    assert learnt([3 * peak for peak in peaks]).threshold(365, 1) > 2 * learnt(peaks).threshold(365, 1)


def test_peaks_that_are_long_past_are_forgotten() -> None:
    assert learnt([50.0] * 100 + [1.5] * PEAKS_MAX).threshold(365, 1) == learnt([1.5] * PEAKS_MAX).threshold(
        365, 1
    )


def test_what_is_passed_once_a_year_has_the_chance_of_one_day_in_a_year() -> None:
    chance = random.Random(5)
    tail = learnt([chance.expovariate(1) for _ in range(PEAKS_MAX)])
    assert tail.chance(tail.threshold(365, 1)) == pytest.approx(1 / 365)


def test_a_chance_is_never_above_one() -> None:
    assert learnt([]).chance(-10.0) == 1.0


def test_what_may_happen_every_day_needs_nothing_beyond_the_mark() -> None:
    tail = learnt([1.0, 2.0, 5.0, 3.0] * 20)
    assert tail.threshold(365, 1e9) <= 5.0


def test_the_latest_four_hundred_peaks_are_kept() -> None:
    tail = Tail()
    for number in range(399):
        tail.add(float(number))
    lengths = []
    for _ in range(3):
        tail.add(1.0)
        lengths.append(len(tail))
    assert lengths == [400, 400, 400]


def test_peaks_that_come_up_to_the_mark_do_not_pass_it() -> None:
    even = learnt([2.0] * 100)
    assert even.threshold(365, 1) < 2.0 + log(365 * 0.2)
    assert learnt([2.0] * 80 + [4.0] * 20).threshold(365, 1) > even.threshold(365, 1)


def test_the_mark_is_never_below_what_chance_shows_every_day() -> None:
    low = learnt([0.1] * 90 + [0.5] * 10)
    assert (low._mark, low._beyond) == pytest.approx((1.0, 10 * exp(-1) / 110))
    assert low.threshold(365, 1) == pytest.approx(1 + log(365 * low._beyond))


def test_what_is_learnt_of_later_peaks_takes_the_place_of_what_was_learnt_before() -> None:
    tail = learnt([9.0] * 50 + [20.0] * 50)
    for _ in range(PEAKS_MAX):
        tail.add(0.5)
    before = tail.threshold(365, 1)
    tail.learn(1.0)
    fresh = learnt([0.5] * PEAKS_MAX)
    assert tail.threshold(365, 1) == fresh.threshold(365, 1) < before
    assert tail.chance(5.0) == fresh.chance(5.0)
