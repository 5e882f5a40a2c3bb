"""What a rule of the knowledge is: texts of one mail system, the cause they stand for, and where that is known from.

The tables in `mxproof.explain.knowledge` hold nothing else. A chapter is one system on one side of the delivery:
as `sender` it could not or would not hand the message over, as `receiver` it refused to take it.
"""

from enum import StrEnum

import msgspec

from mxproof.explain.causes.fault import Suspect
from mxproof.judge.vocabulary import Confidence


class Side(StrEnum):
    """Who decided."""

    SENDER = "sender"
    RECEIVER = "receiver"
    UNKNOWN = "unknown"


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """Texts and their cause.

    `texts` are templates; `sample` is a line that one of them matches, `unlike` are lines of the same system or with
    the same words that none may match. `codes` are those which come with the text, as documented, for the reader.
    `check` says what to look at where the words of the cause are not enough. A rule with `lead` is too general to
    claim its cause: what it finds is shown as a possibility. `suspects` are those of the cause that its words leave,
    where they tell more than the cause does.
    """

    cause: str
    texts: tuple[str, ...]
    sample: str
    unlike: tuple[str, ...]
    source: str
    confidence: Confidence
    codes: str = ""
    check: str = ""
    lead: bool = False
    suspects: tuple[Suspect, ...] = ()


class Chapter(msgspec.Struct, frozen=True):
    """The rules for one system on one side, None for texts that many share.

    An earlier rule takes the words that a later one could also take.
    """

    system: str | None
    side: Side
    rules: tuple[Rule, ...]
