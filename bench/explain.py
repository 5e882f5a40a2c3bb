"""Explaining: messages a second on one core, start to answer for one file, ten hostile megabytes, and a large mbox.

What counts is processor time, so that other work on the machine does not. The messages are the bounces of the proof set. The yardstick in the same run is Python's own `email` package reading
the same messages and decoding their parts, and nothing else; for the start it is an interpreter that does nothing.
"""

import email
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.timing import paired, python, ratio, verdict
from mxproof.explain.engine import explain

MESSAGES = Path(__file__).resolve().parent.parent / "tests" / "data" / "dsn"
MILLISECONDS_PER_MESSAGE_MAX = 1.0
START_MS_MAX = 300.0
HOSTILE_MS_MAX = 1000.0
HOSTILE_BYTES = 10 * 1024 * 1024
ROUNDS = 7
MBOX_MESSAGES = (1_000, 10_000)
"""Two mailboxes that are read one message at a time: what the larger takes more is for the messages themselves."""
MBOX_RATIO_MAX = 1.1


def main() -> bool:
    """Measure and print; tell whether the figures hold."""
    return all((_throughput(), _start(), _hostile(), _mbox()))


def _throughput() -> bool:
    messages = [path.read_bytes() for path in sorted(MESSAGES.glob("*.eml"))]
    _walked(messages, _explained)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(_walked(messages, _explained))
        theirs.append(_walked(messages, _parsed))
    each_ms = statistics.median(ours) * 1000 / len(messages)
    times = statistics.median(one / other for one, other in zip(ours, theirs, strict=True))
    print(
        f"{len(messages)} messages of {sum(map(len, messages)) // len(messages)} bytes: {1000 / each_ms:.0f} a second"
    )
    print(f"      ratio to reading them with the email package: {times:.1f}")
    return verdict("explain one message, median", each_ms, MILLISECONDS_PER_MESSAGE_MAX, " ms")


def _start() -> bool:
    file = str(MESSAGES / "synth-microsoft-448.eml")
    ours, theirs = paired(
        ("mxproof explain FILE", (python(), "-m", "mxproof", "explain", file)),
        ("python -c pass", (python(), "-c", "pass")),
        runs=15,
    )
    print(ours.row())
    print(theirs.row())
    print(f"      ratio of wall time: {ratio(ours, theirs, 'wall_s'):.1f}")
    return verdict("start to answer, processor time", ours.median("cpu_s") * 1000, START_MS_MAX, " ms")


def _hostile() -> bool:
    worst_ms = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for number, piece in enumerate((b"550-", b"<", b"connect to a[1]:", b"(", b"a@b.c ")):
            file = Path(folder) / str(number)
            file.write_bytes(piece * (HOSTILE_BYTES // len(piece)))
            ours, _ = paired(
                (f"10 MB of {piece!r}", (python(), "-m", "mxproof", "explain", str(file))),
                ("python -c pass", (python(), "-c", "pass")),
                runs=3,
            )
            worst_ms = max(worst_ms, ours.median("cpu_s") * 1000)
    return verdict("ten hostile megabytes on one line, worst processor time", worst_ms, HOSTILE_MS_MAX, " ms")


def _mbox() -> bool:
    """Compare the peak memory of a mailbox with that of one ten times as large; `--mbox COUNT` takes another size."""
    message = (MESSAGES / "synth-microsoft-448.eml").read_bytes()
    few, many = MBOX_MESSAGES
    if "--mbox" in sys.argv:
        many = int(sys.argv[sys.argv.index("--mbox") + 1])
    with tempfile.TemporaryDirectory() as folder:
        peaks = [_peak_kib(Path(folder) / "box", message, count) for count in (few, many)]
    print(f"mbox of {few} messages: peak {peaks[0] / 1024:.1f} MiB; of {many}: {peaks[1] / 1024:.1f} MiB")
    return verdict(
        "peak memory of the larger mbox to that of the smaller", peaks[1] / peaks[0], MBOX_RATIO_MAX, ""
    )


def _peak_kib(box: Path, message: bytes, count: int) -> float:
    with box.open("wb") as file:
        for _ in range(count):
            file.write(b"From x Thu Nov 26 00:00:00 2026\n" + message + b"\n\n")
    command = (python(), "-m", "mxproof", "explain", "--format", "json", str(box))
    ours, _ = paired(("mbox", command), ("python -c pass", (python(), "-c", "pass")), runs=1)
    return ours.median("peak_kib")


def _walked(messages: list[bytes], step: Callable[[bytes], None]) -> float:
    began = time.process_time()
    for message in messages:
        step(message)
    return time.process_time() - began


def _explained(message: bytes) -> None:
    explain(message)


def _parsed(message: bytes) -> None:
    for part in email.message_from_bytes(message).walk():
        if not part.is_multipart():
            part.get_payload(decode=True)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
