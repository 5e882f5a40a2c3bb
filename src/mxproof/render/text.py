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

from mxproof.evidence import Vantage
from mxproof.formats.names import to_unicode
from mxproof.judge.report import Delivery, Report, Stated, Unknown
from mxproof.judge.vocabulary import Severity, Verdict
from mxproof.render import findings, matrix, senders
from mxproof.render.paper import Label, Paper, Tone
from mxproof.render.words import SUMMARY_WORDS, VERDICT_MARKS, VERDICT_TONES, listed, moment

_INDENT = 2
_COLUMN = 12
_UNKNOWNS_SHOWN_MAX = 20


def text(report: Report, paper: Paper) -> str:
    """Return the whole report; it ends with a line break."""
    details = (
        findings.section(report.findings, paper),
        _unknowns(report.unknowns, paper),
        _asked(report, paper),
    )
    return brief(report, paper) + "".join("\n" + "\n".join(lines) + "\n" for lines in details if lines)


def brief(report: Report, paper: Paper) -> str:
    """Return the first half of the report: the answer, and who refuses where."""
    sections = (
        _answer(report, paper),
        senders.section(report.senders, paper),
        matrix.section(report.senders, paper),
    )
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def _answer(report: Report, paper: Paper) -> list[str]:
    """Return the verdict, and for the sender that fares worst its bounce, the reason and the fix."""
    outcome = report.summary.outcome
    word = f"{VERDICT_MARKS[outcome]} {SUMMARY_WORDS[outcome]}"
    headline = report.summary.headline
    display = to_unicode(report.domain)
    if display != report.domain:
        headline = f"{display} ({report.domain}): {headline}"
    elif report.domain not in headline:
        headline = f"{report.domain}: {headline}"
    lines = paper.hung(headline, len(word) + 2, Label(0, word, VERDICT_TONES[outcome]))
    counted = senders.by_urgency(report.senders)
    troubled = counted[0] if counted and counted[0].outcome in (Verdict.REFUSED, Verdict.AT_RISK) else None
    if troubled is not None and troubled.bounce is not None:
        bounce = troubled.bounce.transient or troubled.bounce.final or "of unknown wording"
        lines += paper.hung(bounce, _COLUMN, Label(_INDENT, "bounce"))
    reason = _reason(troubled, report.findings)
    if reason is not None:
        lines += paper.hung(reason.summary, _COLUMN, Label(_INDENT, "why"))
        lines += _first_step(reason.fix, paper)
    elif outcome is Verdict.UNKNOWN and report.unknowns:
        unknown = report.unknowns[0]
        lines += paper.hung(f"{unknown.question}: {unknown.why}", _COLUMN, Label(_INDENT, "why"))
    return lines


def _reason(troubled: Delivery | None, stated: tuple[Stated, ...]) -> Stated | None:
    """Return the finding that the troubled sender names first, or else the first error."""
    named = troubled.because if troubled is not None else ()
    because = (one for code in named for one in stated if one.code == code)
    return next(because, None) or next((one for one in stated if one.severity is Severity.ERROR), None)


def _first_step(fix: str, paper: Paper) -> list[str]:
    """Return the first of the steps or ways to mend it, and how many there are."""
    first, *more = [line for line in fix.split("\n") if line.strip()] or [""]
    if not first:
        return []
    numbered = [line for line in (first, *more) if line[:1].isdigit()]
    whole = f"{first} (1 of {len(numbered) or 1 + len(more)})" if more else first
    return findings.steps(whole, _COLUMN, paper, Label(_INDENT, "fix", Tone.STRONG))


def _unknowns(unknowns: tuple[Unknown, ...], paper: Paper) -> list[str]:
    if not unknowns:
        return []
    lines = [paper.heading("Not found out")]
    for unknown in unknowns[: len(unknowns) if paper.verbose else _UNKNOWNS_SHOWN_MAX]:
        lines += paper.wrapped(f"? {unknown.question}: {unknown.why}", indent=_INDENT, hang=2)
    if len(unknowns) > _UNKNOWNS_SHOWN_MAX and not paper.verbose:
        more = f"and {len(unknowns) - _UNKNOWNS_SHOWN_MAX} more (--verbose lists them)"
        lines += paper.wrapped(more, indent=_INDENT)
    return lines


def _asked(report: Report, paper: Paper) -> list[str]:
    vantage = report.vantage
    lines = [paper.heading("Asked")]
    rows = {"when": moment(report.observed_at), "from": _place(vantage), "through": _resolvers(vantage)}
    rows |= {"over": listed([f"IPv{family}" for family in vantage.families]), "roots": vantage.roots}
    if vantage.simulated:
        rows["lab"] = (
            f"simulated: scenario {vantage.simulated}; nothing here is said of the real {report.domain}"
        )
    for label, words in rows.items():
        if words:
            lines += paper.hung(words, _COLUMN, Label(_INDENT, label))
    return lines


def _place(vantage: Vantage) -> str:
    return ", ".join(filter(None, (vantage.host, vantage.software)))


def _resolvers(vantage: Vantage) -> str:
    if not vantage.resolvers:
        return ""
    validating = "validates DNSSEC" if vantage.validating else "is not known to validate DNSSEC"
    because = f" ({vantage.validating_because})" if vantage.validating_because else ""
    return f"{listed(vantage.resolvers)}, which {validating}{because}"
