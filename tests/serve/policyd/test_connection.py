"""Connections of clients that do not behave as Postfix does: they do not read, ask no more, are too many, say nothing."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import cast

from mxproof.formats.postfix.netstring import print_netstring
from mxproof.formats.postfix.socketmap import SocketmapReply, Status
from mxproof.serve.policyd.connection import IDLE_S, Connection, Connections
from mxproof.serve.policyd.connection_state import Phase
from mxproof.serve.policyd.metrics import Counts
from mxproof.serve.policyd.reply_cache import ReplyCache

QUESTION = print_netstring(b"postfix example.com")
ANSWER = print_netstring(b"OK dane-only")


class Line:
    """A transport that notes what is done with it; once more than `holds` bytes are written it is clogged."""

    def __init__(self, connection: Connection, holds: int = 1000) -> None:
        self.written = b""
        self.done: list[str] = []
        self.connection = connection
        self._holds = holds
        connection.connection_made(cast("asyncio.Transport", self))

    def write(self, data: bytes) -> None:
        self.written += data
        if len(self.written) > self._holds:
            self.connection.pause_writing()

    def is_closing(self) -> bool:
        return "close" in self.done or "abort" in self.done

    def pause_reading(self) -> None:
        self.done.append("pause")

    def resume_reading(self) -> None:
        self.done.append("resume")

    def close(self) -> None:
        self.done.append("close")

    def abort(self) -> None:
        self.done.append("abort")


class Waiting:
    """The long way of requests; each waits until `going`."""

    def __init__(self) -> None:
        self.going = asyncio.Event()
        self.asked = 0

    async def __call__(self, payload: bytes) -> tuple[SocketmapReply, float]:
        self.asked += 1
        await self.going.wait()
        return SocketmapReply(Status.OK, "dane-only"), 0.0


def play(
    scene: Callable[[Connections, Waiting], Coroutine[None, None, None]], connections_max: int = 3
) -> None:
    """Run `scene` with connections that lead to what waits."""

    async def run() -> None:
        found = Waiting()
        await scene(Connections(found, ReplyCache(10), Counts(), connections_max), found)

    asyncio.run(run())


async def _turn() -> None:
    """Let everything run that can."""
    for _ in range(20):
        await asyncio.sleep(0)


def test_whoever_does_not_read_replies_is_not_read_from_nor_answered() -> None:
    async def scene(connections: Connections, found: Waiting) -> None:
        found.going.set()
        connection = connections()
        line = Line(connection, holds=2 * len(ANSWER))
        connection.data_received(QUESTION * 9)
        await _turn()
        assert (line.written, line.done) == (ANSWER * 3, ["pause"])
        line.written = b""
        connection.resume_writing()
        await _turn()
        assert line.written == ANSWER * 3
        connection.heard_s -= IDLE_S + 1
        connections.hang_up_idle(asyncio.get_running_loop().time())
        assert line.done[-1] == "abort"
        connection.connection_lost(None)
        await _turn()
        assert (connections.open, connection.state.phase) == (set(), Phase.CLOSED)

    play(scene)


def test_reading_goes_on_when_ready_replies_are_read_again() -> None:
    async def scene(connections: Connections, _: Waiting) -> None:
        connection = connections()
        line = Line(connection, holds=0)
        connections.replies.keep(QUESTION, ANSWER, asyncio.get_running_loop().time() + 60)
        connection.data_received(QUESTION)
        assert (line.written, line.done) == (ANSWER, ["pause"])
        connection.resume_writing()
        assert line.done == ["pause", "resume"]

    play(scene)


def test_who_asks_no_more_is_answered_before_the_connection_ends() -> None:
    async def scene(connections: Connections, found: Waiting) -> None:
        connection = connections()
        line = Line(connection)
        connection.data_received(QUESTION)
        assert connection.eof_received() is True
        found.going.set()
        await _turn()
        assert (line.written, line.done) == (ANSWER, ["close"])
        silent = connections()
        Line(silent)
        assert silent.eof_received() is False

    play(scene)


def test_beyond_the_limit_the_longest_silent_connection_makes_room() -> None:
    async def scene(connections: Connections, found: Waiting) -> None:
        lines = {name: Line(connections()) for name in ("busy", "silent", "recent")}
        busy, silent, recent = (line.connection for line in lines.values())
        busy.data_received(QUESTION)
        busy.heard_s, silent.heard_s, recent.heard_s = 1.0, 2.0, 3.0
        late = connections()
        line = Line(late)
        assert {name: one.done for name, one in lines.items()} == {
            "busy": [],
            "silent": ["close"],
            "recent": [],
        }
        late.data_received(QUESTION)
        found.going.set()
        await _turn()
        assert line.written == lines["busy"].written == ANSWER

    play(scene)


def test_where_all_are_busy_only_the_one_too_many_is_put_off() -> None:
    async def scene(connections: Connections, found: Waiting) -> None:
        busy: list[Line] = []
        surplus: list[Line] = []
        for lines in (busy, busy, busy, surplus, surplus):
            line = Line(connections())
            line.connection.data_received(QUESTION)
            await _turn()
            lines.append(line)
        assert found.asked == 3
        found.going.set()
        await _turn()
        assert [line.written for line in busy] == [ANSWER] * 3
        assert [line.written for line in surplus] == [print_netstring(b"TEMP more than 3 connections")] * 2

    play(scene)
