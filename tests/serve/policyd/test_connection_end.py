"""Connections that end: idle ones, those that make room for others, and all of them when the daemon stops."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import cast

import pytest

from mxproof.formats.postfix.netstring import print_netstring
from mxproof.formats.postfix.socketmap import SocketmapReply, Status
from mxproof.serve.policyd.connection import IDLE_S, PARENTS_S, Connection, Connections
from mxproof.serve.policyd.metrics import Counts
from mxproof.serve.policyd.reply_cache import ReplyCache
from support_clock import at, passed_s, run

QUESTION = print_netstring(b"postfix example.com")
PARENT = print_netstring(b"postfix .com")
ANSWER = print_netstring(b"OK dane-only")
TAKES_S = 2.0
FRESH_S = 60.0


def now_s() -> float:
    """Return the seconds since the beginning, to the millisecond."""
    return round(passed_s(), 3)


class End:
    """Postfix's end of a connection: what it got and when, and how the connection ended; it asks again as told."""

    def __init__(self, connections: Connections, *, then: tuple[float, bytes] | None = None) -> None:
        self.got: list[tuple[float, bytes]] = []
        self.ended: list[tuple[float, str]] = []
        self.connection: Connection = connections()
        self._then = then
        self.connection.connection_made(cast("asyncio.Transport", self))

    def ask(self, question: bytes = QUESTION) -> None:
        self.connection.data_received(question)

    def write(self, data: bytes) -> None:
        self.got.append((now_s(), data))
        if self._then is not None:
            (after_s, question), self._then = self._then, None
            asyncio.get_running_loop().call_later(after_s, self.ask, question)

    def is_closing(self) -> bool:
        return bool(self.ended)

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def close(self) -> None:
        self._end("close")

    def abort(self) -> None:
        self._end("abort")

    def _end(self, how: str) -> None:
        if not self.ended:
            self.ended.append((now_s(), how))
            asyncio.get_running_loop().call_soon(self.connection.connection_lost, None)


class Slow:
    """The long way of requests: each takes TAKES_S; `asked` has all of them."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []

    async def __call__(self, payload: bytes) -> tuple[SocketmapReply, float]:
        self.asked.append(payload)
        await asyncio.sleep(TAKES_S)
        return SocketmapReply(Status.OK, "dane-only"), FRESH_S


def play(scene: Callable[[Connections, Slow], Coroutine[None, None, None]], connections_max: int = 3) -> None:
    async def begun() -> None:
        found = Slow()
        await scene(Connections(found, ReplyCache(10), Counts(), connections_max), found)

    run(begun(), patience_s=0.0)


def test_a_reply_is_ready_from_its_answer_on_for_as_long_as_it_is_fresh() -> None:
    async def scene(connections: Connections, found: Slow) -> None:
        one, other = End(connections), End(connections)
        one.ask()
        await at(TAKES_S + FRESH_S - 0.5)
        other.ask()
        assert (one.got, other.got) == ([(TAKES_S, ANSWER)], [(TAKES_S + FRESH_S - 0.5, ANSWER)])
        await at(TAKES_S + FRESH_S)
        one.ask()
        assert len(one.got) == 1
        await at(2 * TAKES_S + FRESH_S)
        await asyncio.sleep(0)
        assert (len(one.got), len(found.asked)) == (2, 2)
        counts = connections.counts
        assert (counts.warm, counts.replies[Status.OK], counts.connections_open) == (1, 2, 2)

    play(scene)


def test_a_connection_is_idle_by_what_it_said_last_whatever_was_ready_for_it() -> None:
    async def scene(connections: Connections, _: Slow) -> None:
        silent, ready, half, asking = (End(connections) for _ in range(4))
        silent.ask()
        await at(100)
        ready.ask(QUESTION)
        half.ask(QUESTION[:5])
        await at(IDLE_S)
        connections.hang_up_idle(asyncio.get_running_loop().time())
        await at(IDLE_S + 1)
        asking.ask(PARENT)
        ready.ask()
        connections.hang_up_idle(asyncio.get_running_loop().time())
        assert [bool(one.ended) for one in (silent, ready, half, asking)] == [True, False, False, False]
        await at(100 + IDLE_S + 1)
        connections.hang_up_idle(asyncio.get_running_loop().time())
        assert [bool(one.ended) for one in (silent, ready, half, asking)] == [True, False, True, False]
        await asyncio.sleep(0)
        assert connections.open == {ready.connection, asking.connection}
        assert connections.counts.connections_open == 2

    play(scene, connections_max=9)


def test_a_connection_with_an_open_question_is_never_idle() -> None:
    async def scene(connections: Connections, _: Slow) -> None:
        one = End(connections)
        one.ask()
        await asyncio.sleep(0)
        connections.hang_up_idle(asyncio.get_running_loop().time() + 2 * IDLE_S)
        await at(TAKES_S + 1)
        assert (one.got, one.ended) == ([(TAKES_S, ANSWER)], [])

    play(scene)


def test_the_end_waits_for_the_answer_and_for_the_questions_that_follow_upon_it() -> None:
    async def scene(connections: Connections, found: Slow) -> None:
        silent = End(connections)
        asking = End(connections, then=(PARENTS_S / 2, PARENT))
        asking.ask()
        await connections.stop(10.0)
        assert asking.got == [(TAKES_S, ANSWER), (2 * TAKES_S + PARENTS_S / 2, ANSWER)]
        assert found.asked == [b"postfix example.com", b"postfix .com"]
        assert [one.ended for one in (silent, asking)] == [[(2 * TAKES_S + PARENTS_S / 2, "close")]] * 2
        await asyncio.sleep(0)
        assert (connections.open, connections.counts.connections_open) == (set(), 0)

    play(scene)


@pytest.mark.parametrize("within_s", [1.5, 3.0])
def test_the_end_waits_no_longer_than_it_may(within_s: float) -> None:
    async def scene(connections: Connections, _: Slow) -> None:
        many = End(connections)
        many.ask(QUESTION + PARENT * 9)
        await connections.stop(within_s)
        ended_s = 2 * within_s + PARENTS_S
        assert many.ended == [(ended_s, "close")]
        answered = len(many.got)
        assert answered == int(ended_s / TAKES_S)
        await asyncio.sleep(5 * TAKES_S)
        assert len(many.got) == answered, "nothing is said on a connection that is closed"

    play(scene)


def test_the_end_is_at_once_where_nobody_asks() -> None:
    async def scene(connections: Connections, _: Slow) -> None:
        silent, half = End(connections), End(connections)
        half.ask(QUESTION[:4])
        await connections.stop(10.0)
        assert [one.ended for one in (silent, half)] == [[(PARENTS_S, "close")]] * 2

    play(scene)


def test_who_was_too_many_is_answered_once_there_is_room_again() -> None:
    async def scene(connections: Connections, found: Slow) -> None:
        busy = [End(connections) for _ in range(3)]
        for one in busy:
            one.ask()
        surplus = End(connections)
        surplus.ask()
        await at(1)
        assert surplus.got == [(0.0, print_netstring(b"TEMP more than 3 connections"))]
        busy[0].close()
        await at(TAKES_S + 1)
        surplus.ask(PARENT)
        await at(2 * TAKES_S + 2)
        assert surplus.got[1:] == [(2 * TAKES_S + 1, ANSWER)]
        assert connections.counts.replies == {Status.OK: 4, Status.TEMP: 1, **_none(connections)}
        assert len(found.asked) == 4
        for one in (*busy[1:], surplus):
            one.close()
        await asyncio.sleep(0)
        assert (connections.open, connections._surplus) == (set(), set())

    play(scene)


def _none(connections: Connections) -> dict[str, int]:
    return {status: 0 for status, count in connections.counts.replies.items() if not count}


def test_of_those_that_make_room_the_longest_silent_goes_first_and_each_counts_once() -> None:
    async def scene(connections: Connections, _: Slow) -> None:
        every = []
        for number in range(6):
            await at(number)
            every.append(End(connections))
        await asyncio.sleep(0)
        assert [one.ended for one in every] == [[(number + 3.0, "close")] for number in range(3)] + [[]] * 3
        assert connections.open == {one.connection for one in every[3:]}
        assert (connections.counts.connections, connections.counts.connections_open) == (6, 3)
        for one in every[3:]:
            one.ask()
        await at(5 + TAKES_S + 1)
        assert [one.got for one in every[3:]] == [[(5 + TAKES_S, ANSWER)]] * 3

    play(scene)


def test_what_is_no_request_is_counted_told_and_the_end() -> None:
    async def scene(connections: Connections, _: Slow) -> None:
        one = End(connections)
        one.ask(b"GET / HTTP/1.0\r\n")
        one.ask(QUESTION)
        await asyncio.sleep(TAKES_S)
        assert [data.split(b":")[1][:5] for _, data in one.got] == [b"PERM "]
        assert (one.ended, connections.counts.malformed, connections.open) == ([(0.0, "close")], 1, set())

    play(scene)
