"""The answer in a few lines: the verdict, the bounce, why, and the first thing to do."""

from mxproof.formats.names import to_unicode
from mxproof.judge.report import Delivery, Report, Unknown, WordedFinding
from mxproof.judge.vocabulary import Severity, Verdict
from mxproof.render.text.fix import first_of_fix
from mxproof.render.text.paper import Label, Paper, Tone
from mxproof.render.text.senders import by_urgency
from mxproof.render.text.words import SUMMARY_WORDS, VERDICT_MARKS, VERDICT_TONES

_INDENT = 2
_COLUMN = 12


def section(report: Report, paper: Paper) -> list[str]:
    """Return the lines of the answer."""
    outcome = report.summary.outcome
    word = f"{VERDICT_MARKS[outcome]} {SUMMARY_WORDS[outcome]}"
    lines = paper.hung(_headline(report), len(word) + 2, Label(0, word, VERDICT_TONES[outcome]))
    troubled = [one for one in by_urgency(report.senders) if one.outcome is outcome is not Verdict.DELIVERS]
    lines += _bounce(troubled, paper)
    reason = _reason(troubled, report.findings)
    if reason is not None:
        lines += paper.hung(reason.summary, _COLUMN, Label(_INDENT, "why" if troubled else "but"))
        front = Label(_INDENT, "fix", Tone.STRONG)
        lines += first_of_fix(reason.steps, reason.otherwise, _COLUMN, paper, front)
    elif report.unknowns:
        lines += _first_unknown(report.unknowns, "why" if troubled else "but", paper)
    return lines


def _headline(report: Report) -> str:
    """Return the headline with the domain in it, in both spellings where there are two."""
    headline, domain = report.summary.headline, report.domain
    display = to_unicode(domain)
    both = domain if display == domain else f"{display} ({domain})"
    return headline.replace(domain, both, 1) if domain in headline else f"{both}: {headline}"


def _bounce(troubled: list[Delivery], paper: Paper) -> list[str]:
    """Return the bounce of the first troubled sender whose words are known, and whose it is if it is not alone."""
    for sender in troubled:
        words = sender.bounce and (sender.bounce.transient or sender.bounce.final)
        if words:
            whose = f" ({sender.id})" if len(troubled) > 1 else ""
            return paper.hung(words + whose, _COLUMN, Label(_INDENT, "bounce"))
    return []


def _reason(troubled: list[Delivery], findings: tuple[WordedFinding, ...]) -> WordedFinding | None:
    """Return the finding that the first troubled sender names first, or else the first error."""
    named = troubled[0].because if troubled else ()
    because = (one for code in named for one in findings if one.code == code)
    return next(because, None) or next((one for one in findings if one.severity is Severity.ERROR), None)


def _first_unknown(unknowns: tuple[Unknown, ...], label: str, paper: Paper) -> list[str]:
    first, *more = unknowns
    whole = f"not found out: {first.question}: {first.why}" + (f" (and {len(more)} more)" if more else "")
    return paper.hung(whole, _COLUMN, Label(_INDENT, label))
