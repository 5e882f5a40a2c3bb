"""Accounts, logins and tokens: who may look at the pages, and for how long."""

from datetime import UTC, datetime, timedelta

import pytest

from mxproof.store.journal.access import IDLE, LASTS, LOGINS_MAX
from mxproof.store.journal.access_journal import AccessJournal
from mxproof.store.journal.account import AccessToken, Account, Role, TokenOpens
from mxproof.store.journal.journal import Journal

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ADA = Account("ada", Role.ADMIN, NOW)
BOB = Account("bob", Role.VIEWER, NOW)


@pytest.fixture
def access(journal: Journal) -> AccessJournal:
    return AccessJournal(journal)


def test_an_account_is_added_once_and_found_with_its_hash(access: AccessJournal) -> None:
    assert access.add_account(ADA, "hash")
    assert not access.add_account(ADA, "other")
    assert access.add_account(BOB, "hash of bob")
    assert access.accounts() == [ADA, BOB]
    assert access.account_named("ada") == (ADA, "hash")
    assert access.account_named("eve") is None


def test_a_login_is_its_accounts_until_it_ends(access: AccessJournal) -> None:
    access.add_account(ADA, "hash")
    access.begin_login(b"1", "ada", NOW)
    access.begin_login(b"2", "ada", NOW)
    assert access.login_of(b"1", NOW) == ADA
    assert access.login_of(b"3", NOW) is None
    access.end_login(b"1")
    assert (access.login_of(b"1", NOW), access.login_of(b"2", NOW)) == (None, ADA)


def test_a_login_that_is_not_used_ends_and_one_that_is_used_lasts_no_longer_than_it_may(
    access: AccessJournal,
) -> None:
    access.add_account(ADA, "hash")
    access.begin_login(b"1", "ada", NOW)
    access.begin_login(b"2", "ada", NOW)
    at = NOW
    while at + IDLE - MINUTE < NOW + LASTS:
        at += IDLE - MINUTE
        assert access.login_of(b"1", at) == ADA
    assert access.login_of(b"2", at) is None
    assert access.login_of(b"1", NOW + LASTS + MINUTE) is None


def test_of_one_account_there_are_so_many_logins_and_no_more(access: AccessJournal) -> None:
    access.add_account(ADA, "hash")
    access.add_account(BOB, "hash")
    access.begin_login(b"bob", "bob", NOW)
    for number in range(21):
        access.begin_login(bytes([number]), "ada", NOW + number * MINUTE)
    at = NOW + 20 * MINUTE
    held = [number for number in range(21) if access.login_of(bytes([number]), at) is not None]
    assert held == list(range(1, 21))
    assert access.login_of(b"bob", at) == BOB


def test_another_password_ends_the_logins_of_that_account(access: AccessJournal) -> None:
    access.add_account(ADA, "hash")
    access.add_account(BOB, "hash")
    access.begin_login(b"1", "ada", NOW)
    access.begin_login(b"2", "bob", NOW)
    assert access.set_password("ada", "other")
    assert access.account_named("ada") == (ADA, "other")
    assert (access.login_of(b"1", NOW), access.login_of(b"2", NOW)) == (None, BOB)
    assert not access.set_password("eve", "other")


def test_an_account_that_is_removed_takes_its_logins_with_it(access: AccessJournal) -> None:
    access.add_account(ADA, "hash")
    access.begin_login(b"1", "ada", NOW)
    assert access.remove_account("ada")
    assert not access.remove_account("ada")
    assert access.login_of(b"1", NOW) is None
    assert access.accounts() == []


def test_a_token_is_found_by_its_digest_alone(access: AccessJournal) -> None:
    token = AccessToken("reader", TokenOpens.FEED, NOW)
    assert access.add_token(token, b"digest")
    assert not access.add_token(AccessToken("reader", TokenOpens.API, NOW), b"other")
    assert access.token_of(b"digest") == token
    assert access.token_of(b"other") is None
    assert access.tokens() == [token]
    assert access.remove_token("reader")
    assert not access.remove_token("reader")
    assert access.token_of(b"digest") is None


def test_what_becomes_of_one_account_becomes_of_no_other(access: AccessJournal) -> None:
    for account in (ADA, BOB):
        access.add_account(account, f"hash of {account.name}")
    assert access.set_password("bob", "other")
    assert (access.account_named("ada"), access.account_named("bob")) == (
        (ADA, "hash of ada"),
        (BOB, "other"),
    )
    assert access.remove_account("ada")
    assert access.accounts() == [BOB]


def test_a_login_ends_a_day_after_it_was_seen_and_two_weeks_after_it_began(access: AccessJournal) -> None:
    second = timedelta(seconds=1)
    access.add_account(ADA, "hash")
    access.begin_login(b"1", "ada", NOW)
    access.begin_login(b"2", "ada", NOW + timedelta(hours=24))
    assert access.login_of(b"1", NOW + timedelta(hours=24)) == ADA
    for days in range(2, 15):
        assert access.login_of(b"1", NOW + timedelta(days=days)) == ADA
    access.begin_login(b"3", "ada", NOW + timedelta(days=14))
    assert access.login_of(b"1", NOW + timedelta(days=14)) == ADA
    assert access.login_of(b"1", NOW + timedelta(days=14) + second) is None
    assert access.login_of(b"2", NOW + timedelta(days=14)) is None
    assert access.login_of(b"3", NOW + timedelta(days=15)) == ADA
    assert access.login_of(b"3", NOW + timedelta(days=15)) == ADA


def test_a_login_that_was_not_seen_for_a_day_is_gone_for_good(access: AccessJournal) -> None:
    access.add_account(ADA, "hash")
    access.begin_login(b"1", "ada", NOW)
    assert access.login_of(b"1", NOW + timedelta(hours=24, seconds=1)) is None
    access.begin_login(b"2", "ada", NOW + timedelta(hours=24, seconds=1))
    assert access.login_of(b"1", NOW) is None


def test_a_token_is_one_of_several(access: AccessJournal) -> None:
    reader, feed = AccessToken("reader", TokenOpens.API, NOW), AccessToken("feed", TokenOpens.FEED, NOW)
    assert access.add_token(reader, b"1")
    assert access.add_token(feed, b"2")
    assert (access.tokens(), access.token_of(b"1"), access.token_of(b"2")) == ([feed, reader], reader, feed)
    assert access.remove_token("reader")
    assert access.tokens() == [feed]


def test_the_login_that_ends_for_another_is_the_one_not_seen_for_longest(access: AccessJournal) -> None:
    access.add_account(ADA, "hash")
    logins = [bytes([number]) for number in range(LOGINS_MAX)]
    for number, digest in enumerate(logins):
        access.begin_login(digest, "ada", NOW + number * MINUTE)
    at = NOW + 60 * MINUTE
    assert access.login_of(logins[0], at) == ADA
    access.begin_login(b"another", "ada", at)
    held = [digest for digest in (*logins, b"another") if access.login_of(digest, at) is not None]
    assert held == [logins[0], *logins[2:], b"another"]
