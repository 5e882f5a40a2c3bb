"""How senders stand at a moment: who is silent, for how long, and how much is missing."""

import pytest

from mxproof.rhythm.detector import Detector
from mxproof.rhythm.everybody import Everybody
from mxproof.rhythm.expectation import expectation
from mxproof.rhythm.kept import KeptDetector
from mxproof.rhythm.sender import SenderRhythm
from mxproof.rhythm.standing import SenderStanding, standing_senders
from support_rhythm import BEGIN_S, DAY_S, HOUR_S, steady, utc_hour_of_week, without

DAYS = 26
RATES = {"busy": 60.0, "usual": 40.0, "slow": 25.0}


def kept(stopped: str, day: float) -> tuple[KeptDetector, list[SenderRhythm]]:
    detector = Detector(utc_hour_of_week)
    list(detector.feed(without(steady(RATES, DAYS), stopped, day)))
    return detector.kept()


def standing(stopped: str, day: float, now_day: float) -> list[SenderStanding]:
    detector, senders = kept(stopped, day)
    return standing_senders(detector, senders, BEGIN_S + now_day * DAY_S)


def test_who_is_silent_comes_first_and_then_the_busiest() -> None:
    found = standing("slow", DAYS - 4, DAYS)
    assert [(one.known.name, one.is_silent) for one in found] == [
        ("slow", True),
        ("busy", False),
        ("usual", False),
    ]


def test_what_is_due_is_what_was_expected_since_the_last_mail() -> None:
    slow = standing("slow", DAYS - 4, DAYS)[0]
    silent_days = (BEGIN_S + DAYS * DAY_S - slow.last_s) / DAY_S
    assert slow.due == pytest.approx(silent_days * sum(slow.by_hour) / 7, rel=0.2)


def test_hours_of_the_week_are_those_of_the_log() -> None:
    detector, senders = kept("nobody", DAYS)
    for now_day in (DAYS, DAYS + 0.5, DAYS + 7.5):
        for one in standing_senders(detector, senders, BEGIN_S + now_day * DAY_S):
            assert one.now_hour == pytest.approx(now_day * 24 % 168)
            assert one.last_hour == pytest.approx((one.last_s - BEGIN_S) / HOUR_S % 168)
            assert one.due >= 0


def test_a_clock_behind_the_log_makes_nothing_due() -> None:
    detector, senders = kept("nobody", DAYS)
    assert {one.due for one in standing_senders(detector, senders, BEGIN_S - 30 * DAY_S)} == {0.0}


def test_a_sender_that_is_not_watched_yet_is_left_out() -> None:
    detector, senders = kept("nobody", DAYS)
    senders.append(SenderRhythm("new", BEGIN_S))
    assert len(standing_senders(detector, senders, BEGIN_S)) == len(RATES)


@pytest.mark.parametrize(
    ("last_hours", "now_hours", "due"),
    [
        (-2.5, 1.5, 1.5 + 2.0 + 1.0 + 1.5),
        (-2.5, -2.25, 0.75),
        (0.5, 3.0, 2.5),
        (-170.5, 0.0, 1.5 + 2.0 + 1.0 + 171.0),
    ],
)
def test_what_is_due_is_that_of_the_hours_that_passed_also_of_the_week_before(
    last_hours: float, now_hours: float, due: float
) -> None:
    """The detector stands at the beginning of a week. In its last hours three mails, two and one are expected, in the others one."""
    by_hour = [1.0] * 165 + [3.0, 2.0, 1.0]
    one = SenderRhythm("sender", BEGIN_S, last_s=BEGIN_S + last_hours * HOUR_S)
    one.watched, one.expectation = True, expectation(by_hour)
    detector = KeptDetector(int(BEGIN_S // HOUR_S), 0, 0, 0.0, BEGIN_S, 0, 0, Everybody(), False, {})
    (found,) = standing_senders(detector, [one], BEGIN_S + now_hours * HOUR_S)
    assert found.due == pytest.approx(due)
    assert (found.last_hour, found.now_hour) == (last_hours % 168, now_hours % 168)
    assert (found.last_s, found.by_hour, found.is_silent) == (one.last_s, tuple(by_hour), False)


def test_of_those_that_are_as_busy_the_names_say_who_comes_first() -> None:
    senders = [SenderRhythm(name, BEGIN_S) for name in ("c", "a", "b")]
    for one in senders:
        one.watched = True
    senders[2].alarmed = True
    detector = KeptDetector(int(BEGIN_S // HOUR_S), 0, 0, 0.0, BEGIN_S, 0, 0, Everybody(), False, {})
    found = [one.known.name for one in standing_senders(detector, senders, BEGIN_S)]
    assert found == ["b", "a", "c"]
