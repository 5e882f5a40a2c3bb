"""All senders together: what is due of them, which gaps are usual, and what is an outage."""

from math import inf, isclose

import pytest

from mxproof.rhythm.day import DayKind
from mxproof.rhythm.everybody import GAP_DOUBTED, Everybody, evidence_of
from mxproof.rhythm.sender import ARRIVALS_COUNTED
from mxproof.rhythm.week import HOURS

USUAL = [(1.0, DayKind(0.0, 1.0, 1.0))]
DAY = 200


def learnt(a_day: float = 240.0, alarms_a_year: float = 0.1, day: int = DAY) -> Everybody:
    one = Everybody()
    one.learn([a_day / 24] * HOURS, day, alarms_a_year)
    return one


def test_nothing_is_long_before_anything_is_learnt() -> None:
    assert not Everybody().is_long(inf)


def test_mail_that_is_due_is_counted_from_the_last_one() -> None:
    one = learnt()
    one.arrive(0.0, 0.5, 0.0)
    an_hour = 10 * ARRIVALS_COUNTED
    assert isclose(one.due(0, 0.75), an_hour / 4)
    one.end_hour(0)
    assert isclose(one.due(1, 0.5), an_hour)


def test_a_gap_is_long_beyond_the_threshold_and_told_once() -> None:
    one = learnt()
    assert not one.is_long(one.threshold)
    assert one.is_long(one.threshold + 0.1)
    one.told()
    assert not one.is_long(inf)
    for _ in range(20):
        one.arrive(0.0, 0.0, 0.1)
    assert one.is_long(inf)


def test_the_threshold_follows_what_is_allowed_and_how_old_the_rhythm_is() -> None:
    assert learnt(alarms_a_year=0.01).threshold > learnt().threshold > learnt(alarms_a_year=1.0).threshold
    assert learnt(day=20).threshold > learnt().threshold
    assert learnt(a_day=0.1, alarms_a_year=50.0).threshold == GAP_DOUBTED


def test_gaps_that_are_usual_raise_the_threshold_and_outages_do_not() -> None:
    quiet, gappy, outages, holidays = (learnt() for _ in range(4))
    for day in range(DAY, DAY + 100):
        for one, gap, usual in (
            *((quiet, 6.0, 1.0), (gappy, 6.0 + 8.0 * (day % 4 == 0), 1.0)),
            *((outages, 6.0 + 100.0 * (day % 4 == 0), 1.0), (holidays, 12.0, 0.1)),
        ):
            one.arrive(0.0, 0.0, gap)
            one.close_day(usual, day)
    for one in (quiet, gappy, outages, holidays):
        one.learn([10.0] * HOURS, DAY + 100, 0.1)
    assert gappy.threshold > 1.2 * quiet.threshold
    assert outages.threshold == pytest.approx(quiet.threshold, rel=0.05)
    assert len(holidays.tail) == 0


def test_the_passing_of_the_threshold_is_dated_back_within_the_hour() -> None:
    one = learnt()
    assert one.passed_at(100, 0, 0.5, one.threshold) == 100.5 * 3600
    later = one.threshold + one.expected[0] / 4
    assert isclose(one.passed_at(100, 0, 0.5, later), 100.25 * 3600)
    one.begin_at(100.4 * 3600, 0.4)
    assert one.passed_at(100, 0, 0.5, later) == 100.4 * 3600


@pytest.mark.parametrize(
    "gap", [[], [(50.0, 5.0), (3.0, 1.0), (1.0, 0.5)], [(30.0, 0.0), (30.0, 0.0), (1.0, 0.0)]]
)
def test_one_or_two_senders_are_not_everybody(gap: list[tuple[float, float]]) -> None:
    assert evidence_of(gap, USUAL) == 0.0


def test_the_evidence_is_what_was_due_and_less_where_today_may_be_a_holiday() -> None:
    gap = [(10.0, 1.0)] * 3
    usual = evidence_of(gap, USUAL)
    assert isclose(usual, 30.0 * ARRIVALS_COUNTED)
    perhaps = [(0.97, DayKind(0.0, 1.0, 1.0)), (0.03, DayKind(1.0, 1.0, 1.0))]
    assert 3.0 < evidence_of(gap, perhaps) < usual
    assert evidence_of([(1e6, 1e6)] * 3, USUAL) < inf


@pytest.mark.parametrize(
    ("due", "is_told"),
    [
        ([10.0, 2.5, 2.5], False),
        ([10.0, 2.5, 2.6], True),
        ([10.0, 10.0, 2.0], False),
        ([10.0, 10.0, 2.1], True),
        ([20.0], False),
        ([20.0, 20.0], False),
    ],
)
def test_a_gap_is_one_of_everybody_where_more_than_two_senders_were_due(
    due: list[float], is_told: bool
) -> None:
    assert (evidence_of([(one, one) for one in due], USUAL) > 0.0) is is_told


@pytest.mark.parametrize(
    ("day", "usual", "gap", "is_learnt"),
    [
        (41, 1.0, 1.0, False),
        (42, 1.0, 1.0, True),
        (42, 0.5, 1.0, False),
        (42, 0.51, 1.0, True),
        (42, 1.0, 1.5, True),
        (42, 1.0, 1.6, False),
    ],
)
def test_gaps_are_learnt_from_the_seventh_week_on_of_days_that_were_likely_usual(
    day: int, usual: float, gap: float, is_learnt: bool
) -> None:
    one = learnt()
    one.arrive(0.0, 0.0, gap * one.threshold)
    one.close_day(usual, day)
    assert len(one.tail) == is_learnt


def test_of_each_day_the_longest_gap_is_learnt_and_of_one_beyond_the_threshold_no_more_than_that() -> None:
    one = learnt()
    for gaps in ((2.0, 3.0, 1.0), (), (1.0,), (1.4 * one.threshold, 2.0)):
        for due in gaps:
            one.arrive(0.0, 0.0, due)
        one.close_day(1.0, DAY)
    assert one.tail._peaks == [3.0, 0.0, 1.0, one.threshold]
    one.arrive(0.0, 0.0, 5.0)
    one.close_day(0.0, DAY)
    assert (one.longest, len(one.tail)) == (0.0, 4), "what is not learnt is not learnt on the next day either"


def test_a_gap_that_begins_without_a_mail_begins_at_that_part_of_the_hour() -> None:
    one = learnt()
    an_hour = 10 * ARRIVALS_COUNTED
    one.arrive(0.0, 0.9, 4.0)
    one.end_hour(0)
    one.begin_at(7200.0, 0.25)
    assert (one.pending, one.part, one.since_s, one.longest) == (0.0, 0.25, 7200.0, 4.0)
    assert [one.due(1, part) for part in (0.0, 0.25, 0.75)] == pytest.approx([0.0, 0.0, an_hour / 2])
    one.end_hour(1)
    assert one.due(2, 0.5) == pytest.approx(an_hour * 1.25)


def test_mails_are_counted_until_everything_can_fall_silent_again_and_a_day_changes_nothing_of_it() -> None:
    one = learnt()
    one.told()
    for number in range(19):
        one.arrive(float(number), 0.0, 0.0)
    one.close_day(1.0, DAY)
    one.learn([10.0] * HOURS, DAY, 0.1)
    assert not one.is_long(inf)
    one.arrive(19.0, 0.0, 0.0)
    assert one.is_long(inf)
    one.told()
    assert not one.is_long(inf)
