"""What each modelled sender does in worlds where the answer is known."""

from datetime import timedelta

import pytest

from mxproof.evidence import Outcome, SmtpStage
from mxproof.formats.result_type import ResultType
from mxproof.judge.report import Attempt, Delivery
from mxproof.judge.senders import SENDERS, deliver
from mxproof.judge.vocabulary import Security, Verdict
from mxproof.mail.assemble import assemble
from mxproof.mail.memory import Memory
from support_certificates import Defect
from support_incident import ALIASES, DIRECT, FIXED, HALF_FIXED, HALF_FIXED_CERT, INCIDENT, TARGETS, policy
from support_world import Https, Smtp, ZoneWorld, collect

DELIVERS, AT_RISK, REFUSED, UNKNOWN = Verdict.DELIVERS, Verdict.AT_RISK, Verdict.REFUSED, Verdict.UNKNOWN
MICROSOFT = ("microsoft", "microsoft-ptr")
STS = (
    "rfc8461",
    "microsoft",
    "microsoft-ptr",
    "google",
    "postfix-sts",
    "postfix-mxproof",
    "mox",
    "stalwart",
    "kumomta",
    "chasquid",
    "courier",
)
CERTIFICATE_IS_JUDGED = STS
MX_NAME_IS_JUDGED = tuple(sender for sender in STS if sender != "postfix-sts")
DANE = (
    "microsoft",
    "postfix-mxproof",
    "postfix-dane",
    "exim-dane",
    "sendmail-dane",
    "mox",
    "stalwart",
    "kumomta",
)
SIGNED = ("example.com", "in-addr.arpa", "ip6.arpa")


def delivery(world: ZoneWorld, sender: str, *memories: Memory) -> Delivery:
    traits = next(one for one in SENDERS if one.id == sender)
    return deliver(assemble(collect(world), world.at), traits, memories)


def outcomes(world: ZoneWorld, *memories: Memory) -> dict[str, Verdict]:
    domain = assemble(collect(world), world.at)
    return {traits.id: deliver(domain, traits, memories).outcome for traits in SENDERS}


def all_but(*concerned: str, be: Verdict = REFUSED, else_be: Verdict = DELIVERS) -> dict[str, Verdict]:
    return {traits.id: be if traits.id in concerned else else_be for traits in SENDERS}


@pytest.mark.parametrize(
    ("world", "want"),
    [
        (ZoneWorld(), all_but()),
        (INCIDENT, all_but(*MICROSOFT)),
        (HALF_FIXED, all_but(*MICROSOFT)),
        (HALF_FIXED_CERT, all_but(*MICROSOFT)),
        (FIXED, all_but()),
        (DIRECT, all_but()),
    ],
    ids=["good", "incident", "half-fixed", "half-fixed-cert", "fixed", "direct"],
)
def test_the_incident_and_its_way_out(world: ZoneWorld, want: dict[str, Verdict]) -> None:
    assert outcomes(world) == want


def test_microsoft_refuses_the_incident_before_it_connects() -> None:
    found = delivery(INCIDENT, "microsoft")
    assert [(one.mx, one.address, one.judged_name, one.result_type) for one in found.attempts] == [
        ("mxi1.example.com", None, "smol.example.com", ResultType.MX_MISMATCH),
        ("mxi2.example.com", None, "tol.example.com", ResultType.MX_MISMATCH),
    ]
    assert found.because == ("mx-alias",)
    assert found.bounce is not None
    assert found.bounce.transient == "451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation"
    assert found.bounce.after_s == 86_400


def test_microsoft_refuses_the_half_fixed_state_for_the_certificate() -> None:
    found = delivery(HALF_FIXED, "microsoft")
    assert found.bounce is not None
    assert found.bounce.transient == (
        "451 4.7.5 Remote certificate MUST have a subject alternative name matching the hostname (MTA-STS)"
    )
    assert {one.address for one in found.attempts} == {"192.0.2.1", "2001:db8::1", "192.0.2.2", "2001:db8::2"}


def test_a_delivering_session_says_how_it_was_protected() -> None:
    assert {traits.id: delivery(ZoneWorld(), traits.id).security for traits in SENDERS} == {
        traits.id: Security.MTA_STS if traits.mta_sts else Security.OPPORTUNISTIC for traits in SENDERS
    }


def test_two_certificates_by_server_name_leave_microsoft_at_risk() -> None:
    """VA-07, CE-04: which name Microsoft puts in SNI is not known."""
    by_sni = {"smol.example.com": ("smol.example.com",), "tol.example.com": ("tol.example.com",)}
    world = HALF_FIXED.but(
        smtp={address: Smtp(names=server.names, by_sni=by_sni) for address, server in HALF_FIXED.smtp.items()}
    )
    assert outcomes(world) == all_but("microsoft", be=AT_RISK) | {"microsoft-ptr": AT_RISK}


def test_a_host_outside_the_policy_is_refused_unless_only_certificates_are_compared() -> None:
    """VA-01: postfix-mta-sts-resolver never compares the MX name."""
    world = ZoneWorld(
        policy=policy("other.example.com"), smtp=_everywhere(Smtp(names=("other.example.com",)))
    )
    assert outcomes(world) == all_but(*MX_NAME_IS_JUDGED)


@pytest.mark.parametrize(
    ("defect", "result_type"),
    [
        (Defect.EXPIRED, ResultType.CERTIFICATE_EXPIRED),
        (Defect.NOT_YET_VALID, ResultType.VALIDATION_FAILURE),
        (Defect.SELF_SIGNED, ResultType.CERTIFICATE_NOT_TRUSTED),
    ],
)
def test_a_bad_certificate_stops_senders_that_enforce(defect: Defect, result_type: ResultType) -> None:
    """CE-01, CE-02."""
    world = ZoneWorld(smtp=_everywhere(Smtp(defect=defect)))
    assert outcomes(world) == all_but(*CERTIFICATE_IS_JUDGED)
    assert {one.result_type for one in delivery(world, "rfc8461").attempts} == {result_type}


def test_one_bad_address_puts_mail_at_risk() -> None:
    """VA-03, PD-14: every address of every host is judged."""
    world = ZoneWorld(smtp={"192.0.2.2": Smtp(defect=Defect.EXPIRED)})
    assert outcomes(world) == all_but(*CERTIFICATE_IS_JUDGED, be=AT_RISK)
    verdicts = {one.address: one.outcome for one in delivery(world, "rfc8461").attempts}
    assert verdicts == {"192.0.2.1": DELIVERS, "2001:db8::1": DELIVERS, "192.0.2.2": REFUSED}


def test_without_starttls_the_mail_goes_out_in_clear_text_where_nothing_forbids_it() -> None:
    world = ZoneWorld(smtp=_everywhere(Smtp(stage=SmtpStage.EHLO)))
    assert outcomes(world) == all_but(*CERTIFICATE_IS_JUDGED)
    assert delivery(world, "opportunistic").security is Security.NONE
    assert delivery(world, "rfc8461").attempts[0].result_type is ResultType.STARTTLS_NOT_SUPPORTED


def test_mode_testing_reports_and_delivers() -> None:
    """MO-02: testing never stops mail."""
    world = ZoneWorld(policy=policy("other.example.com", mode="testing"))
    assert outcomes(world) == all_but()
    assert delivery(world, "rfc8461").attempts[0].result_type is ResultType.MX_MISMATCH


def test_mode_none_is_no_policy() -> None:
    """MO-03."""
    world = ZoneWorld(policy=policy(mode="none"), smtp=_everywhere(Smtp(defect=Defect.SELF_SIGNED)))
    assert outcomes(world) == all_but()
    assert delivery(world, "rfc8461").security is Security.OPPORTUNISTIC


@pytest.mark.parametrize("status", [204, 301, 404, 500])
def test_a_policy_that_cannot_be_fetched_is_no_policy(status: int) -> None:
    """SH-08, PH-06, SH-01."""
    world = ZoneWorld(
        https={"192.0.2.80": Https(status=status)}, smtp=_everywhere(Smtp(defect=Defect.EXPIRED))
    )
    assert outcomes(world) == all_but()


def test_a_policy_that_was_not_seen_in_time_leaves_the_verdict_unknown() -> None:
    world = ZoneWorld(https={"192.0.2.80": Https(outcome=Outcome.TIMEOUT)})
    assert outcomes(world) == all_but(*STS, be=UNKNOWN)


def test_a_record_that_was_not_seen_in_time_matters_only_if_the_policy_would_refuse() -> None:
    """A time-out is never taken for absence. mox does not deliver without having looked."""
    timeout = "_mta-sts.example.com TXT !timeout"
    assert outcomes(ZoneWorld().zone_with(timeout)) == all_but("mox", be=UNKNOWN)
    assert outcomes(INCIDENT.zone_with(timeout)) == all_but(*MICROSOFT, "mox", be=UNKNOWN)


def test_two_records_are_no_record() -> None:
    """SD-01, PD-07."""
    world = ZoneWorld(smtp=_everywhere(Smtp(defect=Defect.EXPIRED)))
    assert outcomes(world.zone_with("_mta-sts.example.com TXT v=STSv1; id=1;")) == all_but(
        *CERTIFICATE_IS_JUDGED
    )
    doubled = world.but(zone=world.zone + "\n_mta-sts.example.com TXT v=STSv1; id=2;\n")
    assert outcomes(doubled) == all_but("chasquid", "kumomta")


def test_a_text_read_by_some_senders_only_puts_mail_at_risk() -> None:
    """PA-13: a blank line makes the policy invalid by the grammar, and many senders skip it."""
    broken = policy("other.example.com").replace(b"mode", b"\nmode")
    got = outcomes(ZoneWorld(policy=broken))
    assert got["rfc8461"] is DELIVERS
    assert got["microsoft"] is AT_RISK
    assert got["google"] is AT_RISK


def test_an_old_policy_still_held_puts_mail_at_risk_until_it_expires() -> None:
    """CA-01, PD-08."""
    old = policy("old.example.com", max_age_s=86_400)
    fresh = Memory(old, ZoneWorld().at - timedelta(hours=23))
    stale = Memory(old, ZoneWorld().at - timedelta(hours=25))
    assert outcomes(ZoneWorld(), fresh) == all_but(
        *(sender for sender in STS if sender != "chasquid"), be=AT_RISK
    )
    assert outcomes(ZoneWorld(), stale) == all_but()
    assert delivery(ZoneWorld(), "rfc8461", fresh).because[0] == "sts-memory-outlives"


def test_of_what_may_happen_the_worst_is_told_with_the_bounce_that_it_ends_in() -> None:
    """With an empty cache it delivers, with the old policy in it it bounces."""
    held = Memory(policy("old.example.com", max_age_s=86_400), ZoneWorld().at - timedelta(hours=23))
    for sender in ("microsoft", "postfix-sts"):
        assert delivery(ZoneWorld(), sender).bounce is None
        told = delivery(ZoneWorld(), sender, held)
        assert told.bounce is not None
        assert {one.outcome for one in told.attempts} == {AT_RISK}


def test_a_policy_fetched_later_is_not_held_yet() -> None:
    later = Memory(policy("old.example.com"), ZoneWorld().at + timedelta(hours=1))
    assert outcomes(ZoneWorld(), later) == all_but()


def test_a_new_id_lets_senders_that_look_replace_the_policy_they_hold() -> None:
    """SD-05, PD-06: any other id means new; what Microsoft and Google do is not documented."""
    held = Memory(policy("old.example.com"), ZoneWorld().at - timedelta(hours=1), id="19990101")
    assert outcomes(ZoneWorld(), held) == all_but(
        "microsoft", "microsoft-ptr", "google", "courier", be=AT_RISK
    )


def test_the_absence_of_a_record_never_evicts_a_policy() -> None:
    """SD-02, SH-09."""
    held = Memory(policy("old.example.com"), ZoneWorld().at - timedelta(hours=1), id="19990101")
    got = outcomes(ZoneWorld().zone_with("_mta-sts.example.com TXT"), held)
    assert got["rfc8461"] is AT_RISK


def test_dane_that_matches_protects_the_session() -> None:
    world = _with_tlsa("3 1 1 @192.0.2.1", "3 1 1 @192.0.2.2")
    assert outcomes(world) == all_but()
    assert {
        traits.id: delivery(world, traits.id).security for traits in SENDERS if traits.validates
    } == dict.fromkeys(DANE, Security.DANE)


def test_dane_that_does_not_match_is_not_overridden_by_mta_sts() -> None:
    """DA-01."""
    world = _with_tlsa("3 1 1 " + "00" * 32, "3 1 1 " + "00" * 32)
    assert outcomes(world) == all_but(*DANE)
    assert delivery(world, "postfix-dane").attempts[0].result_type is ResultType.TLSA_INVALID


def test_dane_first_and_both_part_where_the_policy_does_not_list_the_host() -> None:
    """DA-02: the order of DANE and MTA-STS is not prescribed where DANE succeeds."""
    world = _with_tlsa("3 1 1 @192.0.2.1", "3 1 1 @192.0.2.2").but(policy=policy("other.example.com"))
    got = outcomes(world)
    assert {sender: got[sender] for sender in DANE} == {
        "microsoft": AT_RISK,
        "postfix-mxproof": DELIVERS,
        "postfix-dane": DELIVERS,
        "exim-dane": DELIVERS,
        "sendmail-dane": DELIVERS,
        "mox": REFUSED,
        "stalwart": REFUSED,
        "kumomta": REFUSED,
    }


def test_a_failing_tlsa_look_up_stops_dane_senders() -> None:
    world = _with_tlsa("!servfail", "!servfail")
    assert outcomes(world) == all_but(*DANE)
    assert delivery(world, "postfix-dane").attempts[0].result_type is ResultType.DNSSEC_INVALID


@pytest.mark.parametrize("outcome", ["timeout", "refused", "malformed"])
def test_a_tlsa_look_up_without_answer_is_unknown(outcome: str) -> None:
    """That the resolver here refuses a question says nothing of the resolvers of senders."""
    got = outcomes(_with_tlsa(f"!{outcome}", f"!{outcome}"))
    assert {sender: got[sender] for sender in DANE} == dict.fromkeys(DANE, UNKNOWN)


def test_insecure_tlsa_records_are_not_used() -> None:
    world = _with_tlsa("3 1 1 " + "00" * 32, "3 1 1 " + "00" * 32).but(signed=())
    assert outcomes(world) == all_but()


def test_without_a_validating_resolver_tlsa_that_would_matter_leaves_the_verdict_unknown() -> None:
    good = _with_tlsa("3 1 1 @192.0.2.1", "3 1 1 @192.0.2.2").but(validating=False)
    bad = _with_tlsa("3 1 1 " + "00" * 32, "3 1 1 " + "00" * 32).but(validating=False)
    assert outcomes(good) == all_but()
    assert outcomes(bad) == all_but(*DANE, be=UNKNOWN)


def test_tlsa_at_an_alias_counts_where_the_target_has_none() -> None:
    """RFC 7672 section 2.2.2; Exim looks at the target alone."""
    wrong = "00" * 32
    world = FIXED.but(signed=SIGNED).zone_with(
        f"_25._tcp.{ALIASES[0]} TLSA 3 1 1 {wrong}", f"_25._tcp.{ALIASES[1]} TLSA 3 1 1 {wrong}"
    )
    assert outcomes(world) == all_but(*(sender for sender in DANE if sender != "exim-dane"))
    target = FIXED.but(signed=SIGNED).zone_with(
        f"_25._tcp.{ALIASES[0]} TLSA 3 1 1 {wrong}",
        f"_25._tcp.{ALIASES[1]} TLSA 3 1 1 {wrong}",
        f"_25._tcp.{TARGETS[0]} TLSA 3 1 1 @192.0.2.1",
        f"_25._tcp.{TARGETS[1]} TLSA 3 1 1 @192.0.2.2",
    )
    assert outcomes(target) == all_but("sendmail-dane")


def test_a_null_mx_takes_no_mail_from_anyone() -> None:
    world = ZoneWorld(zone="example.com MX 0 .")
    assert outcomes(world) == dict.fromkeys((traits.id for traits in SENDERS), REFUSED)
    assert delivery(world, "rfc8461").because == ("mx-null",)


def test_without_mx_records_the_domain_itself_is_the_host() -> None:
    """MX-05, RFC 5321 section 5.1."""
    world = ZoneWorld(zone="example.com A 192.0.2.1", smtp={"192.0.2.1": Smtp(names=("example.com",))})
    assert outcomes(world) == all_but()
    assert [one.mx for one in delivery(world, "rfc8461").attempts] == ["example.com"]


def test_a_domain_that_does_not_exist_takes_no_mail() -> None:
    assert delivery(ZoneWorld(zone="other.example A 192.0.2.1"), "google").because == ("domain-missing",)


def test_an_unanswered_mx_question_decides_nothing() -> None:
    world = ZoneWorld().zone_with("example.com MX !timeout")
    assert outcomes(world) == dict.fromkeys((traits.id for traits in SENDERS), UNKNOWN)


def test_port_25_blocked_from_here_decides_nothing() -> None:
    world = ZoneWorld(smtp=_everywhere(Smtp(outcome=Outcome.TIMEOUT, stage=SmtpStage.CONNECT)))
    assert outcomes(world) == dict.fromkeys((traits.id for traits in SENDERS), UNKNOWN)
    assert delivery(world, "opportunistic").because == ("port-25-blocked",)


def test_an_mx_host_that_does_not_exist_puts_mail_at_risk_if_another_one_does() -> None:
    world = ZoneWorld().zone_with("mx2.example.com A")
    assert outcomes(world) == dict.fromkeys((traits.id for traits in SENDERS), AT_RISK)


def test_every_attempt_names_its_outcome_in_words() -> None:
    def said(attempt: Attempt) -> bool:
        return bool(attempt.detail) and (attempt.outcome is not REFUSED or attempt.detail != "accepted")

    worlds = (ZoneWorld(), INCIDENT, HALF_FIXED, _with_tlsa("!timeout", "!servfail"))
    attempts = [one for world in worlds for traits in SENDERS for one in delivery(world, traits.id).attempts]
    assert [one for one in attempts if not said(one)] == []


def _everywhere(server: Smtp) -> dict[str, Smtp]:
    return dict.fromkeys(("192.0.2.1", "2001:db8::1", "192.0.2.2"), server)


def _with_tlsa(first: str, second: str) -> ZoneWorld:
    return ZoneWorld(signed=SIGNED).zone_with(
        f"_25._tcp.mx1.example.com TLSA {first}", f"_25._tcp.mx2.example.com TLSA {second}"
    )


@pytest.mark.parametrize("line", ["example.com MX !bogus", "mx1.example.com A !bogus"])
def test_bogus_answers_stop_those_who_validate(line: str) -> None:
    world = ZoneWorld(signed=SIGNED).zone_with(
        line, "mx1.example.com AAAA !bogus", "mx2.example.com A !bogus"
    )
    assert outcomes(world) == all_but(*DANE, be=REFUSED, else_be=UNKNOWN)
    assert delivery(world, "postfix-dane").because == ("dnssec-bogus",)


def test_hosts_are_tried_in_the_order_of_their_preference() -> None:
    """VA-05."""
    world = ZoneWorld().zone_with("example.com MX 30 mx1.example.com", "example.com MX 7 mx2.example.com")
    found = [(one.preference, one.mx) for one in delivery(world, "rfc8461").attempts]
    assert found == sorted(found)
    assert {one for one, _ in found} == {7, 30}
