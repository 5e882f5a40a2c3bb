"""The detector: who is told to be silent, when, and what rings nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mxproof.rhythm.alarm import AlarmKind
from mxproof.rhythm.detector import Detector, FalseAlarms
from support_long import EXHAUSTIVE, examples, some, some_rows
from support_rhythm import BEGIN_S, DAY_S, HOUR_S, day_of, gap, local_hour_of_week, rung, steady, without

RATES = {"big": 60.0, "medium": 25.0, "other": 40.0, "small": 3.0, "tiny": 0.7}
DAYS = 100
MAILS = steady(RATES, DAYS)


def test_usual_mail_rings_nothing() -> None:
    assert rung(MAILS, DAYS) == []


@pytest.mark.parametrize(
    ("name", "within_days"), some_rows([("big", 0.5), ("medium", 1.0), ("small", 7.0)], 3)
)
def test_a_sender_that_stops_is_told_once_and_in_time(name: str, within_days: float) -> None:
    (alarm,) = rung(without(MAILS, name, 80), DAYS)
    assert (alarm.kind, alarm.sender) == (AlarmKind.SENDER, name)
    assert day_of(alarm.silent_since) < 80 < day_of(alarm.alarmed_at) < 80 + within_days
    assert alarm.expected > 5
    assert 0 < alarm.chance < 1e-3


@pytest.mark.parametrize(("known_days", "within_days"), some_rows([(15.5, 2.0), (30.5, 1.5), (60.5, 1.0)], 3))
def test_a_sender_that_is_known_for_weeks_only_is_told_in_time_too(
    known_days: float, within_days: float
) -> None:
    """As in the founding incident: two weeks of mail, and one of three senders stops."""
    mails = steady({"big": 20.0, "medium": 12.0, "small": 6.0}, int(known_days + 5))
    (alarm,) = rung(without(mails, "big", known_days), known_days + 5)
    assert alarm.sender == "big"
    assert known_days < day_of(alarm.alarmed_at) < known_days + within_days


def test_two_that_stop_at_once_are_both_told() -> None:
    stopped = without(without(MAILS, "big", 80), "medium", 80)
    assert sorted(one.sender for one in rung(stopped, DAYS)) == ["big", "medium"]


def test_one_mail_in_ten_is_a_silence_too() -> None:
    thinned = [
        one
        for place, one in enumerate(MAILS)
        if one[1] != "big" or one[0] < BEGIN_S + 80 * DAY_S or place % 11 == 0
    ]
    (alarm,) = rung(thinned, DAYS)
    assert alarm.sender == "big"
    assert day_of(alarm.alarmed_at) < 81


def test_a_sender_that_comes_back_can_ring_again() -> None:
    twice = without(without(MAILS, "big", 60, 63), "big", 80)
    assert [one.sender for one in rung(twice, DAYS)] == ["big", "big"]


def test_an_outage_of_everything_is_told_as_such_and_names_nobody() -> None:
    (alarm,) = rung(gap(MAILS, 80, 81), DAYS)
    assert (alarm.kind, alarm.sender) == (AlarmKind.EVERYTHING, "")
    assert day_of(alarm.alarmed_at) - 80 < 6 / 24


def test_an_outage_is_told_within_the_minute_while_time_passes() -> None:
    detector = Detector(lambda hour: (hour + 72) % 168)
    assert list(detector.feed(gap(MAILS, 80, 1e6))) == []
    for minute in range(24 * 60):
        now_s = BEGIN_S + 80 * DAY_S + 60 * minute
        if alarms := list(detector.until(now_s)):
            break
    (alarm,) = alarms
    assert alarm.kind is AlarmKind.EVERYTHING
    assert now_s - 61 <= alarm.alarmed_at.timestamp() <= now_s


def test_a_log_that_ends_is_an_outage_only_as_time_passes() -> None:
    ended = gap(MAILS, 80, 1e6)
    detector = Detector(lambda hour: (hour + 72) % 168)
    assert list(detector.feed(ended)) == []
    (alarm,) = detector.until(BEGIN_S + 81 * DAY_S)
    assert alarm.kind is AlarmKind.EVERYTHING


def test_an_alarm_comes_no_earlier_for_what_comes_later() -> None:
    stopped = without(MAILS, "big", 80, 90)
    (alarm,) = rung(stopped, DAYS)
    so_far = [one for one in stopped if one[0] <= alarm.alarmed_at.timestamp() + 1]
    detector = Detector(lambda hour: (hour + 72) % 168)
    assert [alarm] == list(detector.feed(so_far))


def test_a_sender_that_goes_on_under_another_name_is_not_silent() -> None:
    moved = [
        (at_s, "elsewhere" if name == "medium" and at_s > BEGIN_S + 80 * DAY_S else name)
        for at_s, name in MAILS
    ]
    assert rung(moved, DAYS) == []


def test_a_new_sender_that_writes_much_less_hides_no_silence() -> None:
    new = [(at_s + 80 * DAY_S, "new") for at_s, _ in steady({"new": 4.0}, 15)]
    (alarm,) = rung(sorted(without(MAILS, "medium", 80) + new), 95)
    assert alarm.sender == "medium"


@EXHAUSTIVE
def test_an_alarm_from_detectors_that_were_given_less_false_alarms_is_later() -> None:
    stopped = without(MAILS, "big", 80)
    rare, usual, often = (rung(stopped, DAYS, a_year)[0].alarmed_at for a_year in (0.1, 1.0, 10.0))
    assert often <= usual <= rare


def test_a_burst_is_one_arrival() -> None:
    bursts = sorted((at_s + n, name) for at_s, name in MAILS for n in range(6 if name == "medium" else 1))
    assert rung(bursts, DAYS) == []
    (alarm,) = rung(without(bursts, "medium", 80), DAYS)
    assert day_of(alarm.alarmed_at) < 81.5


def test_a_working_day_of_silence_of_all_offices_is_a_holiday() -> None:
    offices = {f"office{number}": 20.0 for number in range(8)}
    clocks = {"clock": 30.0}
    mails = [
        (at_s, name)
        for at_s, name in steady(offices | clocks, DAYS)
        if name == "clock"
        or ((at_s - BEGIN_S) // DAY_S % 7 < 5 and 7 <= (at_s - BEGIN_S) % DAY_S / HOUR_S < 17)
    ]
    holiday = [one for one in mails if one[1] == "clock" or not 77 <= (one[0] - BEGIN_S) / DAY_S < 78]
    assert rung(holiday, DAYS) == []


@settings(max_examples=examples(2), deadline=None)
@given(st.permutations(sorted(RATES)))
def test_the_names_of_senders_change_nothing(names: list[str]) -> None:
    renamed = dict(zip(sorted(RATES), names, strict=True))
    stopped = [one for one in without(MAILS, "big", 50) if one[0] < BEGIN_S + 60 * DAY_S]
    want = [(renamed[one.sender], one.alarmed_at, one.chance) for one in rung(stopped, 60)]
    got = rung([(at_s, renamed[name]) for at_s, name in stopped], 60)
    assert [one[:2] for one in want] == [(one.sender, one.alarmed_at) for one in got]
    assert [one[2] for one in want] == pytest.approx([one.chance for one in got])


@settings(max_examples=examples(2), deadline=None)
@given(st.floats(50, 55), st.floats(0, 5))
def test_more_silence_never_lowers_the_alarm(from_day: float, longer: float) -> None:
    until_day = from_day + 0.5
    short, long = (
        rung([one for one in without(MAILS, "big", from_day, end) if one[0] < BEGIN_S + 62 * DAY_S], 62)
        for end in (until_day, until_day + longer)
    )
    assert [one.alarmed_at for one in long[: len(short)]] == [one.alarmed_at for one in short]


@pytest.mark.parametrize("by_s", some([-5 * HOUR_S, -60, 60, 2 * HOUR_S], 4))
def test_a_jump_of_the_clock_rings_nothing(by_s: float) -> None:
    jumped = [(at_s + (by_s if at_s > BEGIN_S + 80 * DAY_S else 0), name) for at_s, name in MAILS]
    assert [one.sender for one in rung(jumped, DAYS) if one.kind is AlarmKind.SENDER] == []


def test_a_change_of_the_clock_in_spring_rings_nothing() -> None:
    changes = datetime(2025, 3, 30, tzinfo=UTC)
    local = [
        (at_s - (HOUR_S if datetime.fromtimestamp(at_s, UTC) > changes else 0), name) for at_s, name in MAILS
    ]
    detector = Detector(local_hour_of_week, FalseAlarms())
    assert list(detector.feed(sorted(local))) == []


def test_nobody_is_watched_before_two_weeks() -> None:
    detector = Detector(lambda hour: (hour + 72) % 168)
    assert list(detector.feed(one for one in MAILS if one[0] < BEGIN_S + 13 * DAY_S)) == []
    assert detector.watched == []


def test_time_without_mail_before_the_first_is_nothing() -> None:
    assert list(Detector(lambda hour: hour % 168).until(BEGIN_S)) == []


def test_moments_are_whole_seconds_in_utc() -> None:
    (alarm,) = rung(without(MAILS, "big", 80), DAYS)
    assert alarm.alarmed_at.utcoffset() == timedelta(0)
    assert alarm.alarmed_at.microsecond == 0
