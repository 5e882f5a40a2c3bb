"""One asker for many domains: its limits hold across them, and its sockets are gone when it is."""

import asyncio
from collections.abc import Iterable

import dns.flags
import pytest

from mxproof.evidence import DnsData, Evidence, HelloData, Kind, Outcome, Question, SmtpData
from mxproof.formats.tls_offer import Offer
from mxproof.net.asker import Asker
from mxproof.net.asking import Asking
from mxproof.net.collect import collect
from mxproof.net.pacing import CONNECTIONS_PER_MAIL_SERVER_MAX
from mxproof.net.shared_answers import SharedAnswers
from mxproof.survey.together import Wanted
from support_clock import run
from support_dns import dns_server, open_files, reply
from support_stream import Do, script, stream_server

DOMAINS = ("one.example", "two.example", "three.example")
ADDRESS = "192.0.2.25"
SLOW = "192.0.2.26"


def found(wire: bytes, _transport: str) -> Iterable[bytes]:
    return [reply(wire, "one.example. 300 IN MX 10 mx.one.example.", flags=dns.flags.AD)]


def fixed(*questions: Question) -> Wanted:
    return lambda _evidence: questions


def at(address: str, count: int, domain: str = "example.com") -> list[Question]:
    return [Question(Kind.SMTP, f"mx{number}.{domain}", address) for number in range(count)]


def outcomes(evidence: Evidence) -> set[Outcome]:
    return {answer.outcome for answer in evidence.answers.values()}


def test_a_mail_server_of_many_domains_is_asked_by_two_at_once() -> None:
    under_way: set[asyncio.StreamWriter] = set()
    most: list[int] = []

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        under_way.add(writer)
        most.append(len(under_way))
        await asyncio.sleep(1)
        under_way.discard(writer)
        await script(b"554 no\r\n", Do.READ_LINE, b"221 bye\r\n")(reader, writer)

    async def scenario() -> list[Evidence]:
        async with stream_server(handler) as mail:
            with Asker(Asking((), connect_to={(ADDRESS, 25): mail}, trust_ad=False)) as asker:
                runs = (collect(one, asker, fixed(*at(ADDRESS, 2, one))) for one in DOMAINS)
                return await asyncio.gather(*runs)

    assert [outcomes(evidence) for evidence in run(scenario())] == [{Outcome.FOUND}] * len(DOMAINS)
    assert max(most) == CONNECTIONS_PER_MAIL_SERVER_MAX


def test_a_domain_of_slow_servers_does_not_hold_up_another_one() -> None:
    slow = [f"192.0.2.{number}" for number in range(100)]

    async def scenario() -> Outcome:
        async with stream_server(script(Do.HANG)) as tarpit, stream_server(script(b"554 no\r\n")) as mail:
            detours = {(one, 25): tarpit for one in slow} | {("198.51.100.1", 25): mail}
            with Asker(Asking((), connect_to=detours, trust_ad=False)) as asker:
                tar = fixed(*(question for one in slow for question in at(one, 2)))
                first = asyncio.create_task(collect("slow.example", asker, tar))
                await asyncio.sleep(0.01)
                (question,) = at("198.51.100.1", 1)
                evidence = await collect("quick.example", asker, fixed(question))
                assert not first.done()
                first.cancel()
                await asyncio.gather(first, return_exceptions=True)
                return evidence.answer(question).outcome

    assert run(scenario()) is Outcome.FOUND


def test_its_sockets_outlive_a_domain_and_go_with_it() -> None:
    async def scenario() -> list[int]:
        async with dns_server(found) as resolver:
            counts = [open_files()]
            with Asker(Asking((resolver,), trust_ad=True)) as asker:
                for domain in DOMAINS:
                    await collect(domain, asker, fixed(Question(Kind.MX, domain)))
                    counts.append(open_files())
            return [*counts, open_files()]

    before, *after = run(scenario())
    assert [count - before for count in after] == [1, 1, 1, 0]


def test_other_options_leave_limits_and_sockets_in_common() -> None:
    """As after a reload of the daemon: what is asked now knows of what was asked before."""

    async def scenario() -> list[bool]:
        async with stream_server(script(Do.HANG)) as mail:
            detours = {(ADDRESS, 25): mail}
            with Asker(Asking((), connect_to=detours, trust_ad=False)) as asker:
                begun: list[Question] = []
                other = asker.with_options(Asking((), connect_to=detours, trust_ad=True))
                questions = at(ADDRESS, CONNECTIONS_PER_MAIL_SERVER_MAX + 1)
                tasks = [
                    asyncio.create_task(one.ask(question, one.share(), begun.append))
                    for one, question in zip((asker, other, asker), questions, strict=True)
                ]
                await asyncio.sleep(0.01)
                assert await other.validates(other.share()) == (True, "declared trusted")
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                return [question in begun for question in questions]

    assert run(scenario()) == [True, True, False]


@pytest.mark.parametrize(("of", "asked"), [(None, 1), (Kind.MX, 1), (Kind.A, 2)])
def test_what_is_not_to_be_shared_is_asked_each_time(of: Kind | None, asked: int) -> None:
    heard: list[bytes] = []

    def note(wire: bytes, transport: str) -> Iterable[bytes]:
        heard.append(wire)
        return found(wire, transport)

    async def scenario() -> None:
        async with dns_server(note) as resolver:
            asking = Asking((resolver,), trust_ad=True)
            shared = SharedAnswers(of=None if of is None else lambda question: question.kind is of)
            with Asker(asking) as owner:
                asker = owner.with_options(asking, shared)
                for _ in range(2):
                    answer = await asker.ask(Question(Kind.MX, "one.example"), asker.share())
                    assert answer.outcome is Outcome.FOUND

    run(scenario())
    assert len(heard) == asked


@pytest.mark.parametrize("shared", [None, Kind.A], ids=["nothing is shared", "other questions are"])
def test_who_gives_way_waits_for_a_turn_before_each_question_that_is_not_shared(shared: Kind | None) -> None:
    happened: list[str] = []

    def note(wire: bytes, transport: str) -> Iterable[bytes]:
        happened.append("asked")
        return found(wire, transport)

    async def turn() -> None:
        happened.append("turn")

    async def scenario() -> None:
        async with dns_server(note) as resolver:
            asking = Asking((resolver,), trust_ad=True)
            answers = None if shared is None else SharedAnswers(of=lambda question: question.kind is shared)
            with Asker(asking) as owner:
                asker = owner.with_options(asking, answers).giving_way(turn)
                for _ in range(2):
                    answer = await asker.ask(Question(Kind.MX, "one.example"), asker.share())
                    assert answer.outcome is Outcome.FOUND

    run(scenario())
    assert happened == ["turn", "asked"] * 2


def test_answers_are_gathered_where_all_are_shared_and_not_where_somebody_waits_for_one_domain() -> None:
    some = SharedAnswers(of=lambda question: question.kind is Kind.MX)
    with Asker(Asking(())) as asker:
        shared = (None, some, SharedAnswers())
        assert [asker.with_options(asker.asking, one).gathers for one in shared] == [False, False, True]


def test_a_progress_that_fails_gives_its_slot_back() -> None:
    """A mistake of ours in what is told of a question may not use up a mail server for all that come behind it."""

    def fail(_question: Question) -> None:
        raise KeyError("ours")

    async def scenario() -> Outcome:
        async with stream_server(script(b"554 no\r\n")) as mail:
            with Asker(Asking((), connect_to={(ADDRESS, 25): mail}, trust_ad=False)) as asker:
                share = asker.share()
                *failing, last = at(ADDRESS, CONNECTIONS_PER_MAIL_SERVER_MAX + 1)
                for question in failing:
                    with pytest.raises(KeyError):
                        await asker.ask(question, share, fail)
                async with asyncio.timeout(100):
                    return (await asker.ask(last, share)).outcome

    assert run(scenario()) is Outcome.FOUND


def test_what_nobody_connects_to_costs_no_turn_and_no_place_among_the_answers() -> None:
    happened: list[str] = []

    async def turn() -> None:
        happened.append("turn")

    async def scenario() -> tuple[set[Outcome], int]:
        async with stream_server(script(b"554 no\r\n")) as mail:
            private = Question(Kind.SMTP, "mx.example.com", "10.0.0.1")
            server = Question(Kind.MX, "example.com", server="10.0.0.1")
            shared = SharedAnswers()
            with Asker(Asking((), connect_to={("10.0.0.1", 25): mail}), shared) as owner:
                asker = owner.giving_way(turn)
                answers = [
                    await asking
                    for question in (private, server)
                    for asking in (
                        owner.ask(question, owner.share(), lambda question: happened.append(question.name)),
                        asker.ask(question, asker.share(), lambda question: happened.append(question.name)),
                        asker.ask_now(question),
                    )
                ]
            return {answer.outcome for answer in answers}, len(shared)

    outcomes_of_all, held = run(scenario())
    assert (outcomes_of_all, held, happened) == ({Outcome.UNASKED}, 0, [])


def test_who_keeps_limits_of_their_own_is_answered_at_once_and_shares_nothing() -> None:
    async def scenario() -> list[Outcome]:
        async with stream_server(script(b"554 no\r\n")) as mail, stream_server(script(Do.HANG)) as slow:
            detours = {(ADDRESS, 25): mail, (SLOW, 25): slow}
            shared = SharedAnswers()
            with Asker(Asking((), connect_to=detours, trust_ad=False), shared) as asker:
                share = asker.share()
                waiting = [asyncio.ensure_future(asker.ask(one, share)) for one in at(SLOW, 3)]
                await asyncio.sleep(0.01)
                got = [(await asker.ask_now(one)).outcome for one in (*at(ADDRESS, 2), *at(ADDRESS, 1))]
                assert len(shared) == 0
                for one in waiting:
                    one.cancel()
                await asyncio.gather(*waiting, return_exceptions=True)
                return got

    assert run(scenario()) == [Outcome.FOUND] * 3


def test_each_kind_of_question_is_put_to_those_who_can_answer_it() -> None:
    async def scenario() -> list[tuple[Outcome, type | None]]:
        async with (
            dns_server(found) as resolver,
            stream_server(script(b"554 no\r\n")) as mail,
            stream_server(script(b"554 no\r\n")) as web,
        ):
            detours = {(ADDRESS, 25): mail, (ADDRESS, 443): web, ("192.0.2.53", 53): resolver}
            questions = (
                Question(Kind.SMTP, "mx.example.com", ADDRESS),
                Question(Kind.TLS, "mx.example.com", ADDRESS, offer=Offer.TLS_1_2),
                Question(Kind.POLICY, "mta-sts.example.com", ADDRESS),
                Question(Kind.MX, "one.example"),
                Question(Kind.MX, "one.example", server="192.0.2.53"),
            )
            with Asker(Asking((resolver,), connect_to=detours, trust_ad=False)) as asker:
                answers = [await asker.ask(one, asker.share()) for one in questions]
        return [(one.outcome, None if one.data is None else type(one.data)) for one in answers]

    assert run(scenario()) == [
        (Outcome.FOUND, SmtpData),
        (Outcome.FOUND, HelloData),
        (Outcome.TLS_FAILED, None),
        (Outcome.FOUND, DnsData),
        (Outcome.FOUND, DnsData),
    ]
