"""Reporters whose TLS reports stop: who is told, after how many days, and what rings nothing."""

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.rhythm.reporter import (
    LATE_DAYS,
    SILENT_DAYS_MIN,
    SilentReporter,
    silent_reporters,
    usual_reporters,
)

BEGIN = 20_000
TODAY = BEGIN + 120
EVERY_DAY = list(range(BEGIN, TODAY - 1))
WORKING_DAYS = [day for day in EVERY_DAY if (day + 3) % 7 < 5]
OTHERS = {"google.com": EVERY_DAY, "mail.example": EVERY_DAY}


def stopped(days: list[int], last: int) -> list[int]:
    return [day for day in days if day <= last]


def told(days: dict[str, list[int]], today: int = TODAY, a_year: float = 1.0) -> list[SilentReporter]:
    return silent_reporters(days, today, a_year)


def test_reports_that_come_every_day_ring_nothing() -> None:
    assert told(OTHERS) == []
    assert told({}) == []


def test_a_daily_reporter_is_told_after_some_days_and_not_before() -> None:
    last = TODAY - LATE_DAYS - SILENT_DAYS_MIN
    days = {**OTHERS, "microsoft.com": stopped(EVERY_DAY, last)}
    (found,) = told(days)
    assert (found.name, found.last) == ("microsoft.com", last)
    assert 0 < found.chance < 1e-3
    assert found.expected > SILENT_DAYS_MIN - 0.1
    assert told(days, TODAY - 1) == []


def test_a_reporter_that_never_reports_on_free_days_is_not_silent_on_them() -> None:
    friday = max(day for day in WORKING_DAYS if (day + 3) % 7 == 4)
    days = {**OTHERS, "firm.example": stopped(WORKING_DAYS, friday)}
    assert told(days, friday + 3 + LATE_DAYS) == []
    assert [
        one.name
        for one in told(
            {**days, **{k: [*v, *range(TODAY - 1, TODAY + 9)] for k, v in OTHERS.items()}},
            friday + 9 + LATE_DAYS,
        )
    ] == ["firm.example"]


def test_one_that_reports_seldom_takes_longer() -> None:
    chance = random.Random(1)
    seldom = [day for day in EVERY_DAY if chance.random() < 0.4]
    days = {**OTHERS, "small.example": stopped(seldom, TODAY - 12)}
    assert told(days, TODAY - 6) == []
    later = {
        **{k: [*v, *range(TODAY - 1, TODAY + 30)] for k, v in OTHERS.items()},
        "small.example": days["small.example"],
    }
    assert [one.name for one in told(later, TODAY + 30)] == ["small.example"]


def test_a_silence_as_long_as_one_before_rings_nothing() -> None:
    before = [day for day in EVERY_DAY if not BEGIN + 40 <= day < BEGIN + 46]
    days = {**OTHERS, "microsoft.com": stopped(before, TODAY - LATE_DAYS - 5)}
    assert told(days) == []


def test_all_that_stop_at_once_are_told_as_such() -> None:
    last = TODAY - LATE_DAYS - SILENT_DAYS_MIN
    (found,) = told({name: stopped(days, last) for name, days in OTHERS.items()})
    assert (found.name, found.last) == ("", last)


def test_days_on_which_no_report_came_at_all_count_against_nobody() -> None:
    dead = range(TODAY - 9, TODAY - 3)
    others = {name: [day for day in days if day not in dead] for name, days in OTHERS.items()}
    days = {**others, "microsoft.com": stopped(EVERY_DAY, TODAY - 10)}
    assert told(days) == []


@pytest.mark.parametrize("days", [EVERY_DAY[:9], EVERY_DAY[:14:2], [BEGIN, BEGIN + 90]])
def test_one_that_is_new_or_writes_seldom_is_not_awaited(days: list[int]) -> None:
    assert told({**OTHERS, "new.example": days}) == []


def test_fewer_false_alarms_take_longer() -> None:
    last = TODAY - LATE_DAYS - 4
    chance = random.Random(3)
    often = [day for day in EVERY_DAY if chance.random() < 0.85]
    days = {**OTHERS, "often.example": stopped(often, last)}
    assert len(told(days, a_year=50.0)) >= len(told(days, a_year=0.01)) == 0


@given(st.permutations(["google.com", "mail.example", "microsoft.com"]), st.integers(0, 30))
def test_order_changes_nothing_and_more_silence_never_ends_an_alarm(names: list[str], silent: int) -> None:
    days = {**OTHERS, "microsoft.com": stopped(EVERY_DAY, TODAY - silent)}
    assert told({name: days[name] for name in names}) == told(days)
    more = {**days, "microsoft.com": stopped(EVERY_DAY, TODAY - silent - 1)}
    assert {one.name for one in told(days)} <= {one.name for one in told(more)}


@pytest.mark.parametrize(
    ("days", "is_usual"),
    [
        (EVERY_DAY, True),
        ([*range(BEGIN, BEGIN + 9), BEGIN + 14], True),
        ([*range(BEGIN, BEGIN + 9), BEGIN + 13], False),
        ([*range(BEGIN, BEGIN + 8), BEGIN + 60], False),
        ([*range(BEGIN, BEGIN + 8), BEGIN + 60, BEGIN + 60], False),
        ([], False),
    ],
)
def test_a_reporter_is_usual_after_ten_reports_in_two_weeks(days: list[int], is_usual: bool) -> None:
    reporters = {"google.com": EVERY_DAY, "new.example": days}
    today = max(days, default=BEGIN + 20) + 1
    assert usual_reporters(reporters, today) == ("google.com", "new.example")[: 1 + is_usual]


def test_a_reporter_is_usual_for_a_season_after_its_last_report() -> None:
    last = EVERY_DAY[-1]
    assert usual_reporters({"google.com": EVERY_DAY}, last + 90) == ("google.com",)
    assert usual_reporters({"google.com": EVERY_DAY}, last + 91) == ()


def test_a_report_of_tomorrow_is_not_known_today() -> None:
    last = TODAY - 2 - 3
    days = {**OTHERS, "microsoft.com": [*stopped(EVERY_DAY, last), TODAY + 1]}
    assert [(one.name, one.last) for one in told(days)] == [("microsoft.com", last)]
    assert (
        usual_reporters({"new.example": [*range(BEGIN, BEGIN + 5), *range(TODAY + 1, TODAY + 40)]}, TODAY)
        == ()
    )


@pytest.mark.parametrize(
    ("silent_days", "names"), [(1, []), (2, []), (3, ["microsoft.com"]), (4, ["microsoft.com"])]
)
def test_nobody_is_silent_before_the_third_day(silent_days: int, names: list[str]) -> None:
    """The last two days count for nothing, for reports come late."""
    days = {**OTHERS, "microsoft.com": stopped(EVERY_DAY, TODAY - 2 - silent_days)}
    assert [one.name for one in told(days)] == names


@pytest.mark.parametrize(
    ("looked_at_until", "names"),
    [("2025-03-10", []), ("2025-03-11", ["firm.example"]), ("2025-03-12", ["firm.example"])],
)
def test_saturday_and_sunday_are_the_free_days(looked_at_until: str, names: list[str]) -> None:
    """A firm that reports from Monday to Friday, last on Friday, 2025-03-07."""
    friday, until = (
        (date.fromisoformat(one) - date(1970, 1, 1)).days for one in ("2025-03-07", looked_at_until)
    )
    every = range(friday - 119, until + 3)
    firm = [
        day
        for day in every
        if day <= friday and date.fromordinal(day + date(1970, 1, 1).toordinal()).weekday() < 5
    ]
    assert [
        one.name
        for one in told({"google.com": [*every], "mail.example": [*every], "firm.example": firm}, until + 2)
    ] == names


def test_the_silence_of_one_reporter_alone_is_not_that_of_all() -> None:
    """Where there is no other, nothing shows that reports are taken in."""
    last = TODAY - 2 - 3
    assert told({"google.com": stopped(EVERY_DAY, last)}) == []
    assert [
        one.name for one in told({name: stopped(EVERY_DAY, last) for name in ("google.com", "mail.example")})
    ] == [""]


@pytest.mark.parametrize(("days", "is_told"), [(6, False), (7, True)])
def test_a_silence_as_long_as_one_before_is_not_told_and_a_longer_one_is(days: int, *, is_told: bool) -> None:
    """As of a reporter whose system stands still at the turn of the year."""
    paused = [day for day in EVERY_DAY if not BEGIN + 50 <= day < BEGIN + 56]
    last = TODAY - LATE_DAYS - days
    assert bool(told({**OTHERS, "microsoft.com": stopped(paused, last)})) is is_told


def test_what_a_reporter_did_before_the_last_three_months_is_forgotten() -> None:
    """One that once reported daily, and every third day for the last ninety, is not silent after nine days."""
    begin = TODAY - 300
    every_day = list(range(begin, TODAY - 1))
    last = TODAY - LATE_DAYS - 9
    seldom = [day for day in range(begin, last + 1) if day <= last - 90 or (last - day) % 3 == 0]
    assert told({"google.com": every_day, "mail.example": every_day, "microsoft.com": seldom}) == []


def test_several_that_are_silent_are_told_the_longest_silent_first_and_then_by_name() -> None:
    days = {
        "z.example": stopped(EVERY_DAY, TODAY - 20),
        **OTHERS,
        "b.example": stopped(EVERY_DAY, TODAY - 12),
        "a.example": stopped(EVERY_DAY, TODAY - 12),
    }
    assert [(one.name, one.last) for one in told(days)] == [
        ("z.example", TODAY - 20),
        ("a.example", TODAY - 12),
        ("b.example", TODAY - 12),
    ]


def test_one_that_still_reports_shows_that_all_others_are_silent_each_for_itself() -> None:
    days = {
        "google.com": EVERY_DAY,
        "mail.example": stopped(EVERY_DAY, TODAY - 10),
        "microsoft.com": stopped(EVERY_DAY, TODAY - 12),
    }
    assert [one.name for one in told(days)] == ["microsoft.com", "mail.example"]
    silent = {name: stopped(reported, TODAY - 8) for name, reported in days.items()}
    assert [(one.name, one.last) for one in told(silent)] == [("", TODAY - 8)], "the last of all counts"


def test_the_false_alarms_that_are_allowed_are_those_of_all_reporters_together() -> None:
    """Of one that reports on six days in seven four days say enough where there are three, and not where there are forty."""
    last = TODAY - LATE_DAYS - 4
    often = [day for day in EVERY_DAY if day % 7]
    few = {**OTHERS, "often.example": stopped(often, last)}
    (found,) = told(few, a_year=40.0)
    many = {**few, **{f"r{number}.example": EVERY_DAY for number in range(100)}}
    assert (found.name, told(many, a_year=40.0)) == ("often.example", [])
    assert told(many, a_year=40.0 * len(many) / len(few)) == [found]


def test_what_was_due_is_counted_on_the_days_on_which_others_reported() -> None:
    quiet = (TODAY - 6, TODAY - 7)
    others = {name: [day for day in days if day not in quiet] for name, days in OTHERS.items()}
    days = {**others, "microsoft.com": stopped(EVERY_DAY, TODAY - 12)}
    (found,) = told(days)
    (whole,) = told({**OTHERS, "microsoft.com": stopped(EVERY_DAY, TODAY - 12)})
    assert whole.expected == pytest.approx(10.0, abs=0.2)
    assert found.expected == pytest.approx(whole.expected * 8 / 10, rel=0.02)
    assert found.chance > whole.chance


def test_days_on_which_a_seldom_reporter_shows_that_reports_are_taken_in_count_for_the_only_usual_one() -> (
    None
):
    last = TODAY - LATE_DAYS - 8
    days = {"google.com": stopped(EVERY_DAY, last), "seldom.example": list(range(last + 1, TODAY))}
    assert len(days["seldom.example"]) < 10
    (found,) = told(days)
    assert (found.name, found.last) == ("google.com", last)
    assert told({"google.com": days["google.com"]}) == []
    assert told({**days, "seldom.example": days["seldom.example"][:2]}) == []
