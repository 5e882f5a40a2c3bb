"""One way out: what it costs, what is supposed for it, what a shorter max_age would bring, and which way is the better."""

from dataclasses import dataclass
from itertools import pairwise

import msgspec

from mxproof.remedy.apply import Assumption, Supposition
from mxproof.remedy.measure import MeasureKind
from mxproof.remedy.plan import Cost, Shortening, WayOut
from mxproof.remedy.planning import plan_for
from mxproof.remedy.way import rank
from support_incident import INCIDENT, TARGETS
from support_long import EXHAUSTIVE
from support_plan import incident_plan
from support_world import ZoneWorld, collect
from support_worlds import policy

DAY_S = 86_400
WEEK_S = 7 * DAY_S
FREE = Cost(0, 0, 0, 0, 0, 0, 0, 0)


def way(*kinds: MeasureKind) -> WayOut:
    return next(one for one in incident_plan().ways if one.kinds == kinds)


ADDRESSES = (MeasureKind.ADDRESSES,)
POLICY = (MeasureKind.SERVE_POLICY, MeasureKind.CERTIFICATE)


def test_a_way_costs_what_it_alters() -> None:
    """Two aliases become three addresses, and a policy needs its record and a new id beside the two certificates."""
    assert way(*ADDRESSES).cost == Cost(6, 0, 0, 0, 0, 0, 0, 600)
    by_policy = way(*POLICY).cost
    assert (by_policy.records, by_policy.policies, by_policy.certificates, by_policy.servers) == (2, 1, 2, 0)


def test_what_is_supposed_of_caches_is_told_once_for_each_name_that_is_altered() -> None:
    assumed = way(*ADDRESSES).assumed
    ttls = [one.subject for one in assumed if one.what is Supposition.TTL]
    assert ttls == ["mxi1.example.com", "mxi2.example.com"]
    lags = [one for one in assumed if one.what is Supposition.SECONDARY_LAG]
    assert [one.subject for one in lags] == ttls[:1]
    assert lags[0].within_s is not None


def planned(max_age: int) -> list[WayOut]:
    names = ("mxi1.example.com", "mxi2.example.com")
    world: ZoneWorld = INCIDENT.but(policy=policy(*names, max_age=max_age))
    return list(plan_for(collect(world), now=world.at).ways)


def test_a_policy_that_is_over_in_a_day_needs_no_shorter_max_age() -> None:
    shortened = {one.kinds: one.shortening for one in planned(DAY_S)}
    assert MeasureKind.SERVE_POLICY in {kind for kinds in shortened for kind in kinds}
    assert set(shortened.values()) == {None}


def test_of_a_week_that_is_waited_for_a_shorter_max_age_leaves_a_day() -> None:
    assert way(*ADDRESSES).shortening is None
    assert way(*POLICY).shortening == Shortening(DAY_S, WEEK_S, DAY_S + 60)


@EXHAUSTIVE
def test_a_certificate_that_ends_on_the_way_is_supposed_to_be_renewed() -> None:
    renewed = [
        one for each in planned(365 * DAY_S) for one in each.assumed if one.what is Supposition.RENEWED
    ]
    assert {one.subject.partition(" ")[0] for one in renewed} >= {"mta-sts.example.com"}
    assert len(renewed) > len(TARGETS)
    assert not [one for one in way(*ADDRESSES).assumed if one.what is Supposition.RENEWED]
    assert Assumption(Supposition.RENEWED, "mta-sts.example.com 192.0.2.80") in renewed


@dataclass
class Better:
    """A change to a way that makes it a worse one, the gravest first."""

    cost: Cost = FREE
    is_safe: bool = True


WORSE = [
    Better(),
    Better(msgspec.structs.replace(FREE, records=1)),
    Better(msgspec.structs.replace(FREE, policies=1)),
    Better(msgspec.structs.replace(FREE, certificates=1)),
    Better(msgspec.structs.replace(FREE, servers=1, certificates=1)),
    Better(msgspec.structs.replace(FREE, restored_s=1)),
    Better(msgspec.structs.replace(FREE, restored_s=None)),
    Better(is_safe=False),
    Better(msgspec.structs.replace(FREE, addresses_fewer=1)),
    Better(msgspec.structs.replace(FREE, hosts_fewer=1, addresses_fewer=1)),
]


def test_the_best_way_loses_nothing_then_hurts_nobody_then_is_soon_and_then_little_work() -> None:
    ways = [msgspec.structs.replace(way(*ADDRESSES), cost=one.cost, is_safe=one.is_safe) for one in WORSE]
    assert all(rank(better) < rank(worse) for better, worse in pairwise(ways))
    heavy = msgspec.structs.replace(FREE, records=9, policies=9, certificates=9, servers=9)
    soon = msgspec.structs.replace(ways[0], cost=heavy)
    assert rank(soon) < rank(ways[5])


def test_the_ways_of_a_plan_stand_the_best_first() -> None:
    ways = incident_plan().ways
    assert sorted(ways, key=rank) == list(ways)
    assert [one.is_smallest for one in ways] == [True, True, False]
