"""One sender over several days: what of one day is gone on the next, and what a long silence leaves."""

from math import inf

import pytest

from mxproof.rhythm.day import probabilities
from mxproof.rhythm.expectation import expectation
from mxproof.rhythm.sender import BURST_S, GAIN, LOSS, SenderRhythm
from mxproof.rhythm.week import HOURS
from support_rhythm import DAY_S, HOUR_S

USUAL_DAY = probabilities((40.0, 0.0, 0.0, 0.0, 0.0, 0.0), ())
FREE_DAY = probabilities((0.0, 0.0, 0.0, 0.0, 40.0, 0.0), ())


def watched() -> SenderRhythm:
    """Return a sender that is watched, of whom a mail is expected each hour, and half of one on Sundays."""
    one = SenderRhythm("sender", 0.0)
    one.watched = True
    one.expectation = expectation([1.0] * 144 + [0.5] * 24)
    one.begin_at(0.0)
    one.rate_a_day = one.rate_counts = 1000.0
    one.learnt_days = one.judged_days = 100
    one.threshold = one._evidence_max = 1000.0
    return one


def arrive(one: SenderRhythm, *hours: float) -> None:
    for hour in hours:
        one.pass_time(hour)
        one.arrive(HOUR_S * hour, int(hour) % HOURS)


def test_a_peak_is_the_highest_of_the_day_with_the_gap_that_it_had() -> None:
    one = watched()
    arrive(one, 6.0)
    assert (one.evidence, one.peaks) == pytest.approx((6 * GAIN - LOSS, 0))
    assert one.gap == pytest.approx(6 * (1 - LOSS / (6 * GAIN)))
    assert one.gap_free == pytest.approx(one.gap / 2)
    arrive(one, 6.5, 7.0, 8.0)
    assert (one.evidence, one.gap, one.gap_free, one.peaks) == (0.0, 0.0, 0.0, 2)
    arrive(one, 9.0, 11.0)
    assert one.peak == pytest.approx((6 * GAIN, 6.0, 3.0))
    assert (one.peaks, one.since_s) == (4, 11 * HOUR_S)


def test_the_next_day_begins_with_what_is_missing_and_nothing_else_of_this_one() -> None:
    one = watched()
    arrive(one, 2.0, 4.0, 6.0)
    one.pass_time(24.0)
    missing = one.evidence
    one.close_day(USUAL_DAY, learn=True)
    assert one.evidence == pytest.approx(missing)
    assert (one.peak, one.peaks, one.peaks_total) == ((0.0, 0.0, 0.0), 0, 3)
    assert (one.today, one.gap, one.gap_free) == ({}, 0.0, 0.0)
    assert (one.day_expected, one.day_free, one.day_arrivals) == (0.0, 0.0, 0.0)
    assert (one.before_expected, one.before_arrivals) == pytest.approx((24.0, 3.0))
    assert (one.expected_since, one.since_mail, one.since_s) == pytest.approx((18.0, 18.0, 6 * HOUR_S))
    one.pass_time(48.0)
    one.close_day(USUAL_DAY, learn=True)
    assert (one.before_expected, one.before_arrivals) == pytest.approx((24.0, 0.0))
    assert (one.peaks_total, one.judged_days, one.empty_days, one.learnt_days) == (3, 102, 1, 101)


def test_what_is_left_out_is_out_of_all_that_a_day_knows() -> None:
    one = watched()
    one.pass_time(10.0)
    one.leave_out(4.0, 1.0)
    assert (one.evidence, one.expected_since, one.since_mail, one.gap, one.gap_free) == pytest.approx(
        (6 * GAIN, 6.0, 6.0, 6.0, 4.0)
    )
    assert (one.day_expected, one.day_free) == pytest.approx((6.0, 4.0))


def test_the_days_of_an_alarm_are_counted_from_its_own_beginning() -> None:
    one = watched()
    counted = []
    for is_alarmed in (False, True, True, False, True, True, True, False):
        one.alarmed = is_alarmed
        one.close_day(USUAL_DAY, learn=True)
        counted.append(one.alarmed_days)
    assert counted == [0, 1, 2, 0, 1, 2, 3, 0]


def test_the_little_that_comes_in_an_alarm_is_the_new_rhythm_after_four_weeks_and_not_before() -> None:
    one = watched()
    counts, learnt = list(one.counts), []
    for _ in range(30):
        one.alarmed = True
        one.today = {9: 1.0}
        one.close_day(USUAL_DAY, learn=True)
        learnt.append(one.learnt_days)
        if one.learnt_days == 100:
            assert (one.counts, one.today, one.empty_days) == (counts, {}, 0)
    assert learnt == [*[100] * 28, 101, 102]
    assert one.counts[9] == pytest.approx(2.0, abs=0.02)


def test_how_far_days_differ_is_told_by_two_usual_days_in_a_row_alone() -> None:
    def weight(*days: tuple[bool, bool]) -> list[bool]:
        one, told = watched(), []
        for number, (is_usual, is_alarmed) in enumerate(days, 1):
            before = one._noise_weight
            one.pass_time(24.0 * number)
            one.day_arrivals, one.alarmed = 20.0, is_alarmed
            one.close_day(USUAL_DAY if is_usual else FREE_DAY, learn=False)
            told.append(one._noise_weight > before)
        return told

    usual, free, silent = (True, False), (False, False), (True, True)
    assert weight(usual, usual, usual) == [False, True, True]
    assert weight(usual, free, usual, usual) == [False, False, False, True]
    assert weight(usual, silent, usual, usual) == [False, False, False, True]


def test_with_a_new_rhythm_nothing_is_due_that_was_not_due_before() -> None:
    one = watched()
    one.pass_time(30.0)
    evidence, since = one.evidence, one.expected_since
    one.counts[40] = one.total = 500.0
    one.learn((1 / HOURS,) * HOURS, 30.0)
    one.pass_time(30.0)
    assert (one.evidence, one.expected_since) == (evidence, since)
    one.pass_time(30.5)
    assert one.expected_since - since == pytest.approx(one.expectation.by_hour[30] / 2)
    assert sum(one.expectation.by_hour) == pytest.approx(7 * one.rate_a_day)


def test_how_long_a_burst_lasts_is_the_shortest_that_was_learnt_of_any_day() -> None:
    one = SenderRhythm("busy", 0.0)
    lengths = []
    for day, every_s in enumerate((240, 1800, 120, 1800)):
        for number in range(2 * HOUR_S // every_s):
            one.arrive(day * DAY_S + every_s * number, every_s * number // HOUR_S)
        one.close_day((), learn=True)
        lengths.append(one.burst_s)
    assert lengths[0] == lengths[1] > lengths[2] == lengths[3]
    assert lengths[0] < BURST_S


def test_a_sender_that_is_not_watched_has_no_evidence_whatever_passes() -> None:
    one = SenderRhythm("new", 0.0)
    one.pass_time(500.0)
    one.arrive(0.0, 0)
    one.close_day((), learn=True)
    assert (one.evidence, one.peaks, one.judged_days, one.threshold) == (0.0, 0, 0, inf)
    assert (one.learnt_days, one.total, one.rate_a_day) == (1, 1.0, 1.0)


@pytest.mark.parametrize(("learnt_days", "kept"), [(10, []), (28, [2 * GAIN])])
def test_peaks_are_counted_from_the_first_day_and_kept_from_the_fifth_week_on(
    learnt_days: int, kept: list[float]
) -> None:
    one = watched()
    one.learnt_days = learnt_days
    arrive(one, 2.0, 3.0, 4.0)
    one.close_day(USUAL_DAY, learn=False)
    assert (one.peaks_total, one.judged_days, one.peaks) == (3, 101, 0)
    assert one.tail._peaks == pytest.approx(kept, rel=0.1)


def test_how_far_two_days_differ_is_told_against_what_came_and_not_against_what_was_wrongly_expected() -> (
    None
):
    def noise(expected: float) -> tuple[float, float]:
        one = watched()
        one.before_usual = True
        one.before_expected, one.before_arrivals = expected, 20.0
        one.day_expected, one.day_arrivals = expected, 60.0
        one.close_day(USUAL_DAY, learn=False)
        return one._noise, one._noise_weight

    assert noise(20.0) == pytest.approx(noise(40.0))
    assert noise(80.0) == pytest.approx(noise(40.0))
    found, weight = noise(40.0)
    assert found / weight == pytest.approx((1.0 - 0.05) / 2)
