"""One sender: how its evidence moves, and what it learns of a day."""

from math import inf

import pytest

from mxproof.rhythm.day import KINDS, probabilities
from mxproof.rhythm.expectation import expectation
from mxproof.rhythm.sender import BURST_S, GAIN, LOSS, SenderRhythm
from mxproof.rhythm.week import HOURS

USUAL_DAY = probabilities((40.0, 0.0, 0.0, 0.0, 0.0, 0.0), ())
NOBODY_KNOWS = probabilities((), ())


def watched(a_day: float = 24.0) -> SenderRhythm:
    one = SenderRhythm("sender", 0.0)
    one.watched = True
    one.expectation = expectation([a_day / 24] * HOURS)
    one.begin_at(0.0)
    one.rate_a_day = a_day
    one.rate_counts = 1000.0
    one.learnt_days = one.judged_days = 100
    one.allow(0.1)
    return one


def pass_hours(one: SenderRhythm, hours: int) -> None:
    one.begin_at(0.0)
    one.pass_time(hours)


def test_evidence_grows_by_what_is_expected_and_falls_with_what_comes() -> None:
    one = watched()
    pass_hours(one, 10)
    assert one.evidence == pytest.approx(10 * GAIN)
    one.arrive(36_000.0, 10)
    assert one.evidence == pytest.approx(10 * GAIN - LOSS)


def test_time_within_an_hour_counts_once() -> None:
    one = watched()
    one.pass_time(0.25)
    one.pass_time(0.25)
    one.pass_time(1.0)
    assert one.evidence == pytest.approx(GAIN)


def test_evidence_is_never_below_nothing_and_its_end_is_the_beginning_of_the_next() -> None:
    one = watched()
    pass_hours(one, 1)
    one.arrive(3600.0, 1)
    assert (one.evidence, one.expected_since, one.since_s) == (0.0, 0.0, 3600.0)


def test_a_few_mails_end_a_long_silence() -> None:
    one = watched()
    pass_hours(one, 10_000)
    for hour in range(30):
        one.arrive(hour, 0)
        pass_hours(one, 1)
        if one.evidence < LOSS:
            break
    assert hour < 20


def test_mails_close_together_are_one_arrival() -> None:
    one = watched()
    pass_hours(one, 20)
    before = one.evidence
    for second in range(50):
        one.arrive(72_000.0 + second, 0)
    assert one.evidence == pytest.approx(before - LOSS)


def test_what_was_left_out_counts_for_nothing() -> None:
    one = watched()
    pass_hours(one, 10)
    one.leave_out(10.0, 10.0)
    assert (one.evidence, one.gap, one.day_expected) == pytest.approx((0.0, 0.0, 0.0))


def test_a_day_that_may_be_another_kind_lowers_the_evidence() -> None:
    one = watched()
    one.expectation = expectation([1.0] * 144 + [0.0] * 24)
    one.begin_at(0.0)
    pass_hours(one, 12)
    assert one.considered(NOBODY_KNOWS) < one.considered(USUAL_DAY) <= one.evidence + 1e-9


def test_a_peak_that_outlasts_its_day_is_judged_by_the_kind_of_that_day() -> None:
    one = watched()
    one.learnt_days = 100
    one.expectation = expectation([1.0] * 144 + [0.0] * 24)
    one.begin_at(0.0)
    one.pass_time(12.0)
    one.arrive(43_200.0, 12)
    free_day = probabilities((0.0, 0.0, 0.0, 0.0, 40.0, 0.0), ())
    one.close_day(free_day, learn=False)
    assert one.peak[0] < LOSS


def test_days_without_mail_are_learnt_when_mail_comes_again() -> None:
    one = SenderRhythm("sender", 0.0)
    for day in range(4):
        if day in {0, 3}:
            one.arrive(day * 86_400.0, 9)
        one.close_day(NOBODY_KNOWS, learn=True)
        assert one.learnt_days == (4 if day == 3 else 1)
    assert one.rate_a_day == pytest.approx(0.5, rel=0.1)


def test_a_day_that_is_not_to_be_learnt_is_not() -> None:
    one = SenderRhythm("sender", 0.0)
    one.arrive(0.0, 9)
    one.close_day(NOBODY_KNOWS, learn=False)
    assert (one.learnt_days, one.total) == (0, 0.0)


def test_a_threshold_is_higher_the_less_is_known() -> None:
    known, unknown = watched(), watched()
    unknown.rate_counts = 12.0
    unknown.allow(0.1)
    assert known.threshold < unknown.threshold < inf


def test_a_threshold_is_higher_where_days_differ() -> None:
    even, uneven = watched(), watched()
    for one, came in ((even, (24.0, 24.0)), (uneven, (4.0, 44.0))):
        for day in range(60):
            pass_hours(one, 24)
            one.day_arrivals = came[day % 2]
            one.evidence = 0.0
            one.close_day(USUAL_DAY, learn=False)
        one.allow(0.1)
    assert even.threshold < uneven.threshold


def test_a_year_with_less_alarms_takes_more() -> None:
    one = watched()
    often = one.threshold
    one.allow(0.001)
    assert one.threshold > often
    assert one.chance(one.threshold) < one.chance(often)


def test_a_rate_that_is_learnt_wrong_is_not_taken_for_good_and_bad_days() -> None:
    right, wrong = watched(), watched()
    for one, came in ((right, 24.0), (wrong, 72.0)):
        for _ in range(60):
            pass_hours(one, 24)
            one.day_arrivals = came
            one.evidence = 0.0
            one.close_day(USUAL_DAY, learn=False)
        one.allow(0.1)
    assert wrong.threshold == pytest.approx(right.threshold, rel=0.05)


def test_nothing_is_learnt_of_good_and_bad_days_by_one_after_a_holiday() -> None:
    one = watched()
    holiday = probabilities((0.0, 0.0, 0.0, 0.0, 40.0, 0.0), ())
    for day in range(60):
        pass_hours(one, 24)
        one.day_arrivals = (2.0, 24.0)[day % 2]
        one.evidence = 0.0
        one.close_day((holiday, USUAL_DAY)[day % 2], learn=False)
    one.allow(0.1)
    assert one.threshold == pytest.approx(watched().threshold)


def test_the_busy_are_counted_right_before_they_are_watched() -> None:
    one = SenderRhythm("busy", 0.0)
    a_day = 480
    counted = []
    for day in range(8):
        for number in range(a_day):
            at_s = day * 86_400 + number * 86_400 / a_day
            one.arrive(at_s, int(at_s // 3600) % HOURS)
        counted.append(one.day_arrivals)
        one.close_day((), learn=True)
    assert counted[0] < 0.9 * a_day
    assert counted[-1] == pytest.approx(a_day, rel=0.1)


def test_a_burst_is_one_arrival_before_a_sender_is_watched() -> None:
    one = SenderRhythm("bursts", 0.0)
    for day in range(8):
        for second in range(50):
            one.arrive(day * 86_400 + 5 * second, day * 24 % HOURS)
        assert one.day_arrivals == pytest.approx(1.0, rel=0.01)
        one.close_day((), learn=True)


def test_what_was_left_out_in_part_counts_for_the_rest() -> None:
    one = watched()
    pass_hours(one, 10)
    one.leave_out(4.0, 3.0)
    assert (one.gap, one.expected_since, one.since_mail, one.day_expected) == pytest.approx((6.0,) * 4)
    assert one.evidence == pytest.approx(6 * GAIN)
    one.leave_out(40.0, 40.0)
    assert (one.gap, one.gap_free, one.expected_since, one.since_mail, one.evidence) == (0.0,) * 5


def test_a_silence_is_due_in_the_hour_in_which_it_would_pass_the_threshold() -> None:
    one = watched()
    one.threshold = 10 * GAIN
    assert one.due_at() == pytest.approx(10.0)
    one.pass_time(4.0)
    assert one.due_at() == pytest.approx(10.0)
    one.pass_time(12.0)
    assert one.due_at() == pytest.approx(12.0)


def test_a_mail_ends_a_peak_only_where_there_was_one() -> None:
    one = watched()
    one.arrive(0.0, 0)
    assert one.peaks == 0
    one.pass_time(1.0)
    one.arrive(3600.0, 1)
    assert one.peaks == 1


def test_on_a_free_day_silence_is_worth_less_at_its_end() -> None:
    one = watched()
    one.expectation = expectation([1.0] * 144 + [0.0] * 24)
    one.begin_at(0.0)
    one.pass_time(12.0)
    before = one.evidence
    one.close_day(probabilities((0.0, 0.0, 0.0, 0.0, 40.0, 0.0), ()), learn=False)
    assert 0.0 <= one.evidence < before / 2


@pytest.mark.parametrize(
    ("learnt_days", "mails", "alarmed", "learnt"),
    [(27, 1, False, 0), (28, 1, False, 1), (100, 3, False, 1), (100, 0, False, 0), (100, 1, True, 0)],
)
def test_how_far_silence_goes_is_learnt_of_days_with_mail_after_four_weeks(
    learnt_days: int, mails: int, alarmed: bool, learnt: int
) -> None:
    one = watched()
    one.learnt_days = learnt_days
    for hour in range(mails):
        one.pass_time(hour + 1.0)
        one.arrive(3600.0 * (hour + 1), hour + 1)
    one.alarmed = alarmed
    one.close_day(USUAL_DAY, learn=False)
    assert len(one.tail) == learnt


def test_a_sender_is_silent_since_its_first_mail_unless_more_came() -> None:
    assert SenderRhythm("new", 5.0).last_s == SenderRhythm("new", 5.0).since_s == 5.0
    again = SenderRhythm("known", 5.0, last_s=9.0, since_s=7.0)
    assert (again.last_s, again.since_s) == (9.0, 7.0)


def test_what_was_left_out_of_a_free_day_is_never_more_than_there_was() -> None:
    one = watched()
    pass_hours(one, 10)
    one.leave_out(4.0, 3.0)
    assert (one.day_free, one.gap_free) == pytest.approx((7.0, 7.0))
    one.leave_out(40.0, 40.0)
    assert (one.day_expected, one.day_free, one.gap_free) == (0.0, 0.0, 0.0)


def test_after_four_hours_with_mail_the_next_hour_knows_how_long_a_burst_lasts() -> None:
    one = SenderRhythm("busy", 0.0)
    for hour in range(4):
        for minute in range(0, 60, 4):
            one.arrive(3600.0 * hour + 60 * minute, hour)
    assert one.burst_s == BURST_S
    one.arrive(4 * 3600.0, 4)
    assert one.burst_s < BURST_S


@pytest.mark.parametrize("hours", [30, 10_000, 1_000_000])
def test_a_long_silence_is_one_whatever_day_it_may_be(hours: int) -> None:
    """Also where the chance of it is below any number that a computer knows, as of a busy sender in a month."""
    one = watched()
    pass_hours(one, hours)
    assert one.considered(NOBODY_KNOWS) >= GAIN * hours / 5
    one.close_day(NOBODY_KNOWS, learn=False)
    assert one.evidence > LOSS


def test_a_silence_goes_on_at_midnight_as_far_as_the_day_was_usual() -> None:
    one = watched()
    pass_hours(one, 12)
    one.close_day(USUAL_DAY, learn=False)
    assert one.evidence == pytest.approx(12 * GAIN)


@pytest.mark.parametrize(("hours", "mails", "peak"), [(12, 1, 12 * GAIN), (2, 1, 0.0)])
def test_a_peak_stays_until_it_is_over(hours: int, mails: int, peak: float) -> None:
    one = watched()
    pass_hours(one, hours)
    for _ in range(mails):
        one.arrive(3600.0 * hours, hours)
    one.close_day(USUAL_DAY, learn=False)
    assert one.peak[0] == pytest.approx(peak, abs=1e-6)
    assert one.peaks == 0


def test_the_peak_of_a_day_is_learnt_as_high_as_it_was() -> None:
    one = watched()
    pass_hours(one, 2)
    one.arrive(7200.0, 2)
    one.close_day(USUAL_DAY, learn=False)
    assert one.tail._peaks == pytest.approx([2 * GAIN], rel=0.1)


def day_of_mail(one: SenderRhythm, day: int, mails: float) -> None:
    one.today = {day * 24 % HOURS: mails}
    one.close_day((), learn=True)


def test_a_rate_is_forgotten_within_months_and_of_who_writes_seldom_later() -> None:
    busy, seldom = SenderRhythm("busy", 0.0), SenderRhythm("seldom", 0.0)
    for day in range(120):
        day_of_mail(busy, day, 20.0 if day < 90 else 5.0)
        if day % 10 == 0:
            day_of_mail(seldom, day, 1.0 if day < 90 else 0.25)
        else:
            seldom.close_day((), learn=True)
    assert 10.0 < busy.rate_a_day < 15.0
    assert 0.07 < seldom.rate_a_day < 0.1


@pytest.mark.parametrize(("peaks", "days", "a_day"), [(50, 100, 0.5), (100, 100, 1.0), (1, 0, 1.0)])
def test_how_often_there_is_a_peak_is_learnt_of_the_days_that_were_judged(
    peaks: int, days: int, a_day: float
) -> None:
    one = watched()
    one.peaks_total, one.judged_days = peaks, days
    one.learn((1 / HOURS,) * HOURS, 0.0)
    assert one.tail._a_day == a_day


@pytest.mark.parametrize(
    ("expected", "before", "came", "is_learnt"),
    [
        (1.0, 1.0, 1.0, True),
        (0.9, 5.0, 5.0, False),
        (5.0, 0.9, 5.0, False),
        (5.0, 5.0, 0.0, False),
        (5.0, 5.0, 1.0, True),
    ],
)
def test_how_far_days_differ_is_learnt_where_mail_was_expected_and_some_came(
    expected: float, before: float, came: float, *, is_learnt: bool
) -> None:
    one = watched()
    one.before_usual = True
    one.day_expected, one.before_expected, one.before_arrivals = expected, before, came
    one.close_day(USUAL_DAY, learn=False)
    assert (one._noise_weight > 0.0) is is_learnt


def allowed(**known: float) -> SenderRhythm:
    one = watched()
    for name, value in known.items():
        setattr(one, name, value)
    one.allow(0.1)
    return one


def test_good_and_bad_days_level_out_in_a_silence_of_many_days() -> None:
    """Of twelve mails a day and more an alarm takes a day, and they do not."""
    busiest, busy, usual, seldom = (allowed(rate_a_day=a_day) for a_day in (240.0, 24.0, 12.0, 1.0))
    assert busiest.threshold == busy.threshold == usual.threshold > seldom.threshold


def test_until_the_sixth_week_days_may_differ_by_so_much_and_no_more() -> None:
    assert allowed(learnt_days=14)._known == allowed(learnt_days=40)._known < allowed(learnt_days=80)._known


def test_who_is_hardly_known_is_doubted_no_more_for_the_kind_of_day() -> None:
    known, unknown = watched(), allowed(rate_counts=5.0)
    for one in (known, unknown):
        pass_hours(one, 12)
    assert known.evidence == unknown.evidence
    assert known.considered(NOBODY_KNOWS) < unknown.considered(NOBODY_KNOWS) <= unknown.evidence


def test_a_kind_of_day_that_it_cannot_be_excuses_no_silence() -> None:
    one = watched()
    pass_hours(one, 10_000)
    assert one.considered([(1.0, KINDS[0]), (0.0, KINDS[2])]) == pytest.approx(GAIN * 10_000, rel=0.01)


def test_a_peak_is_learnt_for_what_it_was_worth_on_such_a_day() -> None:
    one = watched()
    one.expectation = expectation([1.0] * 144 + [0.0] * 24)
    one.begin_at(0.0)
    one.pass_time(2.0)
    one.arrive(7200.0, 2)
    one.close_day(probabilities((0.0, 0.0, 0.0, 0.0, 40.0, 0.0), ()), learn=False)
    assert len(one.tail) == 1
    assert one.tail._peaks[0] < 0.2
