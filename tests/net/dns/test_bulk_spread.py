"""Many questions over several resolvers and ports: who gets which, what a limit leaves waiting, and what fails on the way."""

import asyncio
from collections.abc import Iterable

import pytest

from mxproof.evidence import Answer, Edns, Kind, Outcome, Question, Transport
from mxproof.net.asking import Asking, Peer
from mxproof.net.dns import bulk
from mxproof.net.dns.bulk import RESENT_AFTER_S, BulkLookups
from mxproof.net.dns.bulk_port import BulkQuestion
from mxproof.net.dns.udp import STRAYS_MAX
from support_bulk import Care, Resolver, found, is_root, questions, resolver
from support_clock import run

TICKS_S = 0.3
Told = list[tuple[Question, Answer | Exception]]


def at_root(wire: bytes) -> Iterable[bytes]:
    return found(wire) if is_root(wire) else []


def asked(server: Resolver) -> list[str]:
    return [wire[1 : 1 + wire[0]].decode() for wire in server.asked if wire[0]]


def test_the_resolver_that_has_most_room_is_asked_first() -> None:
    """So that two are asked alike, though the first could take all."""

    async def scenario() -> list[list[str]]:
        async with resolver(at_root) as one, resolver(at_root) as other:
            with BulkLookups(Asking((one.peer, other.peer)), 64, Care()) as lookups:
                for several in (questions(20), questions(40)[20:]):
                    for each in several:
                        lookups.put(each, lambda *_: None)
                    await asyncio.sleep(TICKS_S / 3)
                return [asked(one), asked(other)]

    names = [f"d{number}" for number in range(40)]
    assert run(scenario(), patience_s=0) == [names[:20], names[20:]]


def test_a_resolver_is_asked_where_it_is_to_be_reached_and_once_where_two_are_reached_there() -> None:
    async def scenario() -> tuple[list[Answer], list[str]]:
        async with resolver() as server:
            peers = Peer("192.0.2.53", 53), Peer("192.0.2.54", 53)
            asking = Asking(peers, connect_to=dict.fromkeys(peers, server.peer))
            with BulkLookups(asking, 2, Care()) as lookups:
                for one in questions(6):
                    lookups.put(one, lambda *_: None)
                await asyncio.sleep(0)
                await asyncio.sleep(0)
                under_way = sum(len(port.asked) for way in lookups._ways for port in way._ports)
                assert under_way <= 2
                return list(await asyncio.gather(*map(lookups.ask, questions(3)))), asked(server)

    answers, names = run(scenario(), patience_s=0)
    assert [one.outcome for one in answers] == [Outcome.FOUND] * 3
    assert names[:6] == [f"d{number}" for number in range(6)]


@pytest.mark.parametrize(
    ("changed", "taken"),
    [
        ({}, True),
        ({"transport": Transport.UDP}, False),
        ({"transport": Transport.TCP}, False),
        ({"edns": Edns.SIGNED}, False),
        ({"edns": Edns.ONLY}, False),
        ({"server": "192.0.2.53"}, False),
    ],
)
def test_only_usual_questions_to_the_resolvers_are_taken(changed: dict[str, str], taken: bool) -> None:
    question = Question(
        Kind.MX,
        "example.com",
        server=changed.get("server", ""),
        transport=Transport(changed.get("transport", Transport.ANY)),
        edns=Edns(changed.get("edns", Edns.USUAL)),
    )
    assert BulkLookups.takes(question) is taken


def test_what_is_under_way_over_a_port_that_somebody_knows_is_asked_anew_over_another() -> None:
    """And before what waits: it is answered as if it had been asked first there, with all its sendings."""
    told: Told = []

    async def scenario() -> tuple[list[str], int]:
        async with resolver(at_root) as server:

            def flooded(wire: bytes) -> Iterable[bytes]:
                server.respond = at_root
                return [b"\0" * 12] * STRAYS_MAX

            with BulkLookups(Asking((server.peer,)), 4, Care()) as lookups:
                lookups.put(questions(1)[0], lambda *it: told.append(it))
                await asyncio.sleep(TICKS_S / 3)
                server.respond = flooded
                lookups.put(questions(2)[1], lambda *it: told.append(it))
                await asyncio.sleep(TICKS_S / 3)
                server.respond = found
                server.asked.clear()
                lookups.put(questions(3)[2], lambda *it: told.append(it))
                await asyncio.sleep(TICKS_S)
                return asked(server), len(server.ports)

    names, ports = run(scenario(), patience_s=0)
    assert ports == 2
    assert sorted(names) == ["d0", "d1", "d2"]
    attempts = {question.name: one.attempts for question, one in told if isinstance(one, Answer)}
    assert attempts == {"d0.example": 2, "d1.example": 2, "d2.example": 1}
    assert len(told) == 3


def test_where_as_many_are_slow_as_may_be_no_other_is_asked_until_one_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bulk, "SLOW_MAX", 4)

    async def scenario() -> tuple[list[str], int]:
        async with resolver(at_root) as server:
            with BulkLookups(Asking((server.peer,), timeout_s=30), 8, Care()) as lookups:
                answers = [lookups.ask(one) for one in questions(20)]
                await asyncio.sleep(RESENT_AFTER_S + 3 * TICKS_S)
                names = asked(server)
                server.respond = found
                await asyncio.gather(*answers)
                return names, len(asked(server))

    names, at_last = run(scenario(), patience_s=0)
    assert names == [f"d{number}" for number in range(8)]
    assert at_last == 20


def test_an_error_on_the_way_of_the_careful_look_up_is_told_to_who_waits() -> None:
    told: Told = []
    error = OSError("no file is left")

    async def careful(_question: Question, _within_s: float) -> Answer:
        raise error

    async def scenario() -> None:
        with BulkLookups(Asking(()), 8, careful) as lookups:
            lookups.put(questions(1)[0], lambda *it: told.append(it))
            assert told == []
            await asyncio.sleep(TICKS_S)

    run(scenario(), patience_s=0)
    assert told == [(questions(1)[0], error)]


def test_who_looks_up_with_care_has_some_time_in_any_case() -> None:
    care = Care()

    async def scenario() -> list[float]:
        with BulkLookups(Asking((), timeout_s=9), 8, care) as lookups:
            for spent_s in (0.0, 2.0, 100.0):
                question = questions(1)[0]
                lookups.look_up_with_care(BulkQuestion(question, lambda *_: None, b"", spent_s=spent_s))
            await asyncio.sleep(TICKS_S)
        return care.within_s

    assert run(scenario(), patience_s=0) == [9.0, 7.0, 3.0]
