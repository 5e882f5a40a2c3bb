"""What a meaning is: words that name a cause together, in whatever order and sentence a program puts them.

A rule knows the text of one program. What no rule knows is read by its meaning: a sentence that speaks of SPF and of what
is not permitted has one meaning in every program. A row needs one word of each of its groups within one sentence, and none
of those that turn it round. Words are written as they are compared: lower case, without signs, one space between them; a
star stands for any ending. The rows are in order of precedence: the first that fits a sentence is its meaning.
"""

import msgspec

from mxproof.explain.causes.fault import Suspect
from mxproof.explain.knowledge.rule import Side

Words = str
"""Words with a bar between them, each of which will do."""


class Meaning(msgspec.Struct, frozen=True, kw_only=True):
    """A cause, the groups of words that it needs, and those beside which it is not meant.

    `sample` has this meaning and no earlier one, `unlike` are sentences with some of the words that have not.
    `suspects` are those of the cause that such words leave, where they tell more than the cause does. `of_session` is one
    that any network program could write, so that it counts only where the sentence speaks of SMTP.
    """

    cause: str
    needs: tuple[Words, ...]
    sample: str
    unlike: tuple[str, ...]
    unless: Words = ""
    side: Side = Side.UNKNOWN
    suspects: tuple[Suspect, ...] = ()
    of_session: bool = False


FAILED: Words = (
    "fail*|error|errors|err|not|no|cannot|can t|couldn t|could not|unable|refused|"
    "rejected|denied|invalid|timed out|timeout|expired|unsuccessful|unreachable|aborted|"
    "broken"
)
"""That something did not come about."""

UNMATCHED: Words = (
    "not match*|doesn t match|don t match|didn t match|no match*|matches no|match no*|"
    "mismatch*|none match*|none of|no tlsa records matched|not among|unmatched|differs from|differ from|"
    "different from"
)
"""That two things are not alike."""

NOT_OFFERED: Words = (
    "not offer*|not advertis*|not support*|not announce*|not available|not provide*|"
    "not enabled|unsupported|unavailable|doesn t support|doesn t offer|doesn t advertise|"
    "didn t offer|didn t advertise|isn t supported|isn t offered|isn t available|"
    "no starttls|no tls support|without starttls|lacks starttls|lacks tls|"
    "missing starttls|not list starttls|didn t list starttls"
)
"""That a server does not announce something."""

NOT_MEANT: Words = (
    "if|make sure|before you|how to|ensure|whether|does anybody|does anyone|proceeding|"
    "continuing|continue anyway|successfully|succeeded|testing mode|not enforced|"
    "renewing|status sent|ignored|ignoring|delivered to|in the clear|"
    "untrusted tls connection established|anonymous tls connection established|"
    "trusted tls connection established"
)
"""Advice, a question, or what went on all the same: a sentence with one of these has no meaning here."""
