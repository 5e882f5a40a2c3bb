"""What statements mean beyond the texts that are known: read only where those give no cause, or one that is vague.

A vague cause says where something failed and not what. Beside it a sentence is heard that says what: of the causes that
MORE_SPECIFIC names for it. Where no text is known, the first statement with a meaning gives the cause.
"""

from collections.abc import Iterable

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.causes.cause import CauseKind
from mxproof.explain.match.claiming import StatedCause
from mxproof.explain.read.material import Statement, StatementPlace
from mxproof.explain.specific import MORE_SPECIFIC

STATEMENTS_READ_MAX = 20

_VAGUE = frozenset(
    {
        "connect_failure",
        "spf_or_block",
        "auth_or_dmarc",
        "reputation_or_ptr",
        "mtasts_validation",
        "dane_generic",
    }
)
_OF_HOST = (CauseKind.CONNECTION, CauseKind.DNS)
"""Of these a text that is known has said as much as there is to say."""
_OF_LOG = (StatementPlace.LOG, StatementPlace.NOTE)
"""Beside a recipient, too, these may tell of a look-up in a table of the own machine."""
_OF_MACHINE = (StatementPlace.DIAGNOSTIC, StatementPlace.LOG)


def is_vague(found: tuple[StatedCause, ...]) -> bool:
    """Tell whether nothing is claimed, or only where something failed."""
    return all(one.lead or one.cause in _VAGUE or CATALOGUE[one.cause].wrapper for one in found)


def with_meaning(found: tuple[StatedCause, ...], statements: Iterable[Statement]) -> tuple[StatedCause, ...]:
    """Return what was found, and what a sentence of these statements means where that says no more than where it failed."""
    from mxproof.explain.match.meaning import meant  # noqa: PLC0415 - most bounces are explained without it

    claims = tuple(one for one in found if not one.lead)
    for statement in list(statements)[:STATEMENTS_READ_MAX]:
        is_of_machine = statement.place in _OF_MACHINE or bool(statement.recipient)
        one = meant(
            statement.text,
            is_of_machine=is_of_machine,
            is_of_delivery=bool(statement.recipient) and statement.place not in _OF_LOG,
        )
        if one is None or (claims and CATALOGUE[one.cause].kind in _OF_HOST):
            continue
        if all(one.cause in MORE_SPECIFIC.get(claim.cause, frozenset()) for claim in claims):
            return (*claims, one, *(lead for lead in found if lead.lead and lead.cause != one.cause))
    return found
