"""How often `explain` is right: the proof set, judged, and the page that shows the outcome."""

import csv
from collections import Counter
from pathlib import Path

import msgspec

from mxproof.explain.engine import explain

PROOF = Path(__file__).resolve().parent / "data" / "dsn"
_CONTROL = "other:"
"""What the label of a sample begins with in its file, where no cause may be claimed."""
NO_CAUSE = frozenset({"tlsrpt", "rfc3464-example"})
"""Samples of a format, which show that it is read; no cause is expected of them."""


class Sample(msgspec.Struct, frozen=True):
    """One sample: what is expected (`alternatives` are right, too), and what was said.

    Of a control nothing may be claimed.
    """

    file: str
    expected: str
    is_control: bool
    alternatives: tuple[str, ...]
    claimed: tuple[str, ...]
    leads: tuple[str, ...]
    other: str | None

    @property
    def is_found(self) -> bool:
        """Tell whether the expected cause was claimed."""
        return bool({self.expected, *self.alternatives} & set(self.claimed))

    @property
    def wrong(self) -> tuple[str, ...]:
        """Return the claims that are not expected."""
        return tuple(code for code in self.claimed if code not in (self.expected, *self.alternatives))


class Accuracy(msgspec.Struct, frozen=True):
    """The samples with a cause, and the negative controls."""

    causes: tuple[Sample, ...]
    controls: tuple[Sample, ...]

    @property
    def found(self) -> int:
        """Count the samples whose cause was found."""
        return sum(sample.is_found for sample in self.causes)

    @property
    def recall(self) -> float:
        """Return the share of causes that were found."""
        return self.found / len(self.causes)

    @property
    def claims(self) -> int:
        """Count the claims, right and wrong, on samples of both kinds."""
        return sum(len(sample.claimed) for sample in (*self.causes, *self.controls))

    @property
    def precision(self) -> float:
        """Return the share of claims that are right."""
        wrong = sum(len(sample.wrong) for sample in (*self.causes, *self.controls))
        return (self.claims - wrong) / self.claims

    @property
    def false_alarms(self) -> tuple[Sample, ...]:
        """Return the controls for which a cause was claimed."""
        return tuple(sample for sample in self.controls if sample.claimed)


def judged_sample(name: str, expected: str, alternatives: tuple[str, ...], data: bytes) -> Sample:
    """Judge one sample by its label."""
    got = explain(data, name)
    return Sample(
        file=name,
        expected=expected,
        is_control=expected.startswith(_CONTROL),
        alternatives=alternatives,
        claimed=tuple(claim.code for claim in got.causes),
        leads=tuple(lead.code for lead in got.leads),
        other=got.other,
    )


def measured() -> Accuracy:
    """Judge the proof set."""
    samples = tuple(_sample(row) for row in _rows())
    return Accuracy(
        causes=tuple(one for one in samples if not one.is_control and one.expected not in NO_CAUSE),
        controls=tuple(one for one in samples if one.is_control),
    )


def summary(accuracy: Accuracy) -> str:
    """Return the figures in one line."""
    return (
        f"recall {accuracy.found}/{len(accuracy.causes)} = {accuracy.recall:.3f}, precision {accuracy.precision:.3f}"
        f" of {accuracy.claims} claims, false alarms {len(accuracy.false_alarms)}/{len(accuracy.controls)}"
    )


def page(accuracy: Accuracy) -> str:
    """Return the page docs/reference/explain-accuracy.md."""
    return "\n".join((*_head(accuracy), *_by_cause(accuracy), *_misses(accuracy), *_pointed(accuracy))) + "\n"


def _rows() -> list[dict[str, str]]:
    with (PROOF / "MANIFEST.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _sample(row: dict[str, str]) -> Sample:
    alternatives = tuple(word[4:] for word in row["notes"].split() if word.startswith("alt="))
    return judged_sample(row["file"], row["expected_cause"], alternatives, (PROOF / row["file"]).read_bytes())


def _head(accuracy: Accuracy) -> tuple[str, ...]:
    return (
        "# How often `mxproof explain` is right",
        "",
        "Made by `python tools/explain_accuracy.py` from the samples in `tests/data/dsn`: real and example bounces, and",
        "their causes as labelled. A control is a bounce of another kind, for which no cause may be claimed. The rules",
        "were written with these samples at hand: the figures show that the rules hold, not how unseen bounces fare.",
        "Four labels were made exact later: where Google's DNS error says `NXDOMAIN` or a null MX, that is the cause.",
        "",
        "| figure | value |",
        "|---|---|",
        f"| samples with a cause | {len(accuracy.causes)} |",
        f"| cause found (recall) | {accuracy.found} of {len(accuracy.causes)} ({accuracy.recall:.1%}) |",
        f"| claims that are right (precision) | {accuracy.precision:.1%} of {accuracy.claims} |",
        f"| controls with a cause claimed | {len(accuracy.false_alarms)} of {len(accuracy.controls)} |",
        "",
    )


def _by_cause(accuracy: Accuracy) -> tuple[str, ...]:
    total = Counter(sample.expected for sample in accuracy.causes)
    found = Counter(sample.expected for sample in accuracy.causes if sample.is_found)
    rows = (f"| `{cause}` | {found[cause]} | {total[cause]} |" for cause in sorted(total))
    return ("## By cause", "", "| cause | found | samples |", "|---|---|---|", *rows, "")


def _misses(accuracy: Accuracy) -> tuple[str, ...]:
    rows = [
        f"| `{sample.file}` | `{sample.expected}` | {_codes(sample.claimed)} |"
        for sample in (*accuracy.causes, *accuracy.controls)
        if sample.wrong or not (sample.is_control or sample.is_found)
    ]
    if not rows:
        return ()
    return ("## Not as labelled", "", "| sample | label | claimed |", "|---|---|---|", *rows, "")


def _pointed(accuracy: Accuracy) -> tuple[str, ...]:
    """Return the controls whose text points at a cause all the same: shown as possible, and not claimed."""
    rows = (
        f"| `{sample.file}` | `{sample.expected}` | {_codes(sample.leads)} |"
        for sample in accuracy.controls
        if sample.leads
    )
    return (
        "## Controls that point at a cause",
        "",
        "Their labels say that they are of another kind, and nothing is claimed; yet their words point at a cause, and",
        "the report shows it as possible. Reasons to hold back: the words are too general to belong to one cause, or",
        "they stand in the transcript of a session and not in the diagnostic of the recipient.",
        "",
        "| sample | label | possible |",
        "|---|---|---|",
        *rows,
    )


def _codes(codes: tuple[str, ...]) -> str:
    return ", ".join(f"`{code}`" for code in codes) or "nothing"
