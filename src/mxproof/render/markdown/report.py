"""Reports in Markdown, for a ticket or a merge request: the answer, the senders, the findings with their fixes."""

from collections.abc import Iterable, Iterator

from mxproof.formats.names import to_unicode
from mxproof.judge.checked import Checked
from mxproof.judge.report import Delivery, Report, WordedFinding
from mxproof.judge.vocabulary import WORST_FIRST, Severity, Verdict
from mxproof.render.alike import alike
from mxproof.render.markdown.text import block, code, laid_out, table, text
from mxproof.render.places import cells_of, places_of
from mxproof.render.source import source_url
from mxproof.render.text.matrix import NO_ADDRESS, NOT_TRIED
from mxproof.render.text.senders import by_urgency
from mxproof.render.text.words import (
    SECURITY_WORDS,
    SUMMARY_WORDS,
    VERDICT_MARKS,
    VERDICT_WORDS,
    duration,
    moment,
    sets_not_asked,
)
from mxproof.render.to_copy import not_said, to_copy
from mxproof.render.waiting import Waiting


def document(several: Iterable[Checked], waiting: Waiting) -> Iterator[str]:
    """Yield the text: a single report, or a table of all, the worst first, with the reports behind it.

    The reports are put into `waiting` until the table is whole.
    """
    lines: list[tuple[Verdict, tuple[str, ...]]] = []
    first = ""
    for checked in several:
        first = first or "\n\n".join(_parts(checked.report, 1)) + "\n"
        lines.append(_line(checked.report))
        waiting.append("\n" + "\n\n".join(_parts(checked.report, 2)) + "\n")
    if len(lines) == 1:
        yield first
        return
    rows = [row for _, row in sorted(lines, key=lambda one: WORST_FIRST.index(one[0]))]
    yield f"# Mail of {len(lines)} domains\n\n" + table(("Domain", "Verdict", "In a line"), rows) + "\n"
    yield from waiting


def _line(report: Report) -> tuple[Verdict, tuple[str, ...]]:
    outcome = report.summary.outcome
    verdict = f"{VERDICT_MARKS[outcome]} {SUMMARY_WORDS[outcome]}"
    return outcome, (code(report.domain), verdict, text(report.summary.headline))


def _parts(report: Report, level: int) -> Iterator[str]:
    """Yield the paragraphs of a report under a heading of `level`."""
    outcome = report.summary.outcome
    display = to_unicode(report.domain)
    both = "" if display == report.domain else f" ({text(display)})"
    yield f"{'#' * level} {code(report.domain)}{both}: {SUMMARY_WORDS[outcome]}"
    yield f"{VERDICT_MARKS[outcome]} **{SUMMARY_WORDS[outcome]}** {text(report.summary.headline)}"
    if report.vantage.simulated:
        yield f"Simulated: lab scenario {code(report.vantage.simulated)}; nothing here is said of the real domain."
    below = "#" * (level + 1)
    if report.senders:
        yield f"{below} Senders"
        yield _senders(report.senders)
    hosts = _hosts(report.senders)
    if hosts:
        yield f"{below} MX hosts where a sender does not simply deliver"
        yield hosts
    if report.findings:
        yield f"{below} Findings"
        yield from _findings(report.findings, level + 2)
    if report.unknowns:
        yield f"{below} Not found out"
        yield "\n".join(f"- {code(one.question)}: {text(one.why)}" for one in report.unknowns)
    yield _made(report)


def _verdict(verdict: Verdict) -> str:
    return f"{VERDICT_MARKS[verdict]} {VERDICT_WORDS[verdict]}"


def _senders(senders: tuple[Delivery, ...]) -> str:
    guesses = [one for one in senders if not one.decides and one.outcome is not Verdict.DELIVERS]
    rows = [_sender(one) for one in (*by_urgency(senders), *guesses)]
    return table(("Sender", "Verdict", "What it writes, and why"), rows)


def _sender(sender: Delivery) -> tuple[str, ...]:
    story: list[str] = []
    bounce = sender.bounce
    if bounce is not None and bounce.transient:
        story.append(f"at first {code(bounce.transient)}")
    if bounce is not None and bounce.final:
        at_last = f"after {duration(bounce.after_s)}" if bounce.after_s else "in the end"
        story.append(f"{at_last} {code(bounce.final)}")
    if sender.outcome is not Verdict.DELIVERS and sender.because:
        story.append(f"because of {', '.join(map(code, sender.because))}")
    if sender.outcome is Verdict.DELIVERS and sender.security is not None:
        story.append(SECURITY_WORDS[sender.security])
    if not sender.decides:
        story.append("rests on a guess and does not count")
    return f"{text(sender.name)} ({code(sender.id)})", _verdict(sender.outcome), "; ".join(story)


def _hosts(senders: tuple[Delivery, ...]) -> str:
    """Return a table of the places where a sender does not simply deliver; senders that deliver everywhere are left out."""
    counted = by_urgency(senders)
    places = places_of(counted)
    columns = {one.id: cells_of(one, places) for one in counted if one.outcome is not Verdict.DELIVERS}
    rows = []
    for number, (preference, mx, address) in enumerate(places):
        cells = [column[number] for column in columns.values()]
        if any(cell not in {Verdict.DELIVERS, None} for cell in cells):
            words = (NOT_TRIED if cell is None else _verdict(cell) for cell in cells)
            rows.append((f"{preference} {code(mx)}", code(address) or NO_ADDRESS, *words))
    return table(("MX host", "Address", *map(code, columns)), rows) if rows else ""


def _findings(findings: tuple[WordedFinding, ...], level: int) -> Iterator[str]:
    wrong = tuple(one for one in findings if one.severity is not Severity.OK)
    for together in alike(wrong):
        yield from _finding(together, level)
    fine = dict.fromkeys(code(one.code) for one in findings if one.severity is Severity.OK)
    if fine:
        yield f"In order: {', '.join(fine)}"


def _finding(together: list[WordedFinding], level: int) -> Iterator[str]:
    finding = together[0]
    yield f"{'#' * level} {finding.severity}: {code(finding.code)}"
    for one in together:
        yield text(one.summary)
    yield from laid_out(finding.detail)
    if finding.steps:
        yield "**What to do**"
    numbered = len(finding.steps) > 1
    for number, step in enumerate(finding.steps, 1):
        yield from laid_out(step, f"{number}. " if numbered else "")
    changes = tuple(dict.fromkeys(change for one in together for change in one.changes))
    for copied in not_said(to_copy(changes), finding.steps):
        yield f"To copy, {text(copied.where)}:"
        yield block(copied.text)
    for way in finding.otherwise:
        yield from laid_out(way)
    if finding.who:
        yield f"Who acts: {text(finding.who)}"
    if finding.verified is not None and finding.verified.words and finding.steps:
        yield f"Verified: {text(finding.verified.words)}"
    affected = f"Affects {', '.join(map(code, finding.affects))}. " if finding.affects else ""
    yield affected + " ".join(f"{source(one)}." for one in finding.rfc)


def source(citation: str) -> str:
    """Return a citation, linked where its form is known."""
    url = source_url(citation)
    return text(citation) if url is None else f"[{citation}]({url})"


def _made(report: Report) -> str:
    judged = "" if report.judged_at is None else f", judged as of {moment(report.judged_at)}"
    by = f" by {text(report.vantage.software)}" if report.vantage.software else ""
    left_out = f" Not asked: {sets_not_asked(report)}." if report.not_asked else ""
    return f"Observed {moment(report.observed_at)}{judged}{by}.{left_out}"
