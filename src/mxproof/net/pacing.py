"""How much is asked at once, in total and of one endpoint."""

import asyncio
from collections import defaultdict
from contextlib import AbstractAsyncContextManager

from mxproof.evidence import CONNECTION_KINDS, Kind, Question

QUERIES_MAX = 64
CONNECTIONS_MAX = 64
CONNECTIONS_PER_ENDPOINT_MAX = 2
"""Enough for an alias and its target side by side, and below the limits per client that mail servers are commonly
set up with: our own haste must not be recorded as a fault of theirs."""

QUERIES_PER_SERVER_MAX = 4
"""Questions under way at one name server, for the same reason: some limit the TCP connections of one client."""


class Pace:
    """The slots of one run. DNS has its own, so that no query waits behind servers that do not answer."""

    def __init__(self) -> None:
        self._queries = asyncio.Semaphore(QUERIES_MAX)
        self._connections = asyncio.Semaphore(CONNECTIONS_MAX)
        self._endpoints: defaultdict[tuple[Kind, str], asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(CONNECTIONS_PER_ENDPOINT_MAX)
        )
        self._servers: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(QUERIES_PER_SERVER_MAX)
        )

    def slot(self, question: Question) -> AbstractAsyncContextManager[None]:
        """Return what waits for a free slot when it is entered, and holds it until it is left."""
        if question.server:
            return _Both(self._servers[question.server], self._queries)
        if question.kind in CONNECTION_KINDS:
            return _Both(self._endpoints[question.kind, question.at], self._connections)
        return self._queries


class _Both:
    """A slot of one endpoint, and then one of all."""

    def __init__(self, own: asyncio.Semaphore, total: asyncio.Semaphore) -> None:
        self._own = own
        self._total = total

    async def __aenter__(self) -> None:
        await self._own.acquire()
        try:
            await self._total.acquire()
        except asyncio.CancelledError:
            self._own.release()
            raise

    async def __aexit__(self, *_failure: object) -> None:
        self._total.release()
        self._own.release()
