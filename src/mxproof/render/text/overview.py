"""Many reports as one text: a table, the worst first, that says of each domain what it comes to and why.

A domain that everybody delivers to has a line; another also has who refuses, with which bounce, and its errors. With
a paper that is verbose the whole reports come first, each as soon as it is there.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from mxproof.formats.names import to_unicode
from mxproof.judge.report import Report
from mxproof.judge.vocabulary import WORST_FIRST, Severity, Verdict
from mxproof.render.text.paper import Label, Paper, Tone
from mxproof.render.text.report import text
from mxproof.render.text.senders import by_urgency
from mxproof.render.text.words import SUMMARY_WORDS, VERDICT_MARKS, VERDICT_TONES, listed

_COLUMN = max(len(word) for word in SUMMARY_WORDS.values()) + 4
_COUNTED = (Severity.ERROR, Severity.WARNING)
_REASONS_MAX = 3


class Line(msgspec.Struct, frozen=True):
    """What the table says of a report, and all that is kept of it; `told` is a bounce, or what was not found out."""

    domain: str
    outcome: Verdict
    headline: str
    told: str
    counted: str


def document(several: Iterable[Report], paper: Paper, *, verdicts_alone: bool = False) -> Iterator[str]:
    """Yield the text; it ends with a line break. With `verdicts_alone` each domain has one line."""
    lines = []
    for report in several:
        lines.append(_line(report))
        if paper.verbose:
            yield text(report, paper) + "\n" + "-" * paper.width + "\n\n"
    yield "".join(f"{line}\n" for line in _table(lines, paper, verdicts_alone=verdicts_alone))


def _line(report: Report) -> Line:
    counts = Counter(one.severity for one in report.findings)
    codes = list(dict.fromkeys(one.code for one in report.findings if one.severity is Severity.ERROR))
    counted = [_many(counts[severity], str(severity)) for severity in _COUNTED if counts[severity]]
    if codes:
        more = ["…"] if len(codes) > _REASONS_MAX else []
        counted[0] += f" ({', '.join([*codes[:_REASONS_MAX], *more])})"
    display = to_unicode(report.domain)
    return Line(
        domain=report.domain if display == report.domain else f"{display} ({report.domain})",
        outcome=report.summary.outcome,
        headline=report.summary.headline,
        told=_first_bounce(report) or _first_unknown(report),
        counted=listed(counted),
    )


def _first_bounce(report: Report) -> str:
    """Return what the first sender with the verdict of the summary writes, empty where nobody's words are known."""
    outcome = report.summary.outcome
    bounces = (one.bounce for one in by_urgency(report.senders) if one.outcome is outcome)
    return next((words for one in bounces if one and (words := one.transient or one.final)), "")


def _first_unknown(report: Report) -> str:
    """Return what was not found out where that is all there is to say, empty elsewhere."""
    if report.summary.outcome is not Verdict.UNKNOWN or not report.unknowns:
        return ""
    first = report.unknowns[0]
    return f"not found out: {first.question}: {first.why}"


def _table(lines: list[Line], paper: Paper, *, verdicts_alone: bool) -> Iterator[str]:
    outcomes = Counter(line.outcome for line in lines)
    counts = [f"{outcomes[one]} {SUMMARY_WORDS[one]}" for one in WORST_FIRST if outcomes[one]]
    yield from paper.wrapped(f"{_many(len(lines), 'domain')}: {', '.join(counts)}")
    yield ""
    for line in sorted(lines, key=lambda one: WORST_FIRST.index(one.outcome)):
        yield from _rows(line, paper, verdicts_alone=verdicts_alone)


def _rows(line: Line, paper: Paper, *, verdicts_alone: bool) -> Iterator[str]:
    word = f"{VERDICT_MARKS[line.outcome]} {SUMMARY_WORDS[line.outcome]}"
    verdict = Label(0, word, VERDICT_TONES[line.outcome])
    if line.outcome is Verdict.DELIVERS or verdicts_alone:
        beside = f"{line.domain}  {line.counted}" if line.counted else line.domain
        yield from paper.hung(beside, _COLUMN, verdict)
        return
    yield from paper.hung(line.domain, _COLUMN, verdict)
    for words in (line.headline, line.told, line.counted):
        if words:
            yield from paper.hung(words, _COLUMN, Label(0, "", Tone.FAINT))


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
