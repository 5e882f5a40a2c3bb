"""Sending as the work of a daemon: begun once it is configured, paused where it is not any more, with the settings of now."""

import asyncio
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from mxproof.net.asking import Asking, Peer
from mxproof.serve.sending.counts import SendCounts
from mxproof.serve.sending.sender import SEND_LOOKED_EVERY_S
from mxproof.serve.sending.settings import SendList, SendSettings
from mxproof.serve.sending.work import SendWork
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.outgoing import OutgoingState
from mxproof.store.journal.outgoing_journal import OutgoingJournal
from support_clock import run
from support_outgoing import met_on

BEFORE, LAST = (datetime.now(UTC).date() - timedelta(days=days) for days in (4, 3))
SETTINGS = SendSettings(
    organization="Sender Example",
    contact="tls@sender.example",
    sender="tls@sender.example",
    asking=Asking((Peer("127.0.0.1", 9),)),
    spread=timedelta(days=1),
)


def made_of(journal: Journal) -> list[tuple[int, str]]:
    """Return the reports that are made: how many days ago, and of which domain."""
    reports = OutgoingJournal(journal).reports(BEFORE, list(OutgoingState))
    return sorted(((LAST - one.day).days, one.domain) for one in reports)


async def until(true: Callable[[], bool]) -> None:
    """Look again and again, a second apart by a clock that leaps."""
    for _ in range(10_000):
        if true():
            return
        await asyncio.sleep(1)
    raise AssertionError("it never came true")


def test_days_are_closed_while_it_is_configured_and_as_it_is_then(tmp_path: Path) -> None:
    async def scenario(journal: Journal) -> None:
        work = SendWork(f"sqlite:{tmp_path}/journal.db", None, SendCounts())
        working = asyncio.create_task(work.run())
        met_on(journal, BEFORE, "a.example", "b.example")
        await asyncio.sleep(3 * SEND_LOOKED_EVERY_S)
        assert made_of(journal) == [], "nothing is configured"
        work.change(msgspec.structs.replace(SETTINGS, allow=SendList(frozenset({"a.example"}))))
        await until(lambda: made_of(journal) == [(1, "a.example")])
        work.change(None)
        await asyncio.sleep(3 * SEND_LOOKED_EVERY_S)
        met_on(journal, LAST, "a.example", "b.example")
        await asyncio.sleep(3 * SEND_LOOKED_EVERY_S)
        assert made_of(journal) == [(1, "a.example")], "it is configured no more"
        work.change(msgspec.structs.replace(SETTINGS, allow=SendList(frozenset({"b.example"}))))
        await until(lambda: (0, "b.example") in made_of(journal))
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        assert made_of(journal) == [(0, "b.example"), (1, "a.example")]

    with closing(Journal(f"sqlite:{tmp_path}/journal.db")) as journal:
        run(scenario(journal))
