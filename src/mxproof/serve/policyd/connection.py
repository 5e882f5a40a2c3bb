"""The connections of Postfix: netstrings in, netstrings out, one after another, never closed on an open question.

A request that comes whole, while nothing else is open, and has a reply ready is answered within the call that brought
it. Everything else goes the way of `connection_state`, and its reply is looked up in a task. Where all connections are
taken, the one that was silent longest makes room.
"""

import asyncio
from typing import Protocol, cast

from mxproof.formats.postfix.netstring import print_netstring
from mxproof.formats.postfix.socketmap import SocketmapReply, Status, failed, print_reply
from mxproof.serve.daemon.listening import CONNECTIONS_ACCEPTED_MAX
from mxproof.serve.policyd.connection_state import (
    SILENT,
    Action,
    Answered,
    Do,
    Event,
    LookUp,
    Phase,
    Received,
    Refuse,
    Write,
    step,
)
from mxproof.serve.policyd.metrics import Counts
from mxproof.serve.policyd.reply_cache import ReplyCache

IDLE_S = 300.0
"""Postfix itself lets go of an idle connection after 10 s."""
PARENTS_S = 0.2
"""How long connections stay open at the end: after NOTFOUND Postfix asks for each parent of the domain at once, and
defers the mail if nobody answers."""

_BEING_ANSWERED = frozenset({Phase.ASKED, Phase.ANSWERED})
_CLOGGED = frozenset({Phase.CLOGGED, Phase.ASKED_CLOGGED})


class Found(Protocol):
    """The long way: from the payload of a request to the reply and how long to give it again."""

    async def __call__(self, payload: bytes) -> tuple[SocketmapReply, float]:
        """Return the reply; it always does."""


class Connections:
    """All connections, and what they share; `surplus` are those that came when there were too many."""

    def __init__(
        self,
        found: Found,
        replies: ReplyCache,
        counts: Counts,
        connections_max: int = CONNECTIONS_ACCEPTED_MAX,
    ) -> None:
        self.replies = replies
        self.counts = counts
        self.open: set[Connection] = set()
        self._found = found
        self._loop = asyncio.get_running_loop()
        self._connections_max = connections_max
        self._surplus: set[Connection] = set()

    def __call__(self) -> "Connection":
        """Return the protocol of a new connection."""
        return Connection(self)

    def admit(self, connection: "Connection") -> None:
        """Take a new connection in; beyond the limit in place of the one that was silent longest."""
        self.counts.connections += 1
        self.counts.connections_open += 1
        if len(self.open) >= self._connections_max:
            self._surplus.add(connection)
            silent = (one for one in self.open if one.state.phase in {Phase.WAITING, Phase.CLOGGED})
            longest = min(silent, key=lambda one: one.heard_s, default=None)
            if longest is not None:
                self.open.discard(longest)
                longest.hang_up()
        self.open.add(connection)

    def leave(self, connection: "Connection") -> None:
        """Let go of a connection that has ended."""
        self.counts.connections_open -= 1
        self.open.discard(connection)
        self._surplus.discard(connection)

    async def answer(self, connection: "Connection", asked: LookUp) -> bytes:
        """Return the reply to one request in its netstring, and keep it ready for the next who asks."""
        if connection in self._surplus and len(self.open) > self._connections_max:
            reply, keep_s = failed(Status.TEMP, f"more than {self._connections_max} connections"), 0.0
        else:
            reply, keep_s = await self._found(asked.payload)
        self.counts.replies[reply.status] += 1
        framed = print_netstring(print_reply(reply))
        if keep_s > 0:
            self.replies.keep(asked.request, framed, self._loop.time() + keep_s)
        return framed

    def hang_up_idle(self, now_s: float) -> None:
        """End connections that have been silent for IDLE_S: within a request, or with replies that nobody reads."""
        for connection in tuple(self.open):
            if now_s - connection.heard_s > IDLE_S:
                connection.hang_up()

    async def stop(self, within_s: float) -> None:
        """Close every connection once its question is answered, and those that Postfix asks right after it."""
        await self._finish(within_s)
        await asyncio.sleep(PARENTS_S)
        await self._finish(within_s)
        for connection in tuple(self.open):
            connection.close()

    async def _finish(self, within_s: float) -> None:
        """Wait until what is asked now is answered."""
        loop = self._loop
        ends_s = loop.time() + within_s
        while loop.time() < ends_s:
            busy = [one.task for one in self.open if one.task and one.state.phase in _BEING_ANSWERED]
            if not busy:
                return
            await asyncio.wait(busy, timeout=ends_s - loop.time())


class Connection(asyncio.Protocol):
    """One connection: its transport, its state, and the look-up under way; `heard_s` is when it last said something."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._loop = asyncio.get_running_loop()
        self._time = self._loop.time
        self._find = connections.replies.find
        self._counts = connections.counts
        self.state = SILENT
        self.heard_s = self._time()
        self.task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection over."""
        # neither the loop's own transports before Python 3.12 nor those of uvloop are subclasses of the abstract one
        self._transport = cast("asyncio.Transport", transport)
        self._write = self._transport.write
        self._connections.admit(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of it; a survey that was begun goes on for whoever asks next."""
        self._happen(Event.CLOSED)
        self._connections.leave(self)

    def pause_writing(self) -> None:
        """Ask for nothing more while replies are not read."""
        self._happen(Event.CLOGGED)

    def resume_writing(self) -> None:
        """Go on."""
        self._happen(Event.READ)

    def eof_received(self) -> bool:
        """Keep a connection open that asks nothing more until what it asked is answered."""
        self._happen(Event.SAID_ALL)
        return self.state.phase is not Phase.CLOSED

    def data_received(self, data: bytes) -> None:
        """Answer at once where that is possible."""
        self.heard_s = now_s = self._time()
        if self.state is SILENT:
            framed = self._find(data, now_s)
            if framed is not None:
                self._counts.warm += 1
                self._write(framed)
                return
        self._happen(Received(data))

    def hang_up(self) -> None:
        """End a connection that nobody waits on: with what was written, or without what is not read."""
        if self.state.phase in _CLOGGED:
            self._happen(Event.CLOSED)
            self._transport.abort()
        elif self.state.phase is Phase.WAITING:
            self.close()

    def close(self) -> None:
        """End the connection when what was written is sent."""
        self._happen(Event.CLOSED)
        self._transport.close()

    def _happen(self, event: Received | Answered | Event) -> None:
        self.state, actions = step(self.state, event)
        for action in actions:
            self._act(action)

    def _act(self, action: Action) -> None:
        match action:
            case LookUp():
                self.task = self._loop.create_task(self._look_up(action))
            case Write(data):
                self._write(data)
            case Refuse(message):
                self._counts.malformed += 1
                self._write(print_netstring(print_reply(failed(Status.PERM, message))))
                self._transport.close()
            case Do.TURN:
                self._loop.call_soon(self._happen, Event.NEXT_TURN)
            case Do.CLOSE:
                self._transport.close()
            case Do.PAUSE if not self._transport.is_closing():
                self._transport.pause_reading()
            case Do.RESUME if not self._transport.is_closing():
                self._transport.resume_reading()

    async def _look_up(self, asked: LookUp) -> None:
        self._happen(Answered(await self._connections.answer(self, asked)))
