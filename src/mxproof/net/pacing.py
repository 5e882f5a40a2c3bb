"""How much is asked at once, in total and of one endpoint."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

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

    @asynccontextmanager
    async def slot(self, question: Question) -> AsyncIterator[None]:
        """Wait for a free slot and hold it."""
        if question.server:
            async with self._servers[question.server], self._queries:
                yield
            return
        if question.kind not in CONNECTION_KINDS:
            async with self._queries:
                yield
            return
        async with self._endpoints[question.kind, question.at], self._connections:
            yield
