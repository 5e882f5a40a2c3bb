"""Asking eagerly: wall time of a survey against its longest chain of dependent answers, with 50 ms added to each.

The longest chain is MX, then the addresses of a host, then one SMTP dialogue; every reply of that dialogue waits for
the one before it, and the TLS handshake is the machine's own work.
"""

import asyncio
import statistics

from bench.timing import verdict
from bench.worlds import lab_evidence
from mxproof.evidence import SmtpData

LATENCY_MS = 50
DNS_STEPS = 2
RATIO_MAX = 1.25
RUNS = 7


def main() -> bool:
    """Measure and print; tell whether the figure holds."""
    ratios = []
    for _ in range(RUNS):
        evidence, wall_s = asyncio.run(lab_evidence("incident", LATENCY_MS))
        dialogues = [answer.data for answer in evidence.answers.values() if isinstance(answer.data, SmtpData)]
        replies = max(_replies(data) for data in dialogues)
        chain_s = (DNS_STEPS + replies) * LATENCY_MS / 1000
        ratios.append(wall_s / chain_s)
        print(
            f"{len(evidence.answers)} answers, {len(dialogues)} SMTP dialogues in {wall_s:.3f} s;"
            f" longest chain {DNS_STEPS} + {replies} answers = {chain_s:.3f} s; ratio {ratios[-1]:.3f}"
        )
    return verdict("wall time to longest chain, median", statistics.median(ratios), RATIO_MAX)


def _replies(data: SmtpData) -> int:
    """Count whole replies: a reply ends with the line that has no hyphen behind its code (RFC 5321 section 4.2.1)."""
    return sum(1 for line in data.transcript if line.side == "S" and line.text[3:4] != b"-")
