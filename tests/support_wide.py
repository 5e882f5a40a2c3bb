"""The sixth proof set: as different as they can be in system, language and wording, and half of them nothing to claim.

A sample in tests/data/explain/wide begins as those of the fourth set do (`support_fresh`). `tuned` is what the rules were
mended by; `sealed`, `second` and `third` were each written before, and scored once when the mending before them was done.
"""

from pathlib import Path

from support_accuracy import Accuracy, summary
from support_fresh import measured_fresh, outcome, wrong_sides

WIDE = Path(__file__).resolve().parent / "data" / "explain" / "wide"
FIRST_RUNS = (
    (
        "tuned half, first, of 126",
        "cause found in 48 of 54, 50 of 55 claims right, a cause claimed for 3 of 72 controls, a wrong side in 0 of 48",
    ),
    (
        "sealed half, by the rules from before the mending, of 133",
        "cause found in 65 of 71, 66 of 71 claims right, a cause claimed for 2 of 62 controls, a wrong side in 0 of 65",
    ),
    (
        "sealed half, first, after the mending by the tuned half",
        "cause found in 67 of 71, 68 of 71 claims right, a cause claimed for 2 of 62 controls, a wrong side in 0 of 67",
    ),
    (
        "second set, first, of 101, after the next mending",
        "cause found in 47 of 50, 48 of 50 claims right, a cause claimed for 2 of 51 controls, a wrong side in 0 of 47",
    ),
    (
        "third set, first, of 100, after the last mending",
        "cause found in 47 of 50, 48 of 49 claims right, a cause claimed for 0 of 50 controls, a wrong side in 0 of 47",
    ),
)


def measured_wide() -> Accuracy:
    """Judge the set by its causes."""
    return measured_fresh(WIDE)


def wide_page(accuracy: Accuracy) -> str:
    """Return the part of docs/reference/explain-accuracy.md about this set."""
    present = f"{outcome(accuracy)}, a wrong side in {len(wrong_sides(WIDE))} of {accuracy.found}"
    rows = (*FIRST_RUNS, ("present, of all", present))
    return "\n".join(
        (
            "## A sixth set: half of it with nothing to claim",
            "",
            "The texts in `tests/data/explain/wide` were written from knowledge of mail systems: bounces, logs, events and",
            "headers in twelve languages, and as many controls: full mailboxes, unknown users, filters, limits, mail that was",
            "taken, replies, newsletters, logs of other programs, configuration. 259 texts were committed before any was scored,",
            "and split in two by a hash of their names; the rules were mended by one half alone, with public logs of other",
            "projects beside it, and the other half was scored once. As its controls failed the bound (two of a hundred), a second",
            "set was written, committed and scored once, and then a third. The third run is what to expect of new texts. After the",
            "first run two labels of the tuned half were changed: a server that is busy and asks for patience is `throttle`, and",
            "`5.7.3 STARTTLS is required` leaves `starttls_missing`, whatever stands behind it.",
            "",
            "| run | outcome |",
            "|---|---|",
            *(f"| {run} | {what} |" for run, what in rows),
            "",
        )
    )


def wide_summary() -> str:
    """Return the figures in one line."""
    return f"{summary(measured_wide())}, wrong sides {len(wrong_sides(WIDE))}"
