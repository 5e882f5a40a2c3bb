"""When a domain is checked next: later where it is in order, soon where something is new, and politely."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.evidence import SmtpStage
from mxproof.serve.watch.schedule import (
    JITTER,
    SOON_S,
    TURNED_AWAY_FACTOR_MAX,
    is_turned_away,
    next_check,
)
from support_world import Smtp, ZoneWorld, collect

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR_S = 3600.0


def after(
    interval_s: float = HOUR_S, *, soon: bool = False, turned_away: int = 0, chance: float = 0.5
) -> float:
    at = next_check(NOW, interval_s, soon=soon, turned_away=turned_away, chance=chance)
    return (at - NOW).total_seconds()


def test_the_next_check_is_an_interval_later_give_or_take_a_tenth() -> None:
    found = [after(chance=chance) for chance in (0.0, 0.5, 1.0)]
    assert found == pytest.approx([HOUR_S * (1 - JITTER), HOUR_S, HOUR_S * (1 + JITTER)])


def test_what_was_seen_once_is_looked_at_again_soon() -> None:
    assert (after(soon=True), after(60.0, soon=True)) == (SOON_S, 15.0)


def test_a_server_that_turns_us_away_is_asked_later_and_later() -> None:
    factors = [after(turned_away=times) / HOUR_S for times in range(6)]
    assert factors == [1, 2, 4, TURNED_AWAY_FACTOR_MAX, TURNED_AWAY_FACTOR_MAX, TURNED_AWAY_FACTOR_MAX]
    assert after(soon=True, turned_away=1) == 2 * HOUR_S


@given(st.floats(1, 604_800), st.booleans(), st.integers(0, 60), st.floats(0, 1))
def test_it_is_never_now_and_never_beyond_the_bound(
    interval_s: float, soon: bool, turned_away: int, chance: float
) -> None:
    at = next_check(NOW, interval_s, soon=soon, turned_away=turned_away, chance=chance)
    assert NOW < at <= NOW + timedelta(seconds=interval_s * TURNED_AWAY_FACTOR_MAX * (1 + JITTER) + 1)


@pytest.mark.parametrize(
    ("stage", "expected"), [(SmtpStage.GREETING, True), (SmtpStage.EHLO, False), (SmtpStage.SECURED, False)]
)
def test_an_error_in_place_of_a_greeting_turns_us_away(stage: SmtpStage, expected: bool) -> None:
    world = ZoneWorld().but(smtp={"192.0.2.1": Smtp(stage=stage)})
    assert is_turned_away(collect(world)) is expected
