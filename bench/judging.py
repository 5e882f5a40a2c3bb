"""Judging: from the evidence of a two-MX domain in memory to the report, and what of it the senders and the checks take.

All are processor time, so that whoever else works on the machine does not count.
"""

import statistics
import time
from collections.abc import Callable

from bench.timing import verdict
from bench.worlds import incident_evidence
from mxproof.judge.checks import findings
from mxproof.judge.judging import report_on
from mxproof.judge.senders import SENDERS, deliver
from mxproof.mail.assemble import assemble

MILLISECONDS_MAX = 2.0
SENDERS_MS_MAX = 1.0
CHECKS_MS_MAX = 4.0
RUNS = 200


def main() -> bool:
    """Measure and print; tell whether the figure holds."""
    evidence = incident_evidence()
    now = evidence.observed_at()
    began = time.perf_counter()
    report = report_on(evidence, now=now)
    first_ms = (time.perf_counter() - began) * 1000
    domain = assemble(evidence, now)
    print(
        f"{report.domain}: {len(evidence.answers)} answers, {len(report.senders)} senders, {report.summary.outcome}"
    )
    print(f"first report of a process (certificates read and verified): {first_ms:.2f} ms")
    held = [
        verdict("all senders", _ms(lambda: [deliver(domain, one) for one in SENDERS]), SENDERS_MS_MAX, " ms"),
        verdict("all checks", _ms(lambda: findings(domain)), CHECKS_MS_MAX, " ms"),
        verdict("evidence to report", _ms(lambda: report_on(evidence, now=now)), MILLISECONDS_MAX, " ms"),
    ]
    return all(held)


def _ms(work: Callable[[], object]) -> float:
    """Return the median processor time of `work` in milliseconds."""
    spent = []
    for _ in range(RUNS):
        began = time.process_time()
        work()
        spent.append((time.process_time() - began) * 1000)
    return statistics.median(spent)
