"""Many questions for the resolvers: each answered once, over few sockets, whatever the resolvers do."""

import asyncio
from collections.abc import Iterable, Sequence

import dns.flags
import pytest

from mxproof.evidence import Answer, Kind, Outcome, Question
from mxproof.net.asking import Asking, Peer
from mxproof.net.dns.bulk import (
    AWAY_S_MAX,
    RESENT_AFTER_S,
    ROOT_ASKED_EACH_S,
    SILENT_S,
    WINDOW_FIRST,
    BulkLookups,
    ResolversAwayError,
)
from mxproof.net.dns.udp import STRAYS_MAX, WAITING_MAX
from support_bulk import AT, CAREFUL, Care, found, is_root, questions, resolver
from support_clock import run
from support_dns import reply
from support_long import some

GIVEN_UP_S = 30.0
WINDOW = 256
CARE_S = 4.0


async def answers(
    peers: Sequence[Peer],
    wanted: Sequence[Question],
    care: Care,
    window: int = WINDOW,
    timeout_s: float = 10.0,
    away_s: float = AWAY_S_MAX,
) -> list[Answer]:
    with BulkLookups(Asking(tuple(peers), timeout_s=timeout_s), window, care, away_s) as lookups:
        return list(await asyncio.gather(*map(lookups.ask, wanted)))


def test_every_question_has_its_answer_over_few_sockets() -> None:
    care = Care()

    async def scenario() -> tuple[list[Answer], set[int]]:
        async with resolver() as server:
            got = await answers([server.peer], questions(500), care)
            return got, server.ports

    got, ports = run(scenario(), patience_s=0)
    assert [one.outcome for one in got] == [Outcome.FOUND] * 500
    assert len(ports) == WINDOW // WAITING_MAX
    assert care.asked == []


def test_what_is_cut_short_or_an_error_is_looked_up_with_care() -> None:
    care = Care()

    def cut(wire: bytes) -> Iterable[bytes]:
        return [reply(wire, flags=dns.flags.TC) if b"d1" in wire else reply(wire, rcode=dns.rcode.SERVFAIL)]

    async def scenario() -> list[Answer]:
        async with resolver(cut) as server:
            return await answers([server.peer], questions(3), care)

    got = run(scenario(), patience_s=0)
    assert [one.detail for one in got] == [CAREFUL.detail] * 3
    assert sorted(care.asked) == questions(3)


def test_what_answers_another_question_is_passed_over() -> None:
    care = Care()

    def forged(wire: bytes) -> Iterable[bytes]:
        (true,) = found(wire)
        other_name = reply(wire.replace(b"example", b"exampel"), "d0.exampel. 60 IN A 203.0.113.66")
        return [bytes((true[0] ^ 1,)) + true[1:], other_name, b"", b"\0" * 12, true[:2], true]

    async def scenario() -> list[Answer]:
        async with resolver(forged) as server:
            return await answers([server.peer], questions(40), care)

    got = run(scenario(), patience_s=0)
    assert {str(one.data) for one in got if "203.0.113.66" in str(one.data)} == set()
    assert [one.outcome for one in got] == [Outcome.FOUND] * 40
    assert care.asked == []


def test_a_socket_that_somebody_writes_to_is_left_for_another() -> None:
    def flooded(wire: bytes) -> Iterable[bytes]:
        return [b"\0" * 12] * STRAYS_MAX * 2 if b"d0" in wire else found(wire)

    async def scenario() -> set[int]:
        async with resolver(flooded) as server:
            care = Care()
            with BulkLookups(Asking((server.peer,)), 1, care) as lookups:
                for one in questions(3):
                    await lookups.ask(one)
            assert care.asked == questions(1)
            return server.ports

    assert len(run(scenario(), patience_s=0)) == 2


def test_what_is_lost_is_sent_again() -> None:
    care, seen = Care(), set[bytes]()

    def losing(wire: bytes) -> Iterable[bytes]:
        if wire in seen or len(seen) % 2:
            seen.add(wire)
            return found(wire)
        seen.add(wire)
        return []

    async def scenario() -> list[Answer]:
        async with resolver(losing) as server:
            return await answers([server.peer], questions(200), care)

    got = run(scenario(), patience_s=0)
    assert [one.outcome for one in got] == [Outcome.FOUND] * 200
    assert {one.attempts for one in got} == {1, 2}
    assert all(one.elapsed_ms >= 1000 * RESENT_AFTER_S for one in got if one.attempts == 2)
    assert care.asked == []


def test_no_more_is_under_way_than_the_window_holds() -> None:
    async def scenario() -> int:
        held: list[bytes] = []
        async with resolver(lambda _wire: []) as server:
            with BulkLookups(Asking((server.peer,)), 256, Care()) as lookups:
                for one in questions(500):
                    lookups.put(one, lambda _question, _answer: None)
                await asyncio.sleep(RESENT_AFTER_S / 2)
                held = list(server.asked)
        return len(held)

    assert run(scenario(), patience_s=0) == WINDOW_FIRST


def test_who_is_slow_gives_its_place_to_the_next() -> None:
    care = Care(Answer(Outcome.TIMEOUT, AT))
    wanted = questions(300)
    slow = set(wanted[:100])

    def some_silent(wire: bytes) -> Iterable[bytes]:
        name = str(dns.message.from_wire(wire).question[0].name)
        return [] if Question(Kind.A, name.removesuffix(".")) in slow else found(wire)

    async def scenario() -> list[Answer]:
        async with resolver(some_silent) as server:
            return await answers([server.peer], wanted, care, window=WINDOW_FIRST)

    got = run(scenario(), patience_s=0)
    assert [one.outcome for one in got] == [Outcome.TIMEOUT] * 100 + [Outcome.FOUND] * 200
    assert set(care.asked) == slow


@pytest.mark.parametrize("away_s", some([20.0, 60.0], 2))
def test_a_resolver_that_goes_away_costs_no_answer(away_s: float) -> None:
    care = Care()

    async def scenario() -> list[Answer]:
        async with resolver() as server:
            answered = 0

            def going(wire: bytes) -> Iterable[bytes]:
                nonlocal answered
                answered += 1
                if answered == 50:
                    server.is_there = False
                    asyncio.get_running_loop().call_later(away_s, setattr, server, "is_there", True)
                return found(wire)

            server.respond = going
            return await answers([server.peer], questions(400), care)

    got = run(scenario(), patience_s=0)
    assert [one.outcome for one in got] == [Outcome.FOUND] * 400
    assert care.asked == []


class CareInVain(Care):
    """Stands for the careful look-up while nobody is there: it ends long after, without an answer."""

    async def __call__(self, question: Question, within_s: float) -> Answer:
        await asyncio.sleep(CARE_S)
        return await super().__call__(question, within_s)


@pytest.mark.parametrize(
    ("careful", "told"), [(Outcome.TIMEOUT, Outcome.FOUND), (Outcome.SERVFAIL, Outcome.SERVFAIL)]
)
def test_what_was_looked_up_with_care_in_vain_while_nobody_was_there_is_asked_once_more(
    careful: Outcome, told: Outcome
) -> None:
    care = CareInVain(Answer(careful, AT))

    async def scenario() -> list[Answer]:
        async with resolver() as server:

            def going(wire: bytes) -> Iterable[bytes]:
                server.is_there, server.respond = False, found
                asyncio.get_running_loop().call_later(2 * CARE_S, setattr, server, "is_there", True)
                return [reply(wire, flags=dns.flags.TC)]

            server.respond = going
            return await answers([server.peer], questions(2), care)

    got = run(scenario(), patience_s=0)
    assert care.asked == questions(1)
    assert [one.outcome for one in got] == [told, Outcome.FOUND]


def test_another_resolver_takes_what_one_that_is_away_had() -> None:
    care = Care()

    async def scenario() -> list[Answer]:
        async with resolver() as there, resolver(lambda _wire: []) as gone:
            return await answers([gone.peer, there.peer], questions(200), care, timeout_s=30)

    assert [one.outcome for one in run(scenario(), patience_s=0)] == [Outcome.FOUND] * 200
    assert care.asked == []


def test_where_nobody_comes_back_the_questions_are_given_up() -> None:
    async def scenario() -> float:
        async with resolver(lambda _wire: []) as server:
            began = asyncio.get_running_loop().time()
            with pytest.raises(ResolversAwayError, match="no answer for"):
                await answers([server.peer], questions(3), Care(), timeout_s=30, away_s=GIVEN_UP_S)
            return asyncio.get_running_loop().time() - began

    assert GIVEN_UP_S <= run(scenario(), patience_s=0) < 2 * GIVEN_UP_S


def test_where_nobody_listens_the_questions_are_given_up() -> None:
    async def scenario() -> None:
        async with resolver() as server:
            peer = server.peer
        with pytest.raises(ResolversAwayError):
            await answers([peer], questions(3), Care(), timeout_s=30, away_s=GIVEN_UP_S)

    run(scenario(), patience_s=0)


def test_what_cannot_be_written_is_left_to_the_careful() -> None:
    care = Care()
    long = Question(Kind.A, f"{'a' * 64}.example")

    async def scenario() -> list[Answer]:
        async with resolver() as server:
            return await answers([server.peer], [long], care)

    assert run(scenario(), patience_s=0) == [CAREFUL]
    assert care.asked == [long]


def test_who_was_away_is_asked_as_few_at_once_as_at_first() -> None:
    """What it kept up with before says nothing of what it keeps up with once it is back."""

    async def scenario() -> int:
        async with resolver() as server:
            with BulkLookups(Asking((server.peer,)), 256, Care()) as lookups:
                await asyncio.gather(*map(lookups.ask, questions(300)))
                server.is_there = False
                for one in questions(900)[300:]:
                    lookups.put(one, lambda _question, _answer: None)
                await asyncio.sleep(2 * SILENT_S)
                asked = set[bytes]()

                def root_alone(wire: bytes) -> Iterable[bytes]:
                    if is_root(wire):
                        return found(wire)
                    asked.add(wire[12:])
                    return []

                server.respond, server.is_there = root_alone, True
                await asyncio.sleep(ROOT_ASKED_EACH_S + 0.2)
                return len(asked)

    assert run(scenario(), patience_s=0) == WINDOW_FIRST
