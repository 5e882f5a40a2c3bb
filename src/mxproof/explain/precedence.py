"""Which of the things that a text says is its answer: two tables of precedence.

The first is about one statement. A statement counts as it stands, but beside a diagnostic of the recipient the
transcript of a session, which may have had several recipients, gives only possibilities; and where a status says that
no host answered (RFC 3463 section 3.5), the general words of a diagnostic about a connection count as its cause. So
they do in a line that has such a code in it, or names what it tried to connect to.

The second is about the whole. What speaks:

| voice | says |
|---|---|
| claims | the causes that are claimed: sound where one of them has a source and the reason, meant where sentences have the meaning and no text is known, weak where all are guesses by a code or only surround another error |
| words | another kind that words name (`mailbox full`): a reason; a mere refusal; or prose with such a word and no code in it, a remark |
| codes | another kind with a reason, by status code, notification or action |
| leads | possible causes: beside them, what tells little is unclear |
| rest | what is left: a refusal by its code, a delay, an expiry, a report without a reason |

The first voice of the row that has something to say is the answer; where none has, the text is not understood.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.knowledge.other_kinds import OtherKind, Tells
from mxproof.explain.match.claiming import StatedCause
from mxproof.explain.read.material import StatementPlace
from mxproof.judge.vocabulary import Confidence


class RecipientReport(StrEnum):
    """What the report says of a recipient beside the prose."""

    SILENT = "silent"
    DIAGNOSED = "diagnosed"
    UNANSWERED = "unanswered"
    """A diagnostic, and the status that no host answered."""


class CountsAs(StrEnum):
    """What the causes that a statement names count as."""

    STATED = "stated"
    """As the rules say, claims or leads."""
    LEADS = "leads"
    CONNECTION_CLAIMED = "connection-claimed"
    """A cause in the connection is claimed, however general the text."""


COUNTS: Final[Mapping[tuple[StatementPlace, RecipientReport], CountsAs]] = MappingProxyType(
    {(place, report): CountsAs.STATED for place in StatementPlace for report in RecipientReport}
    | {
        (place, RecipientReport.UNANSWERED): CountsAs.CONNECTION_CLAIMED
        for place in (StatementPlace.DIAGNOSTIC, StatementPlace.LOG, StatementPlace.NOTE, StatementPlace.LINE)
    }
    | {
        (StatementPlace.TRANSCRIPT, RecipientReport.DIAGNOSED): CountsAs.LEADS,
        (StatementPlace.TRANSCRIPT, RecipientReport.UNANSWERED): CountsAs.LEADS,
    }
)


class Claimed(StrEnum):
    """How sound the claims are together."""

    SOUND = "sound"
    MEANT = "meant"
    """By the meaning of a sentence alone: a reason of another kind in words that are known goes before."""
    WEAK = "weak"
    NOTHING = "nothing"


class Named(StrEnum):
    """What words say of another kind."""

    UNREAD = "unread"
    """Beside a sound claim nobody looks."""
    REASON = "reason"
    REFUSAL = "refusal"
    REMARK = "remark"
    NOTHING = "nothing"


class Voice(StrEnum):
    """Who gives the answer."""

    CLAIMS = "claims"
    WORDS = "words"
    CODES = "codes"
    LEADS = "leads"
    REST = "rest"


PRECEDENCE: Final[Mapping[tuple[Claimed, Named], tuple[Voice, ...]]] = MappingProxyType(
    {
        (Claimed.SOUND, Named.UNREAD): (Voice.CLAIMS,),
        (Claimed.MEANT, Named.REASON): (Voice.WORDS,),
        (Claimed.MEANT, Named.REFUSAL): (Voice.CLAIMS,),
        (Claimed.MEANT, Named.REMARK): (Voice.CLAIMS,),
        (Claimed.MEANT, Named.NOTHING): (Voice.CLAIMS,),
        # Microsoft's `550 5.1.10`, which by its code alone is a null MX, beside `recipient not found`.
        (Claimed.WEAK, Named.REASON): (Voice.WORDS,),
        (Claimed.WEAK, Named.REFUSAL): (Voice.LEADS, Voice.WORDS),
        (Claimed.WEAK, Named.REMARK): (Voice.LEADS,),
        (Claimed.WEAK, Named.NOTHING): (Voice.CLAIMS,),
        (Claimed.NOTHING, Named.REASON): (Voice.WORDS,),
        (Claimed.NOTHING, Named.REFUSAL): (Voice.LEADS, Voice.WORDS),
        (Claimed.NOTHING, Named.REMARK): (Voice.LEADS,),
        (Claimed.NOTHING, Named.NOTHING): (Voice.CODES, Voice.LEADS, Voice.REST),
    }
)


def claimed(claims: tuple[StatedCause, ...]) -> Claimed:
    """Return how sound these claims are together."""
    if not claims:
        return Claimed.NOTHING
    if all(one.is_meant for one in claims):
        return Claimed.MEANT
    is_weak = only_wrappers(claims) or all(one.confidence is Confidence.GUESS for one in claims)
    return Claimed.WEAK if is_weak else Claimed.SOUND


def only_wrappers(causes: tuple[StatedCause, ...]) -> bool:
    """Tell whether each of these causes only surrounds another error; so it is of none."""
    return all(CATALOGUE[one.cause].wrapper for one in causes)


def named(kind: OtherKind | None, *, in_prose: bool) -> Named:
    """Return what a kind that words name says; `in_prose` is text without a code in it."""
    if kind is None:
        return Named.NOTHING
    if kind.tells is Tells.REFUSAL:
        return Named.REMARK if in_prose else Named.REFUSAL
    return Named.REASON
