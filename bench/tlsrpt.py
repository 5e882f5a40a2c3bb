"""TLS reports read by mxproof and by parsedmarc, from messages and from packed files, on one core.

The peer lives in a virtual environment of its own. Both parse the same bytes, which were read before; a second of processor
time is what counts. Both must count the same sessions. Then the memory of `mxproof tlsrpt read` over a mailbox of 10 000 and of 100 000.
"""

import json
import statistics
import subprocess
import tempfile
from pathlib import Path

from bench.packaged import environment
from bench.timing import python, timed, verdict
from bench.tlsrpt_corpus import Corpus, corpus
from mxproof.cli.exit import DONE, PROBLEM

ROOT = Path(__file__).resolve().parent.parent
PEER = "parsedmarc==11.1.0"
REPORTS = 1500
ROUNDS = 5
MESSAGES_RATIO_MIN = 10.0
PACKED_RATIO_MIN = 2.0
FEW, MANY = 10_000, 100_000
PEAK_RATIO_MAX = 1.1
READER = ROOT / "bench" / "tlsrpt_read.py"


def main() -> bool:
    """Measure and print; tell whether the figures hold."""
    peer = environment("tlsrpt", (PEER,), base=python())
    with tempfile.TemporaryDirectory(prefix="mxproof-bench-") as folder:
        made = corpus(Path(folder), REPORTS)
        messages = _ratio("messages", made.messages, made, peer)
        packed = _ratio("packed reports", made.packed, made, peer)
        peaks = [_peak_kib(Path(folder), made, number) for number in (FEW, MANY)]
    print(f"a mailbox of {FEW}: peak {peaks[0] / 1024:.1f} MiB; of {MANY}: {peaks[1] / 1024:.1f} MiB")
    flat = verdict(
        "peak memory of the larger mailbox to that of the smaller", peaks[1] / peaks[0], PEAK_RATIO_MAX
    )
    fast = verdict("messages, parsedmarc's time to ours, inverse", 1 / messages, 1 / MESSAGES_RATIO_MIN)
    return verdict("packed reports, the same", 1 / packed, 1 / PACKED_RATIO_MIN) and fast and flat


def _peak_kib(folder: Path, made: Corpus, number: int) -> int:
    """Return the peak memory of reading a mailbox of so many messages, those of the corpus again and again."""
    messages = [path.read_bytes() for path in sorted(made.messages.iterdir())]
    mailbox = folder / f"{number}.mbox"
    with mailbox.open("wb") as opened:
        for place in range(number):
            opened.write(b"From MAILER-DAEMON Mon Mar  2 05:00:00 2026\n")
            opened.write(messages[place % len(messages)].replace(b"\r\n", b"\n") + b"\n")
    run = timed((python(), "-m", "mxproof", "tlsrpt", "read", "--format", "json", str(mailbox)))
    mailbox.unlink()
    assert run.status in {DONE, PROBLEM}, f"exit status {run.status}"
    return run.peak_kib


def _ratio(kind: str, folder: Path, made: Corpus, peer: Path) -> float:
    """Return the median of how many times as many reports a second are read, pair by pair."""
    pairs = [
        (_per_s(python(), "mxproof", folder, made), _per_s(str(peer), "parsedmarc", folder, made))
        for _ in range(ROUNDS)
    ]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    found = statistics.median(one / other for one, other in pairs)
    print(f"{kind:<16} mxproof {ours:8.0f}/s   parsedmarc {theirs:8.0f}/s   {found:.1f} times")
    return found


def _per_s(interpreter: str, program: str, folder: Path, made: Corpus) -> float:
    ran = subprocess.run(
        [interpreter, str(READER), program, str(folder)], check=True, capture_output=True, text=True
    )
    got = json.loads(ran.stdout.splitlines()[-1])
    assert (got["success"], got["failure"]) == (made.success, made.failure), (
        f"{program} counts otherwise: {got}"
    )
    return float(got["per_cpu_s"])
