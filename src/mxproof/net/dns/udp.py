"""Questions over UDP: each over a socket of its own, or over one shared by many where nobody could forge an answer.

| resolver | socket |
|---|---|
| anywhere else | one for each question: a port that the kernel draws anew is part of the protection |
| at a loopback address | one for all questions: what comes from there was sent on this machine |

A shared socket takes no further question once as many wait as its buffer holds answers, one has left it without an
answer, STRAYS_MAX datagrams in a row answered none, or the system has reported an error. It is then closed when the last question has left, and the next question
finds a new one. So what a resolver says too late is known for what it is, or is not received at all.

Source, port, ID and question decide what an answer is. A datagram that answers nothing is passed over and costs nobody
anything, however many come. One that fits but for its letters, or is an error without a question, waits for a better
one, as another part of the time that is left:

| the server | waits |
|---|---|
| is known to keep the letters | `KEEPER_PART`, and what came is suspicious |
| is not known | `STRANGER_PART` |
| is known not to keep them | not at all |
"""

import asyncio
import socket
from types import TracebackType
from typing import Self

from mxproof.evidence import Outcome
from mxproof.net.asking import Peer
from mxproof.net.dns.habits import Habits
from mxproof.net.dns.message import DNS_BYTES_MAX
from mxproof.net.dns.query import ID_BYTES, Fit, Query
from mxproof.net.dns.turns import StreamTurns
from mxproof.net.stream import StreamError, fault, opened

STRAYS_MAX = 16
"""After these somebody may know the port, so the next question has another one; those who wait lose nothing."""

WAITING_MAX = 64
"""Questions that wait on one socket, so that no answer is lost while nobody reads: the buffer that Linux gives it by
default holds some 90 answers of 1232 bytes, the most that is asked for."""


KEEPER_PART = 0.5
STRANGER_PART = 0.1

SHARED_MAX = 16
"""Shared sockets kept open: there are few resolvers on one machine, and name servers may claim any loopback address."""


class DatagramSockets:
    """The shared sockets of one owner, and the habits of who was asked; as a context manager it closes at its end.

    `streams` are the turns at the TCP connections to name servers.
    """

    def __init__(self) -> None:
        self.habits = Habits()
        self.streams = StreamTurns()
        self._shared: dict[Peer, _DatagramSocket] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    def now(self) -> float:
        """Return the time of the event loop that they belong to; asyncio before Python 3.12 asks the system at each look for it."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        return self._loop.time()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Close each socket, or have it closed when the last question has left it."""
        for shared in self._shared.values():
            shared.retire()
        self._shared.clear()

    async def ask(self, query: Query, way: Peer, deadline: float) -> tuple[bytes, Fit]:
        """Send `query` to `way` and return the best answer and how it fits; `deadline` is a time of the event loop.

        Raises TimeoutError, OSError where no socket can be had, and StreamError for the rest.
        deviates: from RFC 5452 section 9.2 for a loopback address, where questions share a port.
        """
        shared = self._socket_for(query, way)
        asked = shared.put(query, deadline)
        try:
            return await asked.answer
        except BaseException:
            shared.give_up()
            raise
        finally:
            shared.leave(asked)

    def _socket_for(self, query: Query, way: Peer) -> "_DatagramSocket":
        if not way.is_loopback:
            return _DatagramSocket(way, self.habits, for_one=True)
        shared = self._shared.get(way)
        if shared is None or not shared.has_room:
            self._retire(way)
            while len(self._shared) >= SHARED_MAX:
                self._retire(next(iter(self._shared)))
            shared = self._shared[way] = _DatagramSocket(way, self.habits)
        if shared.knows(query):  # two questions of one ID at once cannot be told apart by it
            return _DatagramSocket(way, self.habits, for_one=True)
        return shared

    def _retire(self, way: Peer) -> None:
        shared = self._shared.pop(way, None)
        if shared is not None:
            shared.retire()


class _DatagramSocket:
    """A socket connected to one resolver, and the questions asked over it that wait for their answers.

    It is connected so that the kernel drops what other senders put in (RFC 5452 section 9.1).
    """

    def __init__(self, way: Peer, habits: Habits, *, for_one: bool = False) -> None:
        self._way = way
        self._habits = habits
        self._retired = for_one
        self._loop = asyncio.get_running_loop()
        self._asked: dict[bytes, _Asked] = {}
        self._waiting = 0
        self._strays = 0
        self._socket = opened(way, socket.SOCK_DGRAM)
        try:
            self._socket.connect(way)
        except OSError:
            self._socket.close()
            raise
        self._number = self._socket.fileno()  # as in `mxproof.net.stream`
        self._loop.add_reader(self._number, self._receive)

    @property
    def has_room(self) -> bool:
        """Tell whether another question may be asked here."""
        return not self._retired and self._waiting < WAITING_MAX

    def knows(self, query: Query) -> bool:
        """Tell whether an answer with the ID of `query` may still come to another one."""
        return query.wire[:ID_BYTES] in self._asked

    def put(self, query: Query, deadline: float) -> "_Asked":
        """Send `query`; whoever waits for its answer has to leave in the end, and to give up before where none came."""
        asked = self._asked[query.wire[:ID_BYTES]] = _Asked(query, deadline, self._loop)
        self._waiting += 1
        self._send(query)
        return asked

    def give_up(self) -> None:
        """Take no further question, since one is left without an answer."""
        self._retired = True

    def leave(self, asked: "_Asked") -> None:
        """Wait for an answer no longer."""
        asked.timer.cancel()
        self._waiting -= 1
        if self._retired:
            self._close_if_left()

    def retire(self) -> None:
        """Take no further question, and close when nobody waits any more."""
        if not self._retired:
            self._retired = True
            self._close_if_left()

    def _close_if_left(self) -> None:
        if self._retired and not self._waiting:
            self._loop.remove_reader(self._number)
            self._socket.close()

    def _send(self, query: Query) -> None:
        try:
            self._socket.send(query.wire)
        except BlockingIOError:
            pass  # a full buffer loses a datagram as the way does, and the next attempt asks again
        except OSError as error:
            self._fail(*fault(error))

    def _receive(self) -> None:
        for _ in range(WAITING_MAX):
            try:
                wire = self._socket.recv(DNS_BYTES_MAX + 1)
            except BlockingIOError:
                return
            except OSError as error:
                self._fail(*fault(error))
                return
            self._deliver(wire)
            if not self._waiting:
                return

    def _deliver(self, wire: bytes) -> None:
        asked = self._asked.get(wire[:ID_BYTES])
        fit = Fit.NO if asked is None else asked.query.fit(wire)
        if asked is None or fit is Fit.NO:
            self._strays += 1
            if self._strays == STRAYS_MAX:
                self._habits.saw_strays(self._way, self._loop.time())
                self.retire()
            return
        self._strays = 0
        now = self._loop.time()
        keeps = self._habits.keeps_letters(self._way, now)
        if fit is Fit.YES:
            if keeps is not True:
                self._habits.saw_letters(self._way, now, kept=True)
        elif fit is Fit.UNASKED or keeps is not False:
            part = KEEPER_PART if keeps and fit is Fit.LETTERS else STRANGER_PART
            asked.hold(wire, fit, self._loop, part)
            return
        del self._asked[wire[:ID_BYTES]]
        asked.settle(wire, fit)

    def _fail(self, outcome: Outcome, detail: str) -> None:
        """Tell all who wait: an error of the system does not say whose datagram it was about."""
        for asked in self._asked.values():
            if not asked.answer.done():
                asked.answer.set_exception(StreamError(outcome, detail))
        self.retire()


class _Asked:
    """A question that waits, and the best answer so far that is not good enough at once."""

    __slots__ = ("_deadline", "_held", "answer", "query", "timer")

    def __init__(self, query: Query, deadline: float, loop: asyncio.AbstractEventLoop) -> None:
        self.query = query
        self.answer: asyncio.Future[tuple[bytes, Fit]] = loop.create_future()
        self.timer = loop.call_at(deadline, self.expire)
        self._deadline = deadline
        self._held: tuple[bytes, Fit] | None = None

    def hold(self, wire: bytes, fit: Fit, loop: asyncio.AbstractEventLoop, part: float) -> None:
        """Take `wire` unless something better comes within a `part` of the time that is left."""
        if self._held is None:
            loop.call_later((self._deadline - loop.time()) * part, self.expire)
        if self._held is None or fit > self._held[1]:
            self._held = wire, fit

    def settle(self, wire: bytes, fit: Fit) -> None:
        """Take `wire`."""
        if not self.answer.done():
            self.answer.set_result((wire, fit))

    def expire(self) -> None:
        """End the wait with the best that came, if anything did."""
        if self.answer.done():
            return
        if self._held is not None:
            self.answer.set_result(self._held)
        else:
            self.answer.set_exception(TimeoutError())
