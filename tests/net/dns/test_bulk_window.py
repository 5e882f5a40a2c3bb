"""How many questions a resolver is asked at once, since when it is silent, and what an odd moment leaves of both."""

import asyncio
import errno
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import pairwise

import dns.flags
import pytest

from mxproof.evidence import Answer, Outcome, Question
from mxproof.net.asking import Asking, Peer
from mxproof.net.dns import bulk
from mxproof.net.dns.bulk import (
    ROOT_ASKED_EACH_S,
    SILENT_S,
    WINDOW_FIRST,
    WINDOW_KEPT,
    WINDOW_MIN,
    BulkLookups,
    ResolversAwayError,
)
from mxproof.net.dns.bulk_port import PROMPT_S, BulkPort, PortOwner
from mxproof.net.dns.udp import STRAYS_MAX
from mxproof.net.stream import StreamError
from support_bulk import AT, Care, found, is_root, questions, resolver
from support_clock import passed_s, run
from support_dns import reply

NOBODY = Peer("127.0.0.1", 9)
LATER_S = 2 * PROMPT_S
Told = list[tuple[Question, Answer | Exception]]


@contextmanager
def one_way(window: int) -> Iterator[bulk._BulkResolver]:
    with BulkLookups(Asking((NOBODY,)), window, Care()) as lookups:
        yield lookups._ways[0]


def away_since(way: bulk._BulkResolver) -> float | None:
    return way.away_since


@pytest.mark.parametrize("most", [1, 2, WINDOW_MIN, WINDOW_FIRST, 100])
def test_the_window_grows_to_the_most_and_no_loss_takes_all_of_it(most: int) -> None:
    """It doubles until something is lost, keeps a part with each loss, and grows by one a round from there on."""

    async def scenario() -> list[int]:
        with one_way(most) as way:
            rooms = [way.room()]
            for _ in range(2):
                way.received(way.room(), passed_s())
                rooms.append(way.room())
            for number in range(1, 41):
                way.lost(number * LATER_S)
                way.lost(number * LATER_S + PROMPT_S / 2)
                rooms.append(way.room())
            for _ in range(most * 2):
                before = way.room()
                way.received(before, passed_s())
                assert way.room() - before in {0, 1}
            return [*rooms, way.room()]

    first, second, third, once, *others, last = run(scenario(), patience_s=0)
    assert (first, second, third) == tuple(min(most, WINDOW_FIRST * times) for times in (1, 2, 4))
    assert once == max(min(WINDOW_MIN, most), int(third * WINDOW_KEPT))
    assert others[-1] == min(WINDOW_MIN, most)
    assert last == most


def test_who_says_something_for_a_question_is_heard_and_one_that_was_away_begins_anew() -> None:
    async def scenario() -> None:
        with one_way(100) as way:
            way.received(100, passed_s())
            way.away_since = 1.0
            way.received(0, 7.0)
            assert (way.room(), away_since(way)) == (0, 1.0)
            way.received(1, 8.0)
            assert (way.room(), away_since(way), way._heard) == (WINDOW_FIRST + 1, None, 8.0)

    run(scenario(), patience_s=0)


def test_a_refusal_makes_nobody_silent_for_less_long_than_before() -> None:
    async def scenario() -> None:
        with one_way(8) as way:
            now = asyncio.get_running_loop().time()
            for heard, since in ((now, now - SILENT_S), (now - 1, now - SILENT_S), (now - 100, now - 100)):
                way._heard = heard
                way.refused()
                assert way._heard == since

    run(scenario(), patience_s=0)


def test_a_port_that_somebody_knows_serves_on_where_no_other_can_be_had(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is tried again after as many strays as the first time."""
    tried: list[Peer] = []

    def none_left(_way: PortOwner, peer: Peer) -> BulkPort:
        tried.append(peer)
        raise StreamError(Outcome.UNREACHABLE, "no file is left")

    async def scenario() -> list[Answer]:
        async with resolver(lambda _wire: []) as server:
            with BulkLookups(Asking((server.peer,)), 8, Care()) as lookups:
                monkeypatch.setattr(bulk, "BulkPort", none_left)
                port = lookups._ways[0]._ports[0]
                port.strays = STRAYS_MAX
                answers = []
                for number, one in enumerate(questions(3)):
                    answers.append(lookups.ask(one))
                    await asyncio.sleep(0)
                    await asyncio.sleep(0)
                    assert len(port.asked) == number + 1
                assert tried == [server.peer]
                server.respond = found
                return list(await asyncio.gather(*answers))

    assert [one.outcome for one in run(scenario(), patience_s=0)] == [Outcome.FOUND] * 3


def test_who_waits_no_longer_costs_the_others_nothing() -> None:
    async def scenario() -> tuple[list[Answer], list[object]]:
        faults: list[object] = []
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: faults.append(context))
        async with resolver() as server:
            with BulkLookups(Asking((server.peer,)), 8, Care()) as lookups:
                answers = [lookups.ask(one) for one in questions(4)]
                await asyncio.sleep(0)
                await asyncio.sleep(0)
                answers[0].cancel()
                answers[2].cancel()
                return [await answers[1], await answers[3]], faults

    answers, faults = run(scenario(), patience_s=0)
    assert ([one.outcome for one in answers], faults) == ([Outcome.FOUND] * 2, [])


def test_what_was_looked_up_with_care_while_all_was_given_up_is_given_up_as_well() -> None:
    told: Told = []
    away_s, long_s = 10.0, 40.0

    async def careful(_question: Question, _within_s: float) -> Answer:
        await asyncio.sleep(long_s)
        return Answer(Outcome.TIMEOUT, AT)

    def first_cut(wire: bytes) -> Iterable[bytes]:
        return [reply(wire, flags=dns.flags.TC)] if b"\x02d0" in wire else []

    async def scenario() -> None:
        async with resolver(first_cut) as server:
            with BulkLookups(Asking((server.peer,), timeout_s=60), 8, careful, away_s) as lookups:
                for one in questions(2):
                    lookups.put(one, lambda *it: told.append(it))
                await asyncio.sleep(long_s - 1)
                assert [one for one, _ in told] == questions(2)[1:]
                await asyncio.sleep(2)

    run(scenario(), patience_s=0)
    assert [one for one, _ in told] == [*questions(2)[1:], *questions(1)]
    assert {type(one) for _, one in told} == {ResolversAwayError}


def test_a_way_that_was_not_there_before_is_sought_again_where_a_datagram_could_not_be_sent() -> None:
    """A buffer that is full has nobody taken for gone."""

    async def scenario() -> None:
        async with resolver() as server, resolver() as elsewhere:
            with BulkLookups(Asking((server.peer,)), 8, Care()) as lookups:
                way = lookups._ways[0]
                port = way._ports[0]
                port._socket.connect(elsewhere.peer)
                heard = way._heard
                port._unsent(BlockingIOError())
                assert (Peer(*port._socket.getpeername()), way._heard) == (elsewhere.peer, heard)
                port._unsent(OSError(errno.ENETUNREACH, "no way"))
                assert (Peer(*port._socket.getpeername()), way._heard) == (server.peer, heard - SILENT_S)
                assert (await lookups.ask(questions(1)[0])).outcome is Outcome.FOUND

    run(scenario(), patience_s=0)


def test_who_is_asked_about_the_root_alone_and_answers_is_asked_on() -> None:
    """Slow name servers are no fault of the resolver."""
    roots: list[float] = []

    def at_root(wire: bytes) -> Iterable[bytes]:
        if is_root(wire):
            roots.append(passed_s())
            return found(wire)
        return []

    async def scenario() -> None:
        async with resolver(at_root) as server:
            with BulkLookups(Asking((server.peer,), timeout_s=60), 8, Care()) as lookups:
                for one in questions(3):
                    lookups.put(one, lambda *_: None)
                await asyncio.sleep(4 * SILENT_S)
                assert lookups._ways[0].away_since is None

    run(scenario(), patience_s=0)
    assert len(roots) == 3
    assert all(later - earlier > max(SILENT_S, ROOT_ASKED_EACH_S) for earlier, later in pairwise(roots))
