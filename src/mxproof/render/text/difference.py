"""A difference as text: which way it went, for which senders, what changed and for whom that matters."""

from collections.abc import Iterable, Iterator

from mxproof.judge.difference import Course, Difference, FindingShift, SenderCourse, Shift
from mxproof.render.text.difference_words import (
    COURSE_MARKS,
    COURSE_WORDS,
    at_both,
    at_one,
    bounce_of,
    finding_words,
    headline,
    shift_lines,
    shift_title,
    span_words,
    state_words,
    supposed_lines,
    whom_words,
)
from mxproof.render.text.paper import Label, Paper, Tone
from mxproof.render.text.words import SEVERITY_TONES, VERDICT_TONES

_TONES = {
    Course.WORSE: Tone.BAD,
    Course.BETTER: Tone.GOOD,
    Course.UNKNOWN: Tone.UNKNOWN,
    Course.SAME: Tone.FAINT,
}
_SIGN_TONES = {"-": Tone.BAD, "+": Tone.GOOD}
_INDENT = 2
_BELOW = 4
_WEIGHT = _INDENT + len("was warning") + 1


def document(several: Iterable[Difference], paper: Paper) -> Iterator[str]:
    """Yield the text, a part for each difference; each ends with a line break."""
    for number, one in enumerate(several):
        yield ("\n" if number else "") + "".join(f"{line}\n" for line in _lines(one, paper))


def _lines(one: Difference, paper: Paper) -> Iterator[str]:
    word = f"{COURSE_MARKS[one.course]} {COURSE_WORDS[one.course]}"
    yield from paper.hung(_headline(one), len(word) + 2, Label(0, word, _TONES[one.course]))
    yield from paper.wrapped(_span(one), indent=_INDENT)
    for line in supposed_lines(one):
        yield from paper.wrapped(line, indent=_INDENT)
    if one.senders:
        yield from ("", paper.heading("Senders"))
        for together in _alike(one.senders):
            yield from _senders(together, paper)
    if changed := at_both(one.shifts):
        yield from ("", paper.heading("What changed"))
        for shift in changed:
            yield from _shift(shift, paper)
    for words, sign, lines in at_one(one):
        yield from ("", paper.heading(words))
        for line in lines:
            yield from paper.hung(line, _BELOW, Label(_INDENT, sign, _SIGN_TONES[sign]))
    if one.appeared or one.gone:
        yield from ("", paper.heading("Findings"))
        for sign, findings in (("new", one.appeared), ("gone", one.gone)):
            for finding in findings:
                yield from _finding(sign, finding, paper)


def _headline(one: Difference) -> str:
    said = headline(one)
    return said if one.domain in said else f"{one.domain}: {said}"


def _span(one: Difference) -> str:
    nothing = ": nothing changed" if one.is_empty else ""
    return f"{span_words(one)}{nothing}"


def _alike(senders: Iterable[SenderCourse]) -> list[list[SenderCourse]]:
    """Return the senders put together that do the same before and after, and write the same."""
    together: dict[tuple[str, ...], list[SenderCourse]] = {}
    for sender in senders:
        key = state_words(sender.before), state_words(sender.after), bounce_of(sender)
        together.setdefault(key, []).append(sender)
    return list(together.values())


def _senders(together: list[SenderCourse], paper: Paper) -> Iterator[str]:
    for sender in together:
        name = sender.name if sender.decides else f"{sender.name} (a guess, does not count)"
        yield from paper.wrapped(name, indent=_INDENT)
    one = together[0]
    yield from paper.hung(f"before: {state_words(one.before)}", _BELOW)
    now = Label(_BELOW, "now:", VERDICT_TONES[one.after.outcome])
    yield from paper.hung(state_words(one.after), _BELOW + len("before: "), now)
    if bounce := bounce_of(one):
        yield from paper.hung(bounce, _BELOW + len("before: "))


def _shift(shift: Shift, paper: Paper) -> Iterator[str]:
    yield from paper.wrapped(shift_title(shift), indent=_INDENT)
    for sign, line in shift_lines(shift):
        yield from paper.hung(line, _BELOW + 2, Label(_BELOW, sign, _SIGN_TONES[sign]))
    yield from paper.wrapped(whom_words(shift), indent=_BELOW)


def _finding(sign: str, finding: FindingShift, paper: Paper) -> Iterator[str]:
    front = (
        Label(_INDENT, finding_words(sign, finding)),
        Label(_WEIGHT, str(finding.severity), SEVERITY_TONES[finding.severity]),
    )
    yield from paper.hung(f"{finding.summary} ({finding.code})", _WEIGHT + len("warning") + 2, *front)
