"""When each question was put and how long its answer took: the time line of a check, without what was answered."""

from datetime import datetime, timedelta

import msgspec

from mxproof.evidence.answer import Outcome
from mxproof.evidence.evidence import Evidence
from mxproof.evidence.question import Question


class Timed(msgspec.Struct, frozen=True):
    """One question with the moment it was put, the milliseconds until its answer was whole, and how that ended."""

    question: Question
    began: datetime
    elapsed_ms: int
    outcome: Outcome

    @property
    def ended(self) -> datetime:
        """The moment when the answer was whole."""
        return self.began + timedelta(milliseconds=self.elapsed_ms)


def timed(evidence: Evidence) -> tuple[Timed, ...]:
    """Return all that was asked, in the order in which it was put.

    What was not asked took no time and is left out, and so is what was asked for another domain, perhaps long before.
    """
    asked = (
        Timed(
            question, answer.at - timedelta(milliseconds=answer.elapsed_ms), answer.elapsed_ms, answer.outcome
        )
        for question, answer in evidence.answers.items()
        if answer.outcome is not Outcome.UNASKED and not answer.shared
    )
    return tuple(sorted(asked, key=lambda one: (one.began, one.question)))
