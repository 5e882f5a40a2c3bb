"""The answer in a few lines: the verdict, the bounce, why, and all that is to be done about it, in order."""

from mxproof.formats.names import to_unicode
from mxproof.judge.codes import Code
from mxproof.judge.report import Delivery, Report, Unknown, WordedFinding
from mxproof.judge.vocabulary import Severity, Verdict
from mxproof.render.alike import alike, summaries_of
from mxproof.render.text.borne_out import borne_out
from mxproof.render.text.fix import fix, laid_out
from mxproof.render.text.paper import Label, Paper, Tone
from mxproof.render.text.senders import by_urgency
from mxproof.render.text.words import SUMMARY_WORDS, VERDICT_MARKS, VERDICT_TONES

_INDENT = 2
_COLUMN = 12


def section(report: Report, paper: Paper) -> list[str]:
    """Return the lines of the answer."""
    lines = headline(report, paper)
    troubled = _troubled(report)
    lines += _unjudged(report.findings, paper)
    lines += _bounce(report, paper)
    reason = reason_of(report)
    if reason is not None:
        together = next(group for group in alike(report.findings) if reason in group)
        for number, summary in enumerate(summaries_of(together)):
            front = () if number else (Label(_INDENT, "why" if troubled else "but"),)
            lines += paper.hung(summary, _COLUMN, *front)
        lines += _before(reason, report.findings, paper)
        # Where no step holds, the first of the other ways says so.
        instead = () if reason.steps else reason.otherwise[:1]
        lines += fix(reason.steps, instead, _COLUMN, paper, Label(_INDENT, "fix", Tone.STRONG))
        lines += borne_out(reason, _COLUMN, paper, _INDENT)
        lines += _other_ways(reason, paper) if not paper.verbose else []
        lines += _others(together, report.findings, paper)
    elif report.unknowns:
        lines += _first_unknown(report.unknowns, "why" if troubled else "but", paper)
    return lines


def headline(report: Report, paper: Paper) -> list[str]:
    """Return the verdict in one sentence, with the domain in it, in both spellings where there are two."""
    outcome = report.summary.outcome
    word = f"{VERDICT_MARKS[outcome]} {SUMMARY_WORDS[outcome]}"
    said, domain = report.summary.headline, report.domain
    display = to_unicode(domain)
    both = domain if display == domain else f"{display} ({domain})"
    whole = said.replace(domain, both, 1) if domain in said else f"{both}: {said}"
    return paper.hung(whole, len(word) + 2, Label(0, word, VERDICT_TONES[outcome]))


def reason_of(report: Report) -> WordedFinding | None:
    """Return the finding that the answer tells: the first that the first troubled sender names, or else the first error."""
    troubled = _troubled(report)
    named = troubled[0].because if troubled else ()
    because = (one for code in named for one in report.findings if one.code == code)
    return next(because, None) or next(
        (one for one in report.findings if one.severity is Severity.ERROR), None
    )


def fix_suffices(report: Report) -> bool:
    """Tell whether the fix that the answer tells was judged to have every sender deliver that decides, made alone."""
    reason = reason_of(report)
    if reason is None or not reason.steps or reason.verified is None or reason.verified.along:
        return False
    decides = {one.id for one in report.senders if one.decides}
    after = (one.outcome for one in reason.verified.senders if one.sender in decides)
    return all(one is Verdict.DELIVERS for one in after)


def _troubled(report: Report) -> list[Delivery]:
    """Return the senders that have the verdict of the summary, none where all is well."""
    outcome = report.summary.outcome
    return [one for one in by_urgency(report.senders) if one.outcome is outcome is not Verdict.DELIVERS]


def _unjudged(findings: tuple[WordedFinding, ...], paper: Paper) -> list[str]:
    """Return that DANE could not be judged, and how to have it judged; whatever else is said holds without it."""
    found = next((one for one in findings if one.code == Code.DANE_UNJUDGED), None)
    if found is None:
        return []
    lines = paper.hung(f"could not be judged: {found.summary}", _COLUMN, Label(_INDENT, "DANE", Tone.UNKNOWN))
    for way in (*found.steps, *found.otherwise):
        lines += laid_out(way, _COLUMN, paper)
    return lines


def quoted_of(report: Report) -> Delivery | None:
    """Return the sender whose bounce the answer quotes: the first troubled one whose words are known."""
    return next((one for one in _troubled(report) if _words(one)), None)


def _words(sender: Delivery) -> str:
    return (sender.bounce and (sender.bounce.transient or sender.bounce.final)) or ""


def _bounce(report: Report, paper: Paper) -> list[str]:
    """Return the bounce that is quoted, and whose it is if it is not alone."""
    sender = quoted_of(report)
    if sender is None:
        return []
    whose = f" ({sender.id})" if len(_troubled(report)) > 1 else ""
    return paper.hung(_words(sender) + whose, _COLUMN, Label(_INDENT, "bounce"))


def _before(reason: WordedFinding, findings: tuple[WordedFinding, ...], paper: Paper) -> list[str]:
    """Return what has to be mended before this, since mail would be refused for it otherwise."""
    along = reason.verified.along if reason.verified is not None and reason.steps else ()
    lines: list[str] = []
    for finding in (one for code in along for one in findings if one.code == code):
        words = f"{finding.summary} ({finding.code}, below)"
        lines += paper.hung(words, _COLUMN, *([] if lines else [Label(_INDENT, "first", Tone.STRONG)]))
    return lines


def _other_ways(reason: WordedFinding, paper: Paper) -> list[str]:
    """Say how many other ways to mend it there are, and who tells them."""
    count = len(reason.otherwise) - (not reason.steps)
    if count < 1:
        return []
    ways = "another way" if count == 1 else f"{count} other ways"
    return paper.hung(f"{ways} (--verbose tells more)", _COLUMN, Label(_INDENT, "or"))


def _others(told: list[WordedFinding], findings: tuple[WordedFinding, ...], paper: Paper) -> list[str]:
    """Return the other errors in a line each, since mending the first is not the end of it."""
    errors = [one for one in findings if one.severity is Severity.ERROR and one not in told]
    lines: list[str] = []
    for summary in (said for together in alike(tuple(errors)) for said in summaries_of(together)):
        lines += paper.hung(summary, _COLUMN, *([] if lines else [Label(_INDENT, "also", Tone.STRONG)]))
    return lines


def _first_unknown(unknowns: tuple[Unknown, ...], label: str, paper: Paper) -> list[str]:
    first, *more = unknowns
    whole = f"not found out: {first.question}: {first.why}" + (f" (and {len(more)} more)" if more else "")
    return paper.hung(whole, _COLUMN, Label(_INDENT, label))
