"""A planned state held against what is observed: which changes lead to it, what is told of new names, what is left to ask."""

import msgspec
import pytest

from mxproof.evidence import ABSENT, UNASKED, Answer, Der, DnsData, Evidence, Kind, Outcome, Question
from mxproof.formats.mtasts import Mode, Policy
from mxproof.mail.change import (
    Change,
    CnameValue,
    Configure,
    Ipv4Value,
    MxValue,
    PresentCertificate,
    Publish,
    ServePolicy,
    Service,
    Setting,
    TlsaValue,
    TxtValue,
    Withdraw,
)
from mxproof.net.dns.zone_file import read_lines
from mxproof.remedy.apply import Assumption, Supposition
from mxproof.remedy.planned import NEW_NAME_S, PlannedCertificate, PlannedState, idle, planned, wanted_for
from mxproof.remedy.planned_zone import PLANNABLE, PlannedZone
from mxproof.survey import inbound
from support_certificates import ROOT, chain
from support_world import Https, Smtp, collect
from support_worlds import ADDRESSES, DANE, GOOD, MX1, MX2, POLICY_ADDRESS, connect

SEEN = collect(GOOD)
V4, V6, OTHER = ADDRESSES
RECORD = "_mta-sts.example.com"
GOOD_POLICY = Policy(Mode.ENFORCE, 1_209_600, (MX1, MX2))


def part(*lines: str) -> PlannedZone:
    """Return a part of a zone: what it does not say stays as it is."""
    return PlannedZone(read_lines(lines, "example.com"), None)


def changes(state: PlannedState, evidence: Evidence = SEEN) -> tuple[Change, ...]:
    return planned(state, evidence).changes


def zoned(*lines: str) -> tuple[Change, ...]:
    return changes(PlannedState((part(*lines),)))


def shown(host: str, *names: str) -> PlannedCertificate:
    return PlannedCertificate(host, tuple(map(Der, chain(names or (host,)))))


def test_a_state_that_says_nothing_or_what_there_is_changes_nothing() -> None:
    assert changes(PlannedState()) == ()
    assert zoned("mx1 A 192.0.2.1") == ()
    assert changes(PlannedState(policy=GOOD_POLICY, mode=Mode.ENFORCE)) == ()
    assert changes(PlannedState(certificates=(shown(MX2),))) == ()


def test_what_is_not_in_a_planned_set_goes_before_what_comes() -> None:
    assert zoned("mx2 A 192.0.2.9") == (
        Withdraw(MX2, Ipv4Value("192.0.2.2")),
        Publish(MX2, Ipv4Value("192.0.2.9")),
    )
    assert zoned("mx2 A 192.0.2.2", "mx2 A 192.0.2.9") == (Publish(MX2, Ipv4Value("192.0.2.9")),)


def test_names_that_no_sender_comes_by_are_no_change() -> None:
    assert zoned("www A 192.0.2.9", "mx2 TXT hello") == ()


def test_of_two_zones_that_say_something_the_first_does() -> None:
    first, second = part("mx2 A 192.0.2.2"), part("mx2 A 192.0.2.9")
    assert changes(PlannedState((first, second))) == ()
    assert changes(PlannedState((second, first))) != ()


def test_a_record_is_published_where_the_look_up_failed() -> None:
    silent = collect(GOOD.zone_with(f"{RECORD} TXT !timeout"))
    state = PlannedState((part('_mta-sts TXT "v=STSv1; id=2;"'),))
    assert changes(state, silent) == (Publish(RECORD, TxtValue.of(b"v=STSv1; id=2;")),)


def test_a_name_to_which_the_planned_records_lead_is_published_with_them_and_told_to_be_new() -> None:
    made = planned(PlannedState((part("@ MX 10 mx9", "mx9 A 192.0.2.9"),)), SEEN)
    assert made.changes == (
        Withdraw("example.com", MxValue(10, MX1)),
        Withdraw("example.com", MxValue(20, MX2)),
        Publish("example.com", MxValue(10, "mx9.example.com")),
        Publish("mx9.example.com", Ipv4Value("192.0.2.9")),
    )
    today = made.evidence.answers[Question(Kind.A, "mx9.example.com")]
    assert (today.outcome, today.ttl_s) == (Outcome.EMPTY, NEW_NAME_S)


def test_a_new_alias_is_followed_and_has_nothing_beside_it_today() -> None:
    made = planned(PlannedState((part("@ MX 10 mx9", "mx9 CNAME mx1"),)), SEEN)
    assert made.changes[-1] == Publish("mx9.example.com", CnameValue(MX1))
    today = made.evidence.answers[Question(Kind.CNAME, "mx9.example.com")]
    assert today.outcome is Outcome.NXDOMAIN


NEW = "mx9.example.com"


def seen_gone(kind: Kind) -> Evidence:
    """Return what is seen where somebody asked for a name that is not there, which caches hold for ten minutes."""
    gone = Answer(Outcome.NXDOMAIN, SEEN.observed_at(), DnsData("NXDOMAIN", secure=False), 600)
    return SEEN.with_answers([(Question(kind, NEW), gone)])


@pytest.mark.parametrize("kind", [Kind.A, Kind.CNAME])
def test_a_name_that_was_asked_for_and_is_not_there_is_held_to_be_gone_for_as_long_as_caches_hold_that(
    kind: Kind,
) -> None:
    evidence = seen_gone(kind)
    made = planned(PlannedState((part("@ MX 10 mx9", "mx9 A 192.0.2.9"),)), evidence)
    assert made.changes[-1] == Publish(NEW, Ipv4Value("192.0.2.9"))
    today = made.evidence.answers[Question(Kind.A, NEW)]
    assert (today.outcome, today.ttl_s) == (Outcome.NXDOMAIN, 600)
    assert not [one for one in made.evidence.answers if one.name == NEW and one.kind not in PLANNABLE]


def test_what_was_answered_stays_as_it_was_answered() -> None:
    absent = Question(Kind.AAAA, MX2)
    told = msgspec.structs.replace(SEEN.answer(absent), elapsed_ms=77, detail="as it was said")
    evidence = seen_gone(Kind.A).with_answers([(absent, told)])
    made = planned(PlannedState((part("@ MX 10 mx9", "@ MX 20 mx2", "mx9 A 192.0.2.9"),)), evidence)
    assert {one: made.evidence.answers[one] for one in evidence.answers} == dict(evidence.answers)


def test_where_nobody_can_be_asked_types_that_a_part_leaves_out_are_taken_for_absent() -> None:
    zone = part("@ MX 10 mx9", "mx9 A 192.0.2.9")
    made = planned(PlannedState((zone,), supposes=True), SEEN)
    assert Assumption(Supposition.NO_OTHER_RECORDS, "mx9.example.com AAAA") in made.assumed
    assert made.evidence.answers[Question(Kind.AAAA, "mx9.example.com")].outcome in ABSENT
    asked = planned(PlannedState((zone,)), SEEN)
    assert asked.assumed == ()
    assert Question(Kind.AAAA, "mx9.example.com") not in asked.evidence.answers


def test_a_host_is_that_of_a_zone_where_one_of_several_has_it() -> None:
    zones = (part("www A 192.0.2.9"), part("@ MX 10 mx9", "mx9 A 192.0.2.9"))
    made = planned(PlannedState(zones, supposes=True), SEEN)
    assert Assumption(Supposition.NO_OTHER_RECORDS, f"{NEW} AAAA") in made.assumed


def test_of_a_host_that_no_zone_has_nothing_is_supposed() -> None:
    made = planned(PlannedState((part("@ MX 10 mx.example.net."),), supposes=True), SEEN)
    assert not any("mx.example.net" in one.subject for one in made.assumed)


def test_what_the_plan_leads_to_is_asked_once_all_else_is_answered() -> None:
    state = PlannedState((part("@ MX 10 mx.example.net."),))
    wanted = wanted_for(state, inbound.wanted)
    assert wanted(Evidence("example.com")) == inbound.wanted(Evidence("example.com"))
    asked = wanted(SEEN)
    assert Question(Kind.A, "mx.example.net") in asked
    assert not any(one in SEEN.answers for one in asked)
    assert wanted_for(PlannedState(), inbound.wanted)(SEEN) == ()


def test_what_stands_behind_a_planned_alias_is_asked_and_not_the_alias() -> None:
    zone = part("@ MX 10 mx9", "mx9 CNAME mx.example.net.")
    asked = asked_then(PlannedState((zone,)), SEEN)
    assert {one for one in asked if one.kind in {Kind.A, Kind.AAAA}} == {
        Question(Kind.A, "mx.example.net"),
        Question(Kind.AAAA, "mx.example.net"),
    }
    here = asked_then(PlannedState((part("@ MX 10 mx9", "mx9 CNAME mx1"),)), SEEN)
    assert {one for one in here if one.kind is Kind.SMTP} == {
        Question(Kind.SMTP, NEW, V4),
        Question(Kind.SMTP, NEW, V6),
    }


def test_what_was_asked_in_vain_is_not_asked_once_more() -> None:
    silent = collect(GOOD.zone_with(f"{MX1} A !timeout"))
    asked = asked_then(PlannedState((part("@ MX 10 mx9", "mx9 CNAME mx1"),)), silent)
    assert Question(Kind.SMTP, NEW, V6) in asked
    assert not {*asked} & {*silent.answers}


def asked_then(state: PlannedState, evidence: Evidence) -> tuple[Question, ...]:
    """Return what is asked of the planned state once what stands today at its names is known."""
    wanted = wanted_for(state, lambda _: ())
    today = planned(state, evidence).evidence
    assert {*wanted(evidence)} == {*today.answers} - {*evidence.answers}
    return wanted(today)


def test_a_zone_is_idle_that_says_nothing_senders_come_by() -> None:
    idler, busy, soon = part("www A 192.0.2.9"), part("mx2 A 192.0.2.2"), part("mx9 A 192.0.2.9")
    assert idle(PlannedState((idler, busy, soon)), SEEN) == (idler, soon)
    assert idle(PlannedState((idler, soon, part("@ MX 10 mx9"))), SEEN) == (idler,)


def test_another_policy_is_served_and_a_new_id_is_announced_only_where_it_is_wanted_and_unsaid() -> None:
    testing = Policy(Mode.TESTING, 86_400, (MX1, MX2))
    assert changes(PlannedState(policy=testing)) == (ServePolicy("example.com", testing),)
    served, *announced = changes(PlannedState(policy=testing, announces=True))
    assert served == ServePolicy("example.com", testing)
    assert {type(one) for one in announced} == {Withdraw, Publish}
    said = PlannedState((part('_mta-sts TXT "v=STSv1; id=20260601;"'),), testing, announces=True)
    assert changes(said) == (ServePolicy("example.com", testing),)


def test_another_mode_is_that_of_the_policy_which_is_planned_or_else_served() -> None:
    (served,) = changes(PlannedState(mode=Mode.TESTING))
    assert isinstance(served, ServePolicy)
    assert (served.policy.mode, served.policy.mx) == (Mode.TESTING, (MX1, MX2))
    (other,) = changes(PlannedState(policy=Policy(Mode.ENFORCE, 60, (MX1,)), mode=Mode.TESTING))
    assert isinstance(other, ServePolicy)
    assert (other.policy.mode, other.policy.mx) == (Mode.TESTING, (MX1,))


def test_a_mode_without_a_policy_is_no_policy() -> None:
    bare = collect(GOOD.but(policy=b"It works!"))
    assert changes(PlannedState(mode=Mode.TESTING), bare) == ()


def test_what_addresses_serve_differently_is_let_be_where_nothing_is_planned_of_the_policy() -> None:
    host = "mta-sts.example.com A"
    two = GOOD.zone_with(f"{host} {POLICY_ADDRESS}", f"{host} 192.0.2.81").but(
        https={"192.0.2.81": Https(body=GOOD.policy.replace(b"enforce", b"testing"))}
    )
    assert changes(PlannedState(), collect(two)) == ()
    assert changes(PlannedState(mode=Mode.ENFORCE), collect(two)) == (
        ServePolicy("example.com", GOOD_POLICY),
    )


def test_a_policy_is_served_anew_where_one_address_has_another_or_none() -> None:
    two = GOOD.zone_with(f"mta-sts.example.com A {POLICY_ADDRESS}", "mta-sts.example.com A 192.0.2.81")
    assert changes(PlannedState(policy=GOOD_POLICY), collect(two)) == ()
    new_address = PlannedState((part("mta-sts A 192.0.2.80", "mta-sts A 192.0.2.81"),), GOOD_POLICY)
    made = planned(new_address, SEEN)
    assert made.changes[-1] == ServePolicy("example.com", GOOD_POLICY)
    unknown = Question(Kind.POLICY, "mta-sts.example.com", "192.0.2.81")
    assert made.evidence.answers[unknown] == UNASKED


def test_another_certificate_is_shown_at_every_address_and_whether_it_keeps_the_key_is_said() -> None:
    (change,) = changes(PlannedState(certificates=(shown(MX1, MX1, "more.example.com"),)))
    assert isinstance(change, PresentCertificate)
    assert (change.service, change.host, change.addresses) == (Service.SMTP, MX1, (V4, V6))
    assert (change.names, change.keeps_key, change.is_at_hand) == ((MX1, "more.example.com"), False, True)


def test_a_certificate_that_one_of_several_addresses_shows_is_shown_at_all_with_its_key_not_yet_everywhere() -> (
    None
):
    new = shown(MX1, MX1, "more.example.com")
    seen = collect(GOOD.but(smtp={V4: Smtp((MX1, "more.example.com"))}))
    (change,) = changes(PlannedState(certificates=(new,)), seen)
    assert isinstance(change, PresentCertificate)
    assert (change.addresses, change.keeps_key) == ((V4, V6), False)


def test_a_server_that_was_not_seen_to_answer_has_to_before_it_shows_anything() -> None:
    silent = collect(GOOD.but(smtp={V6: connect(Outcome.TIMEOUT)}))
    configured, present = changes(PlannedState(certificates=(shown(MX1),)), silent)
    assert configured == Configure(Service.SMTP, MX1, (V6,), Setting.ANSWERING)
    assert isinstance(present, PresentCertificate)
    assert present.keeps_key


def test_the_certificate_of_the_policy_host_is_shown_over_https() -> None:
    host = "mta-sts.example.com"
    (change,) = changes(PlannedState(certificates=(shown(host, host, "www.example.com"),)))
    assert isinstance(change, PresentCertificate)
    assert (change.service, change.addresses) == (Service.HTTPS, (POLICY_ADDRESS,))


def test_names_that_show_the_same_certificate_today_show_the_new_one_too() -> None:
    both = (MX1, MX2)
    same = GOOD.zone_with(f"{MX2} A {V4}", f"{MX1} AAAA").but(smtp={V4: Smtp(both)})
    made = changes(PlannedState(certificates=(shown(MX1, *both, "more.example.com"),)), collect(same))
    assert [one.host for one in made if isinstance(one, PresentCertificate)] == [MX1, MX2]


def hosts_of(*lines: str, smtp: dict[str, Smtp], https: dict[str, Https] | None = None) -> list[str]:
    """Return the names for which the certificate of the first host is shown."""
    seen = collect(GOOD.zone_with(f"{MX1} AAAA", *lines).but(smtp=smtp, https=https or {}))
    made = changes(PlannedState(certificates=(shown(MX1, MX1, MX2, "more.example.com"),)), seen)
    return [one.host for one in made if isinstance(one, PresentCertificate)]


def test_the_same_certificate_at_another_address_or_of_another_service_stays() -> None:
    both = (MX1, MX2)
    assert hosts_of(smtp={V4: Smtp(both), OTHER: Smtp(both)}) == [MX1]
    host = f"mta-sts.example.com A {V4}"
    assert hosts_of(host, smtp={V4: Smtp(both)}, https={V4: Https(names=both)}) == [MX1]


def test_names_at_an_address_that_shows_nothing_show_nothing_alike() -> None:
    silent = {V4: connect(Outcome.TIMEOUT)}
    assert hosts_of(f"{MX2} A {V4}", smtp=silent) == [MX1]


def test_names_that_show_another_certificate_at_the_same_address_keep_it() -> None:
    apart = Smtp((MX1,), by_sni={MX2: (MX2,)})
    assert hosts_of(f"{MX2} A {V4}", smtp={V4: apart}) == [MX1]


def test_records_that_match_the_new_chain_are_named_with_it_and_rolled_only_where_that_is_wanted() -> None:
    seen = collect(DANE)
    new = shown(MX1, MX1, "more.example.com")
    (change,) = changes(PlannedState(certificates=(new,)), seen)
    assert isinstance(change, PresentCertificate)
    assert change.matches == ()
    rolled = changes(PlannedState(certificates=(new,), rolls_keys=True), seen)
    published = [one for one in rolled if isinstance(one, Publish) and isinstance(one.record, TlsaValue)]
    assert [one.name for one in published] == [f"_25._tcp.{MX1}"]
    (shown_then,) = (one for one in rolled if isinstance(one, PresentCertificate))
    assert shown_then.matches == (published[0].record,)


def test_the_roots_that_the_new_chains_end_at_come_beside_those_that_are_known() -> None:
    extra = Der(b"another root")
    known = planned(PlannedState(anchors=(extra,)), SEEN).evidence.vantage.anchors
    assert set(known) == {Der(ROOT.der), extra}
    assert planned(PlannedState(), SEEN).evidence.vantage == SEEN.vantage
