"""The certificates of one host told by address and by the name asked for, and of hosts behind one that is passed over."""

from datetime import timedelta
from hashlib import sha256

import pytest

from mxproof.evidence import Kind, Question, SmtpStage
from mxproof.judge.checks import certificate
from mxproof.judge.codes import Code
from mxproof.judge.value import CertificateNames, CertificateToGet
from mxproof.mail.change import Awaited, PresentCertificate, Publish, Service, TlsaValue, Wait
from support_certificates import NOW, Defect, leaf
from support_findings import found, only, places
from support_world import Smtp, ZoneWorld
from support_worlds import GOOD, INCIDENT, MX1, MX2, SIGNED

V4, V6, OF_MX2 = "192.0.2.1", "2001:db8::1", "192.0.2.2"
TARGET = "smol.example.com"
BASE1 = f"_25._tcp.{MX1}"


def session(name: str, address: str) -> Question:
    return Question(Kind.SMTP, name, address)


def shown(name: str, *addresses: str, names: tuple[str, ...] = (), keeps_key: bool) -> PresentCertificate:
    return PresentCertificate(Service.SMTP, name, addresses, names or (name,), keeps_key=keeps_key)


def test_of_an_address_the_fault_in_the_session_with_the_mx_name_is_told_and_not_one_behind_it() -> None:
    """Both names show a certificate with the same fault; the first one met is that of the MX name."""
    server = Smtp((MX1,), Defect.EXPIRED, by_sni={TARGET: (TARGET,)})
    world = INCIDENT.but(smtp={**INCIDENT.smtp, V4: server})
    finding = only(world, Code.CERT_EXPIRED, certificate.check)
    assert (finding.subject, finding.params["addresses"]) == (MX1, (V4,))
    assert finding.evidence == (session(MX1, V4),)
    assert finding.changes == (shown(MX1, V4, keeps_key=False),)
    assert finding.params["wanted"] == CertificateToGet((MX1,))


@pytest.mark.parametrize("lost", ["192.0.2.77", r"mail\032server.example.com"])
def test_a_host_that_is_no_name_is_passed_over_and_those_behind_it_are_judged(lost: str) -> None:
    world = GOOD.zone_with(
        f"example.com MX 5 {lost}", f"example.com MX 10 {MX1}", f"{lost} A 192.0.2.77"
    ).but(smtp={V4: Smtp(defect=Defect.EXPIRED)})
    assert places(world, certificate.check) == [(Code.CERT_EXPIRED, MX1)]


def test_a_record_of_the_next_certificate_is_published_and_waited_for_before_that_is_shown() -> None:
    """RFC 7671 section 8.1: a sender that holds the old records would refuse the new certificate."""
    weak = dict.fromkeys((V4, V6), Smtp(defect=Defect.EXPIRED))
    world = SIGNED.zone_with(f"{BASE1} TLSA 3 0 1 @{V4}").but(smtp=weak)
    finding = only(world, Code.CERT_EXPIRED, certificate.check)
    record = Publish(BASE1, TlsaValue(3, 1, 1, sha256(leaf((MX1,), Defect.EXPIRED).spki).hexdigest()))
    assert finding.params["new_records"] == (record,)
    assert finding.changes == (
        record,
        Wait(BASE1, Awaited.TTL, 300),
        shown(MX1, V4, V6, keeps_key=True),
    )
    assert (finding.way, finding.params["base"]) == ("new-record", MX1)


def test_two_faults_of_one_address_are_told_in_order_and_two_addresses_of_one_fault_together() -> None:
    world = GOOD.but(
        smtp={
            V6: Smtp(("other.example.net",), Defect.EXPIRED),
            V4: Smtp(("another.example.net",)),
            OF_MX2: Smtp(defect=Defect.UNTRUSTED),
        }
    )
    assert [(one.code, one.subject, one.params["addresses"]) for one in found(world, certificate.check)] == [
        (Code.CERT_NAME_MISMATCH, MX1, (V4, V6)),
        (Code.CERT_EXPIRED, MX1, (V6,)),
        (Code.CERT_UNTRUSTED, MX2, (OF_MX2,)),
    ]
    mismatch = found(world, certificate.check)[0]
    assert mismatch.params["seen"] == (
        CertificateNames(("another.example.net",), None),
        CertificateNames(("other.example.net",), None),
    )
    assert mismatch.changes == (shown(MX1, V4, V6, keeps_key=False),)
    assert mismatch.params["sound"] == ()


def unchecked(world: ZoneWorld) -> list[tuple[object, tuple[Question, ...]]]:
    return [
        (one.params["codes"], one.evidence)
        for one in found(world, certificate.check)
        if one.code == Code.CERT_UNCHECKED
    ]


def test_what_nobody_looks_at_is_told_of_each_host_with_all_that_says_so() -> None:
    bare = GOOD.zone_with("_mta-sts.example.com TXT", "mta-sts.example.com A").but(
        smtp={V4: Smtp((), Defect.EXPIRED), V6: Smtp(defect=Defect.EXPIRED), OF_MX2: Smtp(())}
    )
    around = (
        Question(Kind.TXT, "_mta-sts.example.com"),
        Question(Kind.TLSA, BASE1),
        Question(Kind.TLSA, f"_25._tcp.{MX2}"),
    )
    assert unchecked(bare) == [
        (
            (str(Code.CERT_EXPIRED), str(Code.CERT_NAME_MISMATCH)),
            (session(MX1, V4), session(MX1, V6), *around),
        ),
        ((str(Code.CERT_NAME_MISMATCH),), (session(MX2, OF_MX2), *around)),
    ]


def test_a_host_is_in_order_with_the_names_and_the_first_end_of_all_its_certificates() -> None:
    world = GOOD.but(smtp={V6: Smtp((MX1, "spare.example.com"), Defect.RENEWAL_DUE)})
    first, second = found(world, certificate.check)
    assert (first.subject, first.params["names"], first.params["addresses"]) == (
        MX1,
        (MX1, "spare.example.com"),
        (V4, V6),
    )
    assert first.params["until"] == NOW + timedelta(days=20)
    assert first.evidence == (
        Question(Kind.A, MX1),
        Question(Kind.AAAA, MX1),
        session(MX1, V4),
        session(MX1, V6),
    )
    assert (second.subject, second.params["addresses"]) == (MX2, (OF_MX2,))


def test_a_host_of_which_a_family_was_not_looked_up_is_not_said_to_be_in_order() -> None:
    world = GOOD.zone_with(f"{MX1} AAAA !timeout")
    assert places(world, certificate.check) == [(Code.CERT_OK, MX2)]
    silent = GOOD.but(smtp={V6: Smtp(stage=SmtpStage.EHLO)})
    assert places(silent, certificate.check) == [(Code.CERT_OK, MX2)]
