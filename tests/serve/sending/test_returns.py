"""Bounces that the mail server hands over: what they give back is noted, and each way is answered."""

import asyncio
import shutil
import threading
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from mxproof.serve.collect.config import CollectConfig
from mxproof.serve.sending import returns
from mxproof.serve.sending.config import SendOptions
from mxproof.serve.sending.counts import SendCounts
from mxproof.serve.sending.returns import BounceWork
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.outgoing import OutgoingState
from mxproof.store.journal.outgoing_journal import OutgoingJournal
from support_collect import collecting, config_in, page
from support_outgoing import AT, DAY, PLACE, new, sent
from support_report_bounce import REFUSAL, bounce
from support_report_daemon import lmtp


def listening(folder: Path) -> CollectConfig:
    """Return the configuration of a daemon that bounces are handed over to."""
    sends = SendOptions(
        contact="tls@sender.example",
        bounce_address="tls-bounces@sender.example",
        bounces=f"unix:{folder}/lmtp",
        signed_elsewhere=True,
        keep_days=3660,
    )
    return msgspec.structs.replace(config_in(folder), send=sends)


def test_the_daemon_notes_what_the_mail_server_hands_back(tmp_path: Path) -> None:
    report_id = sent(tmp_path)
    mail = b"From: a@example.com\r\nSubject: your report\r\n\r\nthanks\r\n"

    async def main() -> str:
        async with collecting(listening(tmp_path)):
            assert await lmtp(tmp_path, bounce(report_id), sender="") == ["250", "250"]
            assert await lmtp(tmp_path, bounce(report_id), sender="") == ["250", "250"]
            assert await lmtp(tmp_path, bounce("other@sender.example"), sender="") == ["250", "250"]
            assert await lmtp(tmp_path, mail) == ["250", "554"]
            return (await page(tmp_path, "/metrics"))[1]

    metrics = asyncio.run(main())
    assert "mxproof_collect_send_returned_total 1\n" in metrics
    assert 'mxproof_collect_send_reports_total{outcome="given-up"} 1\n' in metrics
    with closing(Journal(f"sqlite:{tmp_path}/journal.db")) as journal:
        (found,) = OutgoingJournal(journal).reports(DAY, list(OutgoingState))
    assert (found.state, found.destination) == (OutgoingState.GIVEN_UP, PLACE)
    assert REFUSAL in found.said


def test_a_bounce_that_is_faster_than_the_note_of_its_report_is_handed_over_again(tmp_path: Path) -> None:
    store = f"sqlite:{tmp_path}/journal.db"
    with closing(Journal(store)) as journal:
        OutgoingJournal(journal).add([new()], AT)

    async def main() -> str:
        with closing(BounceWork(store, SendCounts())) as work:
            return await work.answer(bounce(new().report_id), "")

    assert asyncio.run(main())[:3] == "451"


def test_a_bounce_is_handed_over_again_while_the_journal_is_away(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    report_id = sent(folder)

    async def main() -> list[str]:
        with closing(BounceWork(f"sqlite:{tmp_path}/gone/journal.db", SendCounts())) as work:
            away = await work.answer(bounce(report_id), "")
            shutil.copytree(folder, tmp_path / "gone")
            return [away, await work.answer(bounce(report_id), "")]

    assert [one[:3] for one in asyncio.run(main())] == ["451", "250"]


def test_at_the_end_a_bounce_that_is_being_noted_is_noted_before_the_journal_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[str] = []
    begun, go_on = threading.Event(), threading.Event()

    def slow(*_: object) -> None:
        begun.set()
        go_on.wait()
        noted.append("noted")

    async def main() -> None:
        work = BounceWork(f"sqlite:{tmp_path}/journal.db", SendCounts())
        shutdown = work._thread.shutdown

        def waited() -> None:
            shutdown()
            noted.append("waited")

        monkeypatch.setattr(work._thread, "shutdown", waited)
        monkeypatch.setattr(work._journal, "close", lambda: noted.append("closed"))
        answering = asyncio.create_task(work.answer(b"", ""))
        await asyncio.to_thread(begun.wait)
        closing_it = asyncio.create_task(asyncio.to_thread(work.close))
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(answering, closing_it)

    monkeypatch.setattr(returns, "note_return", slow)
    asyncio.run(main())
    assert noted == ["noted", "waited", "closed"]
