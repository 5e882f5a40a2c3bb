"""Evidence at steady times: the clock of the machine may jump before, during and after a check."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from mxproof.evidence import Evidence
from mxproof.serve.watch.observing import steadied
from support_evidence import small_evidence

BEGUN = datetime(2026, 3, 1, 12, tzinfo=UTC)
ENDED = BEGUN + timedelta(seconds=9)
YEAR = timedelta(days=365)


def asked(*ats: datetime) -> Evidence:
    """Return evidence whose answers came at these times by the clock of the machine."""
    small = small_evidence()
    given = zip(small.answers.items(), ats, strict=False)
    return small.without(small.answers).with_answers(
        (question, msgspec.structs.replace(answer, at=at)) for (question, answer), at in given
    )


def times(evidence: Evidence) -> list[datetime]:
    return [answer.at for answer in evidence.answers.values()]


def seconds(*after: float) -> list[datetime]:
    return [BEGUN + timedelta(seconds=one) for one in after]


def test_where_the_clock_is_right_evidence_stays_as_it_is() -> None:
    evidence = asked(*seconds(1, 8))
    assert steadied(evidence, BEGUN, BEGUN, ENDED) is evidence


@pytest.mark.parametrize("away", [YEAR, -YEAR, timedelta(hours=1), timedelta(hours=-1)], ids=str)
def test_where_it_is_away_each_answer_came_as_long_after_the_beginning(away: timedelta) -> None:
    evidence = asked(*(one + away for one in seconds(1, 8)))
    assert times(steadied(evidence, BEGUN + away, BEGUN, ENDED)) == seconds(1, 8)


@pytest.mark.parametrize(("jump", "came"), [(YEAR, ENDED), (-YEAR, BEGUN)], ids=str)
def test_where_it_jumps_on_the_way_no_answer_is_outside_the_check(jump: timedelta, came: datetime) -> None:
    first, second = seconds(1, 8)
    evidence = asked(first, second + jump)
    assert times(steadied(evidence, BEGUN, BEGUN, ENDED)) == [first, came]
