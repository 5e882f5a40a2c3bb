"""The watch for tests: run in this loop over a lab, with a command that writes down what it was told."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from mxproof.judge.news import DomainNews, Weight
from mxproof.lab.running import RunningLab
from mxproof.net.asking import Asking, Peer
from mxproof.serve.watch.channel import Channel
from mxproof.serve.watch.daemon import WatchDaemon
from mxproof.serve.watch.settings import WatchSettings
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.watched import WatchedDomain, WatchRetention

WITHIN_S = 60
INTERVAL_S = 1.0


def settings_in(folder: Path, lab: RunningLab, *domains: str) -> WatchSettings:
    """Return the settings of a watch over `domains`, by default that of the lab, which is checked all the time."""
    return WatchSettings(
        domains=tuple(WatchedDomain(one, INTERVAL_S) for one in domains or (lab.domain,)),
        jobs=4,
        store=f"sqlite:{folder}/journal.db",
        retention=WatchRetention(),
        asking=asking_in(lab),
        roots=lab.roots,
        channels=(writing_to(folder),),
    )


def asking_in(lab: RunningLab) -> Asking:
    return Asking(
        resolvers=(Peer(*lab.resolver),),
        connect_to={Peer(*meant): Peer(*instead) for meant, instead in lab.connect_to.items()},
        trust_ad=True,
        simulated=lab.scenario,
    )


def writing_to(folder: Path, status: int = 0, least: Weight = Weight.WARNING) -> Channel:
    """Return a channel whose command adds what it is told to a file, a line each, and ends with `status`."""
    program = (
        "import sys\n"
        f"with open({str(folder / 'told')!r}, 'a') as told: told.write(sys.stdin.read() + chr(10))\n"
        f"sys.exit({status} and 'out of paper')"
    )
    return Channel("pager", (sys.executable, "-c", program), least, 30.0)


def told_in(folder: Path) -> list[DomainNews]:
    """Return what the command was told so far, of which it may be writing the last line."""
    try:
        *lines, _ = (folder / "told").read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    return [msgspec.json.decode(line, type=DomainNews) for line in lines]


@asynccontextmanager
async def watching(
    settings: WatchSettings, read: Callable[[], WatchSettings] | None = None, *, pages_only: bool = False
) -> AsyncIterator[WatchDaemon]:
    """Run a watch in this loop."""
    made = WatchDaemon(settings, read or (lambda: settings), pages_only=pages_only)
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


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[WatchJournal]:
    """Open the store of a watch beside it."""
    journal = Journal(f"sqlite:{folder}/journal.db")
    yield WatchJournal(journal)
    journal.close()


async def until(daemon: WatchDaemon, true: Callable[[], bool]) -> None:
    """Look again, whenever the watch kept something, until `true`."""
    async with asyncio.timeout(WITHIN_S):
        while not true():
            daemon.stirred.clear()
            await daemon.stirred.wait()
