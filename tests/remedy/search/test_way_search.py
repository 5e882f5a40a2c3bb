"""The search: the smallest sets first, none twice, within its bound, and it says how far it looked."""

from functools import cache

import pytest

from mxproof.judge.senders import SENDERS
from mxproof.remedy.judgement import Judge
from mxproof.remedy.measure import DomainPart, parts_of, together
from mxproof.remedy.search.goal import Goal, wanted_of
from mxproof.remedy.search.way_search import (
    CANDIDATES_MAX,
    SIZE_EXHAUSTED,
    Measures,
    Search,
    SearchOptions,
    search,
)
from support_certificates import Defect
from support_incident import ALIASES, INCIDENT, TARGETS, policy
from support_world import Smtp, ZoneWorld, collect
from support_worlds import GOOD, MX2

TANGLED = INCIDENT.but(
    policy=policy("nowhere.example.com"),
    smtp={
        "192.0.2.1": Smtp(("a.example.com", "b.example.com"), Defect.EXPIRED),
        "2001:db8::1": Smtp(("c.example.com",)),
        "192.0.2.2": Smtp(("d.example.com", "e.example.com"), Defect.SELF_SIGNED),
        "2001:db8::2": Smtp(("f.example.com",)),
    },
)


@cache
def incident() -> tuple[Judge, Search]:
    return searched(INCIDENT, SearchOptions())


def searched(world: ZoneWorld, options: SearchOptions) -> tuple[Judge, Search]:
    asked = judge(world)
    return asked, search(asked, options)


def judge(world: ZoneWorld) -> Judge:
    return Judge(collect(world), world.at, (), SENDERS)


MIXED = INCIDENT.but(policy=policy(ALIASES[0], TARGETS[1]))
"""A policy that names one host by its alias and the other by what its alias leads to: each needs other measures."""


@pytest.mark.parametrize(
    ("world", "options"),
    [(INCIDENT, SearchOptions()), (MIXED, SearchOptions(keep=frozenset({DomainPart.POLICY})))],
    ids=["the incident", "with hosts that need different measures"],
)
def test_each_way_reaches_the_goal_and_no_measure_of_it_can_be_left_out(
    world: ZoneWorld, options: SearchOptions
) -> None:
    asked, found = searched(world, options)
    before = asked.after(())
    wanted = wanted_of(before.domain, SENDERS, before.deliveries, (), Goal.DELIVERS)

    def reaches(measures: Measures) -> bool:
        changes = together(measures)
        return asked.first_unmet(changes, lambda place, one: wanted[place].is_met(one)) is None

    assert found.ways
    for way in found.ways:
        assert reaches(way)
        assert not [one for one in way if reaches(tuple(other for other in way if other is not one))]


def test_no_way_holds_all_that_another_does_and_each_alias_is_dealt_with() -> None:
    ways = incident()[1].ways
    deeds = [{(one.kind, one.about) for one in way} for way in ways]
    assert not [one for one in deeds for other in deeds if other < one]
    assert all({one.about for one in way if one.about} >= set(ALIASES) for way in ways)


def test_a_single_fault_is_mended_by_a_single_measure() -> None:
    world = GOOD.but(smtp={"192.0.2.2": Smtp((MX2,), Defect.EXPIRED)})
    found = search(judge(world), SearchOptions())
    assert {len(way) for way in found.ways} == {1}
    assert (found.complete_to, found.stopped) == (SIZE_EXHAUSTED, False)


def test_a_limit_of_changes_holds_for_each_way() -> None:
    found = search(incident()[0], SearchOptions(changes_max=6))
    assert found.ways
    assert all(len(together(way)) <= 6 for way in found.ways)


def test_a_search_that_comes_to_its_bound_stops_and_says_so() -> None:
    found = search(judge(TANGLED), SearchOptions(sets_max=20))
    assert (found.stopped, found.judged) == (True, 20)
    assert found.complete_to < SIZE_EXHAUSTED
    assert found == search(judge(TANGLED), SearchOptions(sets_max=20))


def test_one_that_ends_before_its_bound_says_that_as_well() -> None:
    found = incident()[1]
    assert not found.stopped
    assert found.judged < CANDIDATES_MAX


def test_a_set_of_a_policy_and_certificates_is_found_beyond_what_is_exhausted() -> None:
    found = search(incident()[0], SearchOptions(keep=frozenset({DomainPart.DNS, DomainPart.MX})))
    (way,) = found.ways
    assert len(way) > SIZE_EXHAUSTED
    assert not parts_of(together(way)) & {DomainPart.DNS, DomainPart.MX}
    assert {one.about for one in way if one.about} == set(ALIASES)
    assert all(target in repr(way) for target in TARGETS)
