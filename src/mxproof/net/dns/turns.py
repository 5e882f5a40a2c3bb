"""Turns at the TCP connections to one name server: some servers count those of one client, or have few in all.

A query over UDP costs a server next to nothing and is limited by `mxproof.net.pacing` alone; the same query may need a
connection only when its answer was cut short, so that the connections have a limit of their own. Whoever waits for a turn
does not do so at the expense of the time in which the server may answer.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mxproof.net.asking import Peer

STREAMS_PER_SERVER_MAX = 4
"""PowerDNS takes 20 connections in all by default (max-tcp-connections), and our own haste must not be recorded as a fault
of theirs."""


class _Server:
    def __init__(self) -> None:
        self.streams = asyncio.Semaphore(STREAMS_PER_SERVER_MAX)
        self.known_to = 0


class StreamTurns:
    """The connections to each name server that one owner has open; a server that nobody waits for is forgotten."""

    def __init__(self) -> None:
        self._servers: dict[Peer, _Server] = {}

    def __len__(self) -> int:
        """Return how many servers have connections, or somebody who waits for one."""
        return len(self._servers)

    @asynccontextmanager
    async def turn(self, way: Peer) -> AsyncIterator[float]:
        """Hold one connection to the server at `way` as long as the block lasts, and tell the seconds waited for it."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        server = self._servers.setdefault(way, _Server())
        server.known_to += 1
        try:
            async with server.streams:
                yield loop.time() - begun
        finally:
            server.known_to -= 1
            if not server.known_to:
                del self._servers[way]
