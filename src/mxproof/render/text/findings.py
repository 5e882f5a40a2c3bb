"""Why: the findings, worst first, each with what it means, the fix and its source; things in order are one line.

The finding that the answer told is not told again: only what was left out there stands here. Beside an error, notices
are named only, and so are other ways to mend what the answer told and who is affected, which the verdicts say. Where a
screen would not hold the whole, less is told of what is no error, as `Depth` has it. All of it is told with `verbose`.
"""

from enum import IntEnum

from mxproof.judge.report import WordedFinding
from mxproof.judge.vocabulary import Severity
from mxproof.render.alike import alike, summaries_of
from mxproof.render.text.borne_out import borne_out
from mxproof.render.text.fix import fix, laid_out
from mxproof.render.text.paper import Label, Paper, Tone
from mxproof.render.text.words import SEVERITY_TONES, cited, listed

_COLUMN = 12
_INDENT = 2
_EVIDENCE_SHOWN_MAX = 12
_MORE = "(--verbose tells more)"


class Depth(IntEnum):
    """How much is told beside errors; each level leaves out what the one before did."""

    WHOLE = 0
    FIXES = 1
    """What it means is left out; the fix is not."""
    NOTICES_SHORT = 2
    """A notice is its summary."""
    WARNINGS_SHORT = 3
    """Beside an error a warning is its summary, too."""
    LEAST = 4
    """Of what was not found out the first is told, and how much more there is; beside an error nothing that is in order.

    The page of what the answer told is named where that is said.
    """


def section(
    findings: tuple[WordedFinding, ...],
    paper: Paper,
    told: WordedFinding | None = None,
    depth: Depth = Depth.WHOLE,
) -> list[str]:
    """Return the lines of the section; `told` is the finding that the answer tells."""
    lines: list[str] = []
    wrong = any(finding.severity is Severity.ERROR for finding in findings)
    named = set() if paper.verbose else {Severity.OK, *([Severity.NOTICE] if wrong else [])}
    short = {Severity.NOTICE} if depth >= Depth.NOTICES_SHORT else set()
    short |= {Severity.WARNING} if depth >= Depth.WARNINGS_SHORT and wrong else set()
    groups = [one for one in alike(findings) if one[0].severity not in named]
    least = depth >= Depth.LEAST and wrong
    for number, together in enumerate(groups):
        above = groups[number - 1][0] if number else None
        below = groups[number + 1][0] if number + 1 < len(groups) else None
        near = above is not None and (least or above.severity in short) and together[0].severity in short
        lines += [] if near or (above is not None and _same_kind(above, together[0])) else [""]
        if together[0].severity in short and told not in together:
            lines += _summary(together, paper)
            continue
        lines += _entry(together, paper, told, above, depth)
        if not (least and told in together) and (below is None or not _same_kind(together[0], below)):
            lines += _sources(together[0], paper, depth)
    lines += [] if lines else [""]
    lines += _named(findings, paper, named - {Severity.OK} if least else named)
    return [paper.heading("Why" if wrong else "Findings"), *lines[1:]] if findings else []


def _named(findings: tuple[WordedFinding, ...], paper: Paper, severities: set[Severity]) -> list[str]:
    """Return a line for each of the severities with the codes of its findings."""
    lines: list[str] = []
    for severity in (one for one in (Severity.NOTICE, Severity.OK) if one in severities):
        codes = tuple(dict.fromkeys(one.code for one in findings if one.severity is severity))
        word = "in order" if severity is Severity.OK else f"{severity}{'s' * (len(codes) > 1)}"
        front = Label(_INDENT, word, SEVERITY_TONES[severity])
        lines += paper.hung(f"{listed(codes)} {_MORE}", _COLUMN, front) if codes else []
    return lines


def _same_kind(one: WordedFinding, other: WordedFinding) -> bool:
    """Tell whether two findings have the same sources and harm the same senders."""
    return (one.code, one.severity, one.affects) == (other.code, other.severity, other.affects)


def _summary(together: list[WordedFinding], paper: Paper) -> list[str]:
    """Return what findings that share their words come to, without a fix."""
    severity = together[0].severity
    *summaries, last = summaries_of(together)
    lines: list[str] = []
    for summary in (*summaries, f"{last} {_MORE}"):
        front = Label(_INDENT, str(severity), SEVERITY_TONES[severity])
        lines += paper.hung(summary, _COLUMN, *([] if lines else [front]))
    return lines


def _entry(
    together: list[WordedFinding],
    paper: Paper,
    told: WordedFinding | None,
    before: WordedFinding | None,
    depth: Depth,
) -> list[str]:
    """Return the lines of findings that share their words; `before` is the one above, whose fix is not told again."""
    finding = together[0]
    word = finding.severity.upper() if finding.severity is Severity.ERROR else str(finding.severity)
    front = Label(_INDENT, word, SEVERITY_TONES[finding.severity])
    is_told = any(one is told for one in together)
    lines: list[str] = []
    above = f"As said above (`mxproof finding {finding.code}`). " if depth >= Depth.LEAST else ""
    summaries = [above or f"{finding.code}, as said above. "] if is_told else summaries_of(together)
    for number, summary in enumerate(summaries, 1):
        means = is_told or finding.severity is Severity.ERROR or depth < Depth.FIXES
        behind = finding.detail if number == len(summaries) and means else ""
        whole = summary + behind if is_told else f"{summary}\n{behind}"
        lines += laid_out(whole, _COLUMN, paper, *([] if lines else [front]))
    label = Label(_INDENT, "fix", Tone.STRONG)
    if not is_told and finding.fix and before is not None and before.fix == finding.fix:
        lines += paper.hung(f"as for {before.code}", _COLUMN, label)
    elif not is_told:
        lines += fix(finding.steps, finding.otherwise, _COLUMN, paper, label)
        lines += borne_out(finding, _COLUMN, paper, _INDENT)
    elif paper.verbose:
        lines += fix((), _told_elsewhere(finding), _COLUMN, paper, label)
    if paper.verbose:
        asked = dict.fromkeys(question for one in together for question in one.evidence)
        shown = [*list(asked)[:_EVIDENCE_SHOWN_MAX], *(["..."] if len(asked) > _EVIDENCE_SHOWN_MAX else [])]
        if shown:
            lines += paper.hung("; ".join(shown), _COLUMN, Label(_INDENT, "rests on"))
    return lines


def _told_elsewhere(finding: WordedFinding) -> tuple[str, ...]:
    """Return the ways that the answer leaves out: it tells the first where there are no steps."""
    return finding.otherwise if finding.steps else finding.otherwise[1:]


def _sources(finding: WordedFinding, paper: Paper, depth: Depth) -> list[str]:
    """Return whom it affects, and where more is to be read: the page alone where room is short."""
    lines: list[str] = []
    if finding.affects and paper.verbose:
        lines += paper.hung(listed(finding.affects), _COLUMN, Label(_INDENT, "affects"))
    page = f"`mxproof finding {finding.code}`"
    whole = paper.hung(f"{page}, {cited(finding.rfc)}", _COLUMN, Label(_INDENT, "see"))
    short = depth >= Depth.FIXES and len(whole) > 1
    return [*lines, *(paper.hung(page, _COLUMN, Label(_INDENT, "see")) if short else whole)]
