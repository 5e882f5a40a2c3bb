"""What was met on one day: whose it is, from when to when, and how much."""

from datetime import UTC, date, datetime

from mxproof.formats.tlsrpt.met_day import MetDay
from mxproof.formats.tlsrpt.report import ReportedPolicy

DAY = MetDay(
    "example.com",
    date(2028, 2, 29),
    (ReportedPolicy("sts", "example.com", 7, 3), ReportedPolicy("tlsa", "mx.example.com", 0, 5)),
)


def test_a_day_goes_from_midnight_to_the_last_second_in_utc() -> None:
    assert DAY.begin == datetime(2028, 2, 29, tzinfo=UTC)
    assert DAY.end == datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC)
    assert (DAY.begin.tzinfo, DAY.end.tzinfo) == (UTC, UTC)


def test_what_was_satisfied_and_what_was_not_counts_under_each_policy() -> None:
    assert DAY.sessions == 15
    assert MetDay("example.com", DAY.day, ()).sessions == 0
    assert MetDay("example.com", DAY.day, ()).record == ""
