"""Publications as values; `publication_journal` keeps and reads them.

| state | event | state |
|---|---|---|
| (none) | it was judged, and is begun | open |
| open | every step of it was seen at every server | done |
| open | another one takes the domain back to what was before it | undone |

A domain has one at a time that is open. What is kept of the state of a domain is the business of whoever publishes, and bytes here.
"""

from datetime import datetime
from enum import StrEnum

import msgspec


class PublicationKind(StrEnum):
    """What a publication is for."""

    APPLY = "apply"
    ADOPT = "adopt"
    UNDO = "undo"


class PublicationState(StrEnum):
    """How a publication stands."""

    OPEN = "open"
    DONE = "done"
    UNDONE = "undone"


class StepStanding(StrEnum):
    """How a step of a publication stands: noted before it is made, and once it was seen everywhere."""

    BEGUN = "begun"
    SEEN = "seen"


class JournalledStep(msgspec.Struct, frozen=True):
    """A step, by its name; `said` is what kept it from going on when it was last looked at, empty for nothing."""

    step: str
    state: StepStanding
    begun_at: datetime
    seen_at: datetime | None
    said: str


class NewPublication(msgspec.Struct, frozen=True):
    """What is to be published of a domain: its state before and after; `forced` is why it is made in spite of the judgement."""

    domain: str
    kind: PublicationKind
    before: bytes
    after: bytes
    forced: str = ""


class Publication(msgspec.Struct, frozen=True):
    """One publication with its steps in the order in which they were begun."""

    number: int
    domain: str
    kind: PublicationKind
    before: bytes
    after: bytes
    forced: str
    state: PublicationState
    begun_at: datetime
    ended_at: datetime | None
    steps: tuple[JournalledStep, ...] = ()
