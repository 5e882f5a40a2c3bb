"""The sockets of many look-ups, in the loop that a scan runs in: what they meet is heard of, and they live on."""

import asyncio
import socket
from collections.abc import Callable, Coroutine

import pytest

from mxproof.net.asking import Peer
from mxproof.net.dns.bulk_port import BulkPort, BulkQuestion
from mxproof.net.dns.message import DNS_BYTES_MAX
from mxproof.net.loop import run, run_quickly
from support_dns import reply

REFUSALS = 3
WITHIN_S = 60.0


class Owner:
    """Notes what its port tells it."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.told: asyncio.Queue[str] = asyncio.Queue()

    async def next(self) -> str:
        async with asyncio.timeout(WITHIN_S):
            return await self.told.get()

    def look_up_with_care(self, put: BulkQuestion) -> None:
        raise AssertionError(f"{put}: nothing is asked but the root")

    def lost(self, _now: float) -> None:
        raise AssertionError("nothing is sent again")

    def heard(self, _now: float) -> None:
        self.told.put_nowait("heard")

    def received(self, _count: int, _now: float) -> None:
        """Take note that all was taken."""

    def refused(self) -> None:
        self.told.put_nowait("refused")


@pytest.mark.parametrize("running", [run, run_quickly])
def test_a_port_at_which_nobody_was_hears_whoever_comes(
    running: Callable[[Coroutine[object, object, list[str]]], list[str]],
) -> None:
    async def scenario() -> list[str]:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as gone:
            gone.bind(("127.0.0.1", 0))
            peer = Peer(*gone.getsockname())
        owner = Owner(peer)
        port = BulkPort(owner, peer)
        told = []
        for _ in range(REFUSALS):
            port.ask_root()
            told.append(await owner.next())
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as come:
            come.bind(peer)
            port.ask_root()
            wire, asker = come.recvfrom(DNS_BYTES_MAX)  # it is there: on loopback who has sent has delivered
            come.sendto(reply(wire), asker)
            told.append(await owner.next())
        port.close()
        return told

    assert running(scenario()) == ["refused"] * REFUSALS + ["heard"]
