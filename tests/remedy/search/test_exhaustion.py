"""That no smaller set does, by an oracle that tries every set of one and of two: it knows nothing of the search.

Its pool is what the search proposes in any state after one measure and what the findings advise, whoever they stop.
"""

from collections.abc import Iterator
from itertools import combinations, islice

import pytest

from mxproof.judge.judging import report_on
from mxproof.judge.senders import SENDERS
from mxproof.lab.scenario import scenarios
from mxproof.mail.change import Change, Configure, PresentCertificate, ServePolicy
from mxproof.remedy.judgement import Judge, JudgedWorld
from mxproof.remedy.measure import Measure, MeasureKind, together
from mxproof.remedy.planning import plan_for
from mxproof.remedy.search.candidate import candidates
from mxproof.remedy.search.goal import Goal, Wanted, wanted_of
from support_long import some
from support_scenarios import SeenScenario, seen

PAIRS_MAX = 400
"""Pairs tried for one scenario, in an order that has nothing to do with hosts."""


def failing(wanted: tuple[Wanted, ...], world: JudgedWorld) -> list[int]:
    pairs = zip(wanted, world.deliveries, strict=True)
    return [place for place, (one, delivery) in enumerate(pairs) if not one.is_met(delivery)]


def pool(judge: Judge, wanted: tuple[Wanted, ...], place: SeenScenario) -> list[Measure]:
    found: dict[Measure, None] = dict.fromkeys(advised(place))
    before = judge.after(())
    first = proposed(judge, wanted, before)
    found.update(dict.fromkeys(first))
    for one in first:
        found.update(dict.fromkeys(proposed(judge, wanted, judge.after(one.changes))))
    return list(found)


def proposed(judge: Judge, wanted: tuple[Wanted, ...], world: JudgedWorld) -> tuple[Measure, ...]:
    fails = [world.deliveries[one] for one in failing(wanted, world)]
    return candidates(world.domain, fails, judge.memories, secure=False)


def advised(place: SeenScenario) -> Iterator[Measure]:
    """Yield what findings advise, apart by the name at which it is done: that is what one measure is."""
    for finding in report_on(place.evidence, now=place.at, memories=place.memories).findings:
        for changes in (finding.changes, *(way.changes for way in finding.ways)):
            by_name: dict[str, list[Change]] = {}
            for one in changes:
                by_name.setdefault(subject(one), []).append(one)
            for name, those in by_name.items():
                yield Measure(MeasureKind.SERVER, name, tuple(those))


def subject(change: Change) -> str:
    match change:
        case PresentCertificate() | Configure():
            return change.host
        case ServePolicy():
            return change.domain
        case _:
            return change.name


@pytest.mark.parametrize("scenario", some(scenarios(), 6))
def test_no_smaller_set_reaches_the_goal(scenario: str) -> None:
    place = seen(scenario)
    plan = plan_for(place.evidence, now=place.at, memories=place.memories)
    size = min((way.size for way in plan.ways), default=3)
    if plan.reached or size == 1:
        return
    judge = Judge(place.evidence, place.at, place.memories, SENDERS)
    before = judge.after(())
    wanted = wanted_of(before.domain, SENDERS, before.deliveries, place.memories, Goal.DELIVERS)
    every = pool(judge, wanted, place)
    sets: list[tuple[Measure, ...]] = [(one,) for one in every]
    if size > 2:
        sets += islice(combinations(every, 2), PAIRS_MAX)
    assert [one for one in sets if reaches(judge, wanted, together(one))] == []


def reaches(judge: Judge, wanted: tuple[Wanted, ...], changes: tuple[Change, ...]) -> bool:
    return judge.first_unmet(changes, lambda place, delivery: wanted[place].is_met(delivery)) is None
