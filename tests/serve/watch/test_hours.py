"""When somebody may be told: hours of the day in a zone, over midnight, over the change of clocks."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.serve.watch.hours import (
    Maintenance,
    next_time_of_day,
    parse_quiet_hours,
    parse_time_of_day,
    told_at,
)

VIENNA = ZoneInfo("Europe/Vienna")


def at(text: str) -> datetime:
    """Return a time in Vienna."""
    return datetime.fromisoformat(text).replace(tzinfo=VIENNA).astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "now", "told"),
    [
        ("22:00-07:00", "2026-03-04T21:59", "2026-03-04T21:59"),
        ("22:00-07:00", "2026-03-04T22:00", "2026-03-05T07:00"),
        ("22:00-07:00", "2026-03-05T06:59", "2026-03-05T07:00"),
        ("22:00-07:00", "2026-03-05T07:00", "2026-03-05T07:00"),
        # The clocks are put forward in this night, and back in that one.
        ("22:00-07:00", "2026-03-28T23:00", "2026-03-29T07:00"),
        ("22:00-07:00", "2026-10-24T23:00", "2026-10-25T07:00"),
        # A Friday: the night from Friday to Saturday is one of a Friday, that to Friday is not.
        ("fri 22:00-07:00", "2026-03-06T06:00", "2026-03-06T06:00"),
        ("fri 22:00-07:00", "2026-03-07T06:00", "2026-03-07T07:00"),
        ("sat,sun 00:00-24:00", "2026-03-07T12:00", "2026-03-09T00:00"),
        ("sat-mon 00:00-24:00", "2026-03-07T12:00", "2026-03-10T00:00"),
    ],
)
def test_news_wait_for_the_end_of_quiet_hours(hours: str, now: str, told: str) -> None:
    quiet = [parse_quiet_hours(hours)]
    assert told_at("example.com", at(now), quiet=quiet, maintenance=(), zone=VIENNA) == at(told)


def test_quiet_hours_and_maintenance_that_follow_one_another_are_one_wait() -> None:
    works = Maintenance(frozenset({"example.com"}), at("2026-03-05T06:30"), at("2026-03-05T09:00"))
    quiet = [parse_quiet_hours("22:00-07:00"), parse_quiet_hours("08:30-10:00")]
    told = told_at("example.com", at("2026-03-04T23:00"), quiet=quiet, maintenance=(works,), zone=VIENNA)
    other = told_at("example.net", at("2026-03-04T23:00"), quiet=quiet, maintenance=(works,), zone=VIENNA)
    assert (told, other) == (at("2026-03-05T10:00"), at("2026-03-05T07:00"))


def test_hours_that_never_end_hold_news_for_two_weeks_at_most() -> None:
    quiet = [parse_quiet_hours("00:00-24:00")]
    told = told_at("example.com", at("2026-03-04T12:00"), quiet=quiet, maintenance=(), zone=VIENNA)
    assert told == at("2026-03-18T00:00")


@given(
    st.datetimes(timezones=st.just(UTC)).map(
        lambda at: at.replace(year=2020 + at.year % 10, day=min(at.day, 28))
    ),
    st.times(timezones=st.none()),
    st.sampled_from(["Europe/Vienna", "America/New_York", "Australia/Lord_Howe", "UTC", "Asia/Kolkata"]),
    st.none() | st.integers(0, 6),
)
def test_the_next_time_of_the_day_is_ahead_and_within_a_week_and_a_day(
    now: datetime, hour: time, name: str, weekday: int | None
) -> None:
    zone = ZoneInfo(name)
    found = next_time_of_day(now, hour.replace(second=0, microsecond=0, fold=0), zone, weekday)
    assert now < found
    assert (found - now).total_seconds() <= (8 if weekday is not None else 2) * 86_400
    assert weekday in (None, found.astimezone(zone).weekday())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "22-7",
        "22:00",
        "22:00-22:00",
        "24:00-07:00",
        "22:60-07:00",
        "25:00-26:00",
        "xyz 22:00-07:00",
        "mon- 22:00-07:00",
    ],
)
def test_what_is_no_span_of_hours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r":|expected"):
        parse_quiet_hours(text)


@pytest.mark.parametrize("text", ["", "7", "7:00", "24:00", "07:60"])
def test_what_is_no_time_of_the_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r":|expected"):
        parse_time_of_day(text)
