"""What certificates give reason to say although senders take them."""

from datetime import timedelta

import pytest

from mxproof.evidence import Der
from mxproof.formats.cert import facts
from mxproof.judge.checks import certificate_remarks
from mxproof.judge.checks.certificate_remarks import is_in_order, is_near_its_end
from mxproof.judge.codes import Code
from mxproof.judge.value import ShownByName, ShownCertificate
from mxproof.mail.change import PresentCertificate
from support_certificates import INTERMEDIATE, NOW, ROOT, STRANGER, Defect, chain, leaf, make
from support_findings import codes, only
from support_world import Https, Smtp
from support_worlds import GOOD, INCIDENT, MX1, MX2, OFFERED, POLICY_ADDRESS, everywhere

OWN = leaf((MX1,)).der


def test_sound_certificates_give_no_reason_to_say_anything() -> None:
    assert codes(GOOD, certificate_remarks.check) == []


def test_each_certificate_is_followed_by_that_of_its_issuer() -> None:
    def order(*ders: bytes) -> bool:
        return is_in_order(tuple(map(Der, ders)))

    assert order(OWN)
    assert order(*chain((MX1,)), ROOT.der)
    assert not order(OWN, ROOT.der, INTERMEDIATE.der)
    assert not order(OWN, INTERMEDIATE.der, INTERMEDIATE.der)
    assert not order(OWN, INTERMEDIATE.der, STRANGER.der)
    assert order(OWN[:100], ROOT.der)


def test_a_certificate_is_due_before_it_ends_soon_and_not_as_well() -> None:
    due = everywhere(Smtp(defect=Defect.RENEWAL_DUE))
    assert set(codes(due, certificate_remarks.check)) == {Code.CERT_RENEWAL_DUE}
    assert codes(everywhere(Smtp(defect=Defect.EXPIRES_SOON)), certificate_remarks.check) == []
    assert codes(everywhere(Smtp(defect=Defect.EXPIRED)), certificate_remarks.check) == []


@pytest.mark.parametrize(
    ("life_days", "left_days"),
    [(360, 30), (90, 22.5), (6, 1.5)],
    ids=["for a year: the days alone count", "for three months: a quarter", "for six days: a quarter"],
)
def test_a_certificate_is_near_its_end_in_its_last_days_and_its_last_quarter(
    life_days: float, left_days: float
) -> None:
    made = make(MX1, INTERMEDIATE, names=(MX1,), days=(-life_days / 2, life_days / 2))
    ends = NOW + timedelta(days=life_days / 2)
    at = ends - timedelta(days=left_days)
    assert not is_near_its_end(facts(made.der), at)
    assert is_near_its_end(facts(made.der), at + timedelta(seconds=1))


def test_certificates_that_differ_are_told_with_their_addresses() -> None:
    world = GOOD.but(smtp={"2001:db8::1": Smtp((MX1, "spare.example.com"))})
    finding = only(world, Code.CERT_DIFFERS, certificate_remarks.check)
    until = NOW + timedelta(days=60)
    assert finding.params["seen"] == (
        ShownCertificate(("192.0.2.1",), (MX1,), "CN=Test Intermediate", until),
        ShownCertificate(("2001:db8::1",), (MX1, "spare.example.com"), "CN=Test Intermediate", until),
    )


def test_hosts_are_not_held_against_one_another() -> None:
    assert Code.CERT_DIFFERS not in codes(GOOD, certificate_remarks.check)


HOSTER = Smtp(("host7.example.net",), by_sni={MX2: (MX2,)}, name=MX2)


def test_a_certificate_for_those_alone_who_give_a_name_is_told_where_a_session_without_one_was_tried() -> (
    None
):
    shown = {"192.0.2.2": HOSTER}
    finding = only(OFFERED.but(smtp=shown), Code.CERT_NAME_DEPENDENT, certificate_remarks.check)
    until = NOW + timedelta(days=60)
    assert finding.subject == MX2
    assert finding.params["seen"] == (
        ShownByName("192.0.2.2", "", ("host7.example.net",), "CN=Test Intermediate", until),
    )
    assert codes(GOOD.but(smtp=shown), certificate_remarks.check) == []
    assert codes(OFFERED, certificate_remarks.check) == []


def test_a_certificate_that_hangs_on_the_names_of_an_alias_is_told_with_the_other_name() -> None:
    server = Smtp((MX1,), by_sni={"smol.example.com": ("smol.example.com",)})
    world = INCIDENT.but(smtp={**INCIDENT.smtp, "192.0.2.1": server})
    finding = only(world, Code.CERT_NAME_DEPENDENT, certificate_remarks.check)
    until = NOW + timedelta(days=60)
    assert finding.params["seen"] == (
        ShownByName("192.0.2.1", "smol.example.com", ("smol.example.com",), "CN=Test Intermediate", until),
    )


def test_the_certificate_of_a_policy_host_is_told_before_it_ends_where_a_policy_is_announced() -> None:
    ending = GOOD.but(https={POLICY_ADDRESS: Https(defect=Defect.EXPIRES_SOON)})
    assert codes(ending, certificate_remarks.check) == [Code.STS_POLICY_CERT_ENDS]
    assert codes(ending.zone_with("_mta-sts.example.com TXT"), certificate_remarks.check) == []
    expired = GOOD.but(https={POLICY_ADDRESS: Https(defect=Defect.EXPIRED)})
    assert codes(expired, certificate_remarks.check) == []


def test_a_certificate_that_hangs_on_the_name_is_told_of_each_other_name_and_of_none() -> None:
    target = "smol.example.com"
    hoster = Smtp(("host7.example.net",), by_sni={MX1: (MX1,), target: (target,)}, name=MX1)
    world = INCIDENT.but(smtp={**INCIDENT.smtp, "192.0.2.1": hoster}, sets=OFFERED.sets)
    finding = only(world, Code.CERT_NAME_DEPENDENT, certificate_remarks.check)
    until = NOW + timedelta(days=60)
    assert finding.params["seen"] == (
        ShownByName("192.0.2.1", target, (target,), "CN=Test Intermediate", until),
        ShownByName("192.0.2.1", "", ("host7.example.net",), "CN=Test Intermediate", until),
    )
    assert [one.name for one in finding.evidence] == [MX1, target, "192.0.2.1"]
    assert {one.at for one in finding.evidence} == {"192.0.2.1"}


def test_certificates_that_are_due_are_told_with_each_end_once_and_their_addresses() -> None:
    due = Smtp(defect=Defect.RENEWAL_DUE)
    finding = only(
        GOOD.but(smtp={"192.0.2.1": due, "2001:db8::1": due}),
        Code.CERT_RENEWAL_DUE,
        certificate_remarks.check,
    )
    assert (finding.params["addresses"], finding.params["seen"]) == (
        ("192.0.2.1", "2001:db8::1"),
        (NOW + timedelta(days=20),),
    )
    one = only(GOOD.but(smtp={"2001:db8::1": due}), Code.CERT_RENEWAL_DUE, certificate_remarks.check)
    assert one.params["addresses"] == ("2001:db8::1",)
    assert [question.at for question in one.evidence] == ["2001:db8::1"]


def test_the_certificates_of_a_policy_host_are_told_with_the_addresses_at_which_they_end() -> None:
    second = "192.0.2.81"
    world = GOOD.zone_with(f"mta-sts.example.com A {POLICY_ADDRESS}", f"mta-sts.example.com A {second}").but(
        https={second: Https(defect=Defect.EXPIRES_SOON)}
    )
    finding = only(world, Code.STS_POLICY_CERT_ENDS, certificate_remarks.check)
    assert (finding.params["addresses"], finding.params["seen"]) == ((second,), (NOW + timedelta(days=5),))
    (renewed,) = finding.changes
    assert isinstance(renewed, PresentCertificate)
    assert (renewed.addresses, renewed.names, renewed.keeps_key) == (
        (second,),
        ("mta-sts.example.com",),
        False,
    )
