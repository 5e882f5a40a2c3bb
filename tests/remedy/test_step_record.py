"""Whole sets of records before and after each step of a way, and the way back from it."""

import pytest

from mxproof.evidence import Kind
from mxproof.formats.mtasts import Mode, Policy
from mxproof.mail.change import (
    Change,
    CnameValue,
    Configure,
    Ipv4Value,
    MxValue,
    Publish,
    RecordValue,
    ServePolicy,
    Service,
    Setting,
    Withdraw,
)
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


DIRECT = seen("direct").evidence
OLD = Policy(Mode.ENFORCE, 604_800, ("smol.example.com", "tol.example.com"))
SERVED = ServePolicy("example.com", Policy(Mode.TESTING, 86_400, ("tol.example.com",)), ("203.0.113.80",))
SET_UP = Configure(Service.SMTP, "smol.example.com", ("192.0.2.25",), Setting.ANSWERING)


def test_the_way_back_from_another_policy_is_the_one_that_was_served_at_the_same_addresses() -> None:
    (step,) = acted(DIRECT, [(SERVED,)])
    assert step.back == (ServePolicy("example.com", OLD, ("203.0.113.80",)),)
    assert (step.sets, step.restores_all) == ((), True)
    unserved = DIRECT.without(one for one in DIRECT.answers if one.kind is Kind.POLICY)
    (first,) = acted(unserved, [(SERVED,)])
    assert (first.back, first.restores_all) == ((), True)


def test_what_undoes_a_step_is_done_in_the_reverse_order_and_a_set_up_is_not_among_it() -> None:
    (step,) = acted(INCIDENT, [(SET_UP, Withdraw(NAME, ALIAS), Publish(NAME, ADDRESS))])
    assert (step.back, step.restores_all) == ((Withdraw(NAME, ADDRESS), Publish(NAME, ALIAS)), False)


SMOL, TOL = (MxValue(preference, f"{host}.example.com") for preference, host in ((10, "smol"), (20, "tol")))
NEW = MxValue(5, "new.example.com")


def altered(*changes: Change) -> list[tuple[tuple[RecordValue, ...], int | None, int | None]]:
    """Return each set after a step, with its time to live then and before."""
    (step,) = acted(DIRECT, [changes])
    return [(one.after, one.ttl_s, one.before_ttl_s) for one in step.sets]


def test_a_set_holds_what_it_held_with_what_came_and_without_what_went() -> None:
    assert altered(Publish("example.com", NEW)) == [((SMOL, TOL, NEW), 300, 300)]
    assert altered(Withdraw("example.com", SMOL)) == [((TOL,), 300, 300)]
    assert altered(Withdraw("example.com", SMOL), Publish("example.com", NEW)) == [((TOL, NEW), 300, 300)]


def test_what_is_there_does_not_come_and_what_is_not_there_does_not_go() -> None:
    assert altered(Publish("example.com", SMOL)) == [((SMOL, TOL), 300, 300)]
    assert altered(Withdraw("example.com", NEW)) == [((SMOL, TOL), 300, 300)]


def test_a_set_gets_the_time_to_live_that_comes_with_one_of_its_records_or_keeps_its_own() -> None:
    aside = Publish("www.example.com", ADDRESS, 60)
    assert altered(Publish("example.com", NEW, 900), aside) == [
        ((SMOL, TOL, NEW), 900, 300),
        ((ADDRESS,), 60, None),
    ]
    later = Publish("example.com", MxValue(6, "newer.example.com"), 120)
    assert [one[1:] for one in altered(Publish("example.com", NEW), later)] == [(120, 300)]
    assert [one[1:] for one in altered(aside, Publish("example.com", NEW))] == [(60, None), (300, 300)]
