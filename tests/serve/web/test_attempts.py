"""How often a password may be tried, by whom, and that nobody is locked out by what others do."""

from datetime import UTC, datetime, timedelta

import pytest

from mxproof.serve.web import attempts as module
from mxproof.serve.web.attempts import (
    ATTEMPT_KEYS_MAX,
    FIRST_WAIT,
    FORGOTTEN,
    FREE_TRIES,
    LONGEST_WAIT,
    Attempts,
    network_of,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NO_WAIT = timedelta()
HERE, THERE = "192.0.2.1", "198.51.100.1"


def _failed(attempts: Attempts, times: int, account: str = "ada", address: str = HERE) -> None:
    for _ in range(times):
        assert attempts.begin(account, address, NOW) == NO_WAIT


def test_some_tries_are_heard_at_once_and_then_each_waits_longer() -> None:
    attempts, now, waits = Attempts(), NOW, []
    _failed(attempts, FREE_TRIES)
    for _ in range(8):
        wait = attempts.begin("ada", HERE, now)
        waits.append(wait)
        now += wait
        assert attempts.begin("ada", HERE, now) == NO_WAIT
    doubled = [FIRST_WAIT * 2**number for number in range(8)]
    assert waits == [min(one, LONGEST_WAIT) for one in doubled]


def test_an_account_is_guarded_from_many_addresses_and_an_address_from_many_accounts() -> None:
    one, other = Attempts(), Attempts()
    for number in range(FREE_TRIES):
        _failed(one, 1, address=f"192.0.2.{number + 10}")
        _failed(other, 1, account=f"account {number}")
    assert one.begin("ada", THERE, NOW) > NO_WAIT
    assert one.begin("bob", THERE, NOW) == NO_WAIT
    assert other.begin("ada", HERE, NOW) > NO_WAIT
    assert other.begin("ada", THERE, NOW) == NO_WAIT


def test_whoever_logged_in_from_an_address_is_heard_there_whatever_others_try() -> None:
    attempts = Attempts()
    _failed(attempts, 1)
    attempts.succeeded("ada", HERE)
    for number in range(FREE_TRIES):
        _failed(attempts, 1, address=f"198.51.100.{number + 10}")
    assert attempts.begin("ada", THERE, NOW) > NO_WAIT
    assert attempts.begin("ada", HERE, NOW) == NO_WAIT


def test_a_login_forgets_what_failed_before_and_so_does_time() -> None:
    attempts = Attempts()
    _failed(attempts, FREE_TRIES)
    attempts.succeeded("ada", HERE)
    _failed(attempts, FREE_TRIES)
    assert attempts.begin("ada", HERE, NOW) > NO_WAIT
    assert attempts.begin("ada", HERE, NOW + FORGOTTEN + FIRST_WAIT) == NO_WAIT


def test_a_login_forgets_what_others_tried_with_its_name_and_nothing_of_other_names_and_addresses() -> None:
    attempts = Attempts()
    for number in range(FREE_TRIES):
        for account in ("ada", "bob"):
            _failed(attempts, 1, account, f"198.51.100.{number + 10}")
    _failed(attempts, 3, "eve", THERE)
    assert attempts.begin("ada", HERE, NOW) > NO_WAIT
    attempts.succeeded("ada", HERE)
    assert attempts.begin("ada", "192.0.2.77", NOW) == NO_WAIT
    assert attempts.begin("bob", "192.0.2.77", NOW) > NO_WAIT
    _failed(attempts, 2, "eve", THERE)
    assert attempts.begin("ada", THERE, NOW) > NO_WAIT


def test_whoever_logged_in_is_known_in_all_of_its_network() -> None:
    attempts = Attempts()
    attempts.succeeded("ada", "2001:db8::1")
    for number in range(FREE_TRIES):
        _failed(attempts, 1, address=f"198.51.100.{number + 10}")
    assert attempts.begin("ada", "2001:db8::2", NOW) == NO_WAIT
    assert attempts.begin("ada", "2001:db8:0:1::2", NOW) > NO_WAIT
    assert attempts.begin("bob", "2001:db8::3", NOW) == NO_WAIT


def test_of_too_many_those_are_forgotten_that_were_longest_not_heard_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "ATTEMPT_KEYS_MAX", 4)
    attempts = Attempts()
    _failed(attempts, FREE_TRIES - 1)
    _failed(attempts, FREE_TRIES - 1, "bob", "192.0.2.2")
    _failed(attempts, 1)
    _failed(attempts, 1, "eve", "192.0.2.3")
    assert attempts.begin("ada", HERE, NOW) > NO_WAIT
    _failed(attempts, FREE_TRIES, "bob", "192.0.2.2")


def test_of_too_many_logins_those_are_forgotten_that_were_longest_not_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "ATTEMPT_KEYS_MAX", 2)
    attempts = Attempts()
    for account in ("ada", "bob", "ada", "eve"):
        attempts.succeeded(account, HERE)
    assert list(attempts._known) == [("ada", HERE), ("eve", HERE)]


@pytest.mark.parametrize(("later", "free"), [(FORGOTTEN, 1), (FORGOTTEN + timedelta(seconds=1), FREE_TRIES)])
def test_an_hour_after_the_last_failure_all_tries_are_free_again(later: timedelta, free: int) -> None:
    attempts = Attempts()
    _failed(attempts, FREE_TRIES)
    heard = [attempts.begin("ada", HERE, NOW + later) for _ in range(FREE_TRIES + 1)]
    assert [one == NO_WAIT for one in heard] == [place < free for place in range(FREE_TRIES + 1)]


def test_what_is_remembered_is_bounded() -> None:
    attempts = Attempts()
    for number in range(ATTEMPT_KEYS_MAX + 10):
        attempts.begin(f"account {number}", f"address {number}", NOW)
        attempts.succeeded(f"known {number}", HERE)
    assert len(attempts._failures) == ATTEMPT_KEYS_MAX
    assert len(attempts._known) == ATTEMPT_KEYS_MAX


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("unix", "unix"),
    ],
)
def test_one_client_is_counted_by_what_it_has(address: str, network: str) -> None:
    assert network_of(address) == network
