"""Questions for the resolvers by the ten thousand: over few sockets, as many at once as each resolver keeps up with.

Nearly every question has one plain answer, which is read here at once. Whatever else comes (an answer cut short, an error, what
cannot be read, other letters than ours, silence) is a matter for `lookup`, which asks again with all its care, over TCP too.

| a question | becomes of it |
|---|---|
| answered by records, none, or no name | that is its answer |
| not answered within RESENT_AFTER_S | sent once more, and its place is given to the next, up to SLOW_MAX |
| not answered within `LEAN_PART` of its time | looked up with care in the time that is left |

A window says how many may be under way at a resolver: it doubles from answer to answer until something is lost, grows by one in each
round from there on, and shrinks when a question sent again is answered at once, for then what was sent first was lost. An
answer that is long in coming is no loss: somebody's name servers are slow.

A resolver that has said nothing for SILENT_S while it is asked is asked about the root, which every resolver knows. If it does not
say that either it is away: nothing is asked of it and no time passes for the questions that it has, until it is back, or another
resolver takes them. Where all have been away for AWAY_S_MAX, no question is answered any more and `ResolversAwayError` is raised.

Sockets are connected, and what has another ID, port or name than was asked is passed over. A resolver on another machine
is asked in letters of random case, and a socket on which STRAYS_MAX datagrams in a row answered nothing is left for another.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

import msgspec

from mxproof.evidence import Answer, Outcome, Question
from mxproof.net.asking import RESOLVERS_MAX, Asking, Peer
from mxproof.net.dns.bulk_port import PROMPT_S, BulkPort, BulkQuestion, Told
from mxproof.net.dns.query import section_of
from mxproof.net.dns.udp import STRAYS_MAX, WAITING_MAX
from mxproof.net.stream import StreamError

WINDOW_FIRST = 32
WINDOW_MIN = 4
WINDOW_KEPT = 0.7
"""What a loss leaves of the window (as RFC 9438 section 4.6 has it)."""
PORTS_MAX = 64
SLOW_MAX = 4096
RESENT_AFTER_S = 1.5
LEAN_PART = 1 / 3
SILENT_S = 2.0
ROOT_ASKED_EACH_S = 1.0
AWAY_S_MAX = 300.0
_TICK_S = 0.1
_SILENT = frozenset({Outcome.TIMEOUT, Outcome.UNREACHABLE})

Careful = Callable[[Question, float], Awaitable[Answer]]
"""Looks a question up with all care, within so many seconds."""


class ResolversAwayError(Exception):
    """No resolver has said anything for `AWAY_S_MAX`."""


class BulkLookups:
    """Looks up what the resolvers of `asking` know, `window` at once at each of them at most; closed at the end of the block."""

    def __init__(self, asking: Asking, window: int, careful: Careful, away_s: float = AWAY_S_MAX) -> None:
        self.timeout_s = asking.look_up_s()
        self.lean_s = self.timeout_s * LEAN_PART
        self.resent_after_s = min(RESENT_AFTER_S, self.lean_s / 2)
        self.waiting: deque[BulkQuestion] = deque()
        self._careful = careful
        self._away_s = away_s
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        ways = dict.fromkeys(asking.way_to(peer) for peer in asking.resolvers[:RESOLVERS_MAX])
        self._ways = [_BulkResolver(self, way, window) for way in ways]
        self._timer: asyncio.TimerHandle | None = None
        self._is_pumped = False

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Ask nothing any more, and close the sockets."""
        if self._timer is not None:
            self._timer.cancel()
        for task in self._tasks:
            task.cancel()
        for way in self._ways:
            way.close()

    @staticmethod
    def takes(question: Question) -> bool:
        """Tell whether a question is one for this: to the resolvers, in the usual form."""
        return not (question.transport or question.edns or question.server)

    def ask(self, question: Question) -> asyncio.Future[Answer]:
        """Return what will be the answer to a question that `takes` is true for, or ResolversAwayError."""
        answer: asyncio.Future[Answer] = self._loop.create_future()

        def told(_question: Question, got: Answer | Exception) -> None:
            if answer.done():
                return
            if isinstance(got, Exception):
                answer.set_exception(got)
            else:
                answer.set_result(got)

        self.put(question, told)
        return answer

    def put(self, question: Question, told: Told) -> None:
        """Have `told` called with the answer to a question that `takes` is true for, once and later than now."""
        section = section_of(question)
        put = BulkQuestion(question, told, section or b"")
        if not self._ways or section is None:
            self.look_up_with_care(put)
            return
        self.waiting.append(put)
        if not self._is_pumped:
            self._is_pumped = True
            self._loop.call_soon(self._pump_soon)
        if self._timer is None:
            self._timer = self._loop.call_later(_TICK_S, self._tick)

    def pump(self) -> None:
        """Send what waits, as far as there is room: the resolver that has most of it comes first."""
        now = self._loop.time()
        for way in sorted(self._ways, key=_BulkResolver.room, reverse=True):
            way.send(self.waiting, now)

    def _pump_soon(self) -> None:
        self._is_pumped = False
        self.pump()

    def look_up_with_care(self, put: BulkQuestion) -> None:
        """Have a question looked up in the time that it has left."""
        task = self._loop.create_task(self._looked_up(put))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _looked_up(self, put: BulkQuestion) -> None:
        left_s = max(self.timeout_s - put.spent_s, self.lean_s)
        try:
            answer = await self._careful(put.question, left_s)
        except Exception as error:  # noqa: BLE001 - whoever waits for the answer is told
            put.told(put.question, error)
            return
        if answer.outcome in _SILENT and self._ways and all(way.away_since is not None for way in self._ways):
            put.spent_s = 0.0
            self.waiting.appendleft(put)  # nothing was found out about it while nobody was there
        else:
            spent_ms = round(1000 * put.spent_s)
            whole = msgspec.structs.replace(
                answer, attempts=answer.attempts + put.sendings, elapsed_ms=answer.elapsed_ms + spent_ms
            )
            put.told(put.question, whole)

    def _tick(self) -> None:
        now = self._loop.time()
        for way in self._ways:
            way.look_at_clock(now)
        since = [way.away_since for way in self._ways]
        if all(one is not None and now - one > self._away_s for one in since):
            self._give_up()
        self.pump()
        is_busy = self.waiting or self._tasks or any(way.is_busy for way in self._ways)
        self._timer = self._loop.call_later(_TICK_S, self._tick) if is_busy else None

    def _give_up(self) -> None:
        words = ", ".join(str(way.peer) for way in self._ways)
        given_up = tuple(self.waiting)
        self.waiting.clear()
        for put in given_up:
            put.told(put.question, ResolversAwayError(f"{words}: no answer for {self._away_s:g} s"))


class _BulkResolver:
    """One resolver: its window, and its ports with the questions that it has."""

    def __init__(self, owner: BulkLookups, peer: Peer, window: int) -> None:
        self.peer = peer
        self.away_since: float | None = None
        self.look_up_with_care = owner.look_up_with_care
        self._owner = owner
        self._loop = asyncio.get_running_loop()
        self._most = window
        self._window = float(min(window, WINDOW_FIRST))
        self._has_lost = False
        self._cut_at = 0.0
        self._is_full = False
        self._heard = self._loop.time()
        self._root_asked = 0.0
        self._ports = [BulkPort(self, peer) for _ in range(min(PORTS_MAX, 1 + (window - 1) // WAITING_MAX))]
        self._next = 0

    @property
    def is_busy(self) -> bool:
        """Tell whether it has a question."""
        return any(port.asked or port.resent for port in self._ports)

    def room(self) -> int:
        """Return how many questions more it may be asked now."""
        if self.away_since is not None or self._is_full:
            return 0
        return int(self._window) - sum([len(port.asked) for port in self._ports])

    def send(self, waiting: deque[BulkQuestion], now: float) -> None:
        """Send the first of those that wait, as many as there is room for, each port its share of the window."""
        room = min(self.room(), len(waiting))
        if room <= 0:
            return
        if not self.is_busy:
            self._heard = now
        share = -(-int(self._window) // len(self._ports))
        while room > 0:
            port = self._ports[self._next]
            if port.strays >= STRAYS_MAX:
                port = self._replaced(port)
            count = min(room, share - len(port.asked))
            if count > 0:
                port.send(waiting, count, now)
                room -= count
            self._next = (self._next + 1) % len(self._ports)

    def _replaced(self, port: BulkPort) -> BulkPort:
        """Leave a port that somebody may know for another one; what is asked over it is asked anew."""
        port.strays = 0
        with suppress(StreamError):  # no file is left for another
            other = BulkPort(self, self.peer)
            self._hand_back(port)
            port.close()
            self._ports[self._next] = port = other
        return port

    def received(self, count: int, now: float) -> None:
        """Let the window grow by what was answered, and send what there is room for."""
        if count:
            self.heard(now)
            if self._window < self._most:
                grown = self._window + (count / self._window if self._has_lost else count)
                self._window = min(grown, float(self._most))
        if self._owner.waiting:
            self._owner.pump()

    def heard(self, now: float) -> None:
        """Note that it is there; one that was away gets its questions again."""
        self._heard = now
        if self.away_since is not None:
            self.away_since = None
            self._window = float(min(self._most, WINDOW_FIRST))

    def look_at_clock(self, now: float) -> None:
        """Send again what was not answered, and hand on what has had its time."""
        if self.away_since is not None or (self.is_busy and now - self._heard > SILENT_S):
            self._look_after(now)
        if self.away_since is not None:
            return
        left_s = self._owner.lean_s - self._owner.resent_after_s
        for port in self._ports:
            port.send_again(now - self._owner.resent_after_s, SLOW_MAX - self._slow(), now)
            for put in port.given_up(now - left_s, now):
                self._owner.look_up_with_care(put)
        self._is_full = self._slow() >= SLOW_MAX

    def refused(self) -> None:
        """Note that the system says that nobody is there."""
        self._heard = min(self._heard, self._loop.time() - SILENT_S)

    def close(self) -> None:
        """Close all sockets."""
        for port in self._ports:
            port.close()

    def lost(self, now: float) -> None:
        """Ask less at once, for a datagram was lost on the way."""
        self._has_lost = True
        if now - self._cut_at > PROMPT_S:
            self._cut_at = now
            self._window = max(float(min(WINDOW_MIN, self._most)), self._window * WINDOW_KEPT)

    def _slow(self) -> int:
        return sum([len(port.resent) for port in self._ports])

    def _look_after(self, now: float) -> None:
        """Ask about the root now and then; it is away when it has not answered that either."""
        if now - self._root_asked > ROOT_ASKED_EACH_S:
            is_first = self._root_asked <= self._heard
            self._root_asked = now
            self._ports[0].ask_root()
            if not is_first and self.away_since is None:
                self.away_since = self._heard
                for port in self._ports:
                    self._hand_back(port)

    def _hand_back(self, port: BulkPort) -> None:
        """Let the questions of a port wait anew, before all others; the time without an answer is none of theirs."""
        for put in reversed(port.handed_back()):
            put.spent_s = 0.0
            self._owner.waiting.appendleft(put)
