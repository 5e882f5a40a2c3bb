"""What a sender notes of each report: where it was tried and when again, what is counted, avoided, and taken away in the end."""

import asyncio
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from mxproof.formats.tlsrpt.destination import MailDestination
from mxproof.serve.sending import delivery
from mxproof.serve.sending import sender as module
from mxproof.serve.sending.mailing import Said
from mxproof.serve.sending.making import ClosedDay
from mxproof.serve.sending.sender import HANGING, SEND_STOP_S
from mxproof.serve.sending.settings import MailWay, SendList
from mxproof.store.journal.outgoing import AttemptOutcome, AvoidedPlace, DueReport, OutgoingState, Settled
from mxproof.store.journal.outgoing_journal import OutgoingJournal
from mxproof.store.journal.outgoing_queue import REFUSALS_MAX
from support_clock import at, passed_s, run
from support_report_sending import DAY, Bench, bench_with, close
from support_stream import Do, Handler, script

DOMAINS = ("a.example", "b.example", "c.example")
FIRST, SECOND, MAIL = "https://r0.test/v1", "https://r1.test/v1", "mailto:tls@b.test"


class Noting(OutgoingJournal):
    """What goes out, and what was asked and noted of it."""

    def begin(self) -> None:
        """Note from here."""
        self.settled: list[tuple[str, Settled]] = []
        self.avoided_at: list[datetime] = []
        self.portions: list[int] = [0]
        self.removed: list[date] = []

    def settle(self, report: DueReport, settled: Settled, now: datetime) -> bool:
        """Note what became of a report."""
        self.settled.append((report.domain, settled))
        return super().settle(report, settled, now)

    def avoided(self, now: datetime) -> list[AvoidedPlace]:
        """Return what is avoided."""
        self.avoided_at.append(now)
        return super().avoided(now)

    def remove_before(self, day: date) -> int:
        """Take away a portion."""
        self.removed.append(day)
        return self.portions.pop(0)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = bench_with(tmp_path, *DOMAINS)
    made.change(spread=timedelta(), signers=())
    yield made
    close(made)


def noted(bench: Bench, *receivers: Handler) -> Noting:
    """Do all there is to do now, and return what was noted."""
    noting = Noting(bench.journal)
    noting.begin()

    async def once() -> None:
        async with bench.sender(*receivers) as sender:
            sender._outgoing = noting
            await sender.close_days()
            await sender.step()

    run(once())
    return noting


def mail_ends(monkeypatch: pytest.MonkeyPatch, outcome: AttemptOutcome, said: str) -> None:
    """Have the mail server say this of each mail."""

    async def hand_in(_way: MailWay, _mail: bytes, _sender: str, _to: MailDestination) -> Said:
        return outcome, said

    monkeypatch.setattr(delivery, "hand_in", hand_in)


def answers(status: str) -> Handler:
    return script(Do.READ_REQUEST, Do.READ_SOME, f"HTTP/1.1 {status}\r\n\r\n".encode())


def test_each_attempt_is_noted_at_its_own_destination_with_what_was_said_there(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.wants("a.example", FIRST, SECOND, MAIL)
    mail_ends(monkeypatch, AttemptOutcome.FAILED, "421 later")
    noting = noted(bench, answers("404 Not Found"), answers("500 Oops"))
    (settled,) = [one for domain, one in noting.settled if domain == "a.example"]
    assert [(one.destination, one.outcome) for one in settled.attempts] == [
        (FIRST, AttemptOutcome.REFUSED),
        (SECOND, AttemptOutcome.FAILED),
        (MAIL, AttemptOutcome.FAILED),
    ]
    assert settled.said == "; ".join(f"{one.destination}: {one.said}" for one in settled.attempts)
    assert [one.said for one in settled.attempts][-1:] == ["421 later"]
    assert ["404" in one.said for one in settled.attempts] == [True, False, False]
    assert +bench.counts.attempts == {
        ("https", AttemptOutcome.REFUSED): 1,
        ("https", AttemptOutcome.FAILED): 1,
        ("mail", AttemptOutcome.FAILED): 1,
    }


def test_the_place_that_took_it_is_the_last_that_was_tried(bench: Bench) -> None:
    bench.wants("a.example", FIRST, SECOND, MAIL)
    noting = noted(bench, answers("500 Oops"), answers("200 OK"))
    (settled,) = [one for domain, one in noting.settled if domain == "a.example"]
    assert [one.destination for one in settled.attempts] == [FIRST, SECOND]
    assert (settled.state, settled.due_at, settled.destination) == (OutgoingState.SENT, None, SECOND)
    assert bench.mails() == []


def test_what_is_done_is_counted_by_how_and_what_waits_as_put_off(bench: Bench) -> None:
    bench.wants("a.example", FIRST)
    bench.wants("b.example", MAIL)
    bench.change(deny=SendList(frozenset({"b.test"})))
    noted(bench, answers("503 Busy"))
    assert +bench.counts.done == {OutgoingState.WITHHELD: 1, OutgoingState.UNWANTED: 1}
    assert (bench.counts.put_off, bench.counts.waiting, bench.counts.made) == (1, 1, 3)


def test_a_host_that_fails_is_asked_for_each_report_as_it_does_not_hang(bench: Bench) -> None:
    for one in DOMAINS:
        bench.wants(one, FIRST)
    noting = noted(bench, answers("503 Busy"))
    assert [len(one.attempts) for _, one in noting.settled] == [1, 1, 1]
    assert [one.is_try for _, one in noting.settled] == [True] * 3


def test_what_waits_for_a_host_that_hangs_is_due_when_the_host_may_be_asked_again(bench: Bench) -> None:
    for one in DOMAINS[:2]:
        bench.wants(one, FIRST)
    first, second, _ = [one for _, one in noted(bench, script(Do.HANG)).settled]
    assert (len(first.attempts), first.is_try) == (1, True)
    assert first.due_at is not None
    assert first.due_at - bench.now > HANGING, "the first is tried again as any that failed"
    assert (second.attempts, second.is_try, second.due_at) == ((), False, bench.now + HANGING)
    assert second.said == "r0.test did not answer a moment ago"


def test_a_mailbox_that_refused_too_often_is_avoided_from_the_next_claim_on(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CLAIMED_AT_ONCE", 1)
    (tmp_path / "more").mkdir()
    many = bench_with(tmp_path / "more", *(f"d{number}.example" for number in range(REFUSALS_MAX + 2)))
    many.change(spread=timedelta(), signers=())
    mail_ends(monkeypatch, AttemptOutcome.REFUSED, "550 nobody")
    for number in range(REFUSALS_MAX + 2):
        many.wants(f"d{number}.example", MAIL)
    noting = noted(many)
    close(many)
    states = [one.state for _, one in noting.settled]
    assert states == [OutgoingState.GIVEN_UP] * REFUSALS_MAX + [OutgoingState.WITHHELD] * 2
    assert noting.settled[-1][1].said == f"{MAIL}: avoided, as it refused before: 550 nobody"
    assert set(noting.avoided_at) == {many.now}


def test_all_that_is_kept_no_longer_is_taken_away_portion_by_portion(bench: Bench) -> None:
    noting = Noting(bench.journal)
    noting.begin()
    noting.portions = [500, 3, 0]
    bench.change(keep_days=7)

    async def once() -> None:
        async with bench.sender() as sender:
            sender._outgoing = noting
            await sender.step()

    run(once())
    assert noting.removed == [bench.now.date() - timedelta(days=7)] * 3


def test_days_that_are_closed_are_counted_with_what_could_not_be_printed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = [ClosedDay(DAY, 5, 2), ClosedDay(DAY + timedelta(days=1), 1, 0)]
    monkeypatch.setattr(module, "close_days", lambda *_: closed)

    async def once() -> list[ClosedDay]:
        async with bench.sender() as sender:
            return await sender.close_days()

    assert run(once()) == closed
    assert (bench.counts.made, bench.counts.unprintable) == (6, 2)


def test_at_the_end_who_does_not_answer_is_not_waited_for_long_and_nothing_goes_on_after_it(
    bench: Bench,
) -> None:
    bench.wants("a.example", FIRST)

    async def scenario() -> float:
        begun = asyncio.Event()

        async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            begun.set()
            await script(Do.HANG)(reader, writer)

        async with bench.sender(hang) as sender:
            await sender.close_days()
            sending = asyncio.create_task(sender.send_due())
            await begun.wait()
            began_s = passed_s()
            sending.cancel()
            (ended,) = await asyncio.gather(sending, return_exceptions=True)
            assert isinstance(ended, asyncio.CancelledError)
            lasted_s = passed_s() - began_s
            await at(passed_s() + 600)
            return lasted_s

    assert run(scenario()) == SEND_STOP_S
    assert +bench.counts.attempts == {}
    assert bench.report("a.example").state is OutgoingState.WAITING
    assert bench.report("a.example").tries == 0
