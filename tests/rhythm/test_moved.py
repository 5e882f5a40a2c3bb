"""A sender that goes on under another name, told from one that begins by chance."""

import pytest

from mxproof.rhythm.expectation import expectation
from mxproof.rhythm.moved import keeps_hours, writes_as_much
from mxproof.rhythm.sender import SenderRhythm
from mxproof.rhythm.week import HOURS

MONDAY_AT_NINE = 9


def old(a_day: float, by_hour: list[float] | None = None, due: float = 12.0) -> SenderRhythm:
    one = SenderRhythm("old.example", 0.0)
    one.expectation = expectation(by_hour or [a_day / 24] * HOURS)
    one.rate_a_day = a_day
    one.since_mail = due
    return one


def new(arrivals: float, hours: tuple[int, ...] = ()) -> SenderRhythm:
    one = SenderRhythm("new.example", 0.0)
    one.arrivals_ever = arrivals
    for hour in hours:
        one.counts[hour] += 1.0
    return one


@pytest.mark.parametrize(
    ("arrivals", "is_as_much"), [(5.0, False), (6.5, True), (12.0, True), (23.0, True), (25.0, False)]
)
def test_half_or_twice_the_mail_may_be_the_same(arrivals: float, is_as_much: bool) -> None:
    assert writes_as_much(old(2.0), new(arrivals)) is is_as_much


def test_of_the_busy_little_is_seen_at_first_and_never_too_much() -> None:
    busy = old(480.0, due=60.0)
    assert writes_as_much(busy, new(8.0))
    assert not writes_as_much(busy, new(1.0))
    assert not writes_as_much(busy, new(121.0))


def test_of_those_that_write_seldom_only_the_hours_tell() -> None:
    weekly = [0.002] * HOURS
    weekly[MONDAY_AT_NINE] = 0.7
    digest = old(0.15, weekly)
    assert keeps_hours(digest, new(9.0, (MONDAY_AT_NINE,) * 9))
    assert not keeps_hours(digest, new(9.0, tuple(range(8, 17))))
    assert not keeps_hours(digest, new(0.0))
    assert not keeps_hours(old(0.15), new(9.0, (MONDAY_AT_NINE,) * 9))


def test_of_those_that_write_often_hours_are_not_asked() -> None:
    assert keeps_hours(old(1.0), new(9.0, (3,) * 9))


def test_of_whom_nothing_is_expected_nothing_is_missed() -> None:
    silent = old(0.0, [0.0] * HOURS, due=0.0)
    assert writes_as_much(silent, new(0.0))
    assert not writes_as_much(silent, new(1.0))
    assert not keeps_hours(silent, new(9.0, (MONDAY_AT_NINE,) * 9))


@pytest.mark.parametrize(("a_day", "keeps"), [(0.3, True), (0.29, False)])
def test_who_writes_every_third_day_writes_often(a_day: float, keeps: bool) -> None:
    assert keeps_hours(old(a_day), new(9.0, (3,) * 9)) is keeps


def test_how_little_is_seen_of_the_busy_is_that_of_their_busiest_hour() -> None:
    """A newsletter goes out at nine: of sixty mails in an hour one is seen before bursts are known."""
    at_nine = [60.0 if hour % 24 == MONDAY_AT_NINE else 0.0 for hour in range(HOURS)]
    assert writes_as_much(old(60.0, at_nine, due=60.0), new(3.0))


def test_what_was_due_counts_from_the_last_mail_and_not_from_when_it_thinned() -> None:
    thinned = old(2.0, due=12.0)
    thinned.expected_since = 60.0
    assert writes_as_much(thinned, new(12.0))
    assert not writes_as_much(thinned, new(60.0))
