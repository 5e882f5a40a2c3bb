"""From what became of one mail to each case to what each trait of the sender may be.

At first a trait may be anything. A row of a table fits while every word in it may still be, and what it foretells is what
was seen; a word that is in no fitting row of some case can not be. That is repeated until nothing changes. A case of which
no row fits contradicts the others: it strikes out nothing, and is told of. Nothing is ever struck out that a sender
could be which does all that was seen.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

import msgspec

from mxproof.judge.senders.inference.fate import MailFate
from mxproof.judge.senders.inference.possible import POSSIBLE, settled, words_of
from mxproof.judge.senders.inference.table import CaseTable, ForetoldRow
from mxproof.judge.senders.traits import Traits

_Left = dict[str, frozenset[str]]


class Shown(msgspec.Struct, frozen=True):
    """What one trait may be, and the cases that each show something of it; all words where none does."""

    trait: str
    words: tuple[str, ...]
    cases: tuple[str, ...] = ()

    @property
    def is_shown(self) -> bool:
        """Tell whether any case shows something of it."""
        return len(self.words) < len(POSSIBLE[self.trait])

    @property
    def is_settled(self) -> bool:
        """Tell whether it is known."""
        return len(self.words) == 1


class Inference(msgspec.Struct, frozen=True):
    """What was found out of a sender: every trait, and the cases in which it did what none of the possible senders does."""

    shown: tuple[Shown, ...]
    contradictions: tuple[str, ...] = ()

    def traits(self) -> Traits:
        """Return a sender that does all that was seen: of what is not known it is the likeliest."""
        return settled({one.trait: one.words[0] for one in self.shown if one.is_shown})


class Agreement(StrEnum):
    """How a trait that was watched stands to a model."""

    SAME = "same"
    NEW = "new"
    """The model leaves open what was shown."""
    DIFFERENT = "different"
    NOT_SHOWN = "not-shown"


class Compared(msgspec.Struct, frozen=True):
    """A trait beside what a model says that it may be."""

    shown: Shown
    model: tuple[str, ...]
    agreement: Agreement


def infer(tables: Sequence[CaseTable], seen: Mapping[str, MailFate]) -> Inference:
    """Return what `seen`, by the id of the case, says of the sender; cases that are not in it say nothing."""
    known = [(table, _foretelling(table, seen[table.case.id])) for table in tables if table.case.id in seen]
    left: _Left = {trait: frozenset(words) for trait, words in POSSIBLE.items()}
    fitting = {table.case.id: rows for table, rows in known}
    contradicting: set[str] = set()
    changed = True
    while changed:
        changed = False
        for table, _ in known:
            case = table.case
            rows = _fitting(table, fitting[case.id], left)
            if not rows:
                contradicting.add(case.id)
                continue
            fitting[case.id] = rows
            for trait in case.about:
                words = table.words(trait, rows)
                changed = changed or words != left[trait]
                left[trait] = words
    sound = [(table, rows) for table, rows in known if table.case.id not in contradicting]
    return Inference(
        tuple(_shown(trait, left, sound) for trait in POSSIBLE),
        tuple(table.case.id for table, _ in known if table.case.id in contradicting),
    )


def compare(inference: Inference, model: Traits) -> tuple[Compared, ...]:
    """Return each trait beside what `model` says of it."""
    return tuple(_compared(one, words_of(model, one.trait)) for one in inference.shown)


def _compared(shown: Shown, model: tuple[str, ...]) -> Compared:
    if not shown.is_shown:
        return Compared(shown, model, Agreement.NOT_SHOWN)
    common = set(model) & set(shown.words)
    if not common:
        return Compared(shown, model, Agreement.DIFFERENT)
    return Compared(shown, model, Agreement.NEW if len(common) < len(model) else Agreement.SAME)


def _foretelling(table: CaseTable, met: MailFate) -> tuple[ForetoldRow, ...]:
    """Return the rows by which what was met could come about."""
    return tuple(row for row in table.rows if row.fate in {None, met})


def _fitting(
    table: CaseTable, rows: tuple[ForetoldRow, ...], left: Mapping[str, frozenset[str]]
) -> tuple[ForetoldRow, ...]:
    """Return the rows in which every trait is what it may be."""
    may_be = [left[trait] for trait in table.case.about]
    return tuple(row for row in rows if all(map(_is_in, row.words, may_be)))


def _is_in(word: str, words: frozenset[str]) -> bool:
    return word in words


def _shown(trait: str, left: _Left, known: Sequence[tuple[CaseTable, tuple[ForetoldRow, ...]]]) -> Shown:
    possible = POSSIBLE[trait]
    if len(left[trait]) == len(possible):
        return Shown(trait, tuple(possible))
    free = left | {trait: frozenset(possible)}
    cases = tuple(
        table.case.id
        for table, rows in known
        if trait in table.case.about and len(table.words(trait, _fitting(table, rows, free))) < len(possible)
    )
    return Shown(trait, tuple(word for word in possible if word in left[trait]), cases)
