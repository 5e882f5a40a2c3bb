"""Port 25, STARTTLS and certificates at every address."""

from datetime import UTC, datetime

import pytest

from mxproof.evidence import Outcome, SmtpStage
from mxproof.judge.checks import certificate, ptr, smtp
from mxproof.judge.codes import Code
from mxproof.judge.value import CertificateNames
from support_certificates import NOW, Defect
from support_findings import asked, codes, found, only, places
from support_world import Https, Smtp, ZoneWorld
from support_worlds import ADDRESSES, GOOD, INCIDENT, MX1, MX2, connect, everywhere, policy

V4, V6, OTHER = ADDRESSES


def one_bad(server: Smtp) -> ZoneWorld:
    """Return a world in which one address of four sessions is `server`."""
    return GOOD.but(smtp={V6: server})


@pytest.mark.parametrize(
    ("server", "code"),
    [
        (connect(Outcome.REFUSED), Code.SMTP_UNREACHABLE),
        (connect(Outcome.TIMEOUT), Code.SMTP_UNANSWERED),
        (connect(Outcome.UNREACHABLE), Code.SMTP_UNANSWERED),
        (Smtp(stage=SmtpStage.GREETING, outcome=Outcome.TIMEOUT), Code.SMTP_UNANSWERED),
        (Smtp(stage=SmtpStage.GREETING), Code.SMTP_TURNED_AWAY),
        (Smtp(stage=SmtpStage.EHLO, reply=b"550 5.7.1 no"), Code.SMTP_TURNED_AWAY),
        (Smtp(stage=SmtpStage.GREETING, outcome=Outcome.MALFORMED), Code.SMTP_BROKEN),
        (Smtp(stage=SmtpStage.EHLO, outcome=Outcome.CLOSED), Code.SMTP_BROKEN),
        (Smtp(stage=SmtpStage.GREETING, outcome=Outcome.CLOSED), Code.SMTP_TURNED_AWAY),
        (Smtp(stage=SmtpStage.EHLO), Code.STARTTLS_MISSING),
        (Smtp(stage=SmtpStage.STARTTLS), Code.STARTTLS_REJECTED),
        (Smtp(stage=SmtpStage.STARTTLS, early=b"x"), Code.STARTTLS_EARLY_DATA),
        (Smtp(early=b"x"), Code.STARTTLS_EARLY_DATA),
        (Smtp(stage=SmtpStage.HANDSHAKE, outcome=Outcome.TLS_FAILED), Code.TLS_HANDSHAKE_FAILED),
        (Smtp(stage=SmtpStage.HANDSHAKE, outcome=Outcome.CLOSED), Code.TLS_HANDSHAKE_FAILED),
        (Smtp(inside=b"421 4.7.0 no"), Code.SMTP_EHLO_REJECTED),
        (Smtp(inside=b"502 5.5.1 what"), Code.SMTP_EHLO_REJECTED),
        (Smtp(inside=b"250-mx\r\n250-starttls\r\n250 SIZE 1"), Code.STARTTLS_REPEATED),
        (Smtp(version="TLSv1"), Code.TLS_VERSION_OLD),
        (Smtp(version="TLSv1.1"), Code.TLS_VERSION_OLD),
    ],
)
def test_one_bad_address_is_found_and_named(server: Smtp, code: Code) -> None:
    assert places(one_bad(server), smtp.check) == [(code, MX1)]
    assert only(one_bad(server), code, smtp.check).params["addresses"] == (V6,)


def test_sessions_that_are_secured_give_no_finding() -> None:
    assert codes(GOOD, smtp.check) == []
    assert codes(everywhere(Smtp(version="TLSv1.2")), smtp.check) == []
    assert codes(everywhere(Smtp(inside=b"250 STARTTLS")), smtp.check) == []


def test_addresses_that_fail_alike_share_a_finding_for_each_host() -> None:
    world = everywhere(Smtp(stage=SmtpStage.EHLO))
    assert places(world, smtp.check) == [(Code.STARTTLS_MISSING, MX1), (Code.STARTTLS_MISSING, MX2)]
    first = found(world, smtp.check)[0]
    assert first.params["addresses"] == (V4, V6)
    assert list(asked(first)) == [f"SMTP {V4} ({MX1})", f"SMTP {V6} ({MX1})"]


def test_what_the_server_said_is_passed_on() -> None:
    world = one_bad(Smtp(stage=SmtpStage.STARTTLS, reply=b"454 4.3.0 later\xff"))
    assert only(world, Code.STARTTLS_REJECTED, smtp.check).params["seen"] == (b"454 4.3.0 later\xff",)


def test_silence_everywhere_is_a_wall_here_and_blames_no_host() -> None:
    for outcome in (Outcome.TIMEOUT, Outcome.REFUSED, Outcome.UNREACHABLE):
        assert codes(everywhere(connect(outcome)), smtp.check) == [Code.PORT_25_BLOCKED]


def test_silence_at_all_but_one_address_is_theirs() -> None:
    servers = dict.fromkeys((V4, V6), connect(Outcome.TIMEOUT))
    assert codes(GOOD.but(smtp=servers), smtp.check) == [Code.SMTP_UNANSWERED]


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


def test_reverse_names_that_agree_are_no_finding() -> None:
    assert codes(GOOD, ptr.check) == []


def test_a_reverse_name_that_is_unknown_is_not_called_missing() -> None:
    assert codes(GOOD.zone_with("192.0.2.2 PTR !timeout"), ptr.check) == []
    assert codes(GOOD.zone_with("192.0.2.2 PTR"), ptr.check) == [Code.PTR_MISSING]


def test_another_reverse_name_matters_only_where_a_policy_is_in_force() -> None:
    lines = ("192.0.2.2 PTR host.example.net", "host.example.net A 192.0.2.2")
    world = GOOD.zone_with(*lines)
    assert places(world, ptr.check) == [(Code.PTR_OTHER_NAME, MX2)]
    assert codes(world.zone_with("mta-sts.example.com A"), ptr.check) == []


def test_a_reverse_name_that_one_of_two_policies_lists_is_missing_in_the_other() -> None:
    """A sender may hold either."""
    name = "host.example.net"
    both, one = policy(MX1, MX2, name), policy(MX1, MX2)
    world = GOOD.zone_with(
        f"192.0.2.2 PTR {name}",
        f"{name} A 192.0.2.2",
        "mta-sts.example.com A 192.0.2.80",
        "mta-sts.example.com A 192.0.2.81",
    ).but(smtp={"192.0.2.2": Smtp((MX2, name))})
    for second, told in ((both, []), (one, [(Code.PTR_OTHER_NAME, MX2)])):
        served = {"192.0.2.80": Https(body=both), "192.0.2.81": Https(body=second)}
        assert places(world.but(https=served), ptr.check) == told
