"""The times of lines, with and without year and zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.maillog.line_time import LineTime, LineTimes

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2025, 6, 1, 10, 0, 5, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    "line",
    [
        b"2025-06-01T12:00:05+02:00 mx postfix",
        b"2025-06-01T12:00:05+0200 mx postfix",
        b"2025-06-01T10:00:05Z mx postfix",
        b"2025-06-01 12:00:05 1uLabc <= a",
        b"2025-06-01 05:30:05 -0430 1uLabc <= a",
        b"<22>1 2025-06-01T10:00:05Z mx postfix/smtpd 123 - - x",
        b"1748772005 mx postfix",
    ],
)
def test_a_time_with_its_year_is_known(line: bytes) -> None:
    assert LineTimes(BERLIN).of(line) == LineTime(NOON)


def test_fractions_of_a_second_count() -> None:
    assert LineTimes(UTC).of(b"2025-06-01T10:00:05.250Z x") == LineTime(NOON + 0.25)
    assert LineTimes(UTC).of(b"1748772005.25 x") == LineTime(NOON + 0.25)


@pytest.mark.parametrize(
    "line", [b"Jun  1 12:00:05 mx x", b"<22>Jun  1 12:00:05 mx x", b"Jun 1 12:00:05 mx x"]
)
def test_a_time_without_its_year_gets_it_later(line: bytes) -> None:
    moments = LineTimes(BERLIN)
    found = moments.of(line)
    assert found is not None
    assert found.year_unknown
    assert moments.in_year(found.at_s, 2025) == NOON


def test_a_leap_day_is_read_and_has_a_place_in_any_year() -> None:
    moments = LineTimes(UTC)
    found = moments.of(b"Feb 29 01:00:00 mx x")
    assert found is not None
    assert moments.in_year(found.at_s, 2024) == datetime(2024, 2, 29, 1, tzinfo=UTC).timestamp()
    assert moments.in_year(found.at_s, 2025) == datetime(2025, 2, 28, 1, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    "line", [b"", b"mx postfix", b"Jon  1 12:00:05", b"Jun 31 12:00:05", b"2025-13-01T00:00:00Z", b"12 x"]
)
def test_what_is_no_time_is_none(line: bytes) -> None:
    assert LineTimes(UTC).of(line) is None


@pytest.mark.parametrize(
    "line",
    [
        b"1970-01-01T00:00:09Z mx",
        b"0001-01-01T00:00:00+14:00 mx",
        b"9999-12-31T23:59:59-14:00 mx",
        b"99999999999 mx",
        b"2026-02-01 0001-01-01 00:00:00",
        b"Jan  1 1970 00:00:09 mx",
    ],
)
def test_a_time_at_which_nothing_can_have_been_written_is_none(line: bytes) -> None:
    assert LineTimes(UTC).of(line) is None


@given(st.integers(1_000_000_000, 4_000_000_000))
def test_a_printed_time_is_read_back(at_s: int) -> None:
    printed = datetime.fromtimestamp(at_s, UTC).isoformat().encode()
    assert LineTimes(UTC).of(printed + b" x") == LineTime(at_s)


@given(st.binary())
def test_any_bytes_are_a_time_or_none(line: bytes) -> None:
    LineTimes(UTC).of(line)


@pytest.mark.parametrize("turned", [False, True])
def test_an_hour_of_local_time_is_not_that_of_another_zone(turned: bool) -> None:
    """What is remembered of an hour is remembered of its zone and of its year."""
    lines = {
        b"2025-06-01 12:00:05 x": NOON,
        b"2025-06-01T12:00:05Z x": NOON + 7200,
        b"2025-06-01T12:00:05-01:30 x": NOON + 7200 + 5400,
        b"Jun  1 2025 12:00:05 x": NOON,
    }
    moments = LineTimes(BERLIN)
    for line in [*lines, *lines][:: -1 if turned else 1]:
        assert moments.of(line) == LineTime(lines[line])


def test_a_day_of_an_unknown_year_is_another_time_in_each() -> None:
    moments = LineTimes(BERLIN)
    found = moments.of(b"Mar  1 12:30:05 mx x")
    for year in (2024, 2025, 2024):
        assert found is not None
        assert moments.in_year(found.at_s, year) == datetime(year, 3, 1, 12, 30, 5, tzinfo=BERLIN).timestamp()
