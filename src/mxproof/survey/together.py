"""Several surveys in one run: what each of them wants, asked once."""

from collections.abc import Callable, Iterable

from mxproof.evidence import Evidence, Question

Wanted = Callable[[Evidence], Iterable[Question]]
"""A survey: from the evidence so far to the questions that it calls for and does not answer, in order of urgency."""


def together(*surveys: Wanted) -> Callable[[Evidence], tuple[Question, ...]]:
    """Return the survey that wants what any of `surveys` wants; those named first are the more urgent."""

    def wanted(evidence: Evidence) -> tuple[Question, ...]:
        return tuple(dict.fromkeys(question for survey in surveys for question in survey(evidence)))

    return wanted
