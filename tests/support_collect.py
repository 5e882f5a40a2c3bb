"""The daemon that collects from Postfix, for tests: run in this loop, and told as Postfix tells."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from mxproof.serve.collect.config import CollectConfig, CollectOptions, CollectStoreOptions
from mxproof.serve.collect.daemon import CollectDaemon
from mxproof.serve.collect.settings import collect_settings
from mxproof.serve.daemon.config import AdminOptions
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.met_journal import MetJournal

WITHIN_S = 60


def config_in(folder: Path, store: str = "journal.db") -> CollectConfig:
    """Return the configuration of a daemon with its sockets and its store in `folder`."""
    return CollectConfig(
        collect=CollectOptions(listen=f"unix:{folder}/tlsrpt"),
        store=CollectStoreOptions(url=f"sqlite:{folder}/{store}"),
        admin=AdminOptions(http=f"unix:{folder}/http"),
    )


@asynccontextmanager
async def collecting(
    config: CollectConfig, later: CollectConfig | None = None
) -> AsyncIterator[CollectDaemon]:
    """Run a daemon in this loop; at its end all that it took is written."""
    made = CollectDaemon(collect_settings(config), lambda: collect_settings(later or config))
    serving = asyncio.create_task(made.run())
    ready = asyncio.create_task(made.life.ready.wait())
    await asyncio.wait({serving, ready}, return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        ready.cancel()
        await serving
    try:
        yield made
    finally:
        made.life.stop.set()
        async with asyncio.timeout(WITHIN_S):
            await serving


def tell(folder: Path, datagrams: Iterable[bytes]) -> None:
    """Send datagrams, waiting while the queue is full."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as client:
        client.connect(f"{folder}/tlsrpt")
        for one in datagrams:
            client.send(one)


async def page(folder: Path, path: str) -> tuple[int, str]:
    """Return the status and the text of a page for monitoring."""
    reader, writer = await asyncio.open_unix_connection(f"{folder}/http")
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    async with asyncio.timeout(WITHIN_S):
        answer = (await reader.read()).decode()
    writer.close()
    return int(answer.split()[1]), answer.partition("\r\n\r\n")[2]


def met(folder: Path, store: str = "journal.db") -> dict[str, tuple[int, int]]:
    """Return what is kept: successes and failures by policy domain, of all days."""
    journal = Journal(f"sqlite:{folder}/{store}")
    of = MetJournal(journal)
    found: dict[str, tuple[int, int]] = {}
    for tally in of.tallies():
        for one in of.met_on(tally.day, domains_max=100_000):
            success, failure = found.get(one.domain, (0, 0))
            found[one.domain] = (
                success + sum(policy.success for policy in one.policies),
                failure + sum(policy.failure for policy in one.policies),
            )
    journal.close()
    return found


def refused(folder: Path) -> int:
    """Return how many datagrams were refused, of all days."""
    journal = Journal(f"sqlite:{folder}/journal.db")
    found = sum(one.refused for one in MetJournal(journal).tallies())
    journal.close()
    return found
