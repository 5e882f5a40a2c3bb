"""How much is asked at once: of one endpoint, for one domain, and in all, however many domains are under way.

| asked | of one endpoint | for one domain | in all |
|---|---|---|---|
| the resolvers | | 64 | 512 |
| a name server itself | 16, and 4 over TCP (`dns/turns`) | 64 | 256 |
| a mail server | 2 | 64 | 256, policy hosts among them |
| a policy host | 16 | 64, mail servers among them | 256, mail servers among them |

A question takes a slot of each of its limits at once or none at all: while it waits it holds nothing that another could
use, so nobody waits in a circle. It waits at one limit that is full, and looks at all of them again when that one has
room. Those who wait at a limit take turns by domain: a domain with many slow servers has its share and no more, and one
with a single question waits for one turn of the others. An endpoint that nobody asks is forgotten.
"""

import asyncio
from collections import deque

from mxproof.evidence import Kind, Question

QUERIES_PER_SERVER_MAX = 16
"""Questions under way at one name server, which may serve many domains of one run: no more than the resolver asks it for
on our behalf at the same time, and far below what a server takes that others limit the rate of."""
CONNECTIONS_PER_MAIL_SERVER_MAX = 2
"""Enough for an alias and its target side by side, and below the limits per client that mail servers are commonly
set up with."""
CONNECTIONS_PER_POLICY_HOST_MAX = 16
"""One address may serve the policies of thousands of domains; web servers are set up for browsers, which
open six each and come in numbers from behind one address."""

ASKED_FOR_DOMAIN_MAX = 64
"""Of the resolvers, of name servers, and of servers that are connected to: 64 each."""

QUERIES_IN_ALL_MAX = 512
SERVER_QUERIES_IN_ALL_MAX = 256
CONNECTIONS_IN_ALL_MAX = 256
"""A question has a socket of its own, and together these stay within the 1024 files that systems commonly allow; the
daemon, which asks no name servers itself, has files left for its clients."""

_RESOLVER, _SERVER, _CONNECTION = range(3)
_IN_ALL = (QUERIES_IN_ALL_MAX, SERVER_QUERIES_IN_ALL_MAX, CONNECTIONS_IN_ALL_MAX)
_PER_ENDPOINT = {
    Kind.SMTP: CONNECTIONS_PER_MAIL_SERVER_MAX,
    Kind.POLICY: CONNECTIONS_PER_POLICY_HOST_MAX,
}
_AT_ENDPOINT = {Kind.TLS: Kind.SMTP}
"""What is asked of the same server as another kind."""


Endpoint = tuple[Kind | None, str]
"""What is asked there, and its address; None for a name server."""


class Pace:
    """The limits that all domains have in common; `in_all` are those of all questions of each sort together."""

    def __init__(self) -> None:
        self.in_all = tuple(_Limit(most) for most in _IN_ALL)
        self._endpoints: dict[Endpoint, _Limit] = {}

    def __len__(self) -> int:
        """Return how many endpoints are asked now, or waited for."""
        return len(self._endpoints)

    def share(self) -> "Share":
        """Return the part of one domain."""
        return Share(self)

    def entered(self, endpoint: Endpoint, most: int) -> "_Limit":
        """Return the limit of an endpoint to one more question, which has to leave it again."""
        limit = self._endpoints.get(endpoint)
        if limit is None:
            limit = self._endpoints[endpoint] = _Limit(most)
        limit.known_to += 1
        return limit

    def left(self, endpoint: Endpoint) -> None:
        """Forget an endpoint that the last question has left."""
        limit = self._endpoints[endpoint]
        limit.known_to -= 1
        if not limit.known_to:
            del self._endpoints[endpoint]


class Share:
    """What one domain may ask at once; waiting, it takes turns with the others."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self._general = tuple([(_Limit(ASKED_FOR_DOMAIN_MAX), limit) for limit in pace.in_all])

    def slot(self, question: Question) -> "_Slot":
        """Return what waits for a free slot when it is entered, and holds it until it is left."""
        if question.server:
            return _Slot(self, _SERVER, (None, question.server), QUERIES_PER_SERVER_MAX)
        kind = _AT_ENDPOINT.get(question.kind, question.kind)
        if kind in _PER_ENDPOINT:
            return _Slot(self, _CONNECTION, (kind, question.at), _PER_ENDPOINT[kind])
        return _Slot(self, _RESOLVER)

    def general(self, sort: int) -> tuple["_Limit", ...]:
        """Return the limits of every question of one sort."""
        return self._general[sort]


class _Limit:
    """So many at once, and those who wait: the shares take turns, the questions of one go in order."""

    __slots__ = ("free", "known_to", "waiting")

    def __init__(self, most: int) -> None:
        self.free = most
        self.known_to = 0
        self.waiting: dict[Share, deque[_Slot]] = {}

    def park(self, slot: "_Slot") -> None:
        """Let a question wait here."""
        self.waiting.setdefault(slot.share, deque()).append(slot)

    def leave(self, slot: "_Slot") -> None:
        """Let a question wait here no longer, if it still does."""
        queue = self.waiting.get(slot.share)
        if queue is not None and slot in queue:
            queue.remove(slot)
            if not queue:
                del self.waiting[slot.share]

    def wake(self) -> None:
        """Let those who wait look again, one after another, while there is room here."""
        while self.free and self.waiting:
            share = next(iter(self.waiting))
            queue = self.waiting.pop(share)
            slot = queue.popleft()
            if queue:
                self.waiting[share] = queue  # behind the others
            slot.look_again()


class _Slot:
    """One question on its way through its limits: waiting at the one that is full, or holding all of them.

    It is entered and left with `async with`, or, where the least work counts, with `take`, `wait` where that was in vain, and
    `leave`.
    """

    __slots__ = ("_endpoint", "_full", "_limits", "_most", "_sort", "_turn", "share")

    def __init__(self, share: Share, sort: int, endpoint: Endpoint | None = None, most: int = 0) -> None:
        self.share = share
        self._sort = sort
        self._endpoint = endpoint
        self._most = most
        self._limits: tuple[_Limit, ...] = ()
        self._full: _Limit | None = None
        self._turn: asyncio.Future[None] | None = None

    async def __aenter__(self) -> None:
        if not self.take():
            await self.wait()

    async def __aexit__(self, *_failure: object) -> None:
        self.leave()

    def take(self) -> bool:
        """Take the slots, or begin to wait where they cannot be had now, and tell which."""
        self._limits = self.share.general(self._sort)
        if self._endpoint is not None:
            self._limits = self.share.pace.entered(self._endpoint, self._most), *self._limits
        return self._taken()

    async def wait(self) -> None:
        """Wait until the slots are taken; who is cancelled meanwhile has left them."""
        self._turn = asyncio.get_running_loop().create_future()
        try:
            await self._turn
        except asyncio.CancelledError:
            if self._full is None:  # its turn had come
                self._give_back()
            else:
                self._full.leave(self)
            self._forget()
            raise

    def leave(self) -> None:
        """Give the slots back."""
        self._give_back()
        if self._endpoint is not None:
            self._forget()

    def look_again(self) -> None:
        """Take the slots if they can be had now, or wait at another limit."""
        assert self._turn is not None, "only who waits looks again"
        if not self._turn.done() and self._taken():
            self._turn.set_result(None)

    def _taken(self) -> bool:
        for limit in self._limits:
            if not limit.free:
                self._full = limit
                limit.park(self)
                return False
        self._full = None
        for limit in self._limits:
            limit.free -= 1
        return True

    def _give_back(self) -> None:
        """Give all slots back, the most general first to who waits: those of one endpoint are not served before all."""
        is_waited = False
        for limit in self._limits:
            limit.free += 1
            if limit.waiting:
                is_waited = True
        if is_waited:
            for limit in reversed(self._limits):
                limit.wake()

    def _forget(self) -> None:
        if self._endpoint is not None:
            self.share.pace.left(self._endpoint)
