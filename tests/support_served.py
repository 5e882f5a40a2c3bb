"""A run of a sender test that is served on loopback, for clients that a test calls in a thread."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from mxproof.judge.senders.inference.observation import SenderTest
from mxproof.lab.sendertest.run import Run
from mxproof.lab.sendertest.serving import SMTP_PORT, Opened, opened, serving
from mxproof.lab.sendertest.setup import domain_of
from support_certificates import NOW
from support_sendertest import RUN

CLIENT_S_MAX = 60.0


class Set(NamedTuple):
    """A run that is served on loopback."""

    run: Run
    sockets: Opened

    def at(self, address: str, port: int) -> tuple[str, int]:
        """Return where the server at `address` really listens."""
        host, bound = self.sockets.streams[address, port].getsockname()[:2]
        return str(host), int(bound)

    def mx(self, case: str) -> tuple[str, int]:
        """Return where the first MX host of a case listens."""
        domain = domain_of(case, RUN)
        server = next(one for one in self.run.lab.world.smtp_servers if one.name.endswith(f".{domain}"))
        return self.at(server.addresses[0], SMTP_PORT)


def watched(run: Run, client: Callable[[Set], None], now: Callable[[], datetime] = lambda: NOW) -> SenderTest:
    """Return what is noted while `client` is called in a thread."""
    watching = run.watching(now, lambda line: None)

    async def go() -> None:
        sockets = opened(run.lab.world, lambda address, port: ("127.0.0.1", 0))
        try:
            async with serving(run, sockets, watching, CLIENT_S_MAX):
                await asyncio.to_thread(client, Set(run, sockets))
        finally:
            sockets.close()

    asyncio.run(go())
    return run.seen(watching)
