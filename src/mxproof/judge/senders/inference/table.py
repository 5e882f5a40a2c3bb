"""What every possible sender does in a case, as a table: one row for each way that the traits it depends on can be."""

from itertools import product

import msgspec

from mxproof.judge.senders.inference.case import Case
from mxproof.judge.senders.inference.fate import MailFate, fate
from mxproof.judge.senders.inference.held import NOTHING_HELD, HeldOver
from mxproof.judge.senders.inference.possible import POSSIBLE, settled
from mxproof.mail.domain import MailDomain


class ForetoldRow(msgspec.Struct, frozen=True):
    """The words of the traits, in their order, and what becomes of the mail; None where that is unclear."""

    words: tuple[str, ...]
    fate: MailFate | None


class CaseTable(msgspec.Struct, frozen=True):
    """A case with what each possible sender does there."""

    case: Case
    rows: tuple[ForetoldRow, ...]

    def words(self, trait: str, fitting: tuple[ForetoldRow, ...]) -> frozenset[str]:
        """Return what a trait is in the rows that fit."""
        place = self.case.about.index(trait)
        return frozenset(row.words[place] for row in fitting)


def table_of(case: Case, domain: MailDomain, held: HeldOver = NOTHING_HELD) -> CaseTable:
    """Return the table of `case`, whose domain is `domain`, and of which `held` may be remembered."""
    every = product(*(POSSIBLE[trait] for trait in case.about))
    return CaseTable(case, tuple(_row(case, domain, held, words) for words in every))


def _row(case: Case, domain: MailDomain, held: HeldOver, words: tuple[str, ...]) -> ForetoldRow:
    sender = settled(dict(zip(case.about, words, strict=True)))
    waits = case.policy_after_s > 0
    return ForetoldRow(words, fate(domain, sender, held.of(sender), names=case.names, waits=waits))
