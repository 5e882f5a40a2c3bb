"""What the habits of a server, and what came from it before, make of what comes from it next."""

import asyncio
from collections.abc import Iterable

import pytest

from mxproof.net.dns.query import Fit
from mxproof.net.dns.udp import KEEPER_PART, STRANGER_PART, STRAYS_MAX, DatagramSockets
from support_clock import run
from support_dns import reply
from support_udp import LATE_S, asked, other_letters, prompt, put, resolver

ERROR = b"\x80\x02" + bytes(8)
"""What stands behind the ID of an error without a question."""


@pytest.mark.parametrize(
    ("keeps", "letters", "part"),
    [
        (None, True, STRANGER_PART),
        (True, True, KEEPER_PART),
        (False, True, 0),
        (None, False, STRANGER_PART),
        (True, False, STRANGER_PART),
        (False, False, STRANGER_PART),
    ],
)
def test_what_fits_but_for_something_waits_as_long_as_the_habit_of_the_server_gives_reason_to(
    keeps: bool | None, letters: bool, part: float
) -> None:
    """Nothing that comes meanwhile has it wait longer, and of two that are as good the first counts."""

    def respond(wire: bytes) -> Iterable[bytes]:
        if not letters:
            return [wire[:2] + ERROR, wire[:2] + ERROR + b"\0"]
        changed = other_letters(wire)
        return [changed, wire[:2] + ERROR, changed + b"\0"]

    async def scenario() -> tuple[float, bytes, bytes]:
        async with resolver(respond) as server:
            with DatagramSockets() as sockets:
                if keeps is not None:
                    sockets.habits.saw_letters(server.peer, sockets.now(), kept=keeps)
                begun = sockets.now()
                wire, fit = await put(sockets, server.peer, asked(), LATE_S)
                assert fit is (Fit.LETTERS if letters else Fit.UNASKED)
                habit = sockets.habits.keeps_letters(server.peer, sockets.now())
                assert habit is keeps
                ((query_wire, _),) = server.seen
                return sockets.now() - begun, wire, next(iter(respond(query_wire)))

    waited_s, wire, first = run(scenario(), patience_s=0)
    assert waited_s == pytest.approx(LATE_S * part, abs=0.01)
    assert wire == first


def test_strays_count_in_a_row_alone() -> None:
    """Whoever gets a right answer between them keeps its port, and the server is not known to send any."""

    async def scenario(in_a_row: int) -> tuple[int, bool]:
        def strayed(wire: bytes) -> Iterable[bytes]:
            return [*[b"\xff\xff" + bytes(10)] * in_a_row, reply(wire)]

        async with resolver(strayed) as server:
            with DatagramSockets() as sockets:
                for number in range(3):
                    await put(sockets, server.peer, asked(number))
                return len(set(server.ports())), sockets.habits.sends_strays(server.peer, sockets.now())

    assert run(scenario(STRAYS_MAX - 1), patience_s=0) == (1, False)
    assert run(scenario(STRAYS_MAX), patience_s=0) == (3, True)


def test_who_keeps_the_letters_again_is_known_for_it_at_once() -> None:
    async def scenario() -> tuple[bool | None, float]:
        async with resolver(lambda wire: [other_letters(wire), reply(wire)]) as server:
            with DatagramSockets() as sockets:
                sockets.habits.saw_letters(server.peer, sockets.now() - 1, kept=False)
                assert (await put(sockets, server.peer, asked(0)))[1] is Fit.LETTERS
                server.respond = prompt
                assert (await put(sockets, server.peer, asked(1)))[1] is Fit.YES
                server.respond = lambda wire: [other_letters(wire)]
                begun = sockets.now()
                assert (await put(sockets, server.peer, asked(2), LATE_S))[1] is Fit.LETTERS
                return sockets.habits.keeps_letters(server.peer, sockets.now()), sockets.now() - begun

    keeps, waited_s = run(scenario(), patience_s=0)
    assert keeps is True
    assert waited_s == pytest.approx(LATE_S * KEEPER_PART, abs=0.01)


def test_who_waited_for_something_better_and_got_it_is_told_nothing_more() -> None:
    """Neither when the time for something better ends, nor when it comes once more."""

    def better(wire: bytes) -> Iterable[bytes]:
        return [wire[:2] + ERROR, other_letters(wire), reply(wire), reply(wire)]

    async def scenario() -> tuple[bytes, list[object]]:
        faults: list[object] = []
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: faults.append(context))
        async with resolver(better) as server:
            with DatagramSockets() as sockets:
                wire, fit = await put(sockets, server.peer, asked(), LATE_S)
                assert fit is Fit.YES
                await asyncio.sleep(2 * LATE_S)
                assert (await put(sockets, server.peer, asked(1), LATE_S))[1] is Fit.YES
        return wire, faults

    wire, faults = run(scenario(), patience_s=0)
    assert (wire.startswith(asked().wire[:2]), faults) == (True, [])
