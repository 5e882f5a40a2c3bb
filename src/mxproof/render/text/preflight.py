"""A preflight or a question of what if as text: the answer, the changes, who fares otherwise, and what it rests on."""

from collections.abc import Sequence

from mxproof.judge.vocabulary import Verdict
from mxproof.mail.change import Change
from mxproof.remedy.apply import Assumption
from mxproof.remedy.preflight import Preflight, WhatIf, worst_after
from mxproof.render.text.change import changes_laid_out
from mxproof.render.text.paper import Label, Paper
from mxproof.render.text.plan import step_lines
from mxproof.render.text.planned_words import (
    assumptions,
    changed_senders,
    preflight_sentences,
    reasons,
    weakenings,
    what_if_sentence,
)
from mxproof.render.text.rehearsal import LEGEND, picture
from mxproof.render.text.words import VERDICT_MARKS, VERDICT_TONES, VERDICT_WORDS, sentence_start

_COLUMN = 12
_INDENT = 2


def preflight_text(made: Preflight, paper: Paper) -> str:
    """Return the whole of a preflight; it ends with a line break."""
    worst = worst_of(made)
    mark, tone = VERDICT_MARKS[worst], VERDICT_TONES[worst]
    word = {Verdict.DELIVERS: "NOTHING GETS WORSE", Verdict.UNKNOWN: "UNKNOWN"}.get(worst, "GETS WORSE")
    front = Label(0, f"{mark} {word}", tone)
    lines: list[str] = []
    for sentence in preflight_sentences(made):
        said = f"{sentence_start(sentence)}."
        lines += paper.hung(said, len(front.text) + 2, *(() if lines else (front,)))
    lines += _worse(made, paper)
    lines += _changes(made.changes, paper)
    decides = frozenset(one.sender for one in made.after if one.decides)
    if made.worse:
        lines += ["", *paper.hung(LEGEND, _COLUMN, Label(_INDENT, "at once"))]
        lines += picture(made.rehearsal, decides, _INDENT, paper)
    if made.order:
        lines += ["", *paper.wrapped("In this order nobody fares worse at any moment:", indent=_INDENT)]
        lines += step_lines(made.order, _INDENT, paper)
    return "\n".join([*lines, *_basis(made.assumed, made.unseen, paper)]) + "\n"


def worst_of(made: Preflight) -> Verdict:
    """Return the worst that a sender comes to fare worse, or what nobody can tell; `delivers` where nothing gets worse."""
    outcomes = {one.outcome for one in made.worse}
    worst = next((one for one in (Verdict.REFUSED, Verdict.AT_RISK) if one in outcomes), None)
    if worst is not None:
        return worst
    after = {one.outcome for one in made.after if one.decides}
    return Verdict.UNKNOWN if Verdict.UNKNOWN in outcomes | after else Verdict.DELIVERS


def what_if_text(made: WhatIf, paper: Paper) -> str:
    """Return what every sender would do; it ends with a line break."""
    worst = worst_after(made)
    front = Label(0, f"{VERDICT_MARKS[worst]} {VERDICT_WORDS[worst].upper()}", VERDICT_TONES[worst])
    sentence = what_if_sentence(made)
    lines = paper.hung(f"{sentence_start(sentence)}.", len(front.text) + 2, front)
    lines += _changes(made.changes, paper)
    changed = changed_senders(made.before, made.after) or ["every sender does what it does now"]
    lines += _listed("otherwise", changed, paper)
    failing = [one for one in made.after if one.outcome is not Verdict.DELIVERS and one.decides]
    lines += _listed("because", reasons((one.sender, one.because, one.bounce) for one in failing), paper)
    return "\n".join([*lines, *_basis(made.assumed, made.unseen, paper)]) + "\n"


def _worse(made: Preflight, paper: Paper) -> list[str]:
    """Return why senders fare worse, and who is less protected, those alike together."""
    why = reasons((one.sender, one.because, one.bounce) for one in made.worse)
    return [*_listed("because", why, paper), *_listed("weaker", weakenings(made.weaker), paper)]


def _changes(changes: Sequence[Change], paper: Paper) -> list[str]:
    return changes_laid_out(changes, _COLUMN, paper, Label(_INDENT, "changes"))


def _basis(assumed: Sequence[Assumption], unseen: Sequence[str], paper: Paper) -> list[str]:
    """Return what is supposed and what could not be found out."""
    return [*_listed("supposed", assumptions(assumed), paper), *_listed("not seen", unseen, paper)]


def _listed(label: str, said: Sequence[str], paper: Paper) -> list[str]:
    """Return each thing said on lines of its own, the label before the first."""
    lines: list[str] = []
    for one in said:
        lines += paper.hung(one, _COLUMN, *(() if lines else (Label(_INDENT, label),)))
    return lines
