"""Asking of a scan: questions a processor second to knot on loopback, beside a bare loop and dnsperf in the same run.

The bare loop writes each query, sends and receives it over one socket, and reads its ID, flags and counts: what is left when nothing is
recorded. The scan's own keeps each answer with its records, its time and its bytes. Knot and dnsperf are other processes; what is
counted is user and system time of the asking process alone, median of RUNS_COUNT.
"""

import os
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from bench.timing import verdict
from mxproof.evidence import Answer, Kind, Outcome, Question
from mxproof.net.asking import Asking, Peer
from mxproof.net.dns.bulk import BulkLookups
from mxproof.net.dns.query import query
from mxproof.net.loop import run_quickly
from mxproof.scan.asking import names_answered
from mxproof.scan.local_worker import spare_collector
from real.scan.zone_server import free_peer, zones_served

DOMAINS_COUNT = 5000
WITH_POLICY = 3
"""Every third domain has a policy, and asks for reports."""
WITH_OWN = 2
"""Every other domain has a mail host and an address of its own, so that half of them have nothing that is remembered."""
RUNS_COUNT = 5
WINDOW = 128
OF_BARE_MIN = 0.585
"""What is aimed at on a quiet machine are 35 000 questions a processor second where an event loop that keeps nothing makes 59 833."""


def main() -> bool:
    """Measure and print; tell whether the figures hold."""
    if shutil.which("knotd") is None:
        print("asking: knotd is not installed; nothing was measured")
        return True
    folder = Path(tempfile.mkdtemp(prefix="bench-dns-"))
    try:
        peer = free_peer()
        with zones_served({"example.": _zone()}, folder, peer):
            return _measured(peer, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measured(peer: Peer, folder: Path) -> bool:
    spare_collector()  # as workers do
    questions = list(_questions())
    bare, ours = [], []
    for _ in range(RUNS_COUNT):
        bare.append(_each_second(len(questions), lambda: _bare(peer, questions)))
        ours.append(_each_second(len(questions), lambda: _answered(peer, questions)))
    theirs = _dnsperf(peer, questions, folder)
    told = f", dnsperf {theirs:,.0f}" if theirs else ""
    rate, most = statistics.median(ours), statistics.median(bare)
    print(f"questions a processor second: {rate:,.0f}; a bare loop {most:,.0f}{told}")
    shares = [one / other for one, other in zip(ours, bare, strict=True)]
    return verdict("processor time of a bare loop's", 1 / statistics.median(shares), 1 / OF_BARE_MIN)


def _each_second(count: int, work: Callable[[], None]) -> float:
    began = time.process_time()
    work()
    return count / (time.process_time() - began)


def _questions() -> Iterator[Question]:
    for number in range(DOMAINS_COUNT):
        name = f"d{number:06}.example"
        yield Question(Kind.MX, name)
        yield Question(Kind.TXT, f"_mta-sts.{name}")
        yield Question(Kind.TXT, f"_smtp._tls.{name}")
        yield Question(Kind.A, f"mta-sts.{name}")


def _zone() -> Iterator[str]:
    yield "ns A 192.0.2.53\n"
    for number in range(DOMAINS_COUNT):
        is_own = number % WITH_OWN == 0
        yield f"d{number:06} MX 10 mx.{f'd{number:06}' if is_own else f'provider-{number % 5}'}\n"
        if number % WITH_POLICY == 0:
            yield f'_mta-sts.d{number:06} TXT "v=STSv1; id=20260101;"\n'
            yield f'_smtp._tls.d{number:06} TXT "v=TLSRPTv1; rua=mailto:tls@example"\n'
            address = f"203.0.{number // 256}.{number % 256}" if is_own else "203.0.113.80"
            yield f"mta-sts.d{number:06} A {address}\n"


def _bare(peer: Peer, questions: list[Question]) -> None:
    """Ask each question over one socket, WINDOW at once, and keep nothing but how many had records."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.connect(peer)
        one.settimeout(2.0)
        waiting = iter(questions)
        under_way: set[bytes] = set()
        for question in islice(waiting, WINDOW):
            _send_bare(one, question, under_way)
        found = 0
        while under_way:
            try:
                wire = one.recv(4096)
            except TimeoutError:
                break  # what was lost is not asked again
            under_way.discard(wire[:2])
            found += bool(wire[7])
            question_next = next(waiting, None)
            if question_next is not None:
                _send_bare(one, question_next, under_way)


def _send_bare(one: socket.socket, question: Question, under_way: set[bytes]) -> None:
    asked = query(question)
    assert asked is not None, "the name can be written"
    under_way.add(asked.wire[:2])
    one.send(asked.wire)


def _answered(peer: Peer, questions: list[Question]) -> None:
    """Ask as a scan does, and hold the answers against what stands in the zone."""
    answers = run_quickly(_asked(peer, questions))
    found = sum(1 for one in answers.values() if one.outcome is Outcome.FOUND)
    want = DOMAINS_COUNT + 3 * (1 + (DOMAINS_COUNT - 1) // WITH_POLICY)
    assert found == want, f"{found} of {want} questions have records"


async def _asked(peer: Peer, questions: list[Question]) -> dict[Question, Answer]:
    async def careful(question: Question, _left_s: float) -> Answer:
        raise AssertionError(f"{question}: knot gives a plain answer to all of them")

    with BulkLookups(Asking((peer,)), WINDOW, careful) as lookups:
        return await names_answered(questions, lookups.put)


def _dnsperf(peer: Peer, questions: list[Question], folder: Path) -> float:
    """Return the questions a processor second of dnsperf, 0 where it is not installed."""
    command = shutil.which("dnsperf")
    if command is None:
        return 0.0
    data = folder / "questions"
    data.write_text("".join(f"{one.name} {one.kind}\n" for one in questions), encoding="ascii")
    arguments = [
        command,
        "-s",
        peer.address,
        "-p",
        str(peer.port),
        "-d",
        str(data),
        "-n",
        "1",
        "-q",
        str(WINDOW),
    ]
    with subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
    return len(questions) / (usage.ru_utime + usage.ru_stime)


if __name__ == "__main__":
    raise SystemExit(not main())
