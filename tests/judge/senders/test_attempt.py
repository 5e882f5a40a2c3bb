"""What one sender does at one host where DANE and a policy both have a say, and where neither can be settled."""

import pytest

from mxproof.evidence import Outcome, SmtpStage
from mxproof.formats.result_type import ResultType
from mxproof.judge.codes import Code
from mxproof.judge.senders import SENDERS
from mxproof.judge.senders.traits import FallBack
from mxproof.judge.vocabulary import Security, Verdict
from support_certificates import Defect
from support_incident import policy
from support_senders import deliveries, everywhere, those
from support_world import GOOD_POLICY, Smtp, ZoneWorld

DANE = {
    "microsoft",
    "postfix-mxproof",
    "postfix-dane",
    "exim-dane",
    "sendmail-dane",
    "mox",
    "stalwart",
    "kumomta",
}
POLICY_LOOKED_AT = {"rfc8461", "microsoft", "microsoft-ptr", "google", "postfix-sts", "postfix-mxproof"} | {
    "mox",
    "stalwart",
    "kumomta",
    "chasquid",
    "courier",
}
SIGNED = ZoneWorld(signed=("example.com", "in-addr.arpa", "ip6.arpa")).zone_with(
    "_25._tcp.mx1.example.com TLSA 3 1 1 @192.0.2.1", "_25._tcp.mx2.example.com TLSA 3 1 1 @192.0.2.2"
)
TESTING = GOOD_POLICY.replace(b"enforce", b"testing")


@pytest.mark.parametrize(
    "world",
    [
        SIGNED.but(policy=TESTING.replace(b"mx1", b"other")),
        SIGNED.but(policy=TESTING, smtp=everywhere(Smtp(defect=Defect.SELF_SIGNED))),
    ],
    ids=["another name", "certificate"],
)
def test_mode_testing_stops_nobody_whom_dane_satisfies(world: ZoneWorld) -> None:
    """MO-02 (RFC 8461 section 5)."""
    got = deliveries(world)
    assert {delivery.outcome for delivery in got.values()} == {Verdict.DELIVERS}
    assert {got[sender].security for sender in DANE} == {Security.DANE}


def test_a_failure_in_mode_testing_is_still_told() -> None:
    world = SIGNED.but(policy=TESTING, smtp=everywhere(Smtp(defect=Defect.SELF_SIGNED)))
    assert deliveries(world)["mox"].attempts[0].result_type is ResultType.CERTIFICATE_NOT_TRUSTED


def test_who_prefers_dane_is_unknown_where_dane_cannot_be_told_and_the_policy_refuses() -> None:
    world = SIGNED.but(validating=False, policy=policy("other.example.com"))
    assert those(Verdict.UNKNOWN, world) == {"microsoft", "postfix-mxproof"}


@pytest.mark.parametrize("outcome", [Outcome.FOUND, Outcome.CLOSED])
def test_being_turned_away_says_nothing_of_other_clients(outcome: Outcome) -> None:
    world = ZoneWorld(smtp=everywhere(Smtp(stage=SmtpStage.GREETING, outcome=outcome)))
    assert those(Verdict.UNKNOWN, world) == {traits.id for traits in SENDERS}


@pytest.mark.parametrize("reply", [b"421 4.7.0 no", b"450 later", b"502 5.5.1 what"])
def test_ehlo_refused_inside_tls_is_refused_by_all_but_exim(reply: bytes) -> None:
    world = ZoneWorld(smtp=everywhere(Smtp(inside=reply)))
    assert those(Verdict.REFUSED, world) == {traits.id for traits in SENDERS} - {"exim-dane"}


def test_ehlo_refused_inside_tls_makes_chasquid_come_in_clear_text_where_nothing_demands_tls() -> None:
    got = deliveries(ZoneWorld(smtp=everywhere(Smtp(inside=b"502 5.5.1 what")), policy=TESTING))["chasquid"]
    assert (got.outcome, got.security) == (Verdict.DELIVERS, Security.NONE)


def test_old_tls_makes_chasquid_come_in_clear_text_where_nothing_demands_tls() -> None:
    got = deliveries(ZoneWorld(smtp=everywhere(Smtp(version="TLSv1.1")), policy=TESTING))["chasquid"]
    assert (got.outcome, got.security) == (Verdict.DELIVERS, Security.NONE)


def test_a_weak_key_is_refused_by_those_whose_library_asks_for_more() -> None:
    refusing = {traits.id for traits in SENDERS if not traits.weak_key_at_mx}
    assert those(Verdict.REFUSED, ZoneWorld(smtp=everywhere(Smtp(defect=Defect.WEAK_KEY)))) == refusing


def test_old_tls_is_refused_where_tls_is_demanded_and_by_the_rest_perhaps() -> None:
    """TL-04 (RFC 8461 section 7.2, RFC 8996)."""
    old = everywhere(Smtp(version="TLSv1.1"))
    refusing = {traits.id for traits in SENDERS if traits.outdated_tls == (False,)}
    assert {"rfc8461", "postfix-sts", "postfix-dane"} <= refusing
    gives_up = {traits.id for traits in SENDERS if traits.fall_back is not FallBack.ALWAYS} & refusing
    assert gives_up == {"sendmail-dane"}
    assert those(Verdict.REFUSED, ZoneWorld(smtp=old)) == (POLICY_LOOKED_AT & refusing) | gives_up
    assert those(Verdict.AT_RISK, ZoneWorld(smtp=old)) == POLICY_LOOKED_AT - refusing
    assert those(Verdict.REFUSED, SIGNED.but(smtp=old)) == (POLICY_LOOKED_AT | DANE) & refusing
    assert those(Verdict.AT_RISK, SIGNED.but(smtp=old)) == (POLICY_LOOKED_AT | DANE) - refusing
    delivering = {traits.id for traits in SENDERS} - gives_up
    assert those(Verdict.DELIVERS, ZoneWorld(smtp=old, policy=TESTING)) == delivering


LOST_INSIDE = everywhere(Smtp(stage=SmtpStage.SECURED, outcome=Outcome.CLOSED))
"""Servers that end the connection after the handshake."""


def test_a_session_lost_inside_tls_is_made_again_in_clear_text_by_some() -> None:
    """observed: Postfix 3.7.11 and 3.10.13, Exim 4.98.2, chasquid 1.15, Courier 1.4.1, Sendmail 8.18.1."""
    lost = ZoneWorld(smtp=LOST_INSIDE).zone_with("_mta-sts.example.com TXT")
    postfix = {"postfix-sts", "postfix-mxproof", "postfix-dane"}
    assert those(Verdict.DELIVERS, lost) == postfix | {"exim-dane", "chasquid"}
    assert those(Verdict.REFUSED, lost) == {"courier", "sendmail-dane"}
    assert {deliveries(lost)[sender].security for sender in postfix} == {Security.NONE}
    assert those(Verdict.DELIVERS, ZoneWorld(smtp=LOST_INSIDE)) & POLICY_LOOKED_AT == set()


def test_where_dane_counts_nobody_gives_up_tls_for_a_session_that_is_lost() -> None:
    lost = SIGNED.zone_with("_mta-sts.example.com TXT").but(smtp=LOST_INSIDE)
    assert those(Verdict.DELIVERS, lost) & DANE == set()


def test_what_is_said_in_the_clear_behind_the_220_is_taken_as_each_sender_takes_it() -> None:
    """observed: Postfix, chasquid, Courier and Sendmail go on, Exim in clear text, Haraka puts the mail off."""
    world = ZoneWorld(smtp=everywhere(Smtp(early=b"250 injected\r\n")))
    assert those(Verdict.REFUSED, world) == {"mox", "kumomta"}
    assert those(Verdict.AT_RISK, world) == {"microsoft", "microsoft-ptr", "google", "opportunistic"}
    assert {deliveries(world)[one].security for one in ("postfix-sts", "stalwart")} == {Security.MTA_STS}
    assert deliveries(world)["exim-dane"].security is Security.NONE


def test_exim_puts_the_mail_off_for_it_where_dane_demands_tls() -> None:
    world = SIGNED.but(smtp=everywhere(Smtp(early=b"x")))
    assert {"exim-dane", "mox", "kumomta"} <= those(Verdict.REFUSED, world)
    assert {"postfix-dane", "sendmail-dane", "stalwart"} <= those(Verdict.DELIVERS, world)


def test_a_handshake_that_is_spoilt_by_it_is_followed_by_clear_text_where_nothing_is_demanded() -> None:
    world = ZoneWorld(smtp=everywhere(Smtp(early=b"x"))).zone_with("_mta-sts.example.com TXT")
    assert those(Verdict.REFUSED, world) == {"kumomta"}
    assert deliveries(world)["mox"].security is Security.NONE


def test_how_a_session_would_have_gone_on_that_was_broken_off_for_it_is_not_known() -> None:
    broken_off = Smtp(stage=SmtpStage.STARTTLS, outcome=Outcome.MALFORMED, early=b"x")
    assert those(Verdict.UNKNOWN, ZoneWorld(smtp=everywhere(broken_off))) == {one.id for one in SENDERS}


@pytest.mark.parametrize(
    ("fault", "refusing", "codes"),
    [
        ("!bogus", {one.id for one in SENDERS if one.validates}, {Code.DNSSEC_BOGUS}),
        ("!servfail", set(), {Code.MX_HOST_UNANSWERED}),
    ],
)
def test_a_host_without_addresses_stops_whoever_validates_where_their_signatures_do_not_verify(
    fault: str, refusing: set[str], codes: set[Code]
) -> None:
    """RFC 7672 section 2.1.2."""
    hosts = ("mx1.example.com", "mx2.example.com")
    world = ZoneWorld().zone_with(*(f"{host} {kind} {fault}" for host in hosts for kind in ("A", "AAAA")))
    got = deliveries(world)
    assert {sender for sender, one in got.items() if one.outcome is Verdict.REFUSED} == refusing
    assert {sender for sender, one in got.items() if one.outcome is Verdict.UNKNOWN} == {*got} - refusing
    assert {code for one in got.values() for code in one.because} == codes
