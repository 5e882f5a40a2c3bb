"""The pages as a daemon runs them: it is said where nobody could log in, and nothing of them is left when they are closed."""

import asyncio
import logging
import threading
from contextlib import closing
from pathlib import Path

import pytest

from mxproof.net.asking import Peer
from mxproof.serve.web.secret import digest_of
from mxproof.serve.web.served_pages import ServedPages
from mxproof.serve.web.settings import WebSettings
from mxproof.store.journal.access_journal import AccessJournal
from mxproof.store.journal.account import Account, Role
from mxproof.store.journal.journal import Journal
from support_new_store import new_store
from support_web import NOW, SETUP, Tries, hash_of_password

SETTINGS = WebSettings(listen=Peer("127.0.0.1", 0))


def pages(store: str) -> ServedPages:
    return ServedPages(
        SETTINGS,
        store,
        now=lambda: NOW,
        setup=lambda: SETUP,
        try_alert=Tries(),
        stir=lambda: None,
        fault=lambda: None,
    )


def told(store: str, caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what is said of who may log in."""
    caplog.clear()
    with closing(pages(store)) as served, caplog.at_level(logging.WARNING, "mxproof.web"):
        asyncio.run(served._tell_of_nobody())
    return [one.getMessage() for one in caplog.records]


def test_that_nobody_may_log_in_is_said_until_somebody_may_and_a_store_that_is_away_says_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = new_store(tmp_path)
    (words,) = told(store, caplog)
    assert "mxproof watch user add" in words
    with closing(Journal(store)) as journal:
        AccessJournal(journal).add_account(Account("ada", Role.VIEWER, NOW), hash_of_password())
    assert told(store, caplog) == []
    (tmp_path / "journal.db").write_bytes(b"no database")
    assert told(store, caplog) == []


def test_pages_that_are_closed_leave_no_thread(tmp_path: Path) -> None:
    served = pages(new_store(tmp_path))
    served._door._hashing.submit(digest_of, "secret").result()
    asyncio.run(served._tell_of_nobody())
    working = {one.name.rpartition("_")[0] for one in threading.enumerate()}
    assert {"web-password", "web-store"} <= working
    served.close()
    assert not [one.name for one in threading.enumerate() if one.name.startswith("web-")]
