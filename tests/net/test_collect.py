"""The loop: what it asks and when, where it stops, and that nothing outlives it."""

import asyncio
import contextvars
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import dns.flags
import dns.message
import dns.rdatatype
import msgspec
import pytest

from mxproof.evidence import (
    AddressRecord,
    Answer,
    Evidence,
    Kind,
    MxRecord,
    Outcome,
    Question,
    SmtpData,
    SmtpStage,
)
from mxproof.net import collect as collecting
from mxproof.net.asker import Asker
from mxproof.net.asking import Asking, Peer
from mxproof.net.collect import QUESTIONS_MAX, SETTLING_S, Progress, collect
from mxproof.net.pacing import CONNECTIONS_PER_MAIL_SERVER_MAX
from mxproof.net.shared_answers import SharedAnswers
from mxproof.survey.together import Wanted
from support_clock import run
from support_dns import Respond, dns_server, reply
from support_long import EXHAUSTIVE
from support_stream import Do, Handler, script, stream_server

DOMAIN = "example.com"
MX, NS = Question(Kind.MX, DOMAIN), Question(Kind.NS, DOMAIN)
ADDRESS = "192.0.2.25"


def zone(wire: bytes, _transport: str) -> Iterable[bytes]:
    """Answer MX with one host, and addresses with one address."""
    question = dns.message.from_wire(wire).question[0]
    data = {
        dns.rdatatype.MX: "MX 10 mx.example.com.",
        dns.rdatatype.A: f"A {ADDRESS}",
        dns.rdatatype.SOA: "SOA ns. root. 1 2 3 4 60",
    }.get(question.rdtype)
    records = [f"{question.name} 300 IN {data}"] if data else []
    return [reply(wire, *records, flags=dns.flags.AD)]


def silent(_wire: bytes, _transport: str) -> Iterable[bytes]:
    return []


def walk(evidence: Evidence) -> Iterable[Question]:
    """Want the MX hosts, their addresses, and the SMTP server at each."""
    yield MX
    _, data = evidence.dns(Kind.MX, DOMAIN)
    for record in data.records if data else ():
        if isinstance(record, MxRecord):
            yield Question(Kind.A, record.exchange)
            _, addresses = evidence.dns(Kind.A, record.exchange)
            for address in addresses.records if addresses else ():
                if isinstance(address, AddressRecord):
                    yield Question(Kind.SMTP, record.exchange, address.address)


def fixed(*questions: Question) -> Wanted:
    return lambda _evidence: questions


def smtp_questions(count: int) -> list[Question]:
    return [Question(Kind.SMTP, f"mx{number}.example.com", ADDRESS) for number in range(count)]


def collected(
    wanted: Wanted,
    respond: Respond = zone,
    handler: Handler | None = None,
    evidence: Evidence | None = None,
    log: list[tuple[Question, Answer | None]] | None = None,
) -> Evidence:
    async def scenario() -> Evidence:
        async with dns_server(respond) as resolver, stream_server(handler or script()) as mail:
            asking = Asking((resolver,), connect_to={(ADDRESS, 25): mail}, simulated="test", roots="none")
            progress = None if log is None else lambda question, answer: log.append((question, answer))
            return await collected_by(asking, wanted, evidence=evidence, progress=progress)

    return run(scenario())


async def collected_by(
    asking: Asking, wanted: Wanted, evidence: Evidence | None = None, progress: Progress | None = None
) -> Evidence:
    with Asker(asking) as asker:
        return await collect(DOMAIN, asker, wanted, evidence=evidence, progress=progress)


def outcomes(evidence: Evidence) -> dict[Outcome, int]:
    found: dict[Outcome, int] = {}
    for answer in evidence.answers.values():
        found[answer.outcome] = found.get(answer.outcome, 0) + 1
    return found


def test_what_an_answer_makes_wanted_is_asked_until_nothing_is() -> None:
    evidence = collected(walk, handler=script(b"220 mx\r\n", Do.READ_LINE, b"250 mx\r\n"))
    smtp = Question(Kind.SMTP, "mx.example.com", ADDRESS)
    assert list(evidence.answers) == [MX, Question(Kind.A, "mx.example.com"), smtp]
    answer, data = evidence.smtp(smtp.name, smtp.at)
    assert answer.outcome == Outcome.FOUND
    assert isinstance(data, SmtpData)
    assert data.stage == SmtpStage.EHLO


def test_a_question_wanted_often_is_put_once() -> None:
    log: list[tuple[Question, Answer | None]] = []
    collected(lambda _evidence: [MX, MX], log=log)
    assert [question for question, _ in log] == [MX, MX]
    assert [answer is None for _, answer in log] == [True, False]


def test_what_is_known_is_not_asked_again() -> None:
    known = Answer(Outcome.NXDOMAIN, datetime(2026, 1, 1, tzinfo=UTC))
    evidence = collected(walk, evidence=Evidence(DOMAIN).with_answers([(MX, known)]))
    assert dict(evidence.answers) == {MX: known}


def test_of_earlier_evidence_only_what_has_expired_is_asked_again() -> None:
    evidence = collected(fixed(MX, Question(Kind.A, "mx.example.com")))
    asked_at = evidence.answer(MX).at
    later = asked_at + timedelta(seconds=301)
    aged = evidence.with_answers([(MX, msgspec.structs.replace(evidence.answer(MX), ttl_s=600))])
    log: list[tuple[Question, Answer | None]] = []
    again = collected(fixed(*evidence.answers), evidence=aged.without(aged.expired(later)), log=log)
    assert {question for question, _ in log} == {Question(Kind.A, "mx.example.com")}
    assert again.answers.keys() == evidence.answers.keys()
    assert again.answer(MX) == aged.answer(MX)


def test_all_that_is_wanted_is_asked_at_once() -> None:
    log: list[tuple[Question, Answer | None]] = []
    names = [Question(Kind.A, f"{number}.example.com") for number in range(20)]
    collected(fixed(*names), log=log)
    assert [answer for _, answer in log[:20]] == [None] * 20


class Noting(asyncio.SelectorEventLoop):
    """A loop that notes for how long something was to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.waits_s: list[float] = []

    def call_later(
        self,
        delay: float,
        callback: Callable[..., object],
        *args: object,
        context: contextvars.Context | None = None,
    ) -> asyncio.TimerHandle:
        self.waits_s.append(delay)
        return super().call_later(delay, callback, *args, context=context)


@pytest.mark.parametrize(
    ("wanted", "waits"),
    [
        (lambda evidence: [*fixed(MX)(evidence), *([NS] if MX in evidence.answers else [])], 0),
        (fixed(MX, NS), 1),
    ],
)
def test_answers_of_many_domains_are_gathered_only_while_others_are_under_way(
    wanted: Wanted, waits: int
) -> None:
    async def scenario() -> Evidence:
        async with dns_server(zone) as resolver:
            with Asker(Asking((resolver,), trust_ad=True), SharedAnswers()) as asker:
                return await collect(DOMAIN, asker, wanted)

    loop = Noting()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        assert set(runner.run(scenario()).answers) == {MX, NS}
    assert loop.waits_s.count(SETTLING_S) == waits


def of_number(*numbers: int) -> list[Question]:
    return [Question(Kind.A, f"{number}.example.com") for number in numbers]


def test_the_limit_counts_what_is_put_in_one_go_or_in_several_and_nothing_that_was_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert QUESTIONS_MAX == 500
    most = 20
    monkeypatch.setattr(collecting, "QUESTIONS_MAX", most)
    known_ones, new = of_number(*range(most - 4)), of_number(*range(1000, 1003 + most))
    known = Answer(Outcome.NXDOMAIN, datetime(2026, 1, 1, tzinfo=UTC))
    before = Evidence(DOMAIN).with_answers([(one, known) for one in known_ones])

    def in_two(evidence: Evidence) -> Iterable[Question]:
        return [*known_ones, *(new if len(evidence.answers) > len(known_ones) else new[:12])]

    evidence = run(collected_by(Asking((), trust_ad=False), in_two, evidence=before))
    words = f"more than {most} questions about one domain"
    assert [one for one, answer in evidence.answers.items() if answer.detail == words] == new[most:]
    assert outcomes(evidence) == {Outcome.NXDOMAIN: len(known_ones), Outcome.UNASKED: len(new)}


@EXHAUSTIVE
def test_questions_above_the_limit_are_left_unasked() -> None:
    names = [Question(Kind.A, f"{number}.example.com") for number in range(QUESTIONS_MAX + 5)]
    evidence = collected(fixed(*names))
    assert outcomes(evidence) == {Outcome.FOUND: QUESTIONS_MAX, Outcome.UNASKED: 5}
    assert evidence.answer(names[-1]).detail


@EXHAUSTIVE
def test_a_survey_that_never_has_enough_is_stopped() -> None:
    def more(evidence: Evidence) -> Iterable[Question]:
        return [Question(Kind.A, f"{number}.example.com") for number in range(len(evidence.answers) + 1)]

    evidence = collected(more)
    assert outcomes(evidence)[Outcome.FOUND] == QUESTIONS_MAX


def test_when_the_time_is_over_what_is_under_way_is_a_timeout_and_what_waits_is_unasked() -> None:
    async def scenario() -> Evidence:
        async with dns_server(zone) as resolver, stream_server(script(Do.HANG)) as mail:
            asking = Asking((resolver,), connect_to={(ADDRESS, 25): mail}, timeout_s=100)
            return await collected_by(asking, fixed(MX, *smtp_questions(5)))

    got = outcomes(run(scenario()))
    assert got == {
        Outcome.FOUND: 1,
        Outcome.TIMEOUT: CONNECTIONS_PER_MAIL_SERVER_MAX,
        Outcome.UNASKED: 5 - CONNECTIONS_PER_MAIL_SERVER_MAX,
    }


def test_when_the_time_is_over_what_would_have_been_wanted_next_is_unasked_too() -> None:
    """So that nobody takes what nobody had time to ask for something that does not exist."""
    log: list[tuple[Question, Answer | None]] = []

    def wanted(evidence: Evidence) -> Iterable[Question]:
        return [MX, NS] if MX in evidence.answers else [MX]

    async def scenario() -> Evidence:
        async with dns_server(silent) as resolver:
            asking = Asking((resolver,), timeout_s=100, domain_timeout_s=50, trust_ad=True)
            return await collected_by(asking, wanted, progress=lambda *step: log.append(step))

    evidence = run(scenario())
    assert {question: answer.outcome for question, answer in evidence.answers.items()} == {
        MX: Outcome.TIMEOUT,
        NS: Outcome.UNASKED,
    }
    assert {answer.detail for answer in evidence.answers.values()} == {"the 50 s for one domain were over"}
    assert log == [(MX, None), (MX, evidence.answer(MX)), (NS, evidence.answer(NS))]


@pytest.mark.parametrize("count", [1, 7])
def test_answers_that_come_together_are_looked_at_together(count: int) -> None:
    looked_at: list[int] = []
    names = [Question(Kind.A, f"{number}.example.com") for number in range(count)]

    def wanted(evidence: Evidence) -> Iterable[Question]:
        looked_at.append(len(evidence.answers))
        return [*names, NS] if len(evidence.answers) >= count else names

    async def scenario() -> Evidence:
        async with dns_server(zone) as resolver:
            with Asker(Asking((resolver,), trust_ad=True), SharedAnswers()) as asker:
                return await collect(DOMAIN, asker, wanted)

    assert set(run(scenario()).answers) == {*names, NS}
    assert looked_at == [0, count, count + 1]


def test_one_address_is_never_asked_by_more_than_two_at_once() -> None:
    now: set[asyncio.StreamWriter] = set()
    most: list[int] = []

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        now.add(writer)
        most.append(len(now))
        await asyncio.sleep(1)
        now.discard(writer)
        await script(b"554 no\r\n", Do.READ_LINE, b"221 bye\r\n")(reader, writer)

    evidence = collected(fixed(*smtp_questions(7)), handler=handler)
    assert outcomes(evidence) == {Outcome.FOUND: 7}
    assert max(most) == CONNECTIONS_PER_MAIL_SERVER_MAX


def test_silent_servers_do_not_hold_up_dns() -> None:
    addresses = [f"192.0.2.{number}" for number in range(100)]
    order: list[tuple[Question, Answer | None]] = []

    async def scenario() -> None:
        async with dns_server(zone) as resolver, stream_server(script(Do.HANG)) as mail:
            asking = Asking((resolver,), connect_to={(address, 25): mail for address in addresses})
            wanted = fixed(*(Question(Kind.SMTP, "mx.example.com", one) for one in addresses), MX)
            await collected_by(asking, wanted, progress=lambda *step: order.append(step))

    run(scenario())
    answered = [question for question, answer in order if answer is not None]
    assert answered[0] == MX


def test_a_mistake_of_ours_is_raised_and_leaves_nothing_running() -> None:
    def wanted(evidence: Evidence) -> Iterable[Question]:
        if evidence.answers:
            raise KeyError("ours")
        return [MX, *smtp_questions(2)]

    async def scenario() -> set[asyncio.Task[object]]:
        async with dns_server(zone) as resolver, stream_server(script(Do.HANG)) as mail:
            asking = Asking((resolver,), connect_to={(ADDRESS, 25): mail})
            with pytest.raises(ExceptionGroup) as caught:
                await collected_by(asking, wanted)
            assert caught.value.subgroup(KeyError) is not None
        return asyncio.all_tasks()

    assert len(run(scenario())) == 1


def test_a_cancelled_loop_leaves_no_task_and_no_connection() -> None:
    ended: list[bytes] = []

    async def scenario() -> int:
        reached = asyncio.Event()
        gone = asyncio.Event()

        async def handler(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
            reached.set()
            ended.append(await reader.read())
            gone.set()

        async with dns_server(silent) as resolver, stream_server(handler) as mail:
            asking = Asking((resolver,), connect_to={(ADDRESS, 25): mail})
            before = len(asyncio.all_tasks())
            task = asyncio.create_task(collected_by(asking, fixed(MX, *smtp_questions(1))))
            await reached.wait()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert task.cancelled()
            await gone.wait()
            return len(asyncio.all_tasks()) - before

    assert run(scenario()) == 0
    assert ended == [b""]


def test_no_resolver_leaves_everything_unasked() -> None:
    evidence = run(collected_by(Asking(()), walk))
    assert outcomes(evidence) == {Outcome.UNASKED: 1}


def test_a_resolver_that_does_not_run_is_seen_as_such() -> None:
    async def scenario() -> Evidence:
        async with dns_server(zone) as peer:
            gone = Peer(peer.address, peer.port)
        return await collected_by(Asking((gone,)), walk)

    assert outcomes(run(scenario())) == {Outcome.REFUSED: 1}
