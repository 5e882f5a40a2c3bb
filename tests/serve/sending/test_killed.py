"""Killed at any moment: no report is lost, and at most one goes out twice, under the same id."""

import asyncio
import gzip
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from mxproof.formats.tlsrpt.reading import read_report
from mxproof.store.journal.outgoing import OutgoingState
from support_dns import dns_server
from support_long import EXHAUSTIVE, some
from support_outgoing import met_on
from support_report_sending import DAY, Bench, bench_with, close
from support_stream import certified, stream_server

WITHIN_S = 120
_SENDS = """
import asyncio, sys
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from mxproof.net.asking import Asking, Peer
from mxproof.serve.sending.sender import ReportSender
from support_report_sending import Bench, RECEIVER

folder, resolver, receiver, hours = Path(sys.argv[1]), *map(int, sys.argv[2:])
bench = Bench(folder)
bench.now += timedelta(hours=hours)
ways = MappingProxyType({(RECEIVER, 443): Peer("127.0.0.1", receiver)})
asking = Asking((Peer("127.0.0.1", resolver),), connect_to=ways, families=(4,), trust_ad=False)
bench.change(asking=asking)

def chance():
    print(flush=True)
    return bench.chance()

async def main():
    print(flush=True)
    with ReportSender(bench.journal, bench.settings, bench.counts, lambda: bench.now, chance) as sender:
        await sender.step(early=True)

asyncio.run(main())
"""


def sends(folder: Path, resolver: int, receiver: int, hours: int) -> subprocess.Popen[bytes]:
    """Start a process that closes days and sends, so many hours after the first."""
    command = [sys.executable, "-c", _SENDS, str(folder), *map(str, (resolver, receiver, hours))]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)


async def _received(bench: Bench, kills_at: tuple[int, ...]) -> list[str]:
    """Send all there is, killed when so many requests have come in all and no answer to the last; return the ids that came."""
    ids: list[str] = []
    process: subprocess.Popen[bytes] | None = None

    async def receiver(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length: ")[2].split(b"\r\n")[0])
        ids.append(read_report(gzip.decompress(await reader.readexactly(length))).report.id)
        if len(ids) in kills_at and process is not None:
            process.kill()
            await asyncio.Event().wait()
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await writer.drain()

    async with dns_server(bench.respond) as resolver, stream_server(receiver, certified()) as peer:
        for turn in range(len(kills_at) + 1):
            process = sends(bench.folder, resolver.port, peer.port, 2 * turn)
            with process:
                async with asyncio.timeout(WITHIN_S):
                    status = await asyncio.to_thread(_ended, process)
            assert status == (-signal.SIGKILL if turn < len(kills_at) else 0)
    return ids


def _ended(process: subprocess.Popen[bytes]) -> int:
    process.communicate()
    return process.returncode


@EXHAUSTIVE
def test_of_reports_that_are_sent_only_the_one_on_its_way_comes_twice(tmp_path: Path) -> None:
    domains = [f"d{number}.example" for number in range(6)]
    bench = bench_with(tmp_path, *domains)
    for one in domains:
        bench.wants(one, "https://r0.test/v1")
    times = Counter(asyncio.run(_received(bench, (1, 4))))
    assert sorted(times.values()) == [1, 1, 1, 1, 2, 2]
    assert bench.outgoing.states(DAY) == {DAY: {OutgoingState.SENT: len(domains)}}
    assert {bench.report(one).report_id for one in domains} == set(times)
    close(bench)


@EXHAUSTIVE
@pytest.mark.parametrize("lines", some([2, 700, 1400], 3))
def test_a_day_that_is_being_closed_is_closed_by_the_next(tmp_path: Path, lines: int) -> None:
    domains = [f"d{number:04}.example" for number in range(800)]
    bench = Bench(tmp_path)
    met_on(bench.journal, DAY, *domains)
    with sends(tmp_path, 9, 9, 0) as process:
        assert process.stdout is not None
        for _ in range(lines):
            process.stdout.readline()
        process.kill()
    bench.step()
    found = bench.outgoing.reports(DAY, list(OutgoingState), reports_max=10_000)
    assert [one.domain for one in found] == domains
    assert len({one.report_id for one in found}) == len(domains)
    close(bench)
