"""What became of a publication."""

from enum import StrEnum

import msgspec

from mxproof.publish.permission import PublicationJudgement
from mxproof.publish.state import PublishedState
from mxproof.publish.step import LaggingPlace, PublicationStep


class PublicationEnd(StrEnum):
    """What became of a publication."""

    NOTHING = "nothing"
    """All is as it is to be."""
    PLANNED = "planned"
    """It may be published; nothing was done, as asked."""
    DONE = "done"
    WAITING = "waiting"
    """A step is made, and somebody does not show it yet."""
    REFUSED = "refused"
    UNCLEAR = "unclear"
    """What a sender would do could not be found out."""
    FAILED = "failed"
    """A step could not be made, or there is nothing that could be published."""
    UNSEEN = "unseen"
    """A name server does not say what it has; nothing was begun."""
    UNDONE = "undone"
    """Nothing of it had been done."""


class PublicationResult(msgspec.Struct, frozen=True):
    """What became of a publication of `domain`; `steps` are those that were left, first the one that it stands at."""

    domain: str
    end: PublicationEnd
    state: PublishedState | None = None
    steps: tuple[PublicationStep, ...] = ()
    lag: tuple[LaggingPlace, ...] = ()
    judgement: PublicationJudgement | None = None
    said: str = ""
