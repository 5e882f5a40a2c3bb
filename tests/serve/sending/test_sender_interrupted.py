"""Sending interrupted: by the end of the daemon, by a lease that runs out, by a store that is away, and by another who took over."""

import asyncio
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mxproof.serve.sending.sender import LEASE, LEASE_LEFT, SEND_LOOKED_EVERY_S, SETTLED_AGAIN_S, ReportSender
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.outgoing import DueReport, OutgoingState, Settled
from mxproof.store.journal.outgoing_journal import OutgoingJournal
from support_clock import passed_s, run
from support_logged import said
from support_report_sending import DAY, Bench, bench_with, close
from support_stream import Do, Handler, script

DOMAINS = ("a.example", "b.example", "c.example")
POST_TO = "https://r0.test/v1"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = bench_with(tmp_path, *DOMAINS)
    for one in DOMAINS:
        made.wants(one, POST_TO)
    made.change(spread=timedelta())
    yield made
    close(made)


def takes() -> Handler:
    return script(Do.READ_REQUEST, Do.READ_SOME, b"HTTP/1.1 201 Created\r\n\r\n")


def states(bench: Bench) -> dict[OutgoingState, int]:
    return bench.outgoing.states(DAY)[DAY]


def test_at_the_end_what_is_on_its_way_arrives_and_is_noted_and_the_rest_is_due_at_once(bench: Bench) -> None:
    async def scenario() -> None:
        begun, go_on = asyncio.Event(), asyncio.Event()

        async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            begun.set()
            await go_on.wait()
            await takes()(reader, writer)

        async with bench.sender(slow) as sender:
            await sender.close_days()
            sending = asyncio.create_task(sender.send_due())
            await begun.wait()
            sending.cancel()
            await asyncio.sleep(0)
            go_on.set()
            (ended,) = await asyncio.gather(sending, return_exceptions=True)
            assert isinstance(ended, asyncio.CancelledError)

    asyncio.run(scenario())
    assert states(bench) == {OutgoingState.SENT: 1, OutgoingState.WAITING: 2}
    assert bench.counts.done[OutgoingState.SENT] == 1
    again = bench.outgoing.claim(bench.now, bench.now + LEASE, 9)
    assert [(one.domain, one.tries) for one in again] == [("b.example", 0), ("c.example", 0)]


@pytest.mark.parametrize(("passes", "posted"), [(LEASE - LEASE_LEFT, 3), (LEASE - LEASE_LEFT + MINUTE, 1)])
def test_what_is_claimed_is_sent_only_while_enough_of_its_lease_is_left(
    bench: Bench, passes: timedelta, posted: int
) -> None:
    asked: list[datetime] = []

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(bench.now)
        if len(asked) == 1:
            bench.now += passes
        await takes()(reader, writer)

    bench.step(slow)
    assert len(asked) == posted
    assert states(bench)[OutgoingState.SENT] == posted
    bench.now += LEASE
    bench.step(slow)
    assert len(asked) == 3
    assert states(bench) == {OutgoingState.SENT: 3}
    assert bench.counts.waiting == 0


class Away(OutgoingJournal):
    """What goes out, in a journal that is away for so many notes, or where another has taken over."""

    left = 0
    is_taken_over = False

    def settle(self, report: DueReport, settled: Settled, now: datetime) -> bool:
        """Note, or fail."""
        if self.is_taken_over:
            return False
        if self.left:
            self.left -= 1
            raise JournalError("away")
        return super().settle(report, settled, now)


def test_what_was_sent_is_noted_when_the_store_is_back_and_not_sent_again(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    away = Away(bench.journal)
    away.left = 2
    asked: list[int] = []

    async def counted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(1)
        await takes()(reader, writer)

    async def scenario() -> float:
        async with bench.sender(counted) as sender:
            sender._outgoing = away
            await sender.close_days()
            await sender.send_due()
            await sender.send_due()
            return passed_s()

    lasted_s = run(scenario())
    assert lasted_s >= 2 * SETTLED_AGAIN_S
    assert (len(asked), away.left) == (3, 0)
    assert states(bench) == {OutgoingState.SENT: 3}
    assert (bench.counts.done[OutgoingState.SENT], bench.counts.put_off) == (3, 0)
    assert (
        said(caplog, logging.ERROR) == ["store: away; what became of a report is noted once it is back"] * 2
    )


def test_what_another_has_taken_over_meanwhile_counts_as_the_others(bench: Bench) -> None:
    away = Away(bench.journal)
    away.is_taken_over = True

    async def scenario() -> None:
        async with bench.sender(takes()) as sender:
            sender._outgoing = away
            await sender.close_days()
            await sender.send_due()

    asyncio.run(scenario())
    assert +bench.counts.done == {}
    assert (bench.counts.put_off, bench.counts.attempts["https", "delivered"]) == (0, 3)


class Stepping(ReportSender):
    """A sender of which each step is as a test says."""

    steps: list[Exception | None]
    stepped_s: list[float]

    async def step(self, *, early: bool = False) -> None:
        """Do as is said."""
        self.stepped_s.append(passed_s())
        if (error := self.steps.pop(0)) is not None:
            raise error


def test_each_outage_of_the_store_is_told_of_once_and_it_is_looked_again_all_the_time(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    made = Stepping(bench.journal, bench.settings, bench.counts, lambda: bench.now, bench.chance)
    away = JournalError("away")
    made.steps, made.stepped_s = [None, away, away, None, away, None], []
    wanted = iter([True, True, True, True, False, True, True])

    async def scenario() -> None:
        with made:
            running = asyncio.create_task(made.run(lambda: next(wanted)))
            await asyncio.sleep(6.5 * SEND_LOOKED_EVERY_S)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    run(scenario(), patience_s=0)
    assert made.stepped_s == [number * SEND_LOOKED_EVERY_S for number in (0, 1, 2, 3, 5, 6)]
    assert said(caplog, logging.ERROR) == ["store: away; reports are sent once it is back"] * 2
