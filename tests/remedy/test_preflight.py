"""A planned state before it exists: what changes, who fares worse and until when, and in which order nobody does."""

import pytest

from mxproof.evidence import Answer, Der, DnsData, Kind, Outcome
from mxproof.formats.mtasts import Mode, Policy
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.change import CnameValue, Ipv4Value, PresentCertificate, Publish, ServePolicy, Withdraw
from mxproof.net.dns.zone_file import read_lines
from mxproof.remedy.apply import Supposition, apply
from mxproof.remedy.plan import Pause
from mxproof.remedy.planned import PlannedCertificate, PlannedState, planned, wanted_for
from mxproof.remedy.planned_zone import PlannedZone
from mxproof.remedy.preflight import preflight, what_if
from mxproof.survey import inbound
from support_certificates import ROOT, Defect, chain
from support_scenarios import AT, seen

INCIDENT = seen("incident").evidence
DIRECT = seen("direct").evidence


def part(*lines: str) -> PlannedZone:
    return PlannedZone(read_lines(lines, "example.com"), None)


def whole(*lines: str) -> PlannedZone:
    return PlannedZone(read_lines(("@ SOA ns h 1 1 1 1 300", *lines), "example.com"), "example.com")


AS_IT_IS = (
    "@ MX 10 mxi1",
    "@ MX 20 mxi2",
    "mxi1 CNAME smol",
    "mxi2 CNAME tol",
    "smol A 192.0.2.25",
    "smol AAAA 2001:db8:1::25",
    "tol A 198.51.100.25",
    "tol AAAA 2001:db8:2::25",
    "mta-sts A 203.0.113.80",
    "mta-sts AAAA 2001:db8:3::80",
    '_mta-sts TXT "v=STSv1; id=20260301T090000;"',
    '_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tlsrpt@example.com"',
)


def test_a_zone_as_it_is_changes_nothing() -> None:
    assert planned(PlannedState((whole(*AS_IT_IS),)), INCIDENT).changes == ()
    made = preflight(PlannedState((whole(*AS_IT_IS),)), INCIDENT, now=AT)
    assert (made.worse, made.weaker, made.order, made.unseen) == ((), (), (), ())


def test_addresses_take_the_place_of_an_alias() -> None:
    got = planned(PlannedState((part("mxi1 A 192.0.2.25"),)), INCIDENT).changes
    assert got == (
        Withdraw("mxi1.example.com", CnameValue("smol.example.com")),
        Publish("mxi1.example.com", Ipv4Value("192.0.2.25")),
    )


def test_what_mends_the_incident_has_all_deliver() -> None:
    state = PlannedState((part("mxi1 A 192.0.2.25", "mxi2 A 198.51.100.25"),))
    made = what_if(state, INCIDENT, now=AT)
    assert {one.outcome for one in made.after if one.decides} == {Verdict.DELIVERS}
    assert preflight(state, INCIDENT, now=AT).worse == ()


def test_an_old_policy_that_is_held_is_told_with_its_end_and_an_order_without_it() -> None:
    policy = Policy(Mode.ENFORCE, 604_800, ("mxa.example.com",))
    zone = part("@ MX 10 mxa", "mxa A 192.0.2.25", '_mta-sts TXT "v=STSv1; id=2;"')
    shown = PlannedCertificate(
        "mxa.example.com", tuple(map(Der, chain(("mxa.example.com",), Defect.ENDLESS)))
    )
    made = preflight(
        PlannedState((zone,), policy, certificates=(shown,), anchors=(Der(ROOT.der),), supposes=True),
        DIRECT,
        now=AT,
    )
    ends = {one.until: one.until_s or 0 for one in made.worse if one.sender == "microsoft"}
    assert ends[Pause.MAX_AGE] >= 604_800
    assert len(made.order) > 3
    assert {one.outcome for one in made.after if one.decides} == {Verdict.DELIVERS}


def test_a_policy_that_lists_nobody_makes_everybody_that_reads_it_refuse_for_good() -> None:
    zone = part('_mta-sts TXT "v=STSv1; id=2;"')
    policy = Policy(Mode.ENFORCE, 86_400, ("nowhere.example.com",))
    made = preflight(PlannedState((zone,), policy), DIRECT, now=AT)
    lasting = {one.sender for one in made.worse if one.until_s is None and one.outcome is Verdict.REFUSED}
    assert {"rfc8461", "google", "microsoft"} <= lasting
    assert made.order == ()


def test_less_protection_is_no_worse_and_told() -> None:
    policy = Policy(Mode.NONE, 86_400)
    made = what_if(PlannedState(mode=Mode.NONE, announces=True), DIRECT, now=AT)
    assert any(isinstance(one, ServePolicy) and one.policy.mode is Mode.NONE for one in made.changes)
    told = preflight(PlannedState(policy=policy), DIRECT, now=AT)
    assert "rfc8461" in {one.sender for one in told.weaker}


def test_a_name_that_nobody_knows_is_left_to_be_asked_or_supposed() -> None:
    zone = part("@ MX 10 new", "new A 192.0.2.99")
    asking = wanted_for(PlannedState((zone,)), inbound.wanted)
    first = asking(INCIDENT)
    assert {one.name for one in first} == {"new.example.com"}
    absent = Answer(Outcome.NXDOMAIN, AT, DnsData("NXDOMAIN", secure=False))
    second = INCIDENT.with_answers((one, absent) for one in first)
    third = second.with_answers((one, absent) for one in asking(second))
    asked = {(one.kind, one.name) for one in (*asking(second), *asking(third))}
    assert (Kind.SMTP, "new.example.com") in asked
    made = what_if(PlannedState((zone,), supposes=True), INCIDENT, now=AT)
    assert {one.what for one in made.assumed} == {Supposition.NO_OTHER_RECORDS}
    assert "SMTP 192.0.2.99 (new.example.com)" in made.unseen
    assert Publish("new.example.com", Ipv4Value("192.0.2.99")) in made.changes


def test_a_whole_zone_leaves_no_name_of_its_own_to_be_asked() -> None:
    zone = whole(*AS_IT_IS[2:], "@ MX 10 new", "new CNAME other", "other A 192.0.2.25")
    made = planned(PlannedState((zone,)), INCIDENT)
    left = apply(made.changes, made.evidence).unseen
    assert {one.kind for one in left} <= {Kind.SMTP, Kind.PTR}


@pytest.mark.parametrize("keeps", [True, False])
def test_a_certificate_is_a_change_where_another_one_is_seen(keeps: bool) -> None:
    shown = next(
        answer.data.tls.chain  # type: ignore[union-attr]  # an SMTP answer of a sound world
        for one, answer in DIRECT.answers.items()
        if one.kind is Kind.SMTP and (one.name == "smol.example.com") is keeps
    )
    got = planned(PlannedState(certificates=(PlannedCertificate("smol.example.com", shown),)), DIRECT).changes
    assert [type(one) for one in got] == ([] if keeps else [PresentCertificate])


def test_the_survey_goes_on_only_when_nothing_else_is_wanted() -> None:
    start = INCIDENT.without(one for one in INCIDENT.answers if one.kind is Kind.MX)
    wanted = wanted_for(PlannedState((part("@ MX 10 new"),)), inbound.wanted)
    assert wanted(start) == inbound.wanted(start)
