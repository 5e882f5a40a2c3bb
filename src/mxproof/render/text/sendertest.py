"""What a sender test shows, as text: first whether the server is safe and what to set, then what a model should say."""

from collections.abc import Iterator, Sequence
from typing import Final

from mxproof.judge.senders.inference.conclusion import (
    Conduct,
    Honoured,
    SenderTestReport,
    ToldCase,
    ToldModel,
)
from mxproof.judge.senders.inference.setting import ServerSetting
from mxproof.judge.vocabulary import Verdict
from mxproof.render.text.paper import Label, Paper, Tone
from mxproof.render.text.sendertest_words import (
    BOUNCES_TITLE,
    CASES_TITLE,
    CONDUCT_TONES,
    CONTRADICTIONS_TITLE,
    EXPLANATION,
    HONOURED_TONES,
    HONOURED_WORDS,
    LAX_TITLE,
    MODELS_TITLE,
    NO_REPORTS,
    REPORTS_TITLE,
    SETTINGS_TITLE,
    STRICT_TITLE,
    TOPIC_WORDS,
    TRAIT_WORDS,
    TRAITS_TITLE,
    bounce_words,
    case_words,
    difference_words,
    headline,
    mechanism_words,
    of_conduct,
    report_words,
    setting_title,
    wants_reports,
)
from mxproof.render.text.words import VERDICT_MARKS, listed

MODELS_SHOWN: Final = 3
"""So many models are told of in full, the nearest; with `verbose` all are."""
_INDENT: Final = 2
_TONES: Final = {
    Verdict.DELIVERS: Tone.GOOD,
    Verdict.AT_RISK: Tone.DOUBTFUL,
    Verdict.REFUSED: Tone.BAD,
    Verdict.UNKNOWN: Tone.UNKNOWN,
}


def sendertest_text(report: SenderTestReport, paper: Paper) -> str:
    """Return the whole of a report; it ends with a line break."""
    lines = [*paper.wrapped(headline(report)), ""]
    for one in report.mechanisms:
        verdict = HONOURED_TONES[one.honoured]
        word = Label(0, HONOURED_WORDS[one.honoured].upper(), _TONES[verdict])
        mark = Label(0, VERDICT_MARKS[verdict], _TONES[verdict])
        lines.append(paper.row(mark, Label(2, TOPIC_WORDS[one.mechanism], Tone.STRONG), word))
        lines += paper.wrapped(mechanism_words(one), indent=_INDENT)
    lines += _cases(LAX_TITLE, _surprising(report, paper), paper)
    lines += _cases(STRICT_TITLE, of_conduct(report, Conduct.STRICT), paper)
    unexplained = [one for one in report.cases if one.case in report.contradictions]
    if unexplained:
        lines += [
            *_cases(CONTRADICTIONS_TITLE, unexplained, paper),
            *paper.wrapped(EXPLANATION, indent=_INDENT),
        ]
    lines += _reports(report, paper)
    lines += _bounces(report, paper)
    lines += _settings(report.settings, paper)
    if report.sent:
        lines += _traits(report, paper)
        lines += _models(report.models, paper)
    if paper.verbose:
        lines += _cases(CASES_TITLE, report.cases, paper)
    return "\n".join(lines) + "\n"


def _surprising(report: SenderTestReport, paper: Paper) -> Sequence[ToldCase]:
    """Return the cases that were delivered to and should not be; where a mechanism is not there all is said already."""
    absent = {one.mechanism for one in report.mechanisms if one.honoured is Honoured.NO}
    lax = of_conduct(report, Conduct.LAX)
    return lax if paper.verbose else [one for one in lax if one.topic not in absent]


def _cases(title: str, cases: Sequence[ToldCase], paper: Paper) -> Iterator[str]:
    if not cases:
        return
    yield from ("", paper.heading(title))
    column = _INDENT + 2 + max(len(one.case) for one in cases) + 2
    for one in cases:
        verdict = CONDUCT_TONES[one.conduct]
        mark = Label(_INDENT, VERDICT_MARKS[verdict], _TONES[verdict])
        yield from paper.hung(case_words(one), column, mark, Label(_INDENT + 2, one.case, Tone.PLAIN))


def _settings(settings: Sequence[ServerSetting], paper: Paper) -> Iterator[str]:
    if not settings:
        return
    yield from ("", paper.heading(SETTINGS_TITLE))
    for one in settings:
        where = f" ({one.where})" if one.where else ""
        yield from paper.wrapped(f"{setting_title(one)}{where}:", indent=_INDENT)
        yield from (paper.pasted(line, _INDENT + 4) for line in one.lines)
        if one.note:
            yield from paper.wrapped(one.note, indent=_INDENT + 2)


def _traits(report: SenderTestReport, paper: Paper) -> Iterator[str]:
    yield from ("", paper.heading(TRAITS_TITLE))
    for one in report.traits:
        if one.shown:
            words = f"{listed(one.words)} ({listed(one.cases)})" if paper.verbose else listed(one.words)
            yield from paper.wrapped(f"{TRAIT_WORDS[one.trait]}: {words}", indent=_INDENT, hang=2)
    silent = [TRAIT_WORDS[one.trait] for one in report.traits if not one.shown]
    if silent:
        yield from paper.wrapped(f"Not shown: {listed(silent)}.", indent=_INDENT, hang=2)


def _reports(report: SenderTestReport, paper: Paper) -> Iterator[str]:
    """Yield what was reported, or that nothing was where reports are wanted."""
    if not report.reports and not wants_reports(report):
        return
    yield from ("", paper.heading(REPORTS_TITLE))
    for line in tuple(map(report_words, report.reports)) or (NO_REPORTS,):
        yield from paper.wrapped(line, indent=_INDENT, hang=2)


def _bounces(report: SenderTestReport, paper: Paper) -> Iterator[str]:
    """Yield what came back to the sender."""
    if not report.bounces:
        return
    yield from ("", paper.heading(BOUNCES_TITLE))
    for one in report.bounces:
        yield from paper.wrapped(bounce_words(one), indent=_INDENT, hang=2)


def _models(models: Sequence[ToldModel], paper: Paper) -> Iterator[str]:
    yield from ("", paper.heading(MODELS_TITLE))
    for one in models if paper.verbose else models[:MODELS_SHOWN]:
        counts = f"{one.same} the same, {len(one.different)} different"
        yield from paper.wrapped(f"{one.name} ({one.id}): {counts}", indent=_INDENT, hang=2)
        for each in one.differences:
            yield from paper.wrapped(difference_words(each), indent=_INDENT + 2, hang=2)
