"""Who shares a socket with whom, and that no question is disturbed by what happens to another."""

import asyncio
from collections.abc import Iterable
from contextlib import AsyncExitStack

import msgspec
import pytest

from mxproof.evidence import Outcome
from mxproof.net.asking import Peer
from mxproof.net.dns.query import Fit
from mxproof.net.dns.udp import (
    SHARED_MAX,
    STRANGER_PART,
    WAITING_MAX,
    DatagramSockets,
)
from mxproof.net.stream import StreamError
from support_clock import run
from support_dns import open_files, reply
from support_udp import LATE_S, asked, other_letters, prompt, put, resolver, silent


async def outcome(task: asyncio.Task[tuple[bytes, Fit]]) -> Outcome:
    try:
        await task
    except StreamError as error:
        return error.outcome
    except TimeoutError:
        return Outcome.TIMEOUT
    return Outcome.FOUND


def test_questions_to_a_resolver_on_loopback_share_a_port() -> None:
    async def scenario() -> list[int]:
        async with resolver(prompt) as server:
            with DatagramSockets() as sockets:
                for number in range(5):
                    pair = asked(2 * number), asked(2 * number + 1)
                    got = await asyncio.gather(*(put(sockets, server.peer, one) for one in pair))
                    assert got == [(reply(one.wire), Fit.YES) for one in pair]
            return server.ports()

    ports = run(scenario())
    assert (len(ports), len(set(ports))) == (10, 1)


def test_questions_to_any_other_resolver_have_a_port_each() -> None:
    """0.0.0.0 is no loopback address, although the system leads it to this machine."""

    async def scenario() -> list[int]:
        async with resolver(prompt) as server:
            way = Peer("0.0.0.0", server.peer.port)
            before = open_files()
            with DatagramSockets() as sockets:
                await asyncio.gather(*(put(sockets, way, asked(number)) for number in range(5)))
                assert open_files() == before
            return server.ports()

    assert len(set(run(scenario()))) == 5


def test_questions_with_one_id_have_a_port_each_and_their_own_answers() -> None:
    async def scenario() -> None:
        async with resolver(prompt) as server:
            first, second = asked(1), asked(2)
            second = msgspec.structs.replace(second, wire=first.wire[:2] + second.wire[2:])
            with DatagramSockets() as sockets:
                got = await asyncio.gather(*(put(sockets, server.peer, one) for one in (first, second)))
                assert got == [(reply(one.wire), Fit.YES) for one in (first, second)]
                await put(sockets, server.peer, asked(3))
            first_port, second_port, third_port = server.ports()
            assert first_port == third_port != second_port

    run(scenario())


def test_a_socket_is_shared_by_no_more_than_its_buffer_has_room_for() -> None:
    async def scenario() -> list[int]:
        async with resolver(silent) as server:
            before = open_files()
            with DatagramSockets() as sockets:
                waiting = [put(sockets, server.peer, asked(number)) for number in range(2 * WAITING_MAX)]
                await server.reached(len(waiting))
                for wire, port in server.seen:
                    server.answer(wire, port)
                assert {await outcome(one) for one in waiting} == {Outcome.FOUND}
                assert open_files() == before + 1
            return server.ports()

    assert len(set(run(scenario()))) == 2


def test_late_answers_are_neither_taken_nor_counted_as_strays() -> None:
    faults: list[dict[str, object]] = []

    async def scenario() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: faults.append(context))
        async with resolver(silent) as server:
            with DatagramSockets() as sockets:
                patient = put(sockets, server.peer, asked(0), LATE_S)
                others = [put(sockets, server.peer, asked(number)) for number in range(1, 32)]
                assert {await outcome(one) for one in others} == {Outcome.TIMEOUT}
                assert len(set(server.ports())) == 1
                for wire, port in reversed(server.seen):
                    server.answer(wire, port)
                assert await patient == (reply(server.seen[0][0]), Fit.YES)

    run(scenario())
    assert faults == []


def test_after_silence_the_next_question_has_a_new_port() -> None:
    async def scenario() -> list[int]:
        async with resolver(silent) as server:
            before = open_files()
            with DatagramSockets() as sockets:
                for number in range(3):
                    assert await outcome(put(sockets, server.peer, asked(number))) == Outcome.TIMEOUT
                    assert open_files() == before
            return server.ports()

    assert len(set(run(scenario()))) == 3


def test_all_who_wait_learn_that_the_resolver_is_gone_and_find_it_when_it_is_back() -> None:
    async def scenario() -> None:
        with DatagramSockets() as sockets:
            async with resolver(silent) as server:
                waiting = [put(sockets, server.peer, asked(number), LATE_S) for number in range(3)]
                await server.reached(3)
            waiting += [put(sockets, server.peer, asked(number), LATE_S) for number in range(3, 5)]
            assert [await outcome(one) for one in waiting] == [Outcome.REFUSED] * 5
            async with resolver(prompt, server.peer.port):
                assert await outcome(put(sockets, server.peer, asked(5))) == Outcome.FOUND

    run(scenario())


def forged(wire: bytes) -> Iterable[bytes]:
    """Yield datagrams that answer nothing: with other IDs, another question, no header, and the query itself."""
    good = reply(wire)
    for number in range(100):
        yield ((int.from_bytes(good[:2], "big") + 1000 + number) & 0xFFFF).to_bytes(2, "big") + good[2:]
    yield good[:12] + good[12:].replace(good[12:20], b"\7another")
    yield wire
    yield good[:11]
    yield b""


def test_strays_cost_neither_the_question_they_were_meant_for_nor_those_beside_it_anything() -> None:
    async def scenario() -> tuple[set[Outcome], list[int]]:
        async with resolver(lambda wire: forged(wire) if wire[:2] == b"\0\0" else [reply(wire)]) as server:
            with DatagramSockets() as sockets:
                attacked = put(sockets, server.peer, asked(0), LATE_S)
                beside = [put(sockets, server.peer, asked(number), LATE_S) for number in range(1, 20)]
                ends = {await outcome(one) for one in beside}
                server.answer(*server.seen[0])
                assert await outcome(attacked) is Outcome.FOUND
                assert await outcome(put(sockets, server.peer, asked(20))) is Outcome.FOUND
            return ends, server.ports()

    ends, ports = run(scenario())
    assert (ends, len(set(ports[:20])), ports[20] != ports[0]) == ({Outcome.FOUND}, 1, True)


def test_an_answer_in_our_letters_is_taken_before_one_in_others() -> None:
    async def scenario() -> tuple[bytes, Fit]:
        async with resolver(lambda wire: [other_letters(wire), other_letters(wire), reply(wire)]) as server:
            with DatagramSockets() as sockets:
                return await put(sockets, server.peer, asked())

    assert run(scenario())[1] is Fit.YES


def test_an_answer_in_other_letters_is_no_silence_whatever_the_habit_of_the_server() -> None:
    letters = [True]

    def respond(wire: bytes) -> Iterable[bytes]:
        return [reply(wire) if letters else other_letters(wire)]

    async def scenario() -> list[Fit]:
        async with resolver(respond) as server:
            with DatagramSockets() as stranger:
                letters.clear()
                fits = [(await put(stranger, server.peer, asked()))[1]]
            with DatagramSockets() as keeper:
                letters.append(True)
                fits.append((await put(keeper, server.peer, asked()))[1])
                letters.clear()
                fits.append((await put(keeper, server.peer, asked()))[1])
            return fits

    assert run(scenario()) == [Fit.LETTERS, Fit.YES, Fit.LETTERS]


def test_who_is_known_to_change_the_letters_is_taken_at_once() -> None:
    async def scenario() -> float:
        async with resolver(lambda wire: [other_letters(wire)]) as server:
            with DatagramSockets() as sockets:
                loop = asyncio.get_running_loop()
                sockets.habits.saw_letters(server.peer, loop.time(), kept=False)
                begun = loop.time()
                assert (await put(sockets, server.peer, asked(), LATE_S))[1] is Fit.LETTERS
                return loop.time() - begun

    assert run(scenario()) < LATE_S * STRANGER_PART


def test_an_error_without_a_question_gives_way_to_an_answer() -> None:
    def respond(wire: bytes) -> Iterable[bytes]:
        return [wire[:2] + b"\x80\x02" + bytes(8), reply(wire)]

    async def scenario() -> Fit:
        async with resolver(respond) as server:
            with DatagramSockets() as sockets:
                return (await put(sockets, server.peer, asked()))[1]

    assert run(scenario()) is Fit.YES


def test_a_cancelled_question_leaves_no_socket_and_those_beside_it_their_answers() -> None:
    async def scenario() -> None:
        async with resolver(silent) as server:
            before = open_files()
            with DatagramSockets() as sockets:
                cancelled, kept = (put(sockets, server.peer, asked(number), LATE_S) for number in range(2))
                await server.reached(2)
                cancelled.cancel()
                for wire, port in server.seen:
                    server.answer(wire, port)
                assert await outcome(kept) == Outcome.FOUND
                with pytest.raises(asyncio.CancelledError):
                    await cancelled
                assert open_files() == before

    run(scenario())


def test_lines_are_closed_at_their_end() -> None:
    async def scenario() -> None:
        async with resolver(prompt) as server:
            before = open_files()
            with DatagramSockets() as sockets:
                await put(sockets, server.peer, asked())
                assert open_files() == before + 1
            assert open_files() == before

    run(scenario())


def test_a_way_that_the_system_has_not_is_unreachable() -> None:
    async def scenario() -> int:
        before = open_files()
        with DatagramSockets() as sockets, pytest.raises(PermissionError):
            await put(sockets, Peer("255.255.255.255", 53), asked())  # broadcast is not permitted unasked
        return open_files() - before

    assert run(scenario()) == 0


def test_only_so_many_shared_sockets_are_kept_open() -> None:
    """Name servers may claim any loopback address."""

    async def scenario() -> tuple[list[int], int]:
        async with AsyncExitStack() as stack:
            servers = [await stack.enter_async_context(resolver(prompt)) for _ in range(SHARED_MAX + 3)]
            before, counts = open_files(), []
            with DatagramSockets() as sockets:
                for number, server in enumerate(servers):
                    await put(sockets, server.peer, asked(number))
                    counts.append(open_files() - before)
            return counts, open_files() - before

    assert run(scenario()) == ([*range(1, SHARED_MAX + 1), *[SHARED_MAX] * 3], 0)
