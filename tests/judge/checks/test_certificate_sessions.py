"""The certificates shown in sessions with every address."""

from datetime import UTC, datetime

import pytest

from mxproof.evidence import SmtpStage
from mxproof.judge.checks import certificate
from mxproof.judge.codes import Code
from mxproof.judge.value import CertificateNames
from support_certificates import NOW, Defect
from support_findings import codes, found, only, places
from support_world import Smtp, ZoneWorld
from support_worlds import ADDRESSES, GOOD, INCIDENT, MX1, MX2, everywhere

V4, V6, OTHER = ADDRESSES


def one_bad(server: Smtp) -> ZoneWorld:
    """Return a world in which one address of four sessions is `server`."""
    return GOOD.but(smtp={V6: server})


@pytest.mark.parametrize(
    ("defect", "code"),
    [
        (Defect.EXPIRED, Code.CERT_EXPIRED),
        (Defect.NOT_YET_VALID, Code.CERT_NOT_YET_VALID),
        (Defect.SELF_SIGNED, Code.CERT_SELF_SIGNED),
        (Defect.INCOMPLETE, Code.CERT_CHAIN_INCOMPLETE),
        (Defect.UNTRUSTED, Code.CERT_UNTRUSTED),
        (Defect.UNREADABLE, Code.CERT_UNREADABLE),
        (Defect.EXPIRES_SOON, Code.CERT_EXPIRES_SOON),
        (Defect.LAST_DAYS, Code.CERT_LAST_DAYS),
    ],
)
def test_a_defect_at_one_address_is_found_and_named(defect: Defect, code: Code) -> None:
    world = one_bad(Smtp(defect=defect))
    assert places(world, certificate.check) == [(code, MX1), (Code.CERT_OK, MX2)]
    assert only(world, code, certificate.check).params["addresses"] == (V6,)


def test_a_valid_certificate_is_in_order_until_it_ends() -> None:
    finding = found(GOOD, certificate.check)[0]
    assert (finding.code, finding.params["until"], finding.params["names"]) == (
        Code.CERT_OK,
        datetime(2026, 7, 31, 12, tzinfo=UTC),
        (MX1,),
    )


def test_names_and_chain_can_both_be_wrong() -> None:
    world = one_bad(Smtp(("mail.example.com",), Defect.SELF_SIGNED))
    got = [code for code in codes(world, certificate.check) if code != Code.CERT_OK]
    assert got == [Code.CERT_SELF_SIGNED, Code.CERT_NAME_MISMATCH]


def test_a_wildcard_covers_one_label() -> None:
    assert set(codes(everywhere(Smtp(("*.example.com",))), certificate.check)) == {Code.CERT_OK}
    assert set(codes(everywhere(Smtp(("*.com", "example.com"))), certificate.check)) == {
        Code.CERT_NAME_MISMATCH
    }


def test_a_common_name_does_not_count_and_that_is_said() -> None:
    world = one_bad(Smtp((f"CN={MX1}", "mail.example.com")))
    seen = only(world, Code.CERT_NAME_MISMATCH, certificate.check).params["seen"]
    assert seen == (CertificateNames(("mail.example.com",), MX1),)
    assert set(codes(everywhere(Smtp(())), certificate.check)) == {Code.CERT_NAME_MISMATCH}


def test_a_date_does_not_hide_what_else_is_wrong_with_the_chain() -> None:
    # The world is judged when the leaf is over; renewed the same way it would still be self-signed.
    world = one_bad(Smtp(defect=Defect.SELF_SIGNED)).but(at=NOW.replace(year=2027))
    got = {code for code, subject in places(world, certificate.check) if subject == MX1}
    assert got == {Code.CERT_EXPIRED, Code.CERT_SELF_SIGNED}


def test_the_name_is_judged_by_the_certificate_for_that_name() -> None:
    by_sni = {MX1: (MX1,), "smol.example.com": ("smol.example.com",)}
    servers = {V4: Smtp((), by_sni=by_sni), V6: Smtp((), by_sni=by_sni), OTHER: Smtp((MX2,))}
    assert set(codes(INCIDENT.but(smtp=servers), certificate.check)) == {Code.CERT_OK}


def test_a_fault_shown_to_one_server_name_only_is_found() -> None:
    servers = {V4: Smtp((MX1,)), V6: Smtp((MX1,)), OTHER: Smtp((MX2,), Defect.UNTRUSTED)}
    assert (Code.CERT_UNTRUSTED, MX2) in places(INCIDENT.but(smtp=servers), certificate.check)


def test_no_certificate_is_called_good_that_was_not_seen() -> None:
    world = one_bad(Smtp(stage=SmtpStage.EHLO))
    assert places(world, certificate.check) == [(Code.CERT_OK, MX2)]
