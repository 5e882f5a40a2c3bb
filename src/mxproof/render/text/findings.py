"""Why: the findings, worst first, each with what it means, the fix and its source; things in order are one line."""

from mxproof.judge.report import WordedFinding
from mxproof.judge.vocabulary import Severity
from mxproof.render.alike import alike
from mxproof.render.text.fix import fix
from mxproof.render.text.paper import Label, Paper, Tone
from mxproof.render.text.words import SEVERITY_TONES, listed

_COLUMN = 12
_INDENT = 2
_EVIDENCE_SHOWN_MAX = 12


def section(findings: tuple[WordedFinding, ...], paper: Paper) -> list[str]:
    """Return the lines of the section."""
    lines: list[str] = []
    for together in alike(findings):
        if together[0].severity is not Severity.OK or paper.verbose:
            lines += ["", *_entry(together, paper)]
    fine = [finding for finding in findings if finding.severity is Severity.OK]
    if fine and not paper.verbose:
        codes = listed(tuple(dict.fromkeys(finding.code for finding in fine)))
        said = f"{codes} (--verbose tells more)"
        lines += ["", *paper.hung(said, _COLUMN, Label(_INDENT, "in order", SEVERITY_TONES[Severity.OK]))]
    wrong = any(finding.severity is Severity.ERROR for finding in findings)
    return [paper.heading("Why" if wrong else "Findings"), *lines[1:]] if lines else []


def _entry(together: list[WordedFinding], paper: Paper) -> list[str]:
    finding = together[0]
    tone = SEVERITY_TONES[finding.severity]
    word = finding.severity.upper() if finding.severity is Severity.ERROR else str(finding.severity)
    lines = paper.hung(finding.summary, _COLUMN, Label(_INDENT, word, tone))
    for other in together[1:]:
        lines += paper.wrapped(other.summary, indent=_COLUMN)
    for line in filter(str.strip, finding.detail.split("\n")):
        lines += paper.hung(line, _COLUMN)
    lines += fix(finding.steps, finding.otherwise, _COLUMN, paper, Label(_INDENT, "fix", Tone.STRONG))
    if finding.who:
        lines += paper.hung(finding.who, _COLUMN, Label(_INDENT, "who acts"))
    if finding.verified is not None and finding.verified.words and finding.steps:
        lines += paper.hung(finding.verified.words, _COLUMN, Label(_INDENT, "verified"))
    if finding.affects:
        lines += paper.hung(listed(finding.affects), _COLUMN, Label(_INDENT, "affects"))
    lines += paper.hung(
        f"{', '.join((*finding.rfc, ''))}mxproof finding {finding.code}", _COLUMN, Label(_INDENT, "see")
    )
    if paper.verbose:
        asked = dict.fromkeys(question for one in together for question in one.evidence)
        shown = [*list(asked)[:_EVIDENCE_SHOWN_MAX], *(["..."] if len(asked) > _EVIDENCE_SHOWN_MAX else [])]
        if shown:
            lines += paper.hung("; ".join(shown), _COLUMN, Label(_INDENT, "rests on"))
    return lines
