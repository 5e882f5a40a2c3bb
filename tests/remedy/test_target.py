"""The way to a planned state: the safe order, what the state lacks, and what no order helps."""

from datetime import datetime

import pytest

from mxproof.evidence import Der, Evidence, Kind
from mxproof.formats.mtasts import Mode, Policy
from mxproof.judge.faring import is_less_sure
from mxproof.judge.senders import SENDERS
from mxproof.judge.vocabulary import Security, Verdict
from mxproof.mail.change import (
    Change,
    CnameValue,
    MxValue,
    PresentCertificate,
    Publish,
    ServePolicy,
    TlsaValue,
    TxtValue,
    Withdraw,
)
from mxproof.net.dns.zone_file import read_lines
from mxproof.remedy.apply import Supposition
from mxproof.remedy.measure import DomainPart, MeasureKind
from mxproof.remedy.plan import Plan
from mxproof.remedy.planned import PlannedCertificate, PlannedState, planned, wanted_for
from mxproof.remedy.planned_zone import PlannedZone
from mxproof.remedy.search.way_search import SearchOptions
from mxproof.remedy.target import plan_to
from mxproof.survey import inbound
from support_certificates import ROOT, Defect, chain
from support_scenarios import AT, seen
from support_world import GOOD_ZONE, Https, Smtp, ZoneWorld, collect
from support_worlds import DANE, GOOD, MX1, MX2

DIRECT = seen("direct").evidence
WEEK_S = 604_800
TTL_AND_LAG_S = 600
ANY = SearchOptions()
FEW = tuple(
    one for one in SENDERS if one.id in {"rfc8461", "microsoft", "google", "postfix-dane", "chasquid"}
)


def way_to(state: PlannedState, evidence: Evidence, *, now: datetime, options: SearchOptions = ANY) -> Plan:
    return plan_to(state, evidence, now=now, senders=FEW, options=options)


def part(*lines: str) -> PlannedZone:
    return PlannedZone(read_lines(lines, "example.com"), None)


ROOTS = (Der(ROOT.der),)


def without(*names: tuple[str, Kind]) -> PlannedZone:
    zone = PlannedZone((), None)
    for name, kind in names:
        zone.without(f"{name}.example.com", kind)
    return zone


def shown(host: str, *names: str) -> PlannedCertificate:
    return PlannedCertificate(host, tuple(map(Der, chain(names or (host,), Defect.ENDLESS))))


def steps(plan: Plan) -> list[tuple[int, tuple[Change, ...]]]:
    return [(one.at_s, one.changes) for one in plan.ways[0].steps]


def hold(plan: Plan) -> None:
    """Nobody that counts fares worse in any state of the first way."""
    before = {one.id: one.outcome for one in plan.before if one.id not in plan.undecided}
    assert plan.ways[0].is_safe
    for step in plan.ways[0].steps:
        for state in step.states:
            then = {one.id: one.outcome for one in state.senders}
            assert [one for one in before if is_less_sure(before[one], then[one])] == []


def test_what_is_there_already_needs_nothing() -> None:
    state = PlannedState((part('_mta-sts TXT "v=STSv1; id=20260301T210000;"'),))
    plan = way_to(state, DIRECT, now=AT)
    assert (plan.reached, plan.ways, plan.target) == (True, (), ())


def test_where_nothing_could_be_found_out_it_is_not_said_to_be_there() -> None:
    dark = GOOD.zone_with("example.com MX !timeout")
    plan = way_to(PlannedState((part("_mta-sts TXT v=STSv1"),)), collect(dark), now=dark.at)
    nothing = way_to(PlannedState((without(("old", Kind.A)),)), collect(dark), now=dark.at)
    assert not plan.reached
    assert (nothing.reached, nothing.target, bool(nothing.impossible)) == (False, (), True)


def test_a_server_is_supposed_to_show_to_a_new_name_what_it_shows_to_the_others() -> None:
    incident = seen("incident").evidence
    state = PlannedState((part("@ MX 10 mx9", "mx9 A 192.0.2.25"),), supposes=True)
    plan = way_to(state, incident, now=AT)
    assert plan.ways[0].kinds == (
        MeasureKind.PLANNED,
        MeasureKind.SERVE_POLICY,
        MeasureKind.CERTIFICATE,
    )
    assert Supposition.SAME_SERVER in {one.what for one in plan.ways[0].assumed}
    hold(plan)


def test_a_new_key_is_announced_waited_for_shown_and_the_old_record_goes_last() -> None:
    """RFC 7671 section 8.1, from nothing but the certificate that will be shown."""
    evidence = seen("tlsa-right").evidence
    plan = way_to(PlannedState(certificates=(shown(MX1),), anchors=ROOTS, supposes=True), evidence, now=AT)
    made = [(type(one), at_s) for at_s, changes in steps(plan) for one in changes]
    assert made == [(Publish, 0), (PresentCertificate, TTL_AND_LAG_S), (Withdraw, TTL_AND_LAG_S)]
    hold(plan)
    assert plan.ways[0].naive.suffering


def test_another_issuer_under_a_record_of_an_authority_is_announced_before_as_well() -> None:
    evidence = seen("tlsa-ta").evidence
    plan = way_to(PlannedState(certificates=(shown(MX1),), anchors=ROOTS, supposes=True), evidence, now=AT)
    records = [one.record for _, changes in steps(plan) for one in changes if isinstance(one, Publish)]
    assert [(one.usage, one.selector) for one in records if isinstance(one, TlsaValue)] == [(2, 0)]
    assert [at_s for at_s, _ in steps(plan)] == [0, TTL_AND_LAG_S, TTL_AND_LAG_S]
    hold(plan)


def test_a_certificate_with_the_key_it_has_is_one_step_without_a_wait() -> None:
    same = PlannedCertificate(MX1, tuple(map(Der, chain((MX1,)))))
    plan = way_to(PlannedState(certificates=(same,)), collect(DANE), now=DANE.at)
    assert plan.reached


def test_the_record_of_the_old_key_stays_where_another_host_shows_it() -> None:
    world = DANE.zone_with(
        f"_25._tcp.{MX1} CNAME tlsa.example.com",
        f"_25._tcp.{MX2} CNAME tlsa.example.com",
        "tlsa.example.com TLSA 3 1 1 @192.0.2.1",
    ).but(
        smtp=dict.fromkeys(("192.0.2.1", "2001:db8::1", "192.0.2.2"), Smtp((MX1, MX2))),
    )
    plan = way_to(
        PlannedState(certificates=(shown(MX1, MX1, "new.example.com"),), anchors=ROOTS),
        collect(world),
        now=world.at,
    )
    changes = [one for _, made in steps(plan) for one in made]
    assert [type(one) for one in changes] == [Publish, PresentCertificate]
    hold(plan)


def test_mta_sts_goes_by_mode_none_first_and_the_record_when_the_old_policy_is_over() -> None:
    """RFC 8461 section 8.3, from nothing but that the record and the policy host go."""
    gone = without(("_mta-sts", Kind.TXT), ("mta-sts", Kind.A), ("mta-sts", Kind.AAAA))
    plan = way_to(PlannedState((gone,)), DIRECT, now=AT)
    (_, (serve,)), (_, announce), (last_s, last) = steps(plan)
    assert isinstance(serve, ServePolicy)
    assert serve.policy.mode is Mode.NONE
    assert [type(one) for one in announce] == [Withdraw, Publish]
    assert last_s == WEEK_S
    assert {one.name for one in last if isinstance(one, Withdraw)} == {
        "_mta-sts.example.com",
        "mta-sts.example.com",
    }
    assert plan.ways[0].rehearsal.weakened
    hold(plan)


def test_a_move_gets_the_policy_that_it_lacks_and_waits_for_the_old_one() -> None:
    state = PlannedState(
        (part("@ MX 10 mx9", "mx9 A 192.0.2.99"),),
        certificates=(shown("mx9.example.com"),),
        anchors=ROOTS,
        supposes=True,
    )
    plan = way_to(state, DIRECT, now=AT)
    assert plan.ways[0].kinds == (MeasureKind.PLANNED, MeasureKind.SERVE_POLICY)
    moving_s = next(
        at_s for at_s, made in steps(plan) if Publish("example.com", MxValue(10, "mx9.example.com")) in made
    )
    assert moving_s == WEEK_S
    hold(plan)


def test_a_policy_of_the_new_hosts_alone_gets_the_bridge_that_it_lacks() -> None:
    policy = Policy(Mode.ENFORCE, WEEK_S, ("mx9.example.com",))
    state = PlannedState(
        (part("@ MX 10 mx9", "mx9 A 192.0.2.99"),),
        policy,
        certificates=(shown("mx9.example.com"),),
        anchors=ROOTS,
        supposes=True,
    )
    plan = way_to(state, DIRECT, now=AT)
    served = [one.policy for _, made in steps(plan) for one in made if isinstance(one, ServePolicy)]
    assert [len(one.mx) for one in served] == [3, 1]
    hold(plan)


PROVIDER = (
    "mx.provider.example A 192.0.2.9",
    "mta-sts.provider.example A 192.0.2.81",
    "_mta-sts.provider.example TXT v=STSv1; id=provider1;",
)
BEFORE_PROVIDER = ZoneWorld(
    zone=GOOD_ZONE + "\n".join(PROVIDER),
    smtp={"192.0.2.9": Smtp(("mx.provider.example",))},
    https={
        "192.0.2.81": Https(
            body=b"version: STSv1\nmode: enforce\nmx: *.provider.example\nmax_age: 604800\n",
        )
    },
)
TO_PROVIDER = PlannedState(
    (
        part(
            "@ MX 10 mx.provider.example.",
            "mta-sts CNAME mta-sts.provider.example.",
            "_mta-sts CNAME _mta-sts.provider.example.",
        ),
    )
)


def with_provider(world: ZoneWorld, state: PlannedState) -> Evidence:
    return collect(world, wanted_for(state, inbound.wanted))


def test_a_move_to_a_provider_leads_over_a_policy_of_ones_own_that_lists_its_pattern() -> None:
    evidence = with_provider(BEFORE_PROVIDER, TO_PROVIDER)
    plan = way_to(TO_PROVIDER, evidence, now=BEFORE_PROVIDER.at)
    served = [one.policy.mx for _, made in steps(plan) for one in made if isinstance(one, ServePolicy)]
    assert [set(one) for one in served] == [{MX1, MX2, "*.provider.example"}]
    order = [one for _, made in steps(plan) for one in made if isinstance(one, Publish)]
    places = [
        next(n for n, one in enumerate(order) if isinstance(one.record, kind))
        for kind in (MxValue, CnameValue)
    ]
    assert places == sorted(places)
    hold(plan)


def test_a_policy_host_comes_back_from_a_provider_in_a_safe_order() -> None:
    away = BEFORE_PROVIDER.zone_with(
        "mta-sts.example.com CNAME mta-sts.provider.example",
        "_mta-sts.example.com CNAME _mta-sts.provider.example",
        "example.com MX",
        "example.com MX 10 mx.provider.example",
    )
    back = PlannedState(
        (part("mta-sts A 192.0.2.80", '_mta-sts TXT "v=STSv1; id=own1;"'),),
    )
    own = away.but(
        https={
            **away.https,
            "192.0.2.80": Https(
                body=b"version: STSv1\nmode: enforce\nmx: *.provider.example\nmx: mx1.example.com\nmax_age: 604800\n"
            ),
        }
    )
    plan = way_to(back, with_provider(own, back), now=own.at)
    assert plan.ways
    hold(plan)


def test_a_state_in_which_mail_is_lost_for_good_has_no_way_and_says_for_whom() -> None:
    state = PlannedState((part("@ MX 10 mx9", "mx9 A 192.0.2.99"),), supposes=True)
    plan = way_to(state, DIRECT, now=AT)
    assert plan.ways == ()
    assert {one.sender for one in plan.impossible} >= {"rfc8461", "microsoft"}
    assert any("192.0.2.99" in question for one in plan.impossible for question in one.unseen)


def test_what_mends_a_planned_state_takes_nothing_of_it_back() -> None:
    state = PlannedState((part("mxi3 CNAME smol", "@ MX 10 mxi3"),))
    evidence = seen("direct").evidence
    plan = way_to(state, evidence, now=AT)
    kept = Publish("example.com", MxValue(10, "mxi3.example.com"))
    assert plan.ways
    for way in plan.ways:
        assert kept in way.changes
        assert way.kinds[0] is MeasureKind.PLANNED


def test_what_is_to_be_kept_is_not_altered_beyond_what_is_planned() -> None:
    state = PlannedState(
        (part("@ MX 10 mx9", "mx9 A 192.0.2.99"),),
        certificates=(shown("mx9.example.com"),),
        anchors=ROOTS,
        supposes=True,
    )
    options = SearchOptions(keep=frozenset({DomainPart.POLICY}))
    plan = way_to(state, DIRECT, now=AT, options=options)
    assert not [one for way in plan.ways for one in way.changes if isinstance(one, ServePolicy)]


def test_a_fault_of_today_that_the_planned_state_leaves_is_no_reason_against_it() -> None:
    incident = seen("incident").evidence
    state = PlannedState((part('_smtp._tls TXT "v=TLSRPTv1; rua=mailto:other@example.com"'),))
    plan = way_to(state, incident, now=AT)
    assert plan.ways
    assert all(way.kinds[0] is MeasureKind.PLANNED for way in plan.ways)
    best = {one.sender: one.outcome for one in plan.ways[0].verified if one.sender not in plan.undecided}
    assert set(best.values()) == {Verdict.DELIVERS}


def test_who_takes_the_policy_back_is_not_held_to_it() -> None:
    plan = way_to(PlannedState(mode=Mode.NONE), collect(GOOD), now=GOOD.at)
    after = {one.sender: one.security for one in plan.ways[0].verified}
    assert after["rfc8461"] is not Security.MTA_STS
    hold(plan)


def test_a_state_with_a_way_is_not_said_to_be_impossible_though_it_leaves_a_fault_of_today() -> None:
    """An expired certificate that nobody may touch, and a record of reports that has nothing to do with it."""
    world = GOOD.but(
        smtp=dict.fromkeys(("192.0.2.1", "2001:db8::1", "192.0.2.2"), Smtp((MX1, MX2), Defect.EXPIRED))
    )
    state = PlannedState((part('_smtp._tls TXT "v=TLSRPTv1; rua=mailto:other@example.com"'),))
    kept = SearchOptions(keep=frozenset(DomainPart))
    plan = way_to(state, collect(world), now=world.at, options=kept)
    assert [one.kinds for one in plan.ways] == [(MeasureKind.PLANNED,)]
    assert plan.impossible == ()


@pytest.mark.parametrize("outcome", ["timeout", "servfail"])
def test_a_record_is_published_though_nobody_could_find_out_what_stands_there(outcome: str) -> None:
    world = GOOD.zone_with(f"_smtp._tls.example.com TXT !{outcome}")
    record = "v=TLSRPTv1; rua=mailto:tls@example.com"
    made = planned(PlannedState((part(f'_smtp._tls TXT "{record}"'),)), collect(world))
    assert [(one.name, one.record) for one in made.changes if isinstance(one, Publish)] == [
        ("_smtp._tls.example.com", TxtValue(record))
    ]
