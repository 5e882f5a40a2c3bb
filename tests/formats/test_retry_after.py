"""`Retry-After`: seconds and the three forms of a date, and whatever is neither."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.retry_after import RETRY_AFTER_SECONDS_MAX, retry_after

NOW = datetime(1994, 11, 6, 8, 0, tzinfo=UTC)
LATER = datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "2977",
        " 2977 ",
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sun, 06 Nov 1994 09:49:37 +0100",
    ],
)
def test_seconds_and_every_form_of_a_date_name_a_moment(value: str) -> None:
    assert retry_after(value, NOW) == LATER


def test_a_date_that_is_over_and_no_seconds_mean_that_nothing_is_waited_for() -> None:
    assert retry_after("Sun, 06 Nov 1994 07:00:00 GMT", NOW) == NOW - timedelta(hours=1)
    assert retry_after("0", NOW) == NOW


@pytest.mark.parametrize(
    "value", ["", " ", "-1", "+5", "1.5", "soon", "1" * 65, "٣", "Sun, 99 Nov 1994 08:49:37 GMT"]
)
def test_what_is_neither_names_no_moment(value: str) -> None:
    assert retry_after(value, NOW) is None


@pytest.mark.parametrize("value", ["9" * 60, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_moment_is_bounded(value: str) -> None:
    assert retry_after(value, NOW) == NOW + timedelta(seconds=RETRY_AFTER_SECONDS_MAX)


@given(st.one_of(st.text(max_size=70), st.text("0123456789 ,:+-GMTSunFriJan", max_size=70)))
def test_whatever_is_written_there_is_read_or_refused(value: str) -> None:
    found = retry_after(value, NOW)
    assert found is None or found <= NOW + timedelta(seconds=RETRY_AFTER_SECONDS_MAX)
