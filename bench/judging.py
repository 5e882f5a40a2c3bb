"""Judging: from the evidence of a two-MX domain in memory to the report."""

import statistics
import time

from bench.timing import verdict
from bench.worlds import incident_evidence
from mxproof.judge.judging import report_on

MILLISECONDS_MAX = 2.0
RUNS = 200


def main() -> bool:
    """Measure and print; tell whether the figure holds."""
    evidence = incident_evidence()
    now = evidence.observed_at()
    began = time.perf_counter()
    report = report_on(evidence, now=now)
    first_ms = (time.perf_counter() - began) * 1000
    walls = []
    for _ in range(RUNS):
        began = time.perf_counter()
        report_on(evidence, now=now)
        walls.append((time.perf_counter() - began) * 1000)
    print(
        f"{report.domain}: {len(evidence.answers)} answers, {len(report.senders)} senders, {report.summary.outcome}"
    )
    print(f"first report of a process (certificates read and verified): {first_ms:.2f} ms")
    return verdict("evidence to report, median", statistics.median(walls), MILLISECONDS_MAX, " ms")
