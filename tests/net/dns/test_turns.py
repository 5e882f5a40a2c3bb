"""A name server has few connections from here at once, and whoever waits for one is told for how long."""

import asyncio

from mxproof.net.asking import Peer
from mxproof.net.dns.turns import STREAMS_PER_SERVER_MAX, StreamTurns
from support_clock import run

SERVER, OTHER = Peer("192.0.2.53", 53), Peer("192.0.2.54", 53)


def test_one_server_has_so_many_connections_at_once_and_another_its_own() -> None:
    async def scenario() -> tuple[int, int]:
        turns, end, held = StreamTurns(), asyncio.Event(), {SERVER: 0, OTHER: 0}

        async def hold(server: Peer) -> None:
            async with turns.turn(server):
                held[server] += 1
                await end.wait()

        async with asyncio.TaskGroup() as group:
            for server in [SERVER] * (STREAMS_PER_SERVER_MAX + 1) + [OTHER]:
                group.create_task(hold(server))
            await asyncio.sleep(1)
            at_once = held[SERVER], held[OTHER]
            end.set()
        assert held[SERVER] == STREAMS_PER_SERVER_MAX + 1
        assert len(turns) == 0
        return at_once

    assert run(scenario()) == (STREAMS_PER_SERVER_MAX, 1)


def test_who_waited_is_told_for_how_long() -> None:
    async def scenario() -> list[float]:
        turns, waited = StreamTurns(), []

        async def hold() -> None:
            async with turns.turn(SERVER) as waited_s:
                waited.append(waited_s)
                await asyncio.sleep(2)

        await asyncio.gather(*(hold() for _ in range(STREAMS_PER_SERVER_MAX + 1)))
        return waited

    assert [round(one) for one in run(scenario())] == [0] * STREAMS_PER_SERVER_MAX + [2]
