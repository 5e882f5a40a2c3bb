"""Plans: over every lab scenario, over random worlds, and for the incident as it happened."""

from functools import cache

import pytest
from hypothesis import given, settings

from mxproof.formats.mtasts import LENIENT
from mxproof.judge.faring import is_less_sure
from mxproof.judge.senders import SENDERS
from mxproof.judge.senders.engine import deliver
from mxproof.judge.vocabulary import Verdict
from mxproof.lab.scenario import load, scenarios
from mxproof.mail.assemble import assemble
from mxproof.mail.change import Publish, TxtValue
from mxproof.mail.memory import Memory
from mxproof.remedy.apply import apply
from mxproof.remedy.judgement import Judge
from mxproof.remedy.measure import DomainPart, Measure, MeasureKind, parts_of
from mxproof.remedy.plan import Plan, WayOut
from mxproof.remedy.planning import apart, plan_for
from mxproof.remedy.search.goal import Goal
from mxproof.remedy.search.way_search import CANDIDATES_MAX, SearchOptions
from support_incident import FIXED, INCIDENT
from support_long import EXHAUSTIVE, examples, some
from support_plan import faulty_worlds
from support_scenarios import AT, seen
from support_world import ZoneWorld, collect

STOPPED = {Verdict.REFUSED, Verdict.AT_RISK}
WITHOUT_A_WAY = {
    "dnssec-bogus": "what the signatures hold is not seen",
    "dnssec-bogus-unexplained": "what the signatures hold is not seen",
    "dnssec-ds-wrong": "what the signatures hold is not seen",
    "dnssec-key-missing": "what the signatures hold is not seen",
    "dnssec-signature-early": "what the signatures hold is not seen",
    "dnssec-signature-expired": "what the signatures hold is not seen",
    "dnssec-signature-wrong": "what the signatures hold is not seen",
    "mx-address-mapped": "no public address of the host is known",
    "mx-address-private": "no public address of the host is known",
    "mx-localhost": "no other host is known",
    "no-mx-no-address": "no server is known",
    "no-such-domain": "no server is known",
    "null-mx": "no server is known",
    "null-mx-policy": "no server is known",
    "null-mx-sender": "no server is known",
}
"""Scenarios that some sender refuses and that nothing seen leads out of, with the reason."""


@cache
def planned(scenario: str) -> Plan:
    evidence, memories, at = seen(scenario)
    return plan_for(evidence, now=at, memories=memories)


def _is_refused_by_file(scenario: str) -> bool:
    """Return whether its file foretells that: to judge every scenario takes seconds, in each process that collects tests."""
    foretold = load(scenario).expect.senders
    return any(one in STOPPED for sender, one in foretold.items() if sender != GUESSED)


def _is_refused(scenario: str) -> bool:
    evidence, memories, at = seen(scenario)
    domain = assemble(evidence, at)
    outcomes = [one for traits in SENDERS if (one := deliver(domain, traits, memories)).decides]
    return any(one.outcome in STOPPED for one in outcomes)


NEEDS_SOCKETS = frozenset({"hostile-banner", "hostile-drip", "reset"})
"""Scenarios that only bytes and time show."""
REFUSED_BY_OTHERS = frozenset({"cert-weak-key", "tls-suites-old"})
"""Scenarios that a sender refuses which their files do not name."""
GUESSED = "microsoft-ptr"
"""A sender that no verdict rests on."""
REFUSED = [
    name
    for name in scenarios()
    if name not in NEEDS_SOCKETS and (name in REFUSED_BY_OTHERS or _is_refused_by_file(name))
]
MENDED = [name for name in REFUSED if name not in WITHOUT_A_WAY]


def outcomes(way: WayOut) -> dict[str, Verdict]:
    return {one.sender: one.outcome for one in way.verified}


def kinds(plan: Plan) -> list[frozenset[MeasureKind]]:
    return [frozenset(way.kinds) for way in plan.ways]


@EXHAUSTIVE
def test_these_are_the_scenarios_that_some_sender_refuses() -> None:
    asked = [name for name in scenarios() if name not in NEEDS_SOCKETS]
    assert [name for name in asked if _is_refused(name)] == REFUSED


@pytest.mark.parametrize("scenario", some(MENDED, 5, "incident"))
def test_the_best_plan_of_a_scenario_has_every_sender_deliver(scenario: str) -> None:
    plan, (evidence, memories, at) = planned(scenario), seen(scenario)
    judged = Judge(evidence, at, memories, SENDERS).after(plan.ways[0].changes)
    assert {one.outcome for one in judged.deliveries if one.decides} == {Verdict.DELIVERS}


@pytest.mark.parametrize("scenario", some(MENDED, 5, "incident"))
def test_no_smaller_set_of_measures_does(scenario: str) -> None:
    plan = planned(scenario)
    assert min(way.size for way in plan.ways) <= plan.search.complete_to + 1
    assert all(way.is_smallest == (way.size <= plan.search.complete_to + 1) for way in plan.ways)


@pytest.mark.parametrize("scenario", some(MENDED, 5, "incident"))
def test_every_state_on_the_way_delivers_as_it_did_before(scenario: str) -> None:
    plan = planned(scenario)
    before = {one.id: one.outcome for one in plan.before if one.id not in plan.undecided}
    assert plan.ways
    for way in plan.ways:
        assert way.is_safe
        for step in way.steps:
            for state in step.states:
                then = {one.id: one.outcome for one in state.senders}
                assert [one for one in before if is_less_sure(before[one], then[one])] == []


@pytest.mark.parametrize("scenario", some(WITHOUT_A_WAY, 5))
def test_where_there_is_no_way_it_is_said_what_stands_against_each_sender(scenario: str) -> None:
    plan = planned(scenario)
    assert plan.ways == ()
    assert all(one.because for one in plan.impossible)
    assert {one.sender for one in plan.impossible} <= {one.id for one in plan.before}


def test_the_incident_has_the_three_ways_out_that_there_are() -> None:
    assert kinds(planned("incident")) == [
        {MeasureKind.ADDRESSES},
        {MeasureKind.SERVE_POLICY, MeasureKind.CERTIFICATE},
        {MeasureKind.SERVE_POLICY, MeasureKind.CERTIFICATE, MeasureKind.MX_TARGET},
    ]


def test_a_sound_domain_needs_nothing() -> None:
    plan = plan_for(collect(FIXED), now=FIXED.at)
    assert (plan.reached, plan.ways, plan.impossible) == (True, (), ())


@pytest.mark.parametrize("part", some(DomainPart, 2))
def test_what_is_to_be_kept_is_altered_by_no_way(part: DomainPart) -> None:
    plan = plan_for(collect(INCIDENT), now=INCIDENT.at, options=SearchOptions(keep=frozenset({part})))
    assert all(part not in parts_of(way.changes) for way in plan.ways)
    assert plan.ways


def test_where_all_is_to_be_kept_it_is_said_what_a_way_would_alter() -> None:
    plan = plan_for(collect(INCIDENT), now=INCIDENT.at, options=SearchOptions(keep=frozenset(DomainPart)))
    assert plan.ways == ()
    assert {one.kept for one in plan.impossible} == {(DomainPart.DNS,)}


def test_a_policy_of_earlier_days_is_waited_for_until_it_ends_and_no_longer() -> None:
    (way,) = planned("old-policy-cached").ways
    (memory,) = seen("old-policy-cached").memories
    assert isinstance(memory, Memory)
    assert way.cost.restored_s == (memory.ends_at(LENIENT) - AT).total_seconds()
    assert way.steps == ()


def test_a_limit_of_changes_is_kept() -> None:
    plan = plan_for(collect(INCIDENT), now=INCIDENT.at, options=SearchOptions(changes_max=6))
    assert [len(way.changes) <= 6 for way in plan.ways] == [True] * len(plan.ways)
    assert plan.ways


def test_senders_that_are_not_named_are_not_asked() -> None:
    google = tuple(one for one in SENDERS if one.id == "google")
    assert plan_for(collect(INCIDENT), now=INCIDENT.at, senders=google).reached


def test_a_secure_domain_is_asked_for_where_that_is_the_goal() -> None:
    evidence, _, now = seen("testing-mismatch")
    assert plan_for(evidence, now=now).reached
    plan = plan_for(evidence, now=now, options=SearchOptions(Goal.SECURE))
    assert plan.ways
    assert {Verdict.DELIVERS} == {
        outcome for sender, outcome in outcomes(plan.ways[0]).items() if sender not in plan.undecided
    }


def test_a_way_that_takes_the_policy_back_is_none() -> None:
    for scenario in ("cert-expired", "policy-mismatch", "tlsa-wrong"):
        weaker = [one for one in planned(scenario).ways[0].verified if one.security is None]
        assert weaker == []


@EXHAUSTIVE
@settings(max_examples=examples(12), deadline=None)
@given(faulty_worlds())
def test_a_plan_never_makes_a_sender_refuse_that_delivers(world: ZoneWorld) -> None:
    plan = plan_for(collect(world), now=world.at)
    before = {one.id: one.outcome for one in plan.before if one.id not in plan.undecided}
    for way in plan.ways:
        assert not (way.is_safe and way.rehearsal.suffering)
        states = [state for step in way.steps for state in step.states] if way.is_safe else []
        for state in states:
            then = {one.id: one.outcome for one in state.senders}
            assert [one for one in before if is_less_sure(before[one], then[one])] == []
    assert plan.reached or plan.ways or plan.impossible


@settings(max_examples=examples(8), deadline=None)
@given(faulty_worlds())
@EXHAUSTIVE
def test_a_plan_is_the_same_twice_and_its_search_has_a_bound(world: ZoneWorld) -> None:
    one, two = (plan_for(collect(world), now=world.at) for _ in range(2))
    assert one == two
    assert one.search.judged <= CANDIDATES_MAX


@settings(max_examples=examples(8), deadline=None)
@given(faulty_worlds())
def test_an_empty_plan_changes_nothing(world: ZoneWorld) -> None:
    evidence = collect(world)
    judge = Judge(evidence, world.at, (), SENDERS)
    domain = assemble(evidence, world.at)
    assert apply((), evidence).evidence == evidence
    assert judge.after(()).deliveries == tuple(deliver(domain, traits, ()) for traits in SENDERS)


def measure(kind: MeasureKind, about: str = "", *names: str) -> Measure:
    return Measure(
        kind, about, tuple(Publish(name, TxtValue("x")) for name in names or (about or kind.value,))
    )


ONE, TWO = "mx1.example.com", "mx2.example.com"
SERVER, CERTIFICATE, MX_NAME, SERVE = (
    MeasureKind.SERVER,
    MeasureKind.CERTIFICATE,
    MeasureKind.MX_NAME,
    MeasureKind.SERVE_POLICY,
)


@pytest.mark.parametrize(
    ("ways", "kept"),
    [
        # Of one make the smallest is kept.
        ([[(SERVER, ONE), (SERVER, TWO)], [(SERVER, ONE)]], [1]),
        ([[(SERVER, ONE)], [(CERTIFICATE, ONE)]], [0, 1]),
        # What does one thing at one host and another at the next is none beside a way that does the one at all.
        ([[(SERVER, ONE), (CERTIFICATE, TWO)], [(SERVER, ONE), (SERVER, TWO)]], [1]),
        ([[(SERVER, ONE), (CERTIFICATE, TWO)], [(SERVE, "")]], [0, 1]),
        # A policy for all is no host dealt with otherwise.
        ([[(SERVE, ""), (SERVER, ONE), (CERTIFICATE, ONE)], [(SERVER, TWO), (SERVER, ONE)]], [0, 1]),
        # A host that gets another name is the same host still, so that two of them are dealt with alike.
        ([[(MX_NAME, ONE), (CERTIFICATE, TWO)], [(CERTIFICATE, ONE)]], [0, 1]),
        ([[(MX_NAME, ONE), (MX_NAME, TWO), (CERTIFICATE, TWO)], [(CERTIFICATE, ONE)]], [1]),
        # What changes all that another way changes, and more, is none.
        ([[(SERVER, ONE), (CERTIFICATE, ONE)], [(CERTIFICATE, ONE)]], [1]),
    ],
)
def test_ways_are_told_apart_by_their_make_and_the_smallest_of_each_is_kept(
    ways: list[list[tuple[MeasureKind, str]]], kept: list[int]
) -> None:
    made = [tuple(measure(kind, about, f"{about}.{kind}") for kind, about in way) for way in ways]
    found = apart(made)
    assert sorted(made.index(one) for one in found) == kept
