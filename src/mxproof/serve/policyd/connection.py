"""One connection of Postfix: netstrings in, netstrings out, one after another, never closed on an open question.

A request that comes whole and has a reply ready is answered within the call that brought it. Everything else goes
the long way, in a task of the connection's own. Whoever does not read replies is not read from, so that a connection
holds little more than one reading. Where all connections are taken, the one that was silent longest makes room.
"""

import asyncio
import logging
from typing import Protocol, cast

from mxproof.formats import FormatError
from mxproof.formats.postfix.netstring import print_netstring, read_netstring
from mxproof.formats.postfix.socketmap import (
    SOCKETMAP_REQUEST_BYTES_MAX,
    SocketmapReply,
    Status,
    failed,
    print_reply,
)
from mxproof.serve.daemon.listening import CONNECTIONS_MAX
from mxproof.serve.policyd.metrics import Meter
from mxproof.serve.policyd.reply_cache import Hot

IDLE_S = 300.0
"""Postfix itself lets go of an idle connection after 10 s."""
PARENTS_S = 0.2
"""How long connections stay open at the end: after NOTFOUND Postfix asks for each parent of the domain at once, and
defers the mail if nobody answers."""
BUFFER_BYTES_MAX = 4 * SOCKETMAP_REQUEST_BYTES_MAX

_log = logging.getLogger("mxproof.policyd")


class Found(Protocol):
    """The long way: from the payload of a request to the reply and how long to give it again."""

    async def __call__(self, payload: bytes) -> tuple[SocketmapReply, float]:
        """Return the reply; it always does."""


class Wires:
    """All connections, and what they share."""

    def __init__(self, found: Found, hot: Hot, meter: Meter, connections_max: int = CONNECTIONS_MAX) -> None:
        self.found = found
        self.hot = hot
        self.meter = meter
        self.connections_max = connections_max
        self.open: set[Wire] = set()

    def __call__(self) -> "Wire":
        """Return the protocol of a new connection."""
        return Wire(self)

    def admit(self, wire: "Wire") -> None:
        """Take a new connection in; beyond the limit in place of the one that was silent longest."""
        if self.full:
            silent = (one for one in self.open if one.task is None)
            longest = min(silent, key=lambda one: one.heard_s, default=None)
            if longest is not None:
                self.open.discard(longest)
                longest.close()
        self.open.add(wire)

    @property
    def full(self) -> bool:
        """Tell whether there are as many connections as may be, or more."""
        return len(self.open) >= self.connections_max

    def hang_up_idle(self, now_s: float) -> None:
        """End connections that have been silent for IDLE_S: within a request, or with replies that nobody reads."""
        for wire in tuple(self.open):
            if now_s - wire.heard_s > IDLE_S:
                if wire.clogged is not None:
                    wire.abort()
                elif wire.task is None:
                    wire.close()

    async def stop(self, within_s: float) -> None:
        """Close every connection once its question is answered, and those that Postfix asks right after it."""
        await self._finish(within_s)
        await asyncio.sleep(PARENTS_S)
        await self._finish(within_s)
        for wire in tuple(self.open):
            wire.close()

    async def _finish(self, within_s: float) -> None:
        """Wait until what is asked now is answered."""
        busy = [wire.task for wire in self.open if wire.task is not None and wire.clogged is None]
        if busy:
            await asyncio.wait(busy, timeout=within_s)


class Wire(asyncio.Protocol):
    """One connection; `heard_s` is when it last said something, `clogged` lasts while replies are not read."""

    def __init__(self, wires: Wires) -> None:
        self._wires = wires
        self._loop = asyncio.get_running_loop()
        self._time = self._loop.time
        self._find = wires.hot.find
        self._meter = wires.meter
        self._buffer = b""
        self._transport: asyncio.Transport | None = None
        self._surplus = False
        self._asks_no_more = False
        self.heard_s = self._time()
        self.task: asyncio.Task[None] | None = None
        self.clogged: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection over."""
        # neither the loop's own transports before Python 3.12 nor those of uvloop are subclasses of the abstract one
        self._transport = cast("asyncio.Transport", transport)
        self._write = self._transport.write
        self._meter.connections += 1
        self._meter.connections_open += 1
        self._surplus = self._wires.full
        self._wires.admit(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of it; a survey that was begun goes on for whoever asks next."""
        self._meter.connections_open -= 1
        self._wires.open.discard(self)
        self._transport = None
        self.resume_writing()

    def pause_writing(self) -> None:
        """Ask for nothing more while replies are not read."""
        if self.clogged is None:
            self.clogged = self._loop.create_future()
        if self._transport is not None and not self._transport.is_closing():
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        """Go on."""
        clogged, self.clogged = self.clogged, None
        if clogged is not None and not clogged.done():
            clogged.set_result(None)
        if self.task is None and self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def eof_received(self) -> bool:
        """Keep a connection open that asks nothing more until what it asked is answered."""
        self._asks_no_more = True
        return self.task is not None

    def data_received(self, data: bytes) -> None:
        """Answer at once where that is possible."""
        self.heard_s = now_s = self._time()
        if not self._buffer and self.task is None:
            framed = self._find(data, now_s)
            if framed is not None:
                self._meter.warm += 1
                self._write(framed)
                return
        self._buffer += data
        if self.task is None:
            self.task = self._loop.create_task(self._answer())
        elif len(self._buffer) > BUFFER_BYTES_MAX and self._transport is not None:
            self._transport.pause_reading()

    def close(self) -> None:
        """End the connection when what was written is sent."""
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """End the connection with what was written and not read."""
        if self._transport is not None:
            self._transport.abort()

    async def _answer(self) -> None:
        """Answer what is in the buffer, question by question."""
        try:
            while self._transport is not None:
                try:
                    framed = read_netstring(self._buffer, SOCKETMAP_REQUEST_BYTES_MAX)
                except FormatError as error:
                    self._refuse(str(error))
                    return
                if framed is None:
                    if self._asks_no_more:
                        self._transport.close()
                    else:
                        self._transport.resume_reading()
                    return
                request, self._buffer = self._buffer[: framed.end], self._buffer[framed.end :]
                await self._answer_one(request, framed.payload)
                if self._buffer:
                    await asyncio.sleep(0)  # others have their turn, and the loop may find that nobody reads
        finally:
            self.task = None

    async def _answer_one(self, request: bytes, payload: bytes) -> None:
        if self._surplus and len(self._wires.open) > self._wires.connections_max:
            reason = f"more than {self._wires.connections_max} connections"
            reply, keep_s = failed(Status.TEMP, reason), 0.0
        else:
            reply, keep_s = await self._wires.found(payload)
        self._meter.replies[reply.status] += 1
        framed = print_netstring(print_reply(reply))
        if keep_s > 0:
            self._wires.hot.keep(request, framed, self._time() + keep_s)
        if self._transport is not None:
            self._transport.write(framed)
        if self.clogged is not None:
            await self.clogged

    def _refuse(self, message: str) -> None:
        """Say what is wrong with bytes that are no request, and close: where the next one begins is unknown."""
        self._meter.malformed += 1
        self._buffer = b""
        if self._transport is not None:
            self._transport.write(print_netstring(print_reply(failed(Status.PERM, message))))
            self._transport.close()
