"""The second proof set: bounces, log lines and headers by a reviewer who had not seen what the rules make of them.

Each file in tests/data/unseen has many samples. A sample begins with a line `=== name | cause` and lasts until the
next one; a third field names causes that are right, too. A cause `other:...` marks a control.
"""

from collections.abc import Iterator
from pathlib import Path

from support_accuracy import Accuracy, judged_sample

UNSEEN = Path(__file__).resolve().parent / "data" / "unseen"
FIRST_RUN = "cause found in 111 of 131, 112 of 124 claims right, a cause claimed for 5 of 61 controls"
LATER_RUN = "cause found in 11 of 18, 11 of 14 claims right, a cause claimed for 1 of 24 controls"
_OPENING = "=== "


def samples() -> Iterator[tuple[str, str, tuple[str, ...], bytes]]:
    """Yield the name, the expected cause, the causes that are right, too, and the text of each sample."""
    for path in sorted(UNSEEN.glob("*.txt")):
        for section in f"\n{path.read_text(encoding='utf-8')}".split(f"\n{_OPENING}")[1:]:
            head, _, text = section.partition("\n")
            name, expected, *also = (field.strip() for field in head.split("|"))
            yield name, expected, tuple(also[0].split(",")) if also else (), f"{text}\n".encode()


def measured_unseen() -> Accuracy:
    """Judge the second set."""
    judged = tuple(judged_sample(*one) for one in samples())
    return Accuracy(
        causes=tuple(one for one in judged if not one.is_control),
        controls=tuple(one for one in judged if one.is_control),
    )


def unseen_page(accuracy: Accuracy) -> str:
    """Return the part of docs/reference/explain-accuracy.md about the second set."""
    return "\n".join((*_head(accuracy), *_misses(accuracy))) + "\n"


def _head(accuracy: Accuracy) -> tuple[str, ...]:
    right = accuracy.claims - sum(len(one.wrong) for one in (*accuracy.causes, *accuracy.controls))
    found = f"cause found in {accuracy.found} of {len(accuracy.causes)}, {right} of {accuracy.claims} claims right"
    alarms = f"a cause claimed for {len(accuracy.false_alarms)} of {len(accuracy.controls)} controls"
    return (
        "## A second set, written before its results were seen",
        "",
        "The samples in `tests/data/unseen` were written by a reviewer, from knowledge of the systems and from public",
        "wordings, with the causes that a postmaster would name, before anyone had seen what the rules make of them.",
        "The first run is what to expect of bounces that are new to the rules. The rules were mended after it, so the",
        "present figures show only that the mending holds. After the first run two labels were widened (a header that",
        "states `dmarc=temperror` or `compauth=fail` beside another failure has both causes) and one was mended: the",
        "code 5.7.20 is `dkim_none` (RFC 7372 section 3.1). Later one was mended (a name without data is no name that does",
        "not exist: `mx_no_address`) and one control became a cause (a provider that distrusts an address: `reputation`).",
        "",
        "| run | outcome |",
        "|---|---|",
        f"| first, of 192 samples | {FIRST_RUN} |",
        f"| first, of 42 more, after the mending | {LATER_RUN} |",
        f"| present, of all | {found}, {alarms} |",
        "",
    )


def _misses(accuracy: Accuracy) -> tuple[str, ...]:
    rows = [
        f"| `{sample.file}` | `{sample.expected}` | {', '.join(sample.claimed) or 'nothing'} |"
        for sample in (*accuracy.causes, *accuracy.controls)
        if sample.wrong or not (sample.is_control or sample.is_found)
    ]
    return ("| not as expected | label | claimed |", "|---|---|---|", *rows) if rows else ()
