"""Policies of a scan: fetches a processor second beside the handshakes of `openssl s_time`, and what tarpits cost.

The policy host is `openssl s_server` on loopback, with a key on P-256 and a chain of two; what is counted is user and system time of
the asking process alone. `s_time` makes a full handshake and reads nothing; a fetch sends a request, reads the answer, and keeps both and
the chain. For tarpits, three of ten addresses take the connection and say nothing; what is compared is the time until
everybody else has answered, and the processor time of it.
"""

import os
import re
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bench.timing import verdict
from mxproof.evidence import Answer, Kind, Outcome, PolicyData, Question, Vantage
from mxproof.net.asking import Peer
from mxproof.net.loop import run_quickly
from mxproof.scan.asking import all_answered
from mxproof.scan.depth import ScanDepth
from mxproof.scan.local_worker import raise_file_limit, spare_collector
from mxproof.scan.manifest import SCAN_VERSION, ScanAsking, ScanManifest
from mxproof.scan.network import NetworkAsk

POLICIES_COUNT = 1000
RUNS_COUNT = 3
CONNECTIONS = 64
HANDSHAKES_S = 2
OF_OPENSSL_MIN = 0.9
TARPITS_OF_TEN = 3
TARPITS_COST_MAX = 1.2
SERVER_WITHIN_S = 30.0
_PAGE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"
    b"version: STSv1\nmode: enforce\nmx: *.provider-0.example\nmax_age: 604800\n"
)


def main() -> bool:
    """Measure and print; tell whether the figures hold."""
    spare_collector()
    raise_file_limit()
    folder = Path(tempfile.mkdtemp(prefix="bench-policy-"))
    try:
        with _server(folder) as peer, _tarpit() as tarpit:
            return _measured(peer, tarpit)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measured(peer: Peer, tarpit: Peer) -> bool:
    theirs, ours, alone, beside = [], [], [], []
    quick = [Question(Kind.POLICY, "mta-sts.d.example", address) for address in _addresses(POLICIES_COUNT, 1)]
    count = POLICIES_COUNT * TARPITS_OF_TEN // (10 - TARPITS_OF_TEN)
    slow = [Question(Kind.POLICY, "mta-sts.t.example", address) for address in _addresses(count, 2)]
    mixed = sorted((*quick, *slow), key=lambda one: one.at[::-1])
    for _ in range(RUNS_COUNT):
        theirs.append(_handshakes(peer))
        wall_s, spent_s = _fetched(quick, {one.at: peer for one in quick})
        ours.append(len(quick) / spent_s)
        alone.append(wall_s)
        ways = {**{one.at: peer for one in quick}, **{one.at: tarpit for one in slow}}
        beside.append(_fetched(mixed, ways)[0])
    print(
        f"a processor second: {statistics.median(ours):,.0f} policies, {statistics.median(theirs):,.0f} handshakes of openssl s_time"
    )
    shares = [other / one for one, other in zip(ours, theirs, strict=True)]
    costs = [one / other for one, other in zip(beside, alone, strict=True)]
    return all(
        (
            verdict(
                "processor time of a handshake of openssl s_time",
                statistics.median(shares),
                1 / OF_OPENSSL_MIN,
            ),
            verdict(
                "time until all others have answered beside tarpits",
                statistics.median(costs),
                TARPITS_COST_MAX,
            ),
        )
    )


def _addresses(count: int, network: int) -> Iterator[str]:
    """Yield addresses that are connected to by detour alone."""
    for number in range(count):
        yield f"9.{network}.{number // 250}.{1 + number % 250}"


def _handshakes(peer: Peer) -> float:
    """Return the full handshakes a processor second of `openssl s_time`."""
    command = ["openssl", "s_time", "-connect", str(peer), "-new", "-time", str(HANDSHAKES_S), "-tls1_3"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None, "it is a pipe"
        told = process.stdout.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    found = re.search(r"^(\d+) connections in \d+ real seconds", told, re.MULTILINE)
    assert found is not None, told
    return int(found[1]) / (usage.ru_utime + usage.ru_stime)


def _fetched(questions: Sequence[Question], ways: dict[str, Peer]) -> tuple[float, float]:
    """Return the seconds until each who answers has, and the processor seconds of all."""
    asking = ScanAsking(
        resolvers=("127.0.0.1:53",),
        connect_to=tuple(f"{address}:443={peer}" for address, peer in ways.items()),
        connections=CONNECTIONS,
    )
    manifest = ScanManifest(
        SCAN_VERSION, "bench", datetime.now(UTC), ScanDepth.POLICY, 1, 1, 4, asking, Vantage(software="bench")
    )
    began, spent = time.monotonic(), time.process_time()
    last = began

    async def asked() -> dict[Question, Answer]:
        async def ask(question: Question) -> Answer:
            nonlocal last
            answer = await network(question)
            if answer.outcome is Outcome.FOUND:
                last = time.monotonic()
            return answer

        with NetworkAsk(manifest) as network:
            return await all_answered(questions, ask, CONNECTIONS)

    answers = run_quickly(asked())
    found = sum(isinstance(one.data, PolicyData) and one.data.status == 200 for one in answers.values())
    assert found == POLICIES_COUNT, f"{found} of {POLICIES_COUNT} policies were fetched"
    return last - began, time.process_time() - spent


@contextmanager
def _server(folder: Path) -> Iterator[Peer]:
    """Serve a policy with `openssl s_server`."""
    page = folder / ".well-known"
    page.mkdir()
    (page / "mta-sts.txt").write_bytes(_PAGE)
    for words in (
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -subj /CN=bench-root -days 30",
        "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout own.key -out own.csr -subj /CN=mta-sts.d.example",
        "x509 -req -in own.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out own.pem -days 30",
    ):
        subprocess.run(["openssl", *words.split()], cwd=folder, check=True, capture_output=True)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as free:
        free.bind(("127.0.0.1", 0))
        peer = Peer("127.0.0.1", free.getsockname()[1])
    words = f"s_server -accept {peer} -cert own.pem -key own.key -cert_chain ca.pem -HTTP -quiet -no_ticket -no_cache"
    with subprocess.Popen(
        ["openssl", *words.split()],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            _await_listener(peer)
            yield peer
        finally:
            server.terminate()


def _await_listener(peer: Peer) -> None:
    until = time.monotonic() + SERVER_WITHIN_S
    while True:
        try:
            socket.create_connection(peer, timeout=1.0).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


@contextmanager
def _tarpit() -> Iterator[Peer]:
    """Take connections, as the kernel does for whoever listens, and say nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as held:
        held.bind(("127.0.0.1", 0))
        held.listen(4096)
        yield Peer("127.0.0.1", held.getsockname()[1])


if __name__ == "__main__":
    raise SystemExit(not main())
