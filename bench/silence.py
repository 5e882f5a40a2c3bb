"""A million lines of Postfix through `mxproof watch silence`: processor time and memory.

The log is a year of forty senders with a mail in six lines, drawn from one seed and written to a file before the clock runs.
"""

import random
import resource
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

LINES = 1_000_000
LINES_A_MAIL = 6
SENDERS = 40
YEAR_S = 365 * 86_400
BEGIN_S = datetime(2025, 1, 1, tzinfo=UTC).timestamp()
CPU_S_MAX = 5.0
MEMORY_MB_MAX = 150.0


def main() -> bool:
    """Print the figures, and tell whether they hold."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "mail.log"
        _write(log)
        subprocess.run(
            [sys.executable, "-m", "mxproof", "watch", "silence", "--format", "json", str(log)],
            check=False,
            stdout=subprocess.DEVNULL,
        )
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s, memory_mb = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    print(
        f"{LINES} lines: {cpu_s:.1f} s of processor time (at most {CPU_S_MAX}), {memory_mb:.0f} MB (at most {MEMORY_MB_MAX:.0f})"
    )
    return cpu_s <= CPU_S_MAX and memory_mb <= MEMORY_MB_MAX


def _write(log: Path) -> None:
    chance = random.Random(1)
    weights = [1 / (rank + 1) for rank in range(SENDERS)]
    times = sorted(BEGIN_S + chance.random() * YEAR_S for _ in range(LINES // LINES_A_MAIL))
    with log.open("w", encoding="ascii") as out:
        for at_s in times:
            (rank,) = chance.choices(range(SENDERS), weights)
            host = f"mail{chance.randint(1, 9)}.sender{rank}.example"
            begin = f"{datetime.fromtimestamp(at_s, UTC):%b %e %H:%M:%S} mx postfix/"
            queue_id = f"{chance.randrange(16**10):010X}"
            out.write(
                f"{begin}smtpd[12]: connect from {host}[192.0.2.1]\n"
                f"{begin}smtpd[12]: {queue_id}: client={host}[192.0.2.1]\n"
                f"{begin}cleanup[13]: {queue_id}: message-id=<1@{host}>\n"
                f"{begin}qmgr[14]: {queue_id}: from=<a@example.com>, size=1234, nrcpt=1 (queue active)\n"
                f"{begin}local[15]: {queue_id}: to=<b@example.net>, relay=local, delay=0.1, dsn=2.0.0, status=sent\n"
                f"{begin}qmgr[14]: {queue_id}: removed\n"
            )
