"""Reports sent: when, to whom, how often again, and what keeps them; nothing is lost, and nothing is sent to where it must not."""

import asyncio
import email
import email.policy
import gzip
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from mxproof.formats.dkim import examine_key
from mxproof.formats.dkim_signed import signatures_of
from mxproof.formats.tlsrpt.found import reports_in
from mxproof.mail.dkim_signature import holds
from mxproof.serve.sending import sender as module
from mxproof.serve.sending.sender import HANGING
from mxproof.serve.sending.settings import SendList
from mxproof.store.journal.outgoing import OutgoingState
from mxproof.store.journal.outgoing_queue import REFUSALS_MAX
from support_clock import run
from support_report_sending import CLOSED, DAY, SIGNER, Bench, bench_with, close
from support_stream import Do, Handler, script

HOUR = timedelta(hours=1)
POST_TO = "https://r0.test/v1"
OTHER = "https://r1.test/v1"

Made = Callable[..., Bench]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Made]:
    made: list[Bench] = []

    def make(*domains: str) -> Bench:
        made.append(bench_with(tmp_path, *domains))
        return made[-1]

    yield make
    for one in made:
        close(one)


def receiver(status: str, heard: list[bytes] | None = None) -> Handler:
    return script(Do.READ_REQUEST, Do.READ_SOME, f"HTTP/1.1 {status}\r\n\r\n".encode(), heard=heard)


def test_a_report_is_made_once_the_day_is_over_and_sent_by_mail_with_a_signature(bench: Made) -> None:
    made = bench("a.example")
    made.wants("a.example", "mailto:tls@a.example")
    made.now = CLOSED - HOUR / 2
    made.step()
    assert made.outgoing.states(DAY) == {}
    made.now = CLOSED
    made.step()
    waiting = made.report("a.example")
    # The dice show the middle: half of the four hours that first attempts are spread over.
    assert waiting.state is OutgoingState.WAITING
    assert waiting.due_at is not None
    assert round((waiting.due_at - CLOSED) / HOUR, 6) == 2
    made.now = waiting.due_at
    made.step()
    (taken,) = made.mails()
    arguments, _, mail = taken.partition(b"\n")
    assert arguments == b"-i -f tls@sender.example -- tls@a.example"
    (found,) = reports_in(mail)
    report = found.read.report
    assert found.repairs == ()
    assert (report.id, report.submitter) == (waiting.report_id, "sender.example")
    assert [(one.domain, one.success, one.failure) for one in report.policies] == [("a.example", 3, 0)]
    assert (str(report.begin), str(report.end)) == ("2026-03-01 00:00:00+00:00", "2026-03-01 23:59:59+00:00")
    (signature,) = signatures_of(mail)
    assert holds(signature, examine_key(SIGNER.record().encode()))
    done = made.report("a.example")
    assert (done.state, done.destination, done.tries) == (OutgoingState.SENT, "mailto:tls@a.example", 1)
    assert (made.counts.made, made.counts.done["sent"]) == (1, 1)


def test_a_report_is_posted_as_gzip(bench: Made) -> None:
    made, heard = bench("a.example"), list[bytes]()
    made.wants("a.example", POST_TO)
    made.until_sent(receiver("201 Created", heard))
    assert made.report("a.example").state is OutgoingState.SENT
    (found,) = reports_in(gzip.decompress(heard[1]))
    assert found.read.report.id == made.report("a.example").report_id


def test_one_destination_that_takes_it_is_enough(bench: Made) -> None:
    made = bench("a.example")
    made.wants("a.example", POST_TO, OTHER, "mailto:tls@a.example")
    made.until_sent(receiver("500 Internal Server Error"), receiver("200 OK"))
    assert made.report("a.example").destination == OTHER
    assert made.mails() == []
    assert made.counts.attempts["https", "failed"] == 1


def test_a_domain_that_asks_for_no_report_gets_none(bench: Made) -> None:
    made = bench("a.example", "b.example", "c.example")
    made.records["_smtp._tls.b.example"] = "v=TLSRPTv1; rua="
    made.wants("c.example", "ftp://c.example/")
    made.until_sent()
    assert {made.report(one).state for one in ("a.example", "b.example", "c.example")} == {
        OutgoingState.UNWANTED
    }


def test_a_report_is_tried_again_later_and_later_for_a_day(bench: Made) -> None:
    made = bench("a.example")
    made.wants("a.example", "mailto:tls@a.example")
    made.sendmail_ends(75)
    made.until_sent()
    first = made.now
    waits = []
    while (due_at := made.report("a.example").due_at) is not None:
        waits.append(round((due_at - made.now) / timedelta(minutes=1), 3))
        made.now = due_at
        made.step()
    assert waits == [15, 30, 60, 120, *[240] * 5]
    done = made.report("a.example")
    assert (done.state, done.tries) == (OutgoingState.GIVEN_UP, 10)
    assert made.now - first <= 24 * HOUR
    assert "75" in done.said


def test_dns_that_does_not_answer_is_no_absence(bench: Made) -> None:
    made = bench("a.example")
    made.dns_fails = True
    made.until_sent()
    assert made.report("a.example").state is OutgoingState.WAITING


def test_a_mailbox_that_is_not_there_is_given_up_at_once_and_avoided_after_a_few(bench: Made) -> None:
    domains = [f"d{number}.example" for number in range(REFUSALS_MAX + 1)]
    made = bench(*domains)
    for one in domains:
        made.wants(one, "mailto:dead@a.example")
    made.sendmail_ends(67)
    made.change(spread=timedelta())
    made.step()
    assert [made.report(one).state for one in domains] == [OutgoingState.GIVEN_UP] * len(domains)
    assert [one.destination for one in made.outgoing.avoided(made.now)] == ["mailto:dead@a.example"]


@pytest.mark.parametrize(
    "fields",
    [
        {"deny": SendList(frozenset({"a.example"}))},
        {"deny": SendList(frozenset({".example"}))},
        {"deny": SendList(frozenset({"tls@b.test"}))},
        {"deny": SendList(frozenset({"b.test"}))},
        {"mail": None},
        {"day_max": 0},
        {"destination_day_max": 0},
    ],
)
def test_what_is_denied_or_beyond_a_cap_is_withheld(bench: Made, fields: dict[str, object]) -> None:
    made = bench("a.example")
    made.wants("a.example", "mailto:tls@b.test")
    made.change(**fields)
    made.until_sent()
    assert made.report("a.example").state is OutgoingState.WITHHELD
    assert made.mails() == []


@pytest.mark.parametrize("denied", ["r0.test", ".test"])
def test_nothing_is_posted_to_a_host_that_is_denied(bench: Made, denied: str) -> None:
    made, heard = bench("a.example"), list[bytes]()
    made.wants("a.example", POST_TO)
    made.change(deny=SendList(frozenset({denied})))
    made.until_sent(receiver("201 Created", heard))
    assert (made.report("a.example").state, heard) == (OutgoingState.WITHHELD, [])


def test_reports_are_made_for_allowed_domains_alone(bench: Made) -> None:
    made = bench("a.example", "b.example", "c.b.example")
    made.change(allow=SendList(frozenset({".b.example"})))
    made.step()
    found = made.outgoing.reports(DAY, list(OutgoingState))
    assert [one.domain for one in found] == ["c.b.example"]


def test_the_caps_count_what_went_out_on_the_day(bench: Made) -> None:
    made = bench(*(f"d{number}.example" for number in range(5)))
    for number in range(5):
        made.wants(f"d{number}.example", "mailto:tls@b.test")
    made.change(destination_day_max=3)
    made.until_sent()
    assert made.outgoing.states(DAY) == {DAY: {OutgoingState.SENT: 3, OutgoingState.WITHHELD: 2}}
    assert len(made.mails()) == 3


def test_a_host_that_hangs_costs_one_wait_whatever_is_for_it(bench: Made) -> None:
    made, asked = bench(*(f"d{number}.example" for number in range(5))), list[int]()
    for number in range(5):
        made.wants(f"d{number}.example", POST_TO)

    async def hang(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        asked.append(1)
        await asyncio.Event().wait()

    async def scenario() -> None:
        async with made.sender(hang) as sender:
            await sender.close_days()
            await sender.send_due(early=True)

    run(scenario())
    assert len(asked) == 1
    assert made.outgoing.states(DAY) == {DAY: {OutgoingState.WAITING: 5}}
    reports = made.outgoing.reports(DAY, [OutgoingState.WAITING])
    assert sorted(one.tries for one in reports) == [0, 0, 0, 0, 1]


def test_a_host_that_hung_is_left_alone_by_those_that_are_claimed_later_too(
    bench: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CLAIMED_AT_ONCE", 1)
    made, asked = bench("d0.example", "d1.example", "d2.example"), list[int]()
    for one in ("d0.example", "d1.example", "d2.example"):
        made.wants(one, POST_TO)

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(1)
        await script(Do.HANG)(reader, writer)

    async def scenario() -> None:
        async with made.sender(hang) as sender:
            await sender.close_days()
            assert await sender.send_due(early=True) == 3

    run(scenario())
    assert len(asked) == 1
    assert made.counts.attempts["https", "timeout"] == 1
    assert (made.counts.put_off, made.outgoing.states(DAY)) == (3, {DAY: {OutgoingState.WAITING: 3}})


def test_a_host_that_hung_is_tried_again_after_its_time(bench: Made) -> None:
    made, asked = bench("d0.example", "d1.example"), list[int]()
    for one in ("d0.example", "d1.example"):
        made.wants(one, POST_TO)

    async def hang_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(1)
        await (script(Do.HANG) if len(asked) == 1 else receiver("201 Created"))(reader, writer)

    async def scenario() -> None:
        async with made.sender(hang_once) as sender:
            await sender.close_days()
            await sender.send_due(early=True)
            assert len(asked) == 1
            made.now += HANGING
            await sender.send_due()

    run(scenario())
    assert len(asked) == 2
    assert made.outgoing.states(DAY) == {DAY: {OutgoingState.SENT: 1, OutgoingState.WAITING: 1}}


@pytest.mark.parametrize("status", ["302 Found", "400 Bad Request", "429 Too Many Requests", "503 Busy"])
def test_an_answer_other_than_2xx_is_not_delivered(bench: Made, status: str) -> None:
    made = bench("a.example")
    made.wants("a.example", POST_TO)
    made.until_sent(receiver(f"{status}\r\nLocation: {OTHER}"), receiver("200 OK"))
    found = made.report("a.example")
    assert (found.state, found.tries) == (OutgoingState.WAITING, 1)
    assert status[:3] in found.said


def test_a_receiver_at_a_private_address_is_not_reached(bench: Made) -> None:
    made = bench("a.example")
    made.wants("a.example", "https://t.a.example/v1")
    made.addresses["t.a.example"] = "127.0.0.1"
    made.until_sent()
    found = made.report("a.example")
    assert (found.state, found.tries) == (OutgoingState.WAITING, 1)


def test_a_day_that_was_closed_in_part_goes_on_where_it_was(bench: Made) -> None:
    made = bench("a.example", "b.example")
    made.step()
    before = [one.report_id for one in made.outgoing.reports(DAY, list(OutgoingState))]

    def reopened(connection: object) -> None:
        from sqlalchemy import Connection, delete

        from mxproof.store.journal.schema import OUTGOING_DAY, OUTGOING_REPORT

        assert isinstance(connection, Connection)
        connection.execute(delete(OUTGOING_DAY))
        connection.execute(delete(OUTGOING_REPORT).where(OUTGOING_REPORT.c.domain == "b.example"))

    made.journal.writes(reopened)
    made.step()
    after = [one.report_id for one in made.outgoing.reports(DAY, list(OutgoingState))]
    assert len(after) == 2
    assert after[0] == before[0]


def test_old_reports_are_taken_away(bench: Made) -> None:
    made = bench("a.example")
    made.until_sent()
    made.now += timedelta(days=made.settings.keep_days + 1)
    made.step()
    assert made.outgoing.states(DAY) == {}


def test_the_mail_tells_who_sends_it_and_asks_for_no_answer(bench: Made) -> None:
    made = bench("a.example")
    made.wants("a.example", "mailto:tls@a.example")
    made.until_sent()
    message = email.message_from_bytes(made.mails()[0].partition(b"\n")[2], policy=email.policy.default)
    assert message["From"] == "tls@sender.example"
    assert message["TLS-Required"] == "No"
    assert message["Auto-Submitted"] == "auto-generated"
