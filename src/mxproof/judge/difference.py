"""What became of a domain between two observations: version 1 of the contract that `mxproof diff --format json` prints.

Field names and order are the contract; the JSON Schema in docs/reference is generated from them.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from mxproof.judge.report import Bounce, Summary
from mxproof.judge.vocabulary import Confidence, Security, Severity, Verdict
from mxproof.mail.observed_fact import FactKind

DIFFERENCE_VERSION = 1

_WORST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.NOTICE, Severity.OK)


class Course(StrEnum):
    """Which way things went."""

    WORSE = "worse"
    BETTER = "better"
    SAME = "same"
    UNKNOWN = "unknown"
    """What was known before could not be found out any more."""


class LookedAt(StrEnum):
    """At which of the moments a fact was looked at: what nothing leads to is not asked."""

    BOTH = "both"
    BEFORE = "before"
    AFTER = "after"


class SenderState(msgspec.Struct, frozen=True):
    """What a sender does at one of the moments; `because` are finding codes."""

    outcome: Verdict
    security: Security | None
    because: tuple[str, ...]
    bounce: Bounce | None


class SenderCourse(msgspec.Struct, frozen=True):
    """One sender before and after."""

    id: str
    name: str
    confidence: Confidence
    course: Course
    before: SenderState
    after: SenderState

    @property
    def decides(self) -> bool:
        """Tell whether the sender counts; one that rests on a guess does not."""
        return self.confidence is not Confidence.GUESS


class Shift(msgspec.Struct, frozen=True):
    """One fact that is not what it was; where several names or addresses show the same, all of them are named.

    `about` are record types, or addresses with their port. `before` and `after` are its value in words, None where it could not be found out, and `why` says what came in place.
    `matters_to` are the ids of the senders that do something else for this alone: it put into what was before, or taken
    out of what is now. What was looked at once (`sight`), as the address of a host that is new, is nothing at the other
    moment; it matters to whoever what leads to it matters to, and is not tried.
    """

    kind: FactKind
    names: tuple[str, ...]
    about: tuple[str, ...]
    before: tuple[str, ...] | None
    after: tuple[str, ...] | None
    matters_to: tuple[str, ...]
    why: str = ""
    sight: LookedAt = LookedAt.BOTH


class FindingShift(msgspec.Struct, frozen=True):
    """A finding that appeared or is gone; `was` is its weight before where it was there and weighed otherwise."""

    code: str
    severity: Severity
    subject: str
    summary: str
    affects: tuple[str, ...]
    was: Severity | None = None

    @property
    def is_graver(self) -> bool:
        """Tell whether it is new, or weighs more than it did."""
        return self.was is None or _WORST_FIRST.index(self.severity) < _WORST_FIRST.index(self.was)


class MomentSeen(msgspec.Struct, frozen=True):
    """When was looked, and what it came to."""

    observed_at: datetime
    summary: Summary


class SupposedFact(msgspec.Struct, frozen=True):
    """One supposition, as plans have them, and the name or address that it is about."""

    what: str
    subject: str


class Supposed(msgspec.Struct, frozen=True):
    """What a planned state rests on: what was supposed of it, and the questions that nobody asked yet."""

    assumed: tuple[SupposedFact, ...]
    unseen: tuple[str, ...]


class Difference(msgspec.Struct, frozen=True):
    """All that is not what it was; senders that do the same as before are not listed.

    `supposed` is None where both were observed; else `after` is a planned state, judged as of the moment before.
    """

    schema_version: int
    domain: str
    course: Course
    before: MomentSeen
    after: MomentSeen
    senders: tuple[SenderCourse, ...]
    shifts: tuple[Shift, ...]
    appeared: tuple[FindingShift, ...]
    gone: tuple[FindingShift, ...]
    supposed: Supposed | None = None

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing at all changed."""
        return not (self.senders or self.shifts or self.appeared or self.gone)
