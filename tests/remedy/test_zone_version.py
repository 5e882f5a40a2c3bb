"""Changes where the name servers of a zone differ: which of them take part, and what is met once they are one again."""

import pytest

from mxproof.evidence import Kind, Question, TxtRecord
from mxproof.judge.senders import SENDERS
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.change import Configure, MxValue, Publish, Service, Setting, Withdraw
from mxproof.remedy.apply import apply
from mxproof.remedy.judgement import Judge, JudgedWorld
from mxproof.remedy.measure import DomainPart, MeasureKind
from mxproof.remedy.planning import plan_for
from mxproof.remedy.search.way_search import SearchOptions
from mxproof.remedy.zone_version import caught_up, lagging
from mxproof.survey.served import as_served, compared
from support_name_servers import At
from support_scenarios import seen
from support_world import collect
from support_worlds import COMPARED, MX1, NS2

ZONE, STALE = "example.com", "198.51.100.53"
CURRENT = Configure(Service.DNS, ZONE, (STALE,), Setting.CURRENT)
DIFFERING = ("ns-stale-address", "ns-stale-mx", "ns-stale-tlsa")


def outcomes(world: JudgedWorld) -> set[Verdict]:
    return {one.outcome for one in world.deliveries if one.decides}


@pytest.mark.parametrize("scenario", DIFFERING)
def test_a_secondary_that_is_behind_puts_mail_at_risk_until_it_serves_what_the_others_do(
    scenario: str,
) -> None:
    evidence, memories, at = seen(scenario)
    judge = Judge(evidence, at, memories, SENDERS)
    assert Verdict.AT_RISK in outcomes(judge.after(()))
    assert outcomes(judge.after((CURRENT,))) == {Verdict.DELIVERS}


@pytest.mark.parametrize("scenario", DIFFERING)
def test_the_plan_is_to_set_the_secondary_up_and_to_wait_for_the_caches(scenario: str) -> None:
    evidence, memories, at = seen(scenario)
    (way,) = plan_for(evidence, now=at, memories=memories).ways
    assert (way.kinds, way.changes, way.is_safe) == ((MeasureKind.NAME_SERVERS,), (CURRENT,), True)
    held = [one.answers[question].ttl_s for one in [evidence] for question in one.answers if question.server]
    assert way.cost.restored_s is not None
    assert way.cost.restored_s >= max(ttl_s for ttl_s in held if ttl_s is not None)


def test_a_zone_of_which_all_servers_say_the_same_has_nobody_behind() -> None:
    evidence = seen("ns-clean").evidence
    assert lagging(evidence) == frozenset()
    assert apply((CURRENT,), evidence).evidence.answer(Question(Kind.MX, ZONE)) == evidence.answer(
        Question(Kind.MX, ZONE)
    )


def test_addresses_that_differ_by_design_are_left_alone() -> None:
    assert lagging(seen("ns-addresses-differ").evidence) == frozenset()


def test_a_server_that_is_behind_takes_part_in_no_change() -> None:
    evidence = seen("ns-stale-mx").evidence
    moved = (Withdraw(ZONE, MxValue(10, "mx1.example.com")), Publish(ZONE, MxValue(10, "old.example.com")))
    other = (*moved, Publish(ZONE, MxValue(20, "mx1.example.com")))
    for changes in (moved, other):
        after = apply(changes, evidence).evidence
        stale = Question(Kind.MX, ZONE, server=STALE)
        assert after.answer(stale) is evidence.answer(stale)
    assert lagging(apply(other, evidence).evidence) == {(ZONE, STALE)}
    assert [one.versions for one in compared(apply(moved, evidence).evidence) if one.name == ZONE] == [()]


def test_what_it_said_may_be_in_caches_once_it_has_caught_up() -> None:
    evidence = seen("ns-stale-mx").evidence
    held = caught_up(evidence, apply((CURRENT,), evidence).evidence)
    assert {question.server for pairs in held.values() for question, _ in pairs} == {STALE}
    assert caught_up(evidence, evidence) == {}


def test_where_the_resolver_was_told_the_old_records_it_is_told_the_new_ones() -> None:
    evidence, memories, at = seen("ns-stale-mx")
    version = next(
        one
        for zone in compared(evidence)
        for one in zone.versions
        if STALE in {where.address for where in one.servers}
    )
    (held,) = (answer for record, answer in version.held if record.kind is Kind.MX)
    told = evidence.with_answers([(Question(Kind.MX, ZONE), held)])
    after = Judge(told, at, memories, SENDERS).after((CURRENT,))
    assert [one.name for one in after.domain.hosts] == ["mx1.example.com"]


def test_of_two_zones_whose_servers_differ_the_one_that_is_set_up_becomes_one() -> None:
    """The record of MTA-STS is an alias of one at a provider, whose second server is as far behind as that of the domain."""
    provider, record, behind = "provider.example", "sts.provider.example", "198.51.100.54"
    new = COMPARED.zone_with(
        f"_mta-sts.{ZONE} CNAME {record}",
        f"{record} TXT v=STSv1; id=2;",
        f"{provider} NS ns1.{provider}",
        f"{provider} NS ns2.{provider}",
        f"ns1.{provider} A 192.0.2.54",
        f"ns2.{provider} A {behind}",
    )
    world = new.at_servers(NS2, At(zone=new.zone_with(f"{ZONE} MX 10 {MX1}").zone, serial=6))
    world = world.at_servers([behind], At(zone=new.zone_with(f"{record} TXT v=STSv1; id=1;").zone, serial=6))
    evidence = collect(world)
    assert lagging(evidence) == {(ZONE, STALE), (provider, behind)}
    (old,) = (
        version
        for zone in compared(evidence)
        for version in zone.versions
        if behind in {where.address for where in version.servers}
    )
    told = as_served(evidence, old)
    after = apply((Configure(Service.DNS, provider, (behind,), Setting.CURRENT),), told).evidence
    found = [one.dns(Kind.TXT, f"_mta-sts.{ZONE}")[1] for one in (evidence, told, after)]
    new_record, old_record = TxtRecord(b"v=STSv1; id=2;"), TxtRecord(b"v=STSv1; id=1;")
    assert [one and one.records for one in found] == [(new_record,), (old_record,), (new_record,)]
    assert lagging(after) == {(ZONE, STALE)}


def test_name_servers_are_part_of_the_dns_that_may_be_meant_to_stay() -> None:
    evidence, memories, at = seen("ns-stale-mx")
    kept = SearchOptions(keep=frozenset({DomainPart.DNS}))
    plan = plan_for(evidence, now=at, memories=memories, options=kept)
    assert MeasureKind.NAME_SERVERS not in {kind for way in plan.ways for kind in way.kinds}
