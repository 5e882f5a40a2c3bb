"""What a detector knows and is to keep in mind: whom it counts, how time passes, what it lets go of, and what it makes of a gap."""

from math import inf

import msgspec
import pytest

from mxproof.rhythm.alarm import Alarm, AlarmKind
from mxproof.rhythm.detector import SENDERS_MAX, Detector
from mxproof.rhythm.expectation import NOTHING
from mxproof.rhythm.sender import SenderRhythm
from support_learnt import LEARNT_DAYS, LEARNT_S, MAILS, RATES, begun, evidence, going_on, learnt, told
from support_rhythm import BEGIN_S, DAY_S, HOUR_S, steady, utc_hour_of_week, without


def write(detector: Detector, name: str, *at_s: float) -> list[Alarm]:
    return list(detector.feed((BEGIN_S + one, name) for one in at_s))


def test_who_has_written_four_times_is_counted_with_all_that_came() -> None:
    detector = begun()
    write(detector, "new", 60, DAY_S + 60, 2 * DAY_S + 60)
    assert (detector.senders, len(detector.kept()[0].candidates)) == ({}, 1)
    write(detector, "new", 3 * DAY_S + 120)
    one = detector.senders["new"]
    assert (one.first_s, one.last_s) == (BEGIN_S + 60, BEGIN_S + 3 * DAY_S + 120)
    assert one.today == pytest.approx({0: 1.0, 24: 1.0, 48: 1.0, 72: 1.0}, abs=1e-3)
    assert (one.empty_days, detector.kept()[0].candidates) == (3, {})
    write(detector, "new", 3 * DAY_S + 7200)
    assert one.last_s == BEGIN_S + 3 * DAY_S + 7200


@pytest.mark.parametrize(("known", "is_counted"), [(SENDERS_MAX - 1, True), (SENDERS_MAX, False)])
def test_no_more_than_a_thousand_senders_are_counted(known: int, *, is_counted: bool) -> None:
    detector = begun(senders=known)
    write(detector, "new", 1, 2, 3, 4)
    assert ("new" in detector.senders) is is_counted
    assert SENDERS_MAX == 1000


def test_where_no_more_are_counted_who_is_remembered_longest_is_forgotten_for_who_goes_on_writing() -> None:
    detector = begun(candidates={"first": [BEGIN_S]}, senders=SENDERS_MAX)
    write(detector, "new", 1, 2, 3, 4)
    assert list(detector.kept()[0].candidates) == ["first", "new"]
    write(detector, "new", 5)
    assert list(detector.kept()[0].candidates) == ["new"]


@pytest.mark.parametrize(("known", "forgotten"), [(19_999, 0), (20_000, 1)])
def test_of_senders_of_few_mails_twenty_thousand_are_remembered(known: int, forgotten: int) -> None:
    detector = begun(candidates={str(number): [BEGIN_S] for number in range(known)})
    write(detector, "new", 1)
    candidates = detector.kept()[0].candidates
    assert len(candidates) == known + 1 - forgotten
    assert ("0" in candidates, "1" in candidates, "new" in candidates) == (not forgotten, True, True)


def test_a_mail_before_the_one_before_counts_as_now() -> None:
    detector = begun()
    write(detector, "new", 100, 200, 300, 400, 7200, 3600)
    assert detector.senders["new"].last_s == BEGIN_S + 7200
    assert detector.last_mail_s == BEGIN_S + 7200


@pytest.mark.parametrize(("after_s", "hours"), [(3599.0, 0), (3600.0, 1), (7199.0, 1), (7200.0, 2)])
def test_an_hour_is_over_when_it_is(after_s: float, hours: int) -> None:
    detector = begun()
    list(detector.until(BEGIN_S + after_s))
    kept = detector.kept()[0]
    assert (kept.hour, kept.week_hour, kept.clock) == (int(BEGIN_S // HOUR_S) + hours, hours, hours)
    assert kept.now_s == BEGIN_S + after_s


def test_time_that_was_there_already_does_not_pass_again() -> None:
    detector = begun()
    list(detector.until(BEGIN_S + 7200))
    list(detector.until(BEGIN_S + 3600))
    assert detector.kept()[0].now_s == BEGIN_S + 7200


def test_only_those_that_changed_since_are_to_be_kept_again() -> None:
    detector = learnt()
    detector.kept()
    list(detector.feed([(LEARNT_S + 60, "small")]))
    assert [one.name for one in detector.kept()[1]] == ["small"]
    assert detector.kept()[1] == []


def test_it_goes_on_from_what_was_kept_as_if_it_had_never_ended() -> None:
    more = [one for one in without(MAILS, "busy", LEARNT_DAYS) if one[0] >= LEARNT_S]
    whole, parts = learnt(), learnt()
    want = list(whole.feed(more))
    stored = {name: msgspec.msgpack.encode(one) for name, one in parts.senders.items()}
    found = []
    for one in range(0, len(more), 5):
        found += list(parts.feed(more[one : one + 5]))
        kept, changed = parts.kept()
        stored |= {one.name: msgspec.msgpack.encode(one) for one in changed}
        parts = Detector(utc_hour_of_week)
        parts.go_on(kept, [msgspec.msgpack.decode(one, type=SenderRhythm) for one in stored.values()])
    assert [one.sender for one in want] == ["busy"]
    assert found == want


def told_at(detector: Detector, from_s: float) -> float:
    """Return the second at which everybody's silence is told while a minute after the other passes."""
    for minute in range(60 * 24):
        now_s = from_s + 60 * minute
        if alarms := list(detector.until(now_s)):
            assert [one.kind for one in alarms] == [AlarmKind.EVERYTHING]
            assert now_s - 60 <= alarms[0].alarmed_at.timestamp() <= now_s
            return now_s
    raise AssertionError("nothing was told in a day")


def test_everybodys_silence_is_told_within_the_first_hour_of_the_week_too() -> None:
    detector = learnt()
    detector._everybody.threshold = 2.0
    last_s = LEARNT_S - 2 * HOUR_S
    detector.set_clock(last_s)
    list(detector.feed([(last_s, "busy")]))
    assert list(detector.until(LEARNT_S)) == []
    (alarm,) = detector.until(LEARNT_S + HOUR_S - 60)
    assert alarm.kind is AlarmKind.EVERYTHING


def test_everybodys_silence_is_told_once_and_again_only_after_mail_has_come() -> None:
    detector = learnt()
    told_at(detector, LEARNT_S)
    assert list(detector.until(LEARNT_S + 2 * DAY_S)) == []


@pytest.mark.parametrize("silent", [("busy",), ("busy", "usual"), ("small", "other")])
def test_who_is_silent_already_is_not_silent_once_more_with_all_others(silent: tuple[str, ...]) -> None:
    """Where two others are left, their silence is that of two, and nothing is said of the log."""
    detector = learnt()
    for one in detector.watched:
        one.alarmed = one.name in silent
    alarms = list(detector.until(LEARNT_S + DAY_S))
    assert [one.kind for one in alarms] == [AlarmKind.EVERYTHING] * (len(silent) == 1)
    for alarm in alarms:
        left = [each for each in detector.watched if not each.alarmed]
        assert alarm.expected < sum(each.expectation.until(24.0)[0] for each in left)


def test_an_hour_without_a_mail_says_nothing_of_a_sender_of_whom_none_is_expected() -> None:
    detector = learnt()
    nobody = SenderRhythm("nobody", BEGIN_S)
    nobody.watched, nobody.expectation = True, NOTHING
    detector.senders["nobody"] = nobody
    detector.watched.append(nobody)
    list(detector.feed([(LEARNT_S + 60, "busy"), (LEARNT_S + 12 * HOUR_S, "busy")]))
    assert (nobody.evidence, nobody.expected_since) == (0.0, 0.0)


def test_a_gap_of_everybody_is_no_evidence_against_one_but_what_the_others_show_of_the_log() -> None:
    quiet, gap = learnt(), learnt()
    list(quiet.feed([(LEARNT_S, "small"), *((LEARNT_S + 600 * n, "busy") for n in range(1, 49))]))
    list(gap.feed([(LEARNT_S, "small"), (LEARNT_S + 8 * HOUR_S, "busy")]))
    assert evidence(gap, 8)["usual"] < evidence(quiet, 8)["usual"] / 4


def test_a_clock_that_was_set_asks_for_nothing_that_lies_between() -> None:
    detector = learnt()
    list(detector.feed([(LEARNT_S + 60, "busy")]))
    before = evidence(detector, 1 / 60)
    detector.set_clock(LEARNT_S + 3 * DAY_S + 1800)
    kept = detector.kept()[0]
    assert (kept.week_hour, kept.clock, kept.since_clock) == (72, 72, 72.5)
    assert evidence(detector, 72.5) == pytest.approx(before, abs=1e-9)
    assert list(detector.until(LEARNT_S + 3 * DAY_S + 3599)) == []
    fresh = Detector(utc_hour_of_week)
    fresh.set_clock(LEARNT_S)
    assert fresh.kept()[0].now_s == -inf, "where nothing has begun there is nothing to set"


@pytest.mark.parametrize(("by", "clock"), [(1, 12), (-1, 10), (83, 94), (-83, -72)])
def test_local_time_that_jumps_is_followed_the_shorter_way(by: int, clock: int) -> None:
    first = int(BEGIN_S // HOUR_S)
    detector = Detector(lambda hour: (utc_hour_of_week(hour) + by * (hour > first + 10)) % 168)
    list(detector.feed([(BEGIN_S + 60, "one"), (BEGIN_S + 11 * HOUR_S, "one")]))
    assert detector.kept()[0].clock == clock


@pytest.mark.parametrize(
    ("days", "watched"), [(13.9, False), (14.1, True)], ids=["thirteen days", "fourteen days"]
)
def test_who_is_known_for_two_weeks_is_watched(days: float, *, watched: bool) -> None:
    detector = Detector(utc_hour_of_week)
    list(detector.feed(one for one in MAILS if one[0] < BEGIN_S + days * DAY_S))
    assert bool(detector.watched) is watched


@pytest.mark.parametrize(("mails", "watched"), [(9, False), (10, True)])
def test_who_has_written_ten_times_is_watched(mails: int, *, watched: bool) -> None:
    detector = begun()
    every = [(BEGIN_S + number * DAY_S, "clock") for number in range(30)]
    every += [(BEGIN_S + (number + 1) * DAY_S * 2 + 60, "small") for number in range(mails)]
    list(detector.feed(sorted(every)))
    assert ("small" in {one.name for one in detector.watched}) is watched


def test_rhythms_are_learnt_daily_for_four_weeks_and_weekly_from_then_on() -> None:
    def learnings(from_day: int, days: int) -> list[int]:
        detector = begun()
        found, seen = [], None
        for day in range(from_day + days):
            list(detector.feed((BEGIN_S + day * DAY_S + hour * HOUR_S, "clock") for hour in range(24)))
            list(detector.until(BEGIN_S + (day + 1) * DAY_S))
            now = detector.senders["clock"].expectation
            if now is not seen and day >= from_day:
                found.append(day + 1)
            seen = now
        return found

    assert learnings(20, 24) == [*range(21, 29), 35, 42]


def test_a_silence_is_told_by_the_next_mail_of_another_and_once() -> None:
    detector = learnt()
    (alarm,) = told(detector, going_on(48, "usual", "other"))
    assert alarm.sender == "busy"
    one = detector.senders["busy"]
    assert (one.alarmed, alarm.silent_since.timestamp()) == (True, int(one.since_s))
    assert alarm.expected == pytest.approx(one.threshold / 0.9, rel=0.2)
    assert alarm.expected < one.expected_since
    assert 0 < alarm.chance < 1e-2


def test_a_silence_is_told_again_after_mail_has_come_and_only_then() -> None:
    detector = learnt()
    rest = ("usual", "other", "small")
    more = [*going_on(30, *rest), *[(LEARNT_S + 30 * HOUR_S + 300 * n, "busy") for n in range(48)]]
    more += [(at_s + 35 * HOUR_S, name) for at_s, name in going_on(40, *rest)]
    assert [one.sender for one in told(detector, more)] == ["busy", "busy"]


def test_who_writes_at_this_moment_is_not_silent() -> None:
    """Its mail and another's stand in one second of the log, as where one goes to both."""
    detector = learnt()
    before = told(learnt(), going_on(48, "usual", "other"))[0].alarmed_at.timestamp()
    mails = [one for one in going_on(48, "usual", "other") if one[0] < before]
    assert told(detector, [*mails, (before, "busy"), (before, "usual")]) == []


@pytest.mark.parametrize(
    ("hours_later", "a_day", "is_moved"),
    [(0.5, 48, True), (0.5, 16, False), (5.0, 150, False)],
    ids=["at once and as much", "at once and much less", "as much and much later"],
)
def test_who_takes_up_at_once_and_writes_as_much_is_the_same_mail(
    hours_later: float, a_day: int, *, is_moved: bool
) -> None:
    detector = learnt()
    last_s = max(at_s for at_s, name in MAILS if name == "busy" and at_s < LEARNT_S)
    new = steady({"elsewhere": float(a_day)}, 3, seed=5)
    new = [(at_s - BEGIN_S + last_s + hours_later * HOUR_S, name) for at_s, name in new]
    mails = sorted([*going_on(60, "usual", "other", "small"), *(one for one in new if one[0] >= LEARNT_S)])
    assert ([one.sender for one in told(detector, mails)] == []) is is_moved


def test_who_wrote_before_one_fell_silent_is_not_that_one_elsewhere() -> None:
    """However well its mail would do: both were there at the same time."""
    detector = learnt()
    both = detector.senders["both"] = SenderRhythm("both", BEGIN_S)
    both.arrivals_ever = 12.0
    assert [one.sender for one in told(detector, going_on(48, "usual", "other"))] == ["busy"]


@pytest.mark.parametrize(
    ("share", "doubted_days", "is_learnt", "then_doubted"),
    [(0.2, 0, False, 1), (0.2, 4, False, 5), (0.2, 5, True, 6), (1.0, 3, True, 0)],
)
def test_of_days_that_are_hardly_usual_nothing_is_learnt_until_there_were_five(
    share: float, doubted_days: int, *, is_learnt: bool, then_doubted: int
) -> None:
    """A week of holidays is no new rhythm; a change that lasts for longer is one."""
    detector = learnt()
    detector._doubted_days = doubted_days
    list(detector.until(LEARNT_S + DAY_S - 1))
    for one in detector.watched:
        one.pass_time(detector.kept()[0].clock + 1.0)
        one.day_arrivals = share * one.day_expected
        one.before_arrivals = share * one.before_expected
    detector._outage_today = False
    before = {one.name: (one.learnt_days, one.empty_days) for one in detector.watched}
    list(detector.until(LEARNT_S + DAY_S))
    assert detector.kept()[0].doubted_days == then_doubted
    for one in detector.watched:
        assert ((one.learnt_days, one.empty_days) != before[one.name]) is is_learnt


def test_a_silence_that_passes_its_bound_between_two_mails_is_told_by_the_second() -> None:
    """Others write once an hour: what is due in the middle of one is told in the next."""
    detector = learnt()
    once = [
        (LEARNT_S + HOUR_S * n + 60 * place, name)
        for n in range(48)
        for place, name in enumerate(("usual", "other", "small"))
    ]
    assert [one.sender for one in told(detector, once)] == ["busy"]


def test_of_a_gap_counts_as_much_as_the_others_show_that_the_log_lived() -> None:
    """Four hours, in which some fifteen mails are due. What is due of a sender and of the largest other one says nothing of the log."""
    whole, gap = learnt(), learnt()
    list(whole.feed([(LEARNT_S + 1, "busy")]))
    list(gap.feed([(LEARNT_S + 1, "busy"), (LEARNT_S + 4 * HOUR_S, "busy")]))
    counted, full = (evidence(one, 4.0) for one in (gap, whole))
    before = evidence(learnt(), 0.0)
    shares = {
        one: (counted[one] - before[one]) / (full[one] - before[one]) for one in ("usual", "other", "small")
    }
    assert shares == pytest.approx({"usual": 0.7, "other": 0.73, "small": 0.47}, abs=0.05)
    for one in gap.watched:
        assert one.gap_free <= one.gap + 1e-6, "of a free day the same is taken back"


def test_what_kind_of_day_it_is_says_the_mail_of_all_others_so_far() -> None:
    detector = learnt()
    busy = detector.senders["busy"]
    usual = detector._days(busy, LEARNT_S, detector.kept()[0].clock)[0][0]
    noon = LEARNT_S + 12 * HOUR_S
    list(detector.until(noon))
    doubted = detector._days(busy, noon, detector.kept()[0].clock)[0][0]
    assert doubted < 0.8 < 0.9 < usual
    for one in detector.watched:
        one.day_arrivals = one.day_expected
    clock = detector.kept()[0].clock
    assert detector._days(busy, noon + 899, clock)[0][0] == doubted, (
        "it is asked once in a quarter of an hour"
    )
    assert detector._days(busy, noon + 900, clock)[0][0] > 0.9


def test_who_is_silent_has_no_vote_on_the_day() -> None:
    detector = learnt()
    detector.senders["usual"].alarmed = True
    assert set(detector._votes()[0]) == {"busy", "other", "small"}


def test_what_is_missing_in_a_gap_makes_no_day_of_another_kind() -> None:
    """Else every outage was a holiday. What was missing before it does."""
    detector = learnt()
    list(detector.until(LEARNT_S + 12 * HOUR_S))
    clock = detector.kept()[0].clock
    detector._settle(clock)
    all_day = [(one.day_expected, one.day_free) for one in detector.watched]
    none = [(0.0, 0.0) for _ in detector.watched]
    before, during = (detector._days_before_gap(gap)[0][0] for gap in (none, all_day))
    assert before < 0.6 < 0.9 < during


def test_who_is_not_watched_yet_is_not_watched_after_a_restart_either() -> None:
    detector = learnt()
    list(detector.feed((LEARNT_S + 60 * n, "new") for n in range(5)))
    kept = detector.kept()[0]
    again = Detector(utc_hour_of_week)
    again.go_on(kept, detector.senders.values())
    assert set(again.senders) == {*RATES, "new"}
    assert {one.name for one in again.watched} == set(RATES)


def known(name: str, hour: int, a_day: float, days: int = 100) -> SenderRhythm:
    """Return a sender that has written at one hour of each day."""
    one = SenderRhythm(name, BEGIN_S)
    for day in range(7):
        one.counts[24 * day + hour] = a_day * days / 7
    one.total = one.arrivals_ever = one.rate_counts = a_day * days
    one.rate_days = one.learnt_days = days
    one.rate_a_day = a_day
    return one


def with_senders(*senders: SenderRhythm) -> Detector:
    made = begun()
    made.senders = {one.name: one for one in senders}
    made._day = 100
    made._learn()
    return made


def test_one_that_writes_very_much_does_not_set_the_hours_of_all() -> None:
    few = known("few", 20, 0.1)
    at_three = [known(f"usual{number}", 15, 2.0) for number in range(3)]
    expected = with_senders(known("busy", 9, 500.0), *at_three, few).senders["few"].expectation.by_hour
    assert expected[15] > 1.5 * expected[9] > 0.0


def test_the_more_are_watched_the_more_silence_it_takes_of_each() -> None:
    def threshold(others: int, alarmed: int = 0) -> float:
        made = with_senders(known("one", 9, 20.0), *(known(str(n), 9, 20.0) for n in range(others)))
        for one in made.watched[:alarmed]:
            one.alarmed = True
        made._learn()
        return made.senders["one"].threshold

    assert threshold(0) < threshold(9) < threshold(99)
    assert threshold(1, alarmed=2) == threshold(0), "who is silent already cannot ring"
