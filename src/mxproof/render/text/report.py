"""The report as text: who refuses, with which bounce, why and what to do, in that order and first of all.

| section | for the reader who |
|---|---|
| answer | has three lines of patience |
| senders | wants to know who else |
| MX hosts | wants to know where |
| why | repairs it |
| not found out | must know what this report does not know |
| asked | wants to know from where, when and how |
"""

import re

from mxproof.evidence import Vantage
from mxproof.judge.codes import Code
from mxproof.judge.report import Report, Unknown
from mxproof.judge.vocabulary import Verdict
from mxproof.render.text import answer, findings, matrix, senders
from mxproof.render.text.findings import Depth
from mxproof.render.text.paper import Label, Paper, Tone
from mxproof.render.text.words import listed, moment, sets_not_asked

_INDENT = 2
_COLUMN = 12
_UNKNOWNS_SHOWN_MAX = 4
_COLOURS = re.compile(r"\x1b\[[\d;]*m")

SCREEN_LINES = 50
"""What one fault has to fit on, 80 columns wide; what is no error is told as far as this holds it."""
WAY_OUT_LINES = 4
"""What the command puts below where a sender does not deliver."""


def text(report: Report, paper: Paper) -> str:
    """Return the whole report; it ends with a line break.

    Where nothing is known because the resolver does not answer, that is the answer, and there is nothing behind it.
    """
    if any(finding.code == Code.RESOLVER_UNANSWERED for finding in report.findings) and not paper.verbose:
        lines = (*answer.section(report, paper), "", *_asked(report, paper))
        return "\n".join(lines) + "\n"
    above, asked = first_half(report, paper), _asked(report, paper)
    whole = above + _told(report, paper, Depth.WHOLE, asked)
    room = SCREEN_LINES - (WAY_OUT_LINES if report.summary.outcome is not Verdict.DELIVERS else 0)
    for depth in () if paper.verbose else (*Depth,)[1:]:
        if rows(whole, paper.width) <= room:
            break
        whole = above + _told(report, paper, depth, asked)
    return whole


def rows(text: str, width: int) -> int:
    """Return how many rows of a screen `text` takes up; a line to be pasted may run on over several."""
    return sum(max(1, -(-len(_COLOURS.sub("", line)) // width)) for line in text.splitlines())


def _told(report: Report, paper: Paper, depth: Depth, asked: list[str]) -> str:
    """Return the second half, with its findings as far as `depth` has them told."""
    details = (
        findings.section(report.findings, paper, answer.reason_of(report), depth),
        _unknowns(report.unknowns, paper, 1 if depth >= Depth.LEAST else _UNKNOWNS_SHOWN_MAX),
        asked,
    )
    return "".join("\n" + "\n".join(lines) + "\n" for lines in details if lines)


def first_half(report: Report, paper: Paper) -> str:
    """Return the answer, and who refuses where."""
    sections = (
        answer.section(report, paper),
        senders.section(report.senders, paper, answer.quoted_of(report)),
        matrix.section(report.senders, paper),
    )
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def brief(report: Report, paper: Paper) -> str:
    """Return the verdict in one sentence and a line for each sender."""
    return "\n".join((*answer.headline(report, paper), *senders.table(report.senders, paper))) + "\n"


def _unknowns(unknowns: tuple[Unknown, ...], paper: Paper, shown_max: int) -> list[str]:
    if not unknowns:
        return []
    lines = [paper.heading("Not found out")]
    together: dict[str, list[str]] = {}
    for unknown in unknowns:
        together.setdefault(unknown.why, []).append(unknown.question)
    shown = list(together.items())[: len(together) if paper.verbose else shown_max]
    for why, questions in shown:
        lines += paper.wrapped(f"? {', '.join(questions)}: {why}", indent=_INDENT, hang=2)
    left_out = len(unknowns) - sum(len(questions) for _, questions in shown)
    if left_out:
        more = f"and {left_out} more (--verbose lists them)"
        lines += paper.wrapped(more, indent=_INDENT)
    return lines


def _asked(report: Report, paper: Paper) -> list[str]:
    vantage = report.vantage
    over = listed([f"IPv{family}" for family in vantage.families])
    roots = f"roots: {vantage.roots}" if vantage.roots else ""
    how = ", ".join(filter(None, (_place(vantage), f"over {over}" if over else "", roots)))
    rows = {"judged": _judged(report), "from": how}
    if paper.verbose or not vantage.simulated:
        rows["through"] = _resolvers(vantage)
    rows["not asked"] = sets_not_asked(report)
    if vantage.simulated:
        rows["lab"] = f"scenario {vantage.simulated}, simulated; not the real domain"
    lines = paper.hung(moment(report.observed_at), _COLUMN, Label(0, "Asked", Tone.STRONG))
    for label, words in rows.items():
        if words:
            lines += paper.hung(words, _COLUMN, Label(_INDENT, label))
    return lines


def _judged(report: Report) -> str:
    return "" if report.judged_at is None else f"as of {moment(report.judged_at)}"


def _place(vantage: Vantage) -> str:
    return ", ".join(filter(None, (vantage.host, vantage.software)))


def _resolvers(vantage: Vantage) -> str:
    if not vantage.resolvers:
        return ""
    validating = "validates DNSSEC" if vantage.validating else "is not known to validate DNSSEC"
    because = f" ({vantage.validating_because})" if vantage.validating_because else ""
    return f"{listed(vantage.resolvers)}, which {validating}{because}"
