"""Differences in Markdown, for a ticket or a mail: which way it went, for whom, and what changed."""

from collections.abc import Iterable, Iterator

from mxproof.judge.difference import Difference, FindingShift, SenderCourse, Shift
from mxproof.render.markdown.text import block, code, table, text
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
from mxproof.render.text.words import sentence_start


def document(several: Iterable[Difference]) -> Iterator[str]:
    """Yield the text, a part for each difference."""
    for number, one in enumerate(several):
        yield ("\n" if number else "") + "\n\n".join(_parts(one)) + "\n"


def _parts(one: Difference) -> Iterator[str]:
    yield f"# {code(one.domain)}: {COURSE_WORDS[one.course]}"
    yield f"{COURSE_MARKS[one.course]} {text(headline(one))}"
    yield f"{sentence_start(span_words(one))}."
    yield from (text(f"{sentence_start(line)}.") for line in supposed_lines(one))
    if one.is_empty:
        yield "Nothing changed."
    if one.senders:
        yield "## Senders"
        yield table(
            ("Sender", "Before", "Now", "What it writes now"), [_sender(sender) for sender in one.senders]
        )
    if changed := at_both(one.shifts):
        yield "## What changed"
        for shift in changed:
            yield from _shift(shift)
    for words, _, lines in at_one(one):
        yield f"## {words}"
        yield "\n".join(f"- {text(line)}" for line in lines)
    if one.appeared or one.gone:
        yield "## Findings"
        lines = [
            *(_finding("new", each) for each in one.appeared),
            *(_finding("gone", each) for each in one.gone),
        ]
        yield "\n".join(lines)


def _sender(sender: SenderCourse) -> tuple[str, ...]:
    guess = "" if sender.decides else ", a guess that does not count"
    name = f"{text(sender.name)} ({code(sender.id)}{guess})"
    return name, state_words(sender.before), state_words(sender.after), code(bounce_of(sender))


def _shift(shift: Shift) -> Iterator[str]:
    yield f"{text(shift_title(shift))}, {text(whom_words(shift))}:"
    yield block("\n".join(f"{sign} {line}" for sign, line in shift_lines(shift)), "diff")


def _finding(sign: str, finding: FindingShift) -> str:
    return (
        f"- {finding_words(sign, finding)}: {finding.severity} {code(finding.code)}: {text(finding.summary)}"
    )
