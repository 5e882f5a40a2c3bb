"""A socket of the questions that are asked by the ten thousand (`bulk`), and what waits for an answer on it."""

import asyncio
import os
import socket
import struct
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from itertools import chain, takewhile
from typing import Protocol

import msgspec

from mxproof.evidence import Answer, Outcome, Question, Transport
from mxproof.net.asking import Peer
from mxproof.net.dns.lookup import ROOT
from mxproof.net.dns.message import DNS_BYTES_MAX, DnsResult, read
from mxproof.net.dns.query import (
    ID_BYTES,
    QUESTION_END_BYTES,
    Fit,
    Query,
    in_any_case,
    section_of,
    usual_query,
)
from mxproof.net.dns.response import HEADER_BYTES
from mxproof.net.dns.terse import read_tersely
from mxproof.net.stream import opened

DRAWN_AT_ONCE = 256
PROMPT_S = 0.25
"""A question sent again that is answered within this time had been lost on the way."""
_RECEIVED_AT_ONCE_MAX = 64
_SETTLED = frozenset({Outcome.FOUND, Outcome.EMPTY, Outcome.NXDOMAIN, Outcome.OVERSIZE})

Told = Callable[[Question, Answer | Exception], None]
"""Is told the answer to a question, or why there is none."""


class BulkQuestion(msgspec.Struct, eq=False):
    """A question, and who is `told` its answer.

    `section` is its question section as sent last, `spent_s` the time that resolvers had for it before it was `sent` last.
    """

    question: Question
    told: Told
    section: bytes
    sent: float = 0.0
    spent_s: float = 0.0
    sendings: int = 0


class PortOwner(Protocol):
    """Who is told what comes to a port."""

    peer: Peer

    def look_up_with_care(self, put: BulkQuestion) -> None:
        """Take a question to which something else came than the plain answer."""
        ...

    def lost(self, now: float) -> None:
        """Note that a datagram was lost on the way."""
        ...

    def heard(self, now: float) -> None:
        """Note that somebody is there."""
        ...

    def received(self, count: int, now: float) -> None:
        """Note that all was taken that had come, which was something for so many questions."""
        ...

    def refused(self) -> None:
        """Note that the system says that nobody is there."""
        ...


class BulkPort:
    """A socket connected to one resolver, and what is asked over it by ID: `asked` once, or `resent`, each in the order of sending."""

    def __init__(self, way: PortOwner, peer: Peer) -> None:
        self.asked: dict[bytes, BulkQuestion] = {}
        self.resent: dict[bytes, BulkQuestion] = {}
        self.strays = 0
        self._way = way
        self._is_far = not peer.is_loopback
        self._root: Query | None = None
        self._drawn = _drawn()
        self._loop = asyncio.get_running_loop()
        self._socket = opened(peer, socket.SOCK_DGRAM)
        with suppress(OSError):
            self._socket.connect(peer)
        self._number = self._socket.fileno()
        self._loop.add_reader(self._number, self._receive)

    def send(self, waiting: deque[BulkQuestion], count: int, now: float) -> None:
        """Send the first of those that wait, each under an ID of its own, under which it waits for its answer."""
        asked, resent, drawn, sent = self.asked, self.resent, self._drawn, self._socket.send
        for _ in range(count):
            put = waiting.popleft()
            if self._is_far:
                put.section = (
                    in_any_case(put.section[:-QUESTION_END_BYTES]) + put.section[-QUESTION_END_BYTES:]
                )
            identity = next(drawn)
            while identity in asked or identity in resent:
                identity = next(drawn)
            put.sent = now
            put.sendings += 1
            asked[identity] = put
            try:
                sent(usual_query(identity, put.section))
            except OSError as error:
                self._unsent(error)

    def send_again(self, before: float, count: int, now: float) -> None:
        """Send once more what was sent `before` and not answered, `count` of it at most."""
        for identity, put in _oldest(self.asked, before)[:count]:
            del self.asked[identity]
            self.resent[identity] = put
            put.spent_s += now - put.sent
            put.sent = now
            put.sendings += 1
            self._send(usual_query(identity, put.section))

    def given_up(self, before: float, now: float) -> list[BulkQuestion]:
        """Return what was sent again `before` and not answered, and wait for it no longer."""
        left = _oldest(self.resent, before)
        for identity, put in left:
            del self.resent[identity]
            put.spent_s += now - put.sent
        return [put for _, put in left]

    def handed_back(self) -> list[BulkQuestion]:
        """Return all that is asked here, and wait for none of it any longer."""
        several = [*self.resent.values(), *self.asked.values()]
        self.asked.clear()
        self.resent.clear()
        return several

    def ask_root(self) -> None:
        """Ask about the root: whatever comes tells that somebody is there."""
        section = section_of(ROOT)
        assert section is not None, "the root has a name"
        self._root = Query(usual_query(next(self._drawn), section), section)
        self._send(self._root.wire)

    def close(self) -> None:
        """Receive nothing any more."""
        if self._number >= 0:
            self._loop.remove_reader(self._number)
            self._socket.close()
            self._number = -1

    def _send(self, wire: bytes) -> None:
        try:
            self._socket.send(wire)
        except OSError as error:
            self._unsent(error)

    def _unsent(self, error: OSError) -> None:
        """Note why a datagram was not sent; a full buffer loses one as the way does, and it is sent again."""
        if not isinstance(error, BlockingIOError):
            self._way.refused()
            with suppress(OSError):
                self._socket.connect(self._way.peer)  # there was no way there before

    def _receive(self) -> None:
        now, at = self._loop.time(), datetime.now(UTC)
        received, count = self._socket.recv, 0
        for _ in range(_RECEIVED_AT_ONCE_MAX):
            try:
                wire = received(DNS_BYTES_MAX + 1)
            except BlockingIOError:
                break
            except OSError:
                self._way.refused()
                self._loop.call_soon(self._watch_again)
                break
            count += self._take(wire, now, at)
        self._way.received(count, now)

    def _watch_again(self) -> None:
        """Have the loop watch the socket as before: uvloop leaves one on which an error was met, and this one lives on."""
        if self._number >= 0:
            self._loop.remove_reader(self._number)
            self._loop.add_reader(self._number, self._receive)

    def _take(self, wire: bytes, now: float, at: datetime) -> bool:
        """Take a datagram for what it answers; tell whether it is something for a question that waits."""
        identity = wire[:ID_BYTES]
        put = self.asked.get(identity) or self.resent.get(identity)
        if put is None:
            self._take_stray(wire, now)
            return False
        result = None
        if wire.startswith(put.section, HEADER_BYTES):
            result = read_tersely(put.question.kind, put.section, wire)
        if result is None:
            fit = Query(usual_query(identity, put.section), put.section).fit(wire)
            if fit is Fit.NO:
                self._take_stray(wire, now)
                return False
            result = _plain(put.question, wire) if fit is Fit.YES else None
        self.strays = 0
        spent_s = put.spent_s + now - put.sent
        if self.asked.pop(identity, None) is None:
            self._leave_resent(identity, put, now)
        if result is None:
            put.spent_s = spent_s
            self._way.look_up_with_care(put)
            return True
        answer = Answer(
            result.outcome, at, result.data, result.ttl_s, int(1000 * spent_s), put.sendings, result.detail
        )
        put.told(put.question, answer)
        return True

    def _leave_resent(self, identity: bytes, put: BulkQuestion, now: float) -> None:
        del self.resent[identity]
        if now - put.sent < PROMPT_S:
            self._way.lost(now)

    def _take_stray(self, wire: bytes, now: float) -> None:
        if self._root is not None and self._root.fit(wire) is not Fit.NO:
            self._root = None
            self._way.heard(now)
        else:
            self.strays += 1


def _plain(question: Question, wire: bytes) -> DnsResult | None:
    """Return what an answer says, None where it is not the last word."""
    result = read(question, wire, Transport.UDP)
    return result if result.outcome in _SETTLED else None


def _oldest(several: dict[bytes, BulkQuestion], before: float) -> list[tuple[bytes, BulkQuestion]]:
    return list(takewhile(lambda one: one[1].sent <= before, several.items()))


def _drawn() -> Iterator[bytes]:
    """Yield IDs that nobody can foresee (RFC 5452 section 9.2)."""
    drawn = iter(partial(os.urandom, ID_BYTES * DRAWN_AT_ONCE), b"")
    return chain.from_iterable(chain.from_iterable(map(_IDS.iter_unpack, drawn)))


_IDS = struct.Struct(f"{ID_BYTES}s")
