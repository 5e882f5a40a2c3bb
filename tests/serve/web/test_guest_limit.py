"""How many checks a guest may ask for in an hour."""

from datetime import UTC, datetime, timedelta

import pytest

from mxproof.serve.web import guest_limit
from mxproof.serve.web.guest_limit import GUESTS_KNOWN_MAX, GuestLimit

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
HEARD = timedelta()


def test_an_hour_has_so_many_and_the_first_makes_room_when_it_is_over() -> None:
    limit = GuestLimit(2)
    assert [limit.begin("192.0.2.1", NOW + number * MINUTE) for number in range(2)] == [HEARD, HEARD]
    assert limit.begin("192.0.2.1", NOW + 10 * MINUTE) == 50 * MINUTE
    assert limit.begin("192.0.2.1", NOW + HOUR) == HEARD
    assert limit.begin("192.0.2.1", NOW + HOUR) == MINUTE


def test_others_are_heard_and_a_network_of_ipv6_is_one_guest() -> None:
    limit = GuestLimit(1)
    assert limit.begin("192.0.2.1", NOW) == limit.begin("192.0.2.2", NOW) == HEARD
    assert limit.begin("2001:db8::1", NOW) == HEARD
    assert limit.begin("2001:db8::2", NOW) == HOUR
    assert limit.begin("2001:db8:0:1::2", NOW) == HEARD
    assert limit.begin("::ffff:192.0.2.1", NOW) == HOUR


def test_what_is_refused_counts_for_nothing_and_a_clock_that_went_back_for_no_wait_beyond_an_hour() -> None:
    limit = GuestLimit(1)
    assert limit.begin("192.0.2.1", NOW + 24 * HOUR) == HEARD
    assert limit.begin("192.0.2.1", NOW) == HEARD
    assert [limit.begin("192.0.2.1", NOW + MINUTE) for _ in range(3)] == [59 * MINUTE] * 3
    assert limit.begin("192.0.2.1", NOW + HOUR) == HEARD


def test_memory_is_bounded() -> None:
    limit = GuestLimit(1)
    for number in range(GUESTS_KNOWN_MAX):
        assert limit.begin(f"guest-{number}", NOW) == HEARD
    assert limit.begin("guest-0", NOW) == HOUR, "nobody was forgotten"
    assert limit.begin("one more", NOW) == HEARD
    assert limit.begin("guest-0", NOW) == HEARD, "the oldest was forgotten"
    assert limit.begin("one more", NOW) == HOUR


def test_of_too_many_guests_the_one_is_forgotten_that_asked_for_nothing_for_longest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(guest_limit, "GUESTS_KNOWN_MAX", 2)
    limit = GuestLimit(2)
    for guest in ("one", "other", "one", "third"):
        assert limit.begin(guest, NOW) == HEARD
    assert limit.begin("one", NOW) == HOUR
    assert [limit.begin("other", NOW) for _ in range(3)] == [HEARD, HEARD, HOUR]
