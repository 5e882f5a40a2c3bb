"""The third proof set: texts that people pasted in public, and texts of the same kinds that were written for the project."""

import csv
from collections.abc import Iterator
from pathlib import Path

from support_accuracy import Accuracy, Sample, judged_sample
from support_unseen import samples

FOLDER = Path(__file__).resolve().parent / "data" / "explain"
PUBLIC = FOLDER / "public"
OWN = FOLDER / "own"
NOT_UNDERSTOOD = "other:notunderstood"
UNREAD = "other:unread"
OWN_FIRST_RUN = "cause found in 32 of 52, 37 of 50 claims right, a cause claimed for 2 of 16 controls"
LATER_FIRST_RUN = "cause found in 31 of 31, 37 of 38 claims right, a cause claimed for 1 of 9 controls"
PUBLIC_FIRST_RUN = "cause found in 46 of 96, 54 of 65 claims right, a cause claimed for 1 of 18 controls"
_RIGHT = "right"


def public_rows() -> Iterator[dict[str, str]]:
    """Yield the rows of the manifest of the public texts."""
    with (FOLDER / "MANIFEST.tsv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def measured_public() -> Accuracy:
    """Judge the texts from the public."""
    return _accuracy(
        judged_sample(
            row["file"],
            row["expected_cause"],
            tuple(filter(None, row["also_right"].split(","))),
            (PUBLIC / row["file"]).read_bytes(),
        )
        for row in public_rows()
    )


def measured_own() -> Accuracy:
    """Judge the texts that were written for the project."""
    return _accuracy(judged_sample(*one) for one in samples(OWN))


def pasted_page(public: Accuracy, own: Accuracy) -> str:
    """Return the part of docs/reference/explain-accuracy.md about this set."""
    return "\n".join((*_head(public, own), *_by_system(public), *_misses(public, own))) + "\n"


def _accuracy(judged: Iterator[Sample]) -> Accuracy:
    kept = tuple(judged)
    return Accuracy(
        causes=tuple(one for one in kept if not one.is_control),
        controls=tuple(one for one in kept if one.is_control),
    )


def _head(public: Accuracy, own: Accuracy) -> tuple[str, ...]:
    return (
        "## A third set: what people paste",
        "",
        "The samples in `tests/data/explain`: texts that administrators pasted in public, with their sources, and texts of",
        "the same kinds that were written for the project before anyone had seen what the rules make of them. The first run",
        "is that of version 0.1.0. After it one label of the own texts was widened: a header with a broken body hash and a",
        "failed SPF beside it has both causes. In the first set `lhost-postfix-37.eml` may now be `connect_timeout`, too: its",
        "words are `Connection timed out`.",
        "",
        "| run | outcome |",
        "|---|---|",
        f"| from the public, first | {PUBLIC_FIRST_RUN} |",
        f"| from the public, present | {_outcome(public)} |",
        f"| own, first, of 68 | {OWN_FIRST_RUN} |",
        f"| own, first, of 40 more, after the mending | {LATER_FIRST_RUN} |",
        f"| own, present, of all | {_outcome(own)} |",
        "",
    )


def _outcome(accuracy: Accuracy) -> str:
    right = accuracy.claims - sum(len(one.wrong) for one in (*accuracy.causes, *accuracy.controls))
    found = f"cause found in {accuracy.found} of {len(accuracy.causes)}, {right} of {accuracy.claims} claims right"
    return f"{found}, a cause claimed for {len(accuracy.false_alarms)} of {len(accuracy.controls)} controls"


def _by_system(public: Accuracy) -> tuple[str, ...]:
    """Return what is found of the public texts by the system that wrote them; `header` is any receiver's header."""
    judged = {one.file: one for one in (*public.causes, *public.controls)}
    rows: dict[str, list[dict[str, str]]] = {}
    for row in public_rows():
        rows.setdefault(row["system"], []).append(row)
    return (
        "| system | texts with a cause | first found | found | wrong claims | controls | blamed |",
        "|---|---|---|---|---|---|---|",
        *(_system_row(name, rows[name], judged) for name in sorted(rows, key=str.lower)),
        "",
    )


def _system_row(name: str, rows: list[dict[str, str]], judged: dict[str, Sample]) -> str:
    causes = [row for row in rows if not judged[row["file"]].is_control]
    controls = [judged[row["file"]] for row in rows if judged[row["file"]].is_control]
    first = sum(row["first_run"] == _RIGHT for row in causes)
    found = sum(judged[row["file"]].is_found for row in causes)
    wrong = sum(len(judged[row["file"]].wrong) for row in rows)
    blamed = sum(bool(one.claimed) for one in controls)
    return f"| {name} | {len(causes)} | {first} | {found} | {wrong} | {len(controls)} | {blamed} |"


def _misses(public: Accuracy, own: Accuracy) -> tuple[str, ...]:
    rows = [
        f"| `{one.file}` | `{one.expected}` | {', '.join(one.claimed) or 'nothing'} |"
        for one in (*public.causes, *public.controls, *own.causes, *own.controls)
        if one.wrong or not (one.is_control or one.is_found)
    ]
    return ("| not as expected | label | claimed |", "|---|---|---|", *rows) if rows else ()
