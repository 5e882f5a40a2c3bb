"""The public set without a host: one site with an address for every door, two runs on it, and the set over loopback."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import NamedTuple

from mxproof.judge.senders.inference.observation import SenderTest
from mxproof.lab.ca import new_zone_key, read_zone_key
from mxproof.lab.sendertest.public_run import Issuer, PublicRun, PublicSite, public_run
from mxproof.lab.sendertest.public_serving import PublicServing, public_opened, public_serving
from mxproof.lab.sendertest.serving import Opened
from mxproof.lab.signed_zone import ZoneSigner
from support_certificates import NOW

ZONE = "probe.example.org"
RUNS = ("k3v9qd", "m4w8re")
SITE = PublicSite(ZONE, tuple(f"198.51.100.{last}" for last in range(10, 29)))
CLIENT_S_MAX = 60.0


class PublicSet(NamedTuple):
    """The runs, and who issued for them."""

    issuer: Issuer
    runs: Mapping[str, PublicRun]


@cache
def public_set() -> PublicSet:
    """Return two runs on one site."""
    return public_set_at(NOW)


def public_set_at(now: datetime) -> PublicSet:
    """Return two runs with certificates for the time `now`."""
    issuer = Issuer(SITE, now)
    runs = {run: PublicRun(public_run(SITE, issuer, run, now, None), f"token-{run}", ZONE) for run in RUNS}
    return PublicSet(issuer, runs)


def signer(now: Callable[[], datetime] = lambda: NOW) -> ZoneSigner:
    """Return whoever signs the zone, with a new key."""
    return ZoneSigner(read_zone_key(new_zone_key()), now)


class Reached(NamedTuple):
    """A set that is served on loopback."""

    sockets: Opened

    def at(self, address: str, port: int) -> tuple[str, int]:
        """Return where the server at `address` really listens."""
        host, bound = self.sockets.streams[address, port].getsockname()[:2]
        return str(host), int(bound)


class Watched(NamedTuple):
    """What was noted: in each run, and how much in none."""

    tests: Mapping[str, SenderTest]
    unknown: Mapping[str, int]


def watched(one: PublicSet, client: Callable[[Reached], None], now: Callable[[], datetime]) -> Watched:
    """Return what is noted while `client` is called in a thread."""
    watching = {run: each.run.watching(now, lambda line: None) for run, each in one.runs.items()}
    serving = PublicServing(SITE, one.runs, watching, now, {})

    async def go() -> None:
        sockets = public_opened(SITE, lambda address, port: ("127.0.0.1", 0))
        try:
            async with public_serving(serving, sockets, signer(now), CLIENT_S_MAX):
                await asyncio.to_thread(client, Reached(sockets))
        finally:
            sockets.close()

    asyncio.run(go())
    return Watched({run: one.runs[run].run.seen(watching[run]) for run in one.runs}, serving.unknown)
