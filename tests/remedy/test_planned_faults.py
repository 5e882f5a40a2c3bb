"""Faults beside the founding one, planned and made: what is done about each, at the place where it is, and nothing else."""

import pytest

from mxproof.evidence import Outcome, SmtpStage
from mxproof.formats.mtasts import STRICT, read_records
from mxproof.judge.senders import SENDERS
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.change import (
    Configure,
    PresentCertificate,
    Publish,
    ServePolicy,
    Setting,
    TxtValue,
    Withdraw,
)
from mxproof.remedy.judgement import Judge
from mxproof.remedy.measure import MeasureKind
from mxproof.remedy.plan import WayOut
from mxproof.remedy.planning import plan_for
from mxproof.remedy.search.goal import Goal
from mxproof.remedy.search.way_search import SearchOptions
from support_incident import FIXED, TARGETS, policy
from support_scenarios import seen
from support_world import Https, Smtp, ZoneWorld, collect

MIXED = FIXED.but(policy=policy("*.example.com", *TARGETS))


def best(world: ZoneWorld, goal: Goal = Goal.DELIVERS) -> WayOut:
    """Return the first way out of a world, which has every sender deliver at every moment and at the end."""
    evidence = collect(world)
    way = plan_for(evidence, now=world.at, options=SearchOptions(goal)).ways[0]
    assert way.is_safe
    after = Judge(evidence, world.at, (), SENDERS).after(way.changes)
    assert {one.outcome for one in after.deliveries if one.decides} == {Verdict.DELIVERS}
    return way


@pytest.mark.parametrize("scenario", ["ns-stale-mx", "ns-stale-address", "ns-stale-tlsa"])
def test_a_secondary_that_is_behind_is_brought_up_to_the_others(scenario: str) -> None:
    evidence, memories, at = seen(scenario)
    (way, *_) = plan_for(evidence, now=at, memories=memories).ways
    (change,) = way.changes
    assert isinstance(change, Configure)
    assert (way.kinds, change.setting) == ((MeasureKind.NAME_SERVERS,), Setting.CURRENT)
    assert len(change.addresses) == 1


def test_starttls_is_asked_for_at_the_one_address_that_lacks_it() -> None:
    bare = Smtp(names=FIXED.smtp["192.0.2.1"].names, stage=SmtpStage.STARTTLS)
    way = best(FIXED.but(smtp={**FIXED.smtp, "2001:db8::1": bare}))
    assert way.kinds == (MeasureKind.SERVER,)
    touched = {one.addresses for one in way.changes if isinstance(one, Configure | PresentCertificate)}
    assert touched == {("2001:db8::1",)}


def test_a_policy_host_that_answers_over_ipv4_alone_is_mended_over_ipv6() -> None:
    world = FIXED.zone_with("mta-sts.example.com AAAA 2001:db8::80")
    world = world.but(https={"2001:db8::80": Https(outcome=Outcome.REFUSED)})
    plan = plan_for(collect(world), now=world.at)
    assert plan.reached  # every sender that is known goes on to IPv4
    silent = {"2001:db8::80": Https(outcome=Outcome.REFUSED), "192.0.2.80": Https(outcome=Outcome.REFUSED)}
    way = best(world.but(https=silent), Goal.SECURE)
    assert MeasureKind.POLICY_HOST in way.kinds
    asked = {at for one in way.changes if isinstance(one, Configure) for at in one.addresses}
    assert asked == {"2001:db8::80", "192.0.2.80"}


def test_a_policy_host_without_an_address_of_ipv6_wants_nothing() -> None:
    assert plan_for(collect(FIXED), now=FIXED.at).reached


def test_a_name_too_deep_for_a_wildcard_is_listed_by_itself() -> None:
    deep = "a.mx.example.com"
    world = MIXED.zone_with(f"example.com MX 10 {deep}", f"{deep} A 192.0.2.1")
    world = world.but(policy=policy("*.example.com"), smtp={"192.0.2.1": Smtp(names=(deep,))})
    way = best(world)
    assert way.kinds == (MeasureKind.SERVE_POLICY,)
    (served,) = (one.policy for one in way.changes if isinstance(one, ServePolicy))
    assert served.matches(deep)
    assert "*.example.com" in served.mx


@pytest.mark.parametrize(
    "text", ["v=STSv1; id=2026-11-01;", "v=STSv1; id=;", "v=STSv1;", "v=STSv1; id=" + "1" * 33]
)
def test_a_record_with_a_wrong_id_gives_way_to_one_that_all_read(text: str) -> None:
    world = FIXED.zone_with(f"_mta-sts.example.com TXT {text}")
    way = best(world, Goal.SECURE)
    records = [one for one in way.changes if isinstance(one, Publish | Withdraw)]
    assert {one.name for one in records} == {"_mta-sts.example.com"}
    (gone,) = (one.record for one in records if isinstance(one, Withdraw))
    (new,) = (one.record for one in records if isinstance(one, Publish))
    assert gone == TxtValue(text)
    assert isinstance(new, TxtValue)
    assert read_records((new.octets(),), STRICT) is not None


def test_nobody_is_taken_to_hold_a_policy_under_an_id_that_it_does_not_read() -> None:
    world = FIXED.but(policy=policy(TARGETS[0])).zone_with("_mta-sts.example.com TXT v=STSv1; id=b-d;")
    way = best(world, Goal.SECURE)
    assert MeasureKind.SERVE_POLICY in way.kinds
