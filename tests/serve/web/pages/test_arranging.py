"""What an administrator may do with a domain on its page."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from mxproof.judge.settling import SettledState
from mxproof.render.markup import html
from mxproof.serve.web.pages.arranging import domain_actions
from mxproof.store.journal.watched import WatchedState

NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
CONFIGURED = WatchedState("example.com", 3600.0, NOW + timedelta(hours=1), SettledState(), None)
CHECK, TAKE_CARE = "/domains/example.com/check", "/domains/example.com/acknowledge"


def led_to(state: WatchedState = CONFIGURED, *, has_alarms: bool = False) -> set[str]:
    """Return where the forms for a domain lead."""
    page = html(domain_actions(state, NOW, "token", has_alarms=has_alarms))
    return {part.partition('"')[0] for part in page.split('action="')[1:]}


def added(**how: object) -> WatchedState:
    """Return the state of a domain that was added here."""
    return msgspec.structs.replace(CONFIGURED, added_by="ada", **how)


def test_a_domain_of_the_configuration_is_checked_here_and_changed_there() -> None:
    assert led_to() == {CHECK}
    assert led_to(has_alarms=True) == {CHECK, TAKE_CARE}


def test_a_domain_that_was_added_here_is_paused_here_and_goes_on_here() -> None:
    assert led_to(added()) == {CHECK, "/domains/example.com/pause"}
    assert led_to(added(paused_by="bob")) == {"/domains/example.com/resume"}


@pytest.mark.parametrize(
    ("how", "is_offered"),
    [
        ({"paused_by": "ada"}, False),
        ({"leased_until": NOW + timedelta(minutes=1)}, False),
        ({"leased_until": NOW}, True),
    ],
    ids=["paused", "being checked", "left by somebody"],
)
def test_a_check_is_offered_where_one_would_be_made(how: dict[str, object], *, is_offered: bool) -> None:
    assert (CHECK in led_to(added(**how))) is is_offered
