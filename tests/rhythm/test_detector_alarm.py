"""What an alarm of a detector says, hour by hour: since when, at what moment, how much is missing and how likely that is."""

import msgspec
import pytest

from mxproof.rhythm.alarm import Alarm, AlarmKind
from mxproof.rhythm.detector import Detector, FalseAlarms
from mxproof.rhythm.everybody import Everybody
from mxproof.rhythm.sender import SenderRhythm
from support_learnt import LEARNT_S, MAILS, going_on, learnt, told
from support_rhythm import DAY_S, HOUR_S, Mails

REST = ("usual", "other", "small")


def first_alarm(detector: Detector, mails: Mails) -> Alarm:
    """Return the first alarm of a sender, the detector as it stands at that moment."""
    for alarm in detector.feed(mails):
        if alarm.kind is AlarmKind.SENDER:
            return alarm
    raise AssertionError("nobody was told of")


def test_an_alarm_says_how_likely_the_silence_is_where_today_may_be_another_kind_of_day() -> None:
    detector = learnt()
    list(detector.feed([(LEARNT_S + 1500, "busy")]))
    alarm = first_alarm(detector, [one for one in going_on(48, *REST) if one[0] > LEARNT_S + 1500])
    busy, at_s = detector.senders["busy"], alarm.alarmed_at.timestamp()
    days = detector._days(busy, at_s, detector.kept()[0].clock + at_s % HOUR_S / HOUR_S)
    assert alarm.chance == pytest.approx(busy.chance(busy.considered(days)))
    assert alarm.chance > busy.chance(busy.evidence)
    assert at_s % HOUR_S == 2400.0, (
        "by the first mail after it is beyond chance, and not by the first of the next hour"
    )
    assert alarm.expected == busy.expected_since
    now = detector.kept()[0].clock + at_s % HOUR_S / HOUR_S
    since = now - (at_s - busy.since_s) / HOUR_S
    due = busy.expectation.until(now)[0] - busy.expectation.until(since)[0]
    assert alarm.expected == pytest.approx(due, abs=0.05), "until this mail, and not until this hour"
    assert busy.considered(days) > busy.threshold


def test_a_silence_that_single_mails_interrupt_is_told_since_its_beginning() -> None:
    detector = learnt()
    thinned = [(LEARNT_S + (2 + 3 * n) * HOUR_S, "busy") for n in range(24)]
    alarm = first_alarm(detector, sorted([*going_on(72, *REST), *thinned]))
    busy = detector.senders["busy"]
    began_s = max(at_s for at_s, name in MAILS if name == "busy" and at_s < LEARNT_S)
    assert alarm.silent_since.timestamp() == int(began_s) == int(busy.since_s)
    assert busy.last_s > LEARNT_S + HOUR_S
    assert alarm.expected > busy.since_mail


def test_at_midnight_the_day_is_over_for_all_whether_or_not_they_wrote() -> None:
    detector = learnt()
    asleep = SenderRhythm("asleep", LEARNT_S)
    detector.senders["asleep"] = asleep
    list(detector.feed((LEARNT_S + 60 * n, "small") for n in range(3)))
    list(detector.until(LEARNT_S + DAY_S))
    for one in detector.watched:
        assert one.before_expected == pytest.approx(one.expectation.until(24.0)[0], rel=0.02)
        assert (one.day_expected, one.day_arrivals, one.today) == (0.0, 0.0, {})
    assert {one.name for one in detector.kept()[1]} == set(detector.senders)
    assert asleep.empty_days <= 1


def uneven() -> Detector:
    """Return a detector of which so many mails are expected in an hour as the hour says, from two on."""
    detector = learnt()
    detector._everybody.expected = [2.0 + hour % 24 for hour in range(168)]
    detector._everybody.threshold = 1e9
    return detector


def test_what_is_due_of_everybody_is_what_each_hour_expects() -> None:
    detector = uneven()
    list(detector.feed([(LEARNT_S + 0.75 * HOUR_S, "busy")]))
    due = {}
    for hours in (0.75, 1.0, 2.0, 3.0):
        list(detector.until(LEARNT_S + hours * HOUR_S))
        due[hours] = detector.kept()[0].everybody.pending
    assert due == pytest.approx({0.75: 0.0, 1.0: 0.5, 2.0: 3.5, 3.0: 7.5})
    everybody = detector.kept()[0].everybody
    assert everybody.due(3, 0.5) == pytest.approx(10.0)
    list(detector.feed([(LEARNT_S + 3.5 * HOUR_S, "busy")]))
    assert everybody.longest == pytest.approx(10.0)
    assert (everybody.pending, everybody.part, everybody.since_s) == (0.0, 0.5, LEARNT_S + 3.5 * HOUR_S)


def test_after_the_clock_was_set_everybody_is_waited_for_from_then_on() -> None:
    detector = uneven()
    list(detector.feed([(LEARNT_S + 0.9 * HOUR_S, "busy")]))
    detector.set_clock(LEARNT_S + 5.25 * HOUR_S)
    everybody = detector.kept()[0].everybody
    assert (everybody.due(5, 0.25), everybody.due(5, 0.5)) == pytest.approx((0.0, 7 / 4))
    assert detector.last_mail_s == LEARNT_S + 5.25 * HOUR_S
    list(detector.until(LEARNT_S + 6 * HOUR_S))
    assert everybody.pending == pytest.approx(7 * 0.75)


def test_everybodys_silence_is_told_since_the_last_mail_at_the_moment_when_it_was_beyond_chance() -> None:
    """Also where time passes by the day, as of a log that is read afterwards."""
    by_minute, by_day = learnt(), learnt()
    for detector in (by_minute, by_day):
        list(detector.feed([(LEARNT_S + 600, "busy")]))
    alarms = [alarm for minute in range(11, 24 * 60) for alarm in by_minute.until(LEARNT_S + 60 * minute)]
    (alarm,), (at_once,) = alarms, list(by_day.until(LEARNT_S + DAY_S))
    assert alarm.silent_since == at_once.silent_since
    assert alarm.silent_since.timestamp() == LEARNT_S + 600
    assert abs((alarm.alarmed_at - at_once.alarmed_at).total_seconds()) < 1800
    assert HOUR_S < alarm.alarmed_at.timestamp() - LEARNT_S < 6 * HOUR_S
    assert (alarm.sender, at_once.sender) == ("", "")
    assert 0 < at_once.chance <= alarm.chance < 0.01


def test_everybodys_silence_that_ends_before_anybody_looked_is_told_by_the_mail_that_ends_it() -> None:
    """In one hour it is beyond chance, and a mail comes before the hour is over."""
    looked_at, read = learnt(), learnt()
    for detector in (looked_at, read):
        list(detector.feed([(LEARNT_S + 600, "busy")]))
    minutes = range(11, 24 * 60)
    (want,) = (one for minute in minutes for one in looked_at.until(LEARNT_S + 60 * minute))
    told_s = want.alarmed_at.timestamp()
    hour_s = told_s // HOUR_S * HOUR_S
    assert list(read.until(hour_s)) == []
    (alarm,) = read.feed([(hour_s + 0.99 * HOUR_S, "small")])
    assert (alarm.kind, alarm.silent_since) == (AlarmKind.EVERYTHING, want.silent_since)
    assert hour_s <= alarm.alarmed_at.timestamp() <= hour_s + HOUR_S
    assert list(read.feed([(hour_s + HOUR_S, "small")])) == []


def test_everybodys_silence_is_told_again_after_twenty_mails_and_not_after_one() -> None:
    detector = learnt()
    assert [one.kind for one in detector.until(LEARNT_S + DAY_S)] == [AlarmKind.EVERYTHING]
    list(detector.feed([(LEARNT_S + DAY_S, "busy")]))
    assert list(detector.until(LEARNT_S + 2 * DAY_S)) == []
    list(detector.feed((LEARNT_S + 2 * DAY_S + 60 * n, REST[n % 3]) for n in range(19)))
    assert [one.kind for one in detector.until(LEARNT_S + 3 * DAY_S)] == [AlarmKind.EVERYTHING]


def test_of_a_gap_the_largest_sender_has_the_others_as_its_witnesses_and_they_have_it() -> None:
    detector, twin = learnt(), learnt()
    for one in (detector, twin):
        list(one.feed([(LEARNT_S + 1, "small")]))
    list(detector.feed([(LEARNT_S + 3 * HOUR_S, "small")]))
    list(twin.feed((LEARNT_S + 300 * n, "small") for n in range(1, 37)))
    for one in (detector, twin):
        one._settle(one.kept()[0].clock)
    counted = {
        one.name: detector.senders[one.name].day_expected / one.day_expected
        for one in twin.watched
        if one.name != "small"
    }
    free = {name: detector.senders[name].day_free / twin.senders[name].day_free for name in counted}
    assert free == pytest.approx(counted, abs=0.02), "of a free day the same is taken back"
    assert counted == pytest.approx({"busy": 0.77, "usual": 0.88, "other": 0.9}, abs=0.02)


def test_a_new_sender_that_is_watched_from_a_day_on_is_looked_at_from_then_on() -> None:
    """Nobody else is silent."""
    detector = learnt()
    new = [(LEARNT_S + 1800 * n, "new") for n in range(2 * 24 * 15)]
    (alarm,) = told(detector, sorted([*going_on(24 * 17, *REST, "busy"), *new]))
    assert (alarm.sender, alarm.silent_since.timestamp()) == ("new", new[-1][0])


@pytest.mark.parametrize("a_year", [0.5, 5.0])
def test_of_the_false_alarms_that_are_allowed_three_in_ten_may_be_of_everything(a_year: float) -> None:
    detector = learnt()
    detector._settings = FalseAlarms(a_year)
    detector._learn()
    kept = detector.kept()[0]
    want = msgspec.convert(msgspec.to_builtins(kept.everybody), type=Everybody)
    by_hour = [
        sum(column) for column in zip(*(one.expectation.by_hour for one in detector.watched), strict=True)
    ]
    want.learn(by_hour, kept.day, 0.3 * a_year)
    assert kept.everybody.threshold == pytest.approx(want.threshold)
    assert kept.everybody.expected == pytest.approx(want.expected)
