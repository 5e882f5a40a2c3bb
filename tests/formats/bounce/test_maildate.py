"""Dates of mail, as programs write them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.bounce.maildate import parse_mail_date


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("Fri, 20 Nov 2026 09:02:44 +0000", datetime(2026, 11, 20, 9, 2, 44, tzinfo=UTC)),
        ("Thu, 29 Apr 2013 23:34:45 -0800 (PST)", datetime(2013, 4, 30, 7, 34, 45, tzinfo=UTC)),
        ("Thu, 11 May 2017 17:20:37 +0900 (JST)", datetime(2017, 5, 11, 8, 20, 37, tzinfo=UTC)),
        ("Tue, 23 Nov 21 07:04:16 UTC", datetime(2021, 11, 23, 7, 4, 16, tzinfo=UTC)),
        ("27 Sep 98 23:34 EDT", datetime(1998, 9, 28, 3, 34, tzinfo=UTC)),
        ("2026-11-20T09:02:44Z", datetime(2026, 11, 20, 9, 2, 44, tzinfo=UTC)),
        ("2026-11-20T09:02:44.123456+01:00", datetime(2026, 11, 20, 8, 2, 44, tzinfo=UTC)),
        ("2026-11-20 09:02:44 +0100 1tXYZ0-", datetime(2026, 11, 20, 8, 2, 44, tzinfo=UTC)),
        ("11/21/2026 9:14:02 AM", datetime(2026, 11, 21, 9, 14, 2, tzinfo=UTC)),
        ("11/21/2026 12:14:02 PM", datetime(2026, 11, 21, 12, 14, 2, tzinfo=UTC)),
        ("11/21/2026 12:14:02 AM", datetime(2026, 11, 21, 0, 14, 2, tzinfo=UTC)),
    ],
)
def test_a_date_is_read_as_utc(text: str, want: datetime) -> None:
    assert parse_mail_date(text) == want


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<date goes here>",
        "Nov 20 09:02:44",
        "31 Feb 2026 09:02:44 +0000",
        "1 Foo 2026 09:02:44 +0000",
        "21/11/2026 9:14:02 AM",
    ],
)
def test_what_is_no_full_date_is_none(text: str) -> None:
    assert parse_mail_date(text) is None


def test_a_leap_second_counts_as_the_second_before() -> None:
    assert parse_mail_date("31 Dec 2016 23:59:60 +0000") == datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)


@given(st.text(max_size=100))
def test_any_text_is_read_or_not_and_never_raises(text: str) -> None:
    got = parse_mail_date(text)
    assert got is None or got.tzinfo is UTC


@given(st.integers(min_value=-631152000, max_value=4102444799))
def test_what_is_printed_is_read_back(seconds: int) -> None:
    date = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    assert parse_mail_date(date.strftime("%a, %d %b %Y %H:%M:%S +0000")) == date
