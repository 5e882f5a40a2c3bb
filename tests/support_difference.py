"""A difference for tests: a domain of which nothing changed, and what is changed of it."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from mxproof.judge.difference import (
    DIFFERENCE_VERSION,
    Course,
    Difference,
    MomentSeen,
    SenderCourse,
    SenderState,
    Shift,
)
from mxproof.judge.report import Bounce, Summary
from mxproof.judge.vocabulary import Confidence, Security, Verdict
from mxproof.mail.observed_fact import FactKind

BEFORE = datetime(2026, 11, 3, 12, 0, 5, tzinfo=UTC)
AFTER = datetime(2026, 11, 4, 12, 0, 5, tzinfo=UTC)
SECURED = SenderState(Verdict.DELIVERS, Security.MTA_STS, (), None)
PLAIN = SenderState(Verdict.DELIVERS, Security.OPPORTUNISTIC, (), None)
REFUSING = SenderState(Verdict.REFUSED, None, ("mx-alias",), Bounce("451 4.4.8 no", "550 5.4.317 no", 60))


def difference(**changes: Any) -> Difference:  # noqa: ANN401 - the fields have many types
    """Return the difference of two moments at which all was the same, with these fields."""
    well = Summary(Verdict.DELIVERS, "Every sender delivers.")
    same = Difference(
        DIFFERENCE_VERSION,
        "example.com",
        Course.SAME,
        MomentSeen(BEFORE, well),
        MomentSeen(AFTER, well),
        (),
        (),
        (),
        (),
    )
    return msgspec.structs.replace(same, **changes)


def course(name: str, before: SenderState, after: SenderState, way: Course = Course.WORSE) -> SenderCourse:
    """Return a documented sender that did one and does the other now."""
    return SenderCourse(name.lower(), name, Confidence.DOCUMENTED, way, before, after)


def shift(*before: str, **changes: Any) -> Shift:  # noqa: ANN401 - as above
    """Return a TXT record that read `before` and reads `v=STSv1; id=2;` now."""
    made = Shift(
        FactKind.RECORD, ("_mta-sts.example.com",), ("TXT",), before, ("v=STSv1; id=2;",), ("google",)
    )
    return msgspec.structs.replace(made, **changes)
