"""Evidence at steady times: the clock of the machine may jump before, during and after a check."""

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from mxproof.evidence import Evidence
from mxproof.net.asker import Asker
from mxproof.net.asking import Asking, Peer
from mxproof.serve.watch import observing
from mxproof.serve.watch.observing import observed, steadied
from mxproof.survey.check_set import survey_of
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


@pytest.mark.parametrize("away", [YEAR, -YEAR, timedelta()], ids=str)
def test_a_check_is_as_long_after_its_beginning_whatever_the_machine_says(
    away: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock is looked at before anything is asked."""
    passed = [0.0]

    def now() -> datetime:
        return BEGUN + timedelta(seconds=passed[0])

    async def collect(domain: str, *_: object, evidence: Evidence) -> Evidence:
        assert (domain, evidence) == ("example.com", Evidence("example.com"))
        passed[0] = 9.0
        return asked(*(one + away for one in seconds(1, 8)))

    monkeypatch.setattr(observing, "collect", collect)
    with Asker(Asking((Peer("127.0.0.1", 9),))) as asker:
        wanted = survey_of(())
        found = asyncio.run(observed("example.com", asker, wanted, (), now, lambda: now() + away))
    assert times(found) == seconds(1, 8)
