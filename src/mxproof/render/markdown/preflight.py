"""A preflight in Markdown, as a comment on a merge request: what gets worse first, then the changes and what it rests on."""

from collections.abc import Iterator

from mxproof.judge.vocabulary import Verdict
from mxproof.remedy.preflight import Preflight, Weakening, Worsening
from mxproof.render.markdown.text import block, code, table, text
from mxproof.render.text.change import change_lines
from mxproof.render.text.plan import PAUSES, span
from mxproof.render.text.planned_words import assumptions, preflight_sentences
from mxproof.render.text.preflight import worst_of
from mxproof.render.text.words import SECURITY_WORDS, VERDICT_MARKS, VERDICT_WORDS, moment, sentence_start

_NOT_DELIVERED = "not delivered"


def comment(made: Preflight) -> str:
    """Return the whole text."""
    return "\n\n".join(_parts(made)) + "\n"


def _parts(made: Preflight) -> Iterator[str]:
    worst = worst_of(made)
    yield f"# Mail of {code(made.domain)} after this change"
    for sentence in preflight_sentences(made):
        yield f"{VERDICT_MARKS[worst]} **{text(f'{sentence_start(sentence)}.')}**"
    if made.worse:
        yield table(("Sender", "Then", "From", "For", "Because"), [_worse(one) for one in made.worse])
    if made.weaker:
        yield "Delivered, and less protected than before:"
        yield table(("Sender", "Now", "Then"), [_weaker(one) for one in made.weaker])
    if made.changes:
        yield "What would change:"
        yield block("\n".join(change_lines(made.changes)), "diff")
    yield from _order(made)
    yield from _basis(made)
    yield f"Judged as of {moment(made.judged_at)}."


def _worse(one: Worsening) -> tuple[str, ...]:
    return (
        code(one.sender),
        f"{VERDICT_MARKS[one.outcome]} {VERDICT_WORDS[one.outcome]}",
        text(span(one.from_s)) if one.from_s else "at once",
        "stays so" if one.until_s is None else text(span(one.until_s - one.from_s)),
        ", ".join([*map(code, one.because), *([code(one.bounce)] if one.bounce else [])]),
    )


def _weaker(one: Weakening) -> tuple[str, ...]:
    levels = (_NOT_DELIVERED if level is None else SECURITY_WORDS[level] for level in (one.before, one.after))
    return code(one.sender), *levels


def _order(made: Preflight) -> Iterator[str]:
    """Yield the steps in which nobody fares worse, if there are such."""
    if not made.order:
        return
    yield "In this order nobody fares worse at any moment:"
    for number, step in enumerate(made.order, 1):
        wait_s = step.wait_until_s - step.at_s
        waited = f", then wait {span(wait_s)} {PAUSES[step.because]}" if wait_s > 0 else ""
        yield f"Step {number}{text(waited)}:"
        yield block("\n".join(change_lines(step.changes)), "diff")


def _basis(made: Preflight) -> Iterator[str]:
    supposed = [f"- supposed: {text(one)}" for one in assumptions(made.assumed)]
    unseen = [f"- not seen: {code(one)}" for one in made.unseen]
    unknown = [
        f"- not known what {code(one.sender)} does" for one in made.after if one.outcome is Verdict.UNKNOWN
    ]
    if supposed or unseen or unknown:
        yield "\n".join([*supposed, *unseen, *unknown])
