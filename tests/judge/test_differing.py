"""What changed between two observations, which way it went, and for whom it matters: tried and not guessed."""

from datetime import timedelta

import msgspec
import pytest

from mxproof.evidence import Evidence, SmtpStage
from mxproof.judge.difference import Course, Difference, LookedAt, Shift
from mxproof.judge.differing import difference, seen
from mxproof.judge.senders import SENDERS
from mxproof.judge.vocabulary import Severity
from mxproof.mail.observed_fact import FactKind
from support_certificates import Defect
from support_world import GOOD_POLICY, Https, Smtp, ZoneWorld, collect

GOOD = ZoneWorld()
STS = {"rfc8461", "google", "microsoft"}


def between(old: ZoneWorld, new: ZoneWorld, fail_on: Severity = Severity.ERROR) -> Difference:
    return difference(seen(collect(old)), seen(collect(new)), fail_on)


def shift(found: Difference, kind: FactKind, name: str) -> Shift:
    (one,) = [one for one in found.shifts if one.kind is kind and name in one.names]
    return one


def test_the_same_twice_is_nothing() -> None:
    found = between(GOOD, GOOD)
    assert (found.is_empty, found.course) == (True, Course.SAME)


def test_a_host_that_leaves_the_policy_matters_to_those_who_go_by_it() -> None:
    new = GOOD.but(policy=GOOD_POLICY.replace(b"mx: mx1.example.com\n", b""))
    found = between(GOOD, new)
    policy = shift(found, FactKind.POLICY, "mta-sts.example.com")
    assert found.course is Course.WORSE
    assert set(policy.matters_to) >= STS
    assert "opportunistic" not in policy.matters_to
    assert (policy.before, policy.after) == (
        ("version: STSv1", "mode: enforce", "mx: mx1.example.com", "mx: mx2.example.com", "max_age: 1209600"),
        ("version: STSv1", "mode: enforce", "mx: mx2.example.com", "max_age: 1209600"),
    )
    assert {one.code for one in found.appeared} >= {"sts-mx-unlisted"}
    assert between(new, GOOD).course is Course.BETTER


def test_a_new_id_alone_matters_to_nobody() -> None:
    new = GOOD.zone_with("_mta-sts.example.com TXT v=STSv1; id=2;")
    found = between(GOOD, new)
    (one,) = found.shifts
    assert (one.kind, one.about, one.matters_to, found.course) == (FactKind.RECORD, ("TXT",), (), Course.SAME)


def test_a_certificate_is_told_apart_from_the_policy_behind_it() -> None:
    policy = GOOD_POLICY.replace(b"enforce", b"testing")
    found = between(GOOD, GOOD.but(policy=policy, https={"192.0.2.80": Https(defect=Defect.EXPIRED)}))
    certificate = shift(found, FactKind.CERTIFICATE, "mta-sts.example.com")
    assert certificate.after is not None
    assert any("expired" in line for line in certificate.after)
    assert set(certificate.matters_to) >= STS


def test_what_could_not_be_found_out_any_more_is_unknown() -> None:
    found = between(GOOD, GOOD.zone_with("example.com MX !timeout"))
    one = shift(found, FactKind.RECORD, "example.com")
    assert (one.after, one.why, found.course) == (None, "timeout", Course.UNKNOWN)


def test_a_new_finding_that_weighs_enough_is_for_the_worse() -> None:
    new = GOOD.zone_with("_smtp._tls.example.com TXT")
    assert between(GOOD, new).course is Course.SAME
    assert between(GOOD, new, Severity.NOTICE).course is Course.WORSE


def test_a_server_without_starttls_matters_to_whoever_wants_it() -> None:
    found = between(GOOD, GOOD.but(smtp={"192.0.2.2": Smtp(stage=SmtpStage.EHLO)}))
    server = shift(found, FactKind.SERVER, "mx2.example.com")
    assert (server.about, server.after) == (("192.0.2.2:25",), ("no-starttls",))
    assert set(server.matters_to) >= STS


def test_senders_that_do_the_same_are_not_listed() -> None:
    new = GOOD.but(policy=GOOD_POLICY.replace(b"mx: mx1.example.com\n", b""))
    listed = {one.id for one in between(GOOD, new).senders}
    assert listed < {one.id for one in SENDERS}
    assert "opportunistic" not in listed


def test_where_it_is_asked_from_is_a_difference() -> None:
    old = collect(GOOD)
    found = difference(seen(old), seen(_not_validating(old)))
    assert [one.kind for one in found.shifts if one.kind is FactKind.VANTAGE] == [FactKind.VANTAGE]


def test_a_finding_that_weighs_otherwise_says_what_it_was() -> None:
    alias = GOOD.zone_with("mx1.example.com CNAME smol.example.com", "smol.example.com A 192.0.2.1")
    listed = GOOD_POLICY.replace(b"mx: mx2", b"mx: smol.example.com\nmx: mx2")
    found = between(alias.but(policy=listed), alias)
    (one,) = [one for one in found.appeared if one.code == "mx-alias"]
    assert (one.was, one.severity, one.is_graver) == (Severity.WARNING, Severity.ERROR, True)
    (back,) = [one for one in between(alias, alias.but(policy=listed)).appeared if one.code == "mx-alias"]
    assert (back.was, back.is_graver) == (Severity.ERROR, False)


@pytest.mark.parametrize("days", [1, 400])
def test_two_moments_of_one_observation_can_be_compared(days: int) -> None:
    old = collect(GOOD)
    found = difference(seen(old), seen(old, now=old.observed_at() + timedelta(days=days)))
    assert (found.course is Course.WORSE) == (days == 400)


def test_a_new_host_is_told_with_its_addresses_and_its_certificate() -> None:
    new = GOOD.zone_with(
        "example.com MX 10 mx1.example.com",
        "example.com MX 30 mx3.example.com",
        "mx3.example.com A 192.0.2.3",
    )
    found = between(GOOD, new.but(smtp={"192.0.2.3": Smtp()}))
    alone = {(one.kind, one.names, one.sight) for one in found.shifts if one.sight is not LookedAt.BOTH}
    kinds = (FactKind.ADDRESS, FactKind.SERVER, FactKind.CERTIFICATE)
    assert alone >= {(kind, ("mx3.example.com",), LookedAt.AFTER) for kind in kinds}
    assert alone >= {(FactKind.ADDRESS, ("mx2.example.com",), LookedAt.BEFORE)}
    assert shift(found, FactKind.ADDRESS, "mx3.example.com").after == ("192.0.2.3",)
    assert {one.matters_to for one in found.shifts if one.sight is not LookedAt.BOTH} == {()}


def test_a_server_that_moves_with_its_certificate_is_told_by_its_address_alone() -> None:
    moved = GOOD.zone_with("mx2.example.com A 192.0.2.9")
    found = between(GOOD, moved.but(smtp={"192.0.2.9": Smtp()}))
    assert {one.kind for one in found.shifts} >= {FactKind.ADDRESS}
    assert [one for one in found.shifts if one.kind is FactKind.SERVER] == []


def _not_validating(evidence: Evidence) -> Evidence:
    vantage = msgspec.structs.replace(evidence.vantage, validating=not evidence.vantage.validating)
    return msgspec.structs.replace(evidence, vantage=vantage)
