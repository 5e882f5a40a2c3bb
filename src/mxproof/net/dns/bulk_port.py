"""A socket of the questions that are asked by the ten thousand (`bulk`), and what waits for an answer on it."""

import asyncio
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Protocol

from mxproof.evidence import Answer, Outcome, Question, Transport
from mxproof.net.asking import Peer
from mxproof.net.dns.lookup import ROOT
from mxproof.net.dns.message import DNS_BYTES_MAX, DnsResult, read
from mxproof.net.dns.query import Fit, Query, section_of, usual_query
from mxproof.net.dns.response import HEADER_BYTES
from mxproof.net.dns.terse import read_tersely
from mxproof.net.stream import opened

DRAWN_AT_ONCE = 256
_RECEIVED_AT_ONCE_MAX = 64
_SETTLED = frozenset({Outcome.FOUND, Outcome.EMPTY, Outcome.NXDOMAIN, Outcome.OVERSIZE})

Told = Callable[[Question, Answer | Exception], None]
"""Is told the answer to a question, or why there is none."""


class BulkQuestion:
    """A question, and who is `told` its answer.

    `section` is its question section as sent last, `spent_s` the time that resolvers had for it before it was `sent` last.
    """

    __slots__ = ("identity", "is_slow", "port", "question", "section", "sendings", "sent", "spent_s", "told")

    def __init__(self, question: Question, told: Told, section: bytes) -> None:
        self.question = question
        self.told = told
        self.section = section
        self.identity = b""
        self.sent = 0.0
        self.spent_s = 0.0
        self.sendings = 0
        self.is_slow = False
        self.port: BulkPort | None = None


class PortOwner(Protocol):
    """Who is told what comes to a port."""

    peer: Peer

    def answered(self, put: BulkQuestion, result: DnsResult | None, now: float, at: datetime) -> None:
        """Take what came for a question, None for what is not the plain answer to it."""
        ...

    def heard(self, now: float) -> None:
        """Note that somebody is there."""
        ...

    def received(self) -> None:
        """Note that all was taken that had come."""
        ...

    def refused(self) -> None:
        """Note that the system says that nobody is there."""
        ...


class BulkPort:
    """A socket connected to one resolver, and what is asked over it by ID."""

    def __init__(self, way: PortOwner, peer: Peer) -> None:
        self.asked: dict[bytes, BulkQuestion] = {}
        self.strays = 0
        self._way = way
        self._root: Query | None = None
        self._drawn: list[bytes] = []
        self._loop = asyncio.get_running_loop()
        self._socket = opened(peer, socket.SOCK_DGRAM)
        with suppress(OSError):
            self._socket.connect(peer)
        self._number = self._socket.fileno()
        self._loop.add_reader(self._number, self._receive)

    def send(self, put: BulkQuestion) -> None:
        """Send a question under an ID of its own, under which it waits for its answer."""
        put.identity = identity = self._identity()
        self.asked[identity] = put
        try:
            self._socket.send(usual_query(identity, put.section))
        except OSError as error:
            self._unsent(error)

    def send_again(self, put: BulkQuestion) -> None:
        """Send the same once more."""
        self._send(usual_query(put.identity, put.section))

    def ask_root(self) -> None:
        """Ask about the root: whatever comes tells that somebody is there."""
        section = section_of(ROOT)
        assert section is not None, "the root has a name"
        self._root = Query(usual_query(self._identity(), section), section)
        self._send(self._root.wire)

    def close(self) -> None:
        """Receive nothing any more."""
        if self._number >= 0:
            self._loop.remove_reader(self._number)
            self._socket.close()
            self._number = -1

    def _identity(self) -> bytes:
        """Return an ID that nobody can foresee and nobody else has here (RFC 5452 section 9.2)."""
        while True:
            if not self._drawn:
                drawn = os.urandom(2 * DRAWN_AT_ONCE)
                self._drawn = [drawn[at : at + 2] for at in range(0, len(drawn), 2)]
            identity = self._drawn.pop()
            if identity not in self.asked:
                return identity

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
        for _ in range(_RECEIVED_AT_ONCE_MAX):
            try:
                wire = self._socket.recv(DNS_BYTES_MAX + 1)
            except BlockingIOError:
                break
            except OSError:
                self._way.refused()
                self._loop.call_soon(self._watch_again)
                break
            self._take(wire, now, at)
        self._way.received()

    def _watch_again(self) -> None:
        """Have the loop watch the socket as before: uvloop leaves one on which an error was met, and this one lives on."""
        if self._number >= 0:
            self._loop.remove_reader(self._number)
            self._loop.add_reader(self._number, self._receive)

    def _take(self, wire: bytes, now: float, at: datetime) -> None:
        """Take a datagram for what it answers, if it answers anything."""
        put = self.asked.get(wire[:2])
        if put is not None:
            result = None
            fit = Fit.YES
            if wire.startswith(put.section, HEADER_BYTES):
                result = read_tersely(put.question.kind, put.section, wire)
            if result is None:
                fit = Query(usual_query(put.identity, put.section), put.section).fit(wire)
                if fit is Fit.YES:
                    result = read(put.question, wire, Transport.UDP)
                    result = result if result.outcome in _SETTLED else None
            if fit is not Fit.NO:
                self.strays = 0
                self._way.heard(now)
                self._way.answered(put, result, now, at)
                return
        if self._root is not None and self._root.fit(wire) is not Fit.NO:
            self._root = None
            self._way.heard(now)
        else:
            self.strays += 1
