"""The report as text: who refuses, with which bounce, why and what to do, in that order and first of all.

| section | for the reader who |
|---|---|
| answer | has three lines of patience |
| senders | wants to know who else |
| MX hosts | wants to know where |
| why | repairs it |
| not found out | must know what this report does not know |
| asked | wants to know from where, when and how |

What is no error is told as far as a screen holds it (`SCREEN_LINES`), and whole with `verbose`.
"""

from mxproof.evidence import Vantage
from mxproof.judge.codes import Code
from mxproof.judge.report import Report, Unknown
from mxproof.judge.vocabulary import Verdict
from mxproof.render.text import answer, findings, matrix, senders
from mxproof.render.text.findings import Depth
from mxproof.render.text.paper import Label, Paper
from mxproof.render.text.words import listed, moment

_INDENT = 2
_COLUMN = 12
_UNKNOWNS_SHOWN_MAX = 20
_UNKNOWNS_SHORT_MAX = 4

SCREEN_LINES = 50
"""What one fault has to fit on, 80 columns wide."""
WAY_OUT_LINES = 3
"""What the command puts below where a sender does not deliver."""


def text(report: Report, paper: Paper) -> str:
    """Return the whole report; it ends with a line break.

    Where nothing is known because the resolver does not answer, that is the answer, and there is nothing behind it.
    """
    if any(finding.code == Code.RESOLVER_UNANSWERED for finding in report.findings) and not paper.verbose:
        lines = (*answer.section(report, paper), "", *_asked(report, paper))
        return "\n".join(lines) + "\n"
    room = SCREEN_LINES - (WAY_OUT_LINES if report.summary.outcome is not Verdict.DELIVERS else 0)
    whole = _told(report, paper, Depth.WHOLE)
    for depth in (*Depth,)[1:] if not paper.verbose else ():
        if whole.count("\n") <= room:
            break
        whole = _told(report, paper, depth)
    return whole


def _told(report: Report, paper: Paper, depth: Depth) -> str:
    sections = (
        *_first_half(report, paper, depth),
        findings.section(report.findings, paper, answer.reason_of(report), depth),
        _unknowns(report.unknowns, paper, depth),
        _asked(report, paper, depth),
    )
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def first_half(report: Report, paper: Paper) -> str:
    """Return the answer, and who refuses where."""
    return "\n\n".join("\n".join(lines) for lines in _first_half(report, paper, Depth.WHOLE) if lines) + "\n"


def _first_half(report: Report, paper: Paper, depth: Depth) -> tuple[list[str], ...]:
    return (
        answer.section(report, paper),
        senders.section(report.senders, paper, answer.quoted_of(report)),
        matrix.section(report.senders, paper, differing=depth is not Depth.WHOLE),
    )


def brief(report: Report, paper: Paper) -> str:
    """Return the verdict in one sentence and a line for each sender."""
    return "\n".join((*answer.headline(report, paper), *senders.table(report.senders, paper))) + "\n"


def _unknowns(unknowns: tuple[Unknown, ...], paper: Paper, depth: Depth) -> list[str]:
    if not unknowns:
        return []
    most = _UNKNOWNS_SHORT_MAX if depth >= Depth.FIXES else _UNKNOWNS_SHOWN_MAX
    shown = unknowns if paper.verbose else unknowns[:most]
    lines = [paper.heading("Not found out")]
    for unknown in shown:
        lines += paper.wrapped(f"? {unknown.question}: {unknown.why}", indent=_INDENT, hang=2)
    if len(unknowns) > len(shown):
        more = f"and {len(unknowns) - len(shown)} more (--verbose lists them)"
        lines += paper.wrapped(more, indent=_INDENT)
    return lines


def _asked(report: Report, paper: Paper, depth: Depth = Depth.WHOLE) -> list[str]:
    vantage = report.vantage
    over = listed([f"IPv{family}" for family in vantage.families])
    roots = f"roots: {vantage.roots}" if vantage.roots else ""
    how = ", ".join(filter(None, (f"over {over}" if over else "", roots))) if depth < Depth.FIXES else ""
    place = ", ".join(filter(None, (moment(report.observed_at), _place(vantage))))
    rows = {"when": place, "judged": _judged(report), "how": how, "through": _resolvers(vantage)}
    if vantage.simulated:
        rows["lab"] = f"scenario {vantage.simulated}, simulated; not the real domain"
    lines = [paper.heading("Asked")]
    for label, words in rows.items():
        if words:
            lines += paper.hung(words, _COLUMN, Label(_INDENT, label))
    return lines


def _judged(report: Report) -> str:
    return "" if report.judged_at is None else f"as of {moment(report.judged_at)}"


def _place(vantage: Vantage) -> str:
    where = f"from {vantage.host}" if vantage.host else ""
    return ", ".join(filter(None, (where, vantage.software)))


def _resolvers(vantage: Vantage) -> str:
    if not vantage.resolvers:
        return ""
    validating = "validates DNSSEC" if vantage.validating else "is not known to validate DNSSEC"
    because = f" ({vantage.validating_because})" if vantage.validating_because else ""
    return f"{listed(vantage.resolvers)}, which {validating}{because}"
