"""A day of 20 000 policy domains is closed, and the report of each written: time, processor time and memory.

Each domain has an MTA-STS policy of four lines, half of them with sessions that failed in two ways. It runs in a process of its own.
"""

import resource
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from mxproof.formats.tlsrpt.datagram import SessionDatagram
from mxproof.formats.tlsrpt.report import FailureDetails, ReportedPolicy
from mxproof.net.asking import Asking
from mxproof.serve.sending.making import close_days
from mxproof.serve.sending.settings import SendSettings
from mxproof.store.journal.days import day_of
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.met_counts import MetBounds, MetCounts
from mxproof.store.journal.met_journal import MetJournal

DOMAINS = 20_000
SECONDS_MAX = 30.0
MEMORY_MB_MAX = 200.0
DAY = date(2026, 3, 1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def main() -> bool:
    """Print the figures, and tell whether they hold."""
    with tempfile.TemporaryDirectory() as folder:
        store = f"sqlite:{Path(folder) / 'journal.db'}"
        with closing(Journal(store)) as journal:
            _meet(MetJournal(journal))
        told = subprocess.run(
            [sys.executable, "-c", f"from bench.tlsrpt_closing import closed; closed({store!r})"],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout
    seconds, cpu_s, memory_mb, reports = map(float, told.split())
    print(
        f"a day of {DOMAINS} domains closed, {reports:.0f} reports written: {seconds:.1f} s (at most {SECONDS_MAX:.0f}), "
        f"{cpu_s:.1f} s of processor time, {memory_mb:.0f} MB (at most {MEMORY_MB_MAX:.0f})"
    )
    return reports == DOMAINS and seconds <= SECONDS_MAX and memory_mb <= MEMORY_MB_MAX


def closed(store: str) -> None:
    """Close the day, and print seconds, seconds of processor time, megabytes and reports."""
    settings = SendSettings(
        organization="Sender", contact="tls@sender.example", sender="tls@sender.example", asking=Asking(())
    )
    chance = (number / 2**40 for number in range(2**40))
    begun, cpu = time.monotonic(), time.process_time()
    with closing(Journal(store)) as journal:
        (day,) = close_days(journal, settings, NOON + timedelta(days=1), lambda: next(chance))
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(time.monotonic() - begun, time.process_time() - cpu, memory_mb, day.reports)


def _meet(met: MetJournal) -> None:
    bounds = MetBounds(DOMAINS)
    for begin in range(0, DOMAINS, 1000):
        counts = MetCounts(bounds)
        for number in range(begin, begin + 1000):
            for one in _sessions(f"d{number}.example", fails=number % 2 == 1):
                counts.add(day_of(NOON), one, 3, NOON.timestamp())
        met.add(counts)


def _sessions(domain: str, *, fails: bool) -> list[SessionDatagram]:
    lines = ("version: STSv1", "mode: enforce", f"mx: mx.{domain}", "max_age: 86400")
    good = ReportedPolicy("sts", domain, 1, 0, lines, (f"mx.{domain}",))
    record = f"v=TLSRPTv1; rua=mailto:tls@{domain}"
    found = [SessionDatagram(domain, record, (good,))]
    for result_type in ("certificate-expired", "starttls-not-supported") if fails else ():
        details = FailureDetails(result_type, 1, "198.51.100.7", f"mx.{domain}", f"mx.{domain}", "192.0.2.25")
        bad = ReportedPolicy("sts", domain, 0, 1, lines, (f"mx.{domain}",), (details,))
        found.append(SessionDatagram(domain, record, (bad,)))
    return found
