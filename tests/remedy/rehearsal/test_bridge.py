"""A move that has no safe order has one over a policy that lists old hosts and new ones."""

from collections.abc import Sequence

import pytest

from mxproof.formats.mtasts import Mode, Policy
from mxproof.judge.senders import SENDERS
from mxproof.mail.change import MxValue, Publish, ServePolicy, TxtValue, Withdraw
from mxproof.remedy.judgement import Judge
from mxproof.remedy.rehearsal.bridge import bridged
from mxproof.remedy.rehearsal.edit import MX_RANK, POLICY_RANK, RECORD_RANK, Edit, edits
from mxproof.remedy.rehearsal.order import ordered
from support_incident import ALIASES, INCIDENT, TARGETS
from support_world import Https, Smtp, ZoneWorld, collect

STS = "_mta-sts.example.com"
WEEK_S = 604_800
MOVING = INCIDENT.zone_with(
    "mxi1.example.com CNAME",
    "mxi2.example.com CNAME",
    "mxi1.example.com A 192.0.2.1",
    "mxi2.example.com A 192.0.2.2",
).but(
    smtp={
        "192.0.2.1": Smtp((ALIASES[0], TARGETS[0])),
        "2001:db8::1": Smtp((ALIASES[0], TARGETS[0])),
        "192.0.2.2": Smtp((ALIASES[1], TARGETS[1])),
        "2001:db8::2": Smtp((ALIASES[1], TARGETS[1])),
    }
)
NARROW = ServePolicy("example.com", Policy(Mode.ENFORCE, WEEK_S, TARGETS))
MOVE = edits(
    (
        Withdraw("example.com", MxValue(10, ALIASES[0])),
        Publish("example.com", MxValue(10, TARGETS[0])),
        Withdraw("example.com", MxValue(20, ALIASES[1])),
        Publish("example.com", MxValue(20, TARGETS[1])),
        NARROW,
        Withdraw(STS, TxtValue("v=STSv1; id=20261101;")),
        Publish(STS, TxtValue("v=STSv1; id=20261201;")),
    )
)


def test_a_move_to_a_policy_of_new_hosts_alone_has_no_safe_order() -> None:
    assert not ordered(Judge(collect(MOVING), MOVING.at, (), SENDERS), MOVE).is_safe


def test_it_has_one_over_the_policy_that_lists_both() -> None:
    got = bridged(Judge(collect(MOVING), MOVING.at, (), SENDERS), MOVE)
    ranks = [timed.edit.rank for timed in got.schedule]
    assert got.is_safe
    assert ranks == [POLICY_RANK, RECORD_RANK, MX_RANK, POLICY_RANK, RECORD_RANK]
    first = got.schedule[0].edit.changes[0]
    assert isinstance(first, ServePolicy)
    assert set(first.policy.mx) == {*ALIASES, *TARGETS}
    assert got.schedule[2].at_s == WEEK_S
    assert got.schedule[3].edit.changes == (NARROW,)


def test_where_there_is_a_safe_order_no_bridge_is_built() -> None:
    judge = Judge(collect(MOVING), MOVING.at, (), SENDERS)
    only_records = [one for one in MOVE if one.rank == RECORD_RANK]
    assert bridged(judge, only_records) == ordered(judge, only_records)


ONLY_WITHDRAWN = edits(
    (
        *(change for one in MOVE if one.rank == MX_RANK for change in one.changes),
        NARROW,
        Withdraw(STS, TxtValue("v=STSv1; id=20261101;")),
    )
)
ALIASED = ("mta-sts.example.com A", "mta-sts.example.com CNAME mta-sts.provider.example")
PROVIDED = ("mta-sts.provider.example A 192.0.2.80",)


@pytest.mark.parametrize(
    ("world", "move"),
    [
        (MOVING, [one for one in MOVE if one.rank != RECORD_RANK]),
        (MOVING.but(https={"192.0.2.80": Https(status=404)}), MOVE),
        (MOVING, ONLY_WITHDRAWN),
        (MOVING.zone_with(*ALIASED, *PROVIDED), MOVE),
    ],
    ids=[
        "the record stays",
        "no policy is served",
        "no record comes",
        "somebody else serves the policy",
    ],
)
def test_no_bridge_leads_from_where_nobody_could_build_one(world: ZoneWorld, move: Sequence[Edit]) -> None:
    judge = Judge(collect(world), world.at, (), SENDERS)
    plain = ordered(judge, move)
    assert not plain.is_safe
    assert bridged(judge, move) == plain
