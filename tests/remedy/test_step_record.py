"""Whole sets of records before and after each step of a way, and the way back from it."""

import pytest

from mxproof.evidence import Kind
from mxproof.mail.change import Change, CnameValue, Ipv4Value, MxValue, Publish, ServePolicy, Withdraw
from mxproof.remedy.apply import apply
from mxproof.remedy.planning import plan_for
from mxproof.remedy.records import RecordFacts
from mxproof.remedy.step_record import AlteredSet, acted
from support_scenarios import AT, seen

INCIDENT = seen("incident").evidence
NAME, ALIAS = "mxi1.example.com", CnameValue("smol.example.com")
ADDRESS = Ipv4Value("192.0.2.25")


def test_a_step_has_its_sets_before_and_after() -> None:
    (step,) = acted(INCIDENT, [(Withdraw(NAME, ALIAS), Publish(NAME, ADDRESS))])
    assert step.sets == (
        AlteredSet(NAME, Kind.CNAME, (ALIAS,), (), 300, 300),
        AlteredSet(NAME, Kind.A, (), (ADDRESS,), None),
    )
    assert step.back == (Withdraw(NAME, ADDRESS), Publish(NAME, ALIAS))
    assert step.restores_all


def test_a_later_step_begins_where_the_earlier_ended() -> None:
    new = MxValue(5, "tol.example.com")
    steps = acted(INCIDENT, [(Publish("example.com", new),), (Withdraw("example.com", new),)])
    assert steps[0].sets[0].after == steps[1].sets[0].before
    assert steps[1].sets[0].after == steps[0].sets[0].before


@pytest.mark.parametrize("scenario", ["incident", "half-fixed", "one-bad-mx-of-two", "tlsa-wrong"])
def test_the_way_back_from_every_step_leads_to_the_records_before_it(scenario: str) -> None:
    evidence, memories, _ = seen(scenario)
    ways = plan_for(evidence, now=AT, memories=memories).ways
    assert [step for way in ways for step in way.steps]
    for way in ways:
        made: list[Change] = []
        for step in acted(evidence, [step.changes for step in way.steps]):
            before = apply(tuple(made), evidence).evidence
            made += step.changes
            records = [one for one in step.back if isinstance(one, Publish | Withdraw)]
            known, wanted = RecordFacts(apply((*made, *records), evidence).evidence), RecordFacts(before)
            for one in step.sets:
                assert set(known.held(one.name, one.kind) or ()) == set(wanted.held(one.name, one.kind) or ())


def test_what_no_record_restores_is_told() -> None:
    evidence = seen("half-fixed").evidence
    plan = plan_for(evidence, now=AT)
    kinds = {type(one) for way in plan.ways for step in way.steps for one in step.changes}
    steps = [acted(evidence, [step.changes for step in way.steps]) for way in plan.ways]
    assert {step.restores_all for way in steps for step in way} == (
        {True, False} if kinds - {Publish, Withdraw, ServePolicy} else {True}
    )
