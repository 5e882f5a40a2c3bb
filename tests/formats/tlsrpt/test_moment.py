"""Times of reports in the forms that are found in them."""

from datetime import UTC, datetime

import pytest

from mxproof.formats.tlsrpt.moment import exact_moment, read_moment
from mxproof.formats.tlsrpt.repair import Repair

MARCH = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "repairs"),
    [
        ("2026-03-01T00:00:00Z", set()),
        ("2026-03-01t00:00:00z", set()),
        ("2026-03-01T01:00:00+01:00", set()),
        ("2026-03-01T00:00:00", {Repair.DATE_NO_ZONE}),
        ("2026-03-01 00:00:00 UTC", {Repair.DATE_FORM}),
        ("2026-03-01 00:00:00", {Repair.DATE_FORM}),
        (" 2026-03-01T00:00:00Z ", {Repair.DATE_FORM}),
        ("2026-03-01", {Repair.DATE_FORM}),
        ("2026-02-28T24:00:00Z", {Repair.DATE_FORM}),
        ("Sun, 1 Mar 2026 00:00:00 +0000", {Repair.DATE_FORM}),
        (1772323200, {Repair.DATE_FORM}),
        (1772323200.0, {Repair.DATE_FORM}),
        ("1772323200", {Repair.DATE_FORM}),
    ],
)
def test_a_time_is_read_in_each_form(value: object, repairs: set[Repair]) -> None:
    got: set[Repair] = set()
    assert (read_moment(value, got), got) == (MARCH, repairs)
    assert exact_moment(str(value)) == (None if repairs else MARCH)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "soon",
        True,
        7,
        [],
        "2026-13-01T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T24:00:00Z",
        10**30,
    ],
)
def test_what_is_no_time_is_missing(value: object) -> None:
    got: set[Repair] = set()
    assert (read_moment(value, got), got) == (None, {Repair.DATE_MISSING})


def test_a_leap_second_is_the_one_before() -> None:
    got: set[Repair] = set()
    assert read_moment("2016-12-31T23:59:60Z", got) == datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert got == set()
