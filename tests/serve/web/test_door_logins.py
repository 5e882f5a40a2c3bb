"""Logins one after another and at once: how many are hashed, what makes room for the next, and whose form it is."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.types import ASGIApp

from mxproof.serve.web import door as doors
from mxproof.serve.web import password_hash
from mxproof.serve.web.attempts import FREE_TRIES
from mxproof.serve.web.caller import Caller
from mxproof.serve.web.door import HASHES_AT_ONCE_MAX, Door, RefusedLogin
from mxproof.serve.web.secret import digest_of
from mxproof.serve.web.settings import TrustedProxy
from mxproof.serve.web.store_reader import StoreReader
from mxproof.store.journal.access_journal import AccessJournal
from mxproof.store.journal.account import AccessToken, Account, Role, TokenOpens
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal
from support_new_store import new_store
from support_web import NOW, PASSWORD, Browser, hash_of_password, in_site, token_in

CROWDED_S = 5


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the hash for nobody cost as little as those of these accounts."""
    monkeypatch.setattr(password_hash, "_NOBODYS", hash_of_password())


def request_from(address: str) -> Request:
    seen = Caller(address, is_encrypted=True, origin="https://watch.example", is_by_proxy=False)
    return Request({"type": "http", "headers": [], "state": {"caller": seen}})


def at_the_door(folder: Path, does: Callable[[Door], Awaitable[None]]) -> None:
    """Do something at a door over a store in which `ada` has an account."""
    url = new_store(folder)
    journal = Journal(url)
    AccessJournal(journal).add_account(Account("ada", Role.ADMIN, NOW), hash_of_password())
    journal.close()
    store = StoreReader(url)
    door = Door(store, TrustedProxy(), lambda: NOW)
    try:
        asyncio.run(asserted(does(door)))
    finally:
        door.close()
        store.close()


async def asserted(does: Awaitable[None]) -> None:
    await does


async def tried_at_once(door: Door, count: int, first: int) -> list[str | RefusedLogin]:
    """Have `count` browsers try at once, each for an account and from an address of its own, counted from `first`."""
    each = range(first, first + count)
    return await asyncio.gather(
        *(door.login(request_from(f"192.0.2.{number}"), f"nobody {number}", PASSWORD) for number in each)
    )


def waits(found: list[str | RefusedLogin]) -> list[int]:
    refused = [one for one in found if isinstance(one, RefusedLogin)]
    assert len(refused) == len(found)
    return [one.wait_s for one in refused]


def test_no_more_logins_wait_to_be_hashed_than_there_is_room_for_and_each_that_ends_makes_room(
    tmp_path: Path,
) -> None:
    async def does(door: Door) -> None:
        expected = [0] * HASHES_AT_ONCE_MAX + [CROWDED_S] * 2
        for turn in range(3):
            found = await tried_at_once(door, len(expected), 1 + turn * len(expected))
            assert waits(found) == expected
        assert isinstance(await door.login(request_from("192.0.2.200"), "ada", PASSWORD), str)

    at_the_door(tmp_path, does)


def test_a_login_that_ends_with_an_error_makes_room_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: AccessJournal, __: str) -> None:
        raise JournalError("the store is away")

    def broken(_: str | None, __: str) -> bool:
        raise MemoryError

    async def does(door: Door) -> None:
        for owner, name, fails in ((AccessJournal, "account_named", away), (doors, "is_password", broken)):
            with monkeypatch.context() as patched:
                patched.setattr(owner, name, fails)
                for number in range(HASHES_AT_ONCE_MAX):
                    with pytest.raises((JournalError, MemoryError)):
                        await door.login(request_from(f"192.0.2.{number}"), f"{name} {number}", PASSWORD)
        assert isinstance(await door.login(request_from("192.0.2.200"), "ada", PASSWORD), str)

    at_the_door(tmp_path, does)


def test_a_try_that_fails_counts_and_only_one_that_is_right_makes_up_for_it(tmp_path: Path) -> None:
    async def does(door: Door) -> None:
        here = request_from("192.0.2.1")
        for _ in range(2):
            for _ in range(FREE_TRIES - 1):
                assert await door.login(here, "ada", "wrong") == RefusedLogin(
                    "No account has this name and this password."
                )
            assert isinstance(await door.login(here, "ada", PASSWORD), str)
        for _ in range(FREE_TRIES):
            await door.login(here, "eve", PASSWORD)
        refused = await door.login(here, "ada", PASSWORD)
        assert isinstance(refused, RefusedLogin)
        assert refused.wait_s == 15

    at_the_door(tmp_path, does)


def test_each_login_has_a_secret_of_its_own_and_the_store_keeps_none_of_them(tmp_path: Path) -> None:
    secrets: list[str | RefusedLogin] = []

    async def does(door: Door) -> None:
        secrets.extend([await door.login(request_from("192.0.2.1"), "ada", PASSWORD) for _ in range(2)])

    at_the_door(tmp_path, does)
    assert [isinstance(one, str) for one in secrets] == [True, True]
    assert len(set(secrets)) == 2
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert not [one for one in secrets if str(one).encode() in kept]


def test_a_token_opens_what_it_was_made_for_and_nothing_else(tmp_path: Path) -> None:
    async def does(door: Door) -> None:
        journal = Journal(f"sqlite:{tmp_path}/journal.db")
        access = AccessJournal(journal)
        for opens in TokenOpens:
            access.add_token(AccessToken(f"for {opens}", opens, NOW), digest_of(f"secret for {opens}"))
        journal.close()
        for opens in TokenOpens:
            secrets = [f"secret for {one}" for one in TokenOpens]
            assert [await door.is_open(one, opens) for one in secrets] == [one is opens for one in TokenOpens]
            assert [await door.is_open(one, opens) for one in ("", "another", "x" * 5000)] == [False] * 3

    at_the_door(tmp_path, does)


def test_the_form_of_whoever_logged_in_is_that_of_the_login_whatever_other_cookie_the_browser_has(
    store: str,
) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.get("/login")
        (form,) = browser.cookies.items()
        await browser.login()
        assert form[0] not in browser.cookies
        browser.cookies[form[0]] = form[1]
        token = token_in(await browser.get("/settings"))
        assert (await browser.send("/settings/try", {"form": token, "channel": "chat"})).status == 200
        assert (await browser.send("/logout", {"form": token})).status == 303

    in_site(store, does)
