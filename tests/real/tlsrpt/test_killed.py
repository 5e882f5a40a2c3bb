"""Killed at random moments of closing a day and of sending, again and again: no report is lost, and a kill has at most one come twice.

The lease of what the killed one held is over each time: its clock is set forward.
"""

import asyncio
import gzip
import signal
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from mxproof.formats.tlsrpt.reading import read_report
from mxproof.store.journal.outgoing import OutgoingState
from serve.sending.test_killed import WITHIN_S, sends
from support_dns import dns_server
from support_outgoing import met_on
from support_report_sending import DAY, Bench, close
from support_stream import certified, stream_server

DOMAINS = 300
KILLS = 12
AFTER_S_MAX = 2.0


async def _received(bench: Bench, random: Random) -> tuple[list[str], int]:
    """Close a day and send, killed again and again; return the ids that came, and how often one was killed."""
    ids: list[str] = []
    kills = turn = 0

    async def receiver(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length: ")[2].split(b"\r\n")[0])
        ids.append(read_report(gzip.decompress(await reader.readexactly(length))).report.id)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await writer.drain()

    async with dns_server(bench.respond) as resolver, stream_server(receiver, certified()) as peer:
        while True:
            with sends(bench.folder, resolver.port, peer.port, 2 * turn) as process:
                assert process.stdout is not None
                await asyncio.to_thread(process.stdout.readline)
                ended = asyncio.create_task(asyncio.to_thread(process.communicate))
                within = random.uniform(0, AFTER_S_MAX) if kills < KILLS else WITHIN_S
                await asyncio.wait({ended}, timeout=within)
                process.kill()
                await ended
            turn += 1
            kills += process.returncode == -signal.SIGKILL
            if process.returncode == 0:
                return ids, kills


@pytest.mark.parametrize("seed", [1, 2])
def test_no_report_is_lost_and_each_kill_has_at_most_one_come_twice(tmp_path: Path, seed: int) -> None:
    domains = [f"d{number:04}.example" for number in range(DOMAINS)]
    bench = Bench(tmp_path)
    met_on(bench.journal, DAY, *domains)
    for one in domains:
        bench.wants(one, "https://r0.test/v1")
    ids, kills = asyncio.run(_received(bench, Random(seed)))
    times = Counter(ids)
    assert kills
    assert bench.outgoing.states(DAY) == {DAY: {OutgoingState.SENT: DOMAINS}}
    assert {one.report_id for one in bench.outgoing.reports(DAY, [OutgoingState.SENT])} == set(times)
    assert max(times.values()) <= 1 + kills
    assert sum(times.values()) - DOMAINS <= kills
    close(bench)
