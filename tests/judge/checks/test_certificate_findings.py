"""Whether somebody looks at a certificate, at which addresses it is sound, and what is to be done about it beside TLSA records."""

import pytest

from mxproof.judge.checks import certificate
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.value import CertificateNames
from mxproof.mail.assemble import assemble
from mxproof.mail.change import PresentCertificate, Publish
from support_certificates import Defect
from support_findings import codes, only
from support_world import GOOD_POLICY, Smtp, ZoneWorld, collect
from support_worlds import DANE, GOOD, MX1, MX2, SIGNED

V4, V6, OF_MX2 = "192.0.2.1", "2001:db8::1", "192.0.2.2"
EXPIRED = Smtp(defect=Defect.EXPIRED)
AT_MX1 = {V4: EXPIRED, V6: EXPIRED}
NO_RECORD = GOOD.zone_with("_mta-sts.example.com TXT")
TESTING = GOOD.but(policy=GOOD_POLICY.replace(b"enforce", b"testing"))
NO_POLICY_MODE = GOOD.but(policy=GOOD_POLICY.replace(b"enforce", b"none"))


def found_in(world: ZoneWorld) -> list[Finding]:
    return list(certificate.check(assemble(collect(world), world.at)))


def found(world: ZoneWorld) -> set[str]:
    return set(codes(world, certificate.check))


@pytest.mark.parametrize(
    ("world", "is_looked_at"),
    [
        (GOOD, True),
        (TESTING, False),
        (NO_POLICY_MODE, False),
        (NO_RECORD, False),
        # Whether there is a policy is not known.
        (GOOD.zone_with("_mta-sts.example.com TXT !servfail"), True),
        (GOOD.zone_with("_mta-sts.example.com TXT v=STSv1; id=1;", "mta-sts.example.com A !servfail"), True),
        # DANE at one of the hosts is enough, and so is not to know of it.
        (NO_RECORD.but(signed=DANE.signed).zone_with(f"_25._tcp.{MX1} TLSA 3 1 1 @{V4}"), True),
        (NO_RECORD.but(signed=DANE.signed).zone_with(f"_25._tcp.{MX2} TLSA 3 1 1 @{OF_MX2}"), True),
        (NO_RECORD.zone_with(f"_25._tcp.{MX2} TLSA !servfail"), True),
        # Records that DNSSEC does not vouch for are used by nobody.
        (NO_RECORD.zone_with(f"_25._tcp.{MX1} TLSA 3 1 1 @{V4}"), False),
    ],
)
def test_a_bad_certificate_keeps_no_mail_away_where_neither_a_policy_nor_dane_has_anybody_look(
    world: ZoneWorld, *, is_looked_at: bool
) -> None:
    """RFC 7435 section 3: without either, encryption is opportunistic."""
    got = found(world.but(smtp=AT_MX1))
    assert Code.CERT_EXPIRED in got
    assert (Code.CERT_UNCHECKED not in got) is is_looked_at


def test_sound_certificates_are_never_said_to_be_unchecked() -> None:
    assert found(NO_RECORD) == {Code.CERT_OK}


def test_of_two_addresses_the_bad_one_is_named_and_the_other_is_said_to_be_sound() -> None:
    finding = only(GOOD.but(smtp={V4: EXPIRED}), Code.CERT_EXPIRED, certificate.check)
    assert (finding.params["addresses"], finding.params["sound"], finding.way) == ((V4,), (V6,), "elsewhere")
    everywhere = only(GOOD.but(smtp=AT_MX1), Code.CERT_EXPIRED, certificate.check)
    assert (set(everywhere.params["addresses"]), everywhere.params["sound"]) == ({V4, V6}, ())  # type: ignore[arg-type]  # addresses
    assert everywhere.way == ""


@pytest.mark.parametrize(
    "other",
    [Smtp(defect=Defect.SELF_SIGNED), Smtp(defect=Defect.WEAK_KEY), Smtp(names=("other.example.net",))],
)
def test_an_address_with_another_fault_is_not_said_to_be_sound(other: Smtp) -> None:
    world = GOOD.but(smtp={V4: EXPIRED, V6: other})
    assert only(world, Code.CERT_EXPIRED, certificate.check).params["sound"] == ()


@pytest.mark.parametrize(
    ("defect", "code"),
    [
        (Defect.SELF_SIGNED, Code.CERT_SELF_SIGNED),
        (Defect.UNTRUSTED, Code.CERT_UNTRUSTED),
        (Defect.INCOMPLETE, Code.CERT_CHAIN_INCOMPLETE),
        (Defect.NOT_YET_VALID, Code.CERT_NOT_YET_VALID),
    ],
)
def test_a_fault_is_told_once_for_each_address_and_nothing_else_of_it(defect: Defect, code: Code) -> None:
    world = GOOD.but(smtp=dict.fromkeys((V4, V6), Smtp(defect=defect)))
    assert codes(world, certificate.check) == [code, Code.CERT_OK]
    assert len(only(world, code, certificate.check).params["seen"]) == 2  # type: ignore[arg-type]  # one for each


@pytest.mark.parametrize(
    ("tlsa", "way", "publishes"),
    [
        ("3 1 1", "key-kept", False),
        ("3 0 1", "new-record", True),
        ("2 0 1", "key-kept", False),
        ("2 1 1", "key-kept", False),
    ],
)
def test_a_certificate_is_renewed_for_its_key_unless_the_records_name_the_whole_of_it(
    tlsa: str, way: str, *, publishes: bool
) -> None:
    """RFC 6698 section 2.1.2: a record of the key goes on matching, one of the certificate does not."""
    records = f"_25._tcp.{MX1} TLSA {tlsa} @{V4}"
    finding = only(SIGNED.zone_with(records).but(smtp=AT_MX1), Code.CERT_EXPIRED, certificate.check)
    assert finding.way == way
    assert any(isinstance(one, Publish) for one in finding.changes) is publishes
    assert any(isinstance(one, PresentCertificate) for one in finding.changes)
    assert finding.params["sound"] == ()


def test_records_that_match_nothing_bind_nothing() -> None:
    records = f"_25._tcp.{MX1} TLSA 3 1 1 {'00' * 32}"
    finding = only(SIGNED.zone_with(records).but(smtp={V4: EXPIRED}), Code.CERT_EXPIRED, certificate.check)
    assert (finding.way, finding.params["new_records"]) == ("elsewhere", ())


def test_a_weak_key_that_a_record_names_is_changed_before_its_next_digest_can_be_told() -> None:
    weak = {V4: Smtp(defect=Defect.WEAK_KEY), V6: Smtp(defect=Defect.WEAK_KEY)}
    bound = SIGNED.zone_with(f"_25._tcp.{MX1} TLSA 3 1 1 @{V4}").but(smtp=weak)
    assert only(bound, Code.CERT_KEY_WEAK, certificate.check).changes == ()
    assert only(GOOD.but(smtp=weak), Code.CERT_KEY_WEAK, certificate.check).changes != ()


def test_a_certificate_for_another_name_is_told_with_the_names_that_it_has() -> None:
    world = GOOD.but(smtp=dict.fromkeys((V4, V6), Smtp(names=("other.example.net",))))
    finding = only(world, Code.CERT_NAME_MISMATCH, certificate.check)
    assert finding.params["seen"] == (CertificateNames(("other.example.net",), None),) * 2


@pytest.mark.parametrize("silent", [Smtp(stage=Smtp().stage.EHLO), Smtp(stage=Smtp().stage.STARTTLS)])
def test_certificates_are_in_order_only_where_every_address_showed_one(silent: Smtp) -> None:
    got = codes(GOOD.but(smtp={V6: silent}), certificate.check)
    assert got == [Code.CERT_OK]
    assert len(codes(GOOD, certificate.check)) == 2


@pytest.mark.parametrize("address", [V4, V6])
def test_sound_certificates_hold_until_the_first_of_them_ends(address: str) -> None:
    due = GOOD.but(smtp={address: Smtp(defect=Defect.RENEWAL_DUE)})
    (early, _), (late, _) = (
        [one.params["until"] for one in found_in(world) if one.code is Code.CERT_OK] for world in (due, GOOD)
    )
    assert early < late  # type: ignore[operator]  # both are times


@pytest.mark.parametrize(
    ("beside", "way"),
    [
        ("3 1 1 @192.0.2.1", "key-kept"),
        (f"3 1 1 {'00' * 32}", "new-record"),
        (f"3 0 1 {'00' * 32}", "new-record"),
    ],
)
def test_one_record_of_the_key_among_those_of_certificates_is_enough_to_keep_it(
    beside: str, way: str
) -> None:
    records = (f"_25._tcp.{MX1} TLSA 3 0 1 @{V4}", f"_25._tcp.{MX1} TLSA {beside}")
    finding = only(SIGNED.zone_with(*records).but(smtp=AT_MX1), Code.CERT_EXPIRED, certificate.check)
    assert finding.way == way


def test_records_that_dnssec_does_not_vouch_for_bind_nothing() -> None:
    world = GOOD.zone_with(f"_25._tcp.{MX1} TLSA 3 0 1 @{V4}").but(smtp=AT_MX1)
    finding = only(world, Code.CERT_EXPIRED, certificate.check)
    assert (finding.way, finding.params["new_records"]) == ("", ())


def test_what_some_libraries_do_not_take_is_told_of_a_chain_that_others_trust() -> None:
    some = found(GOOD.but(smtp=dict.fromkeys(AT_MX1, Smtp(defect=Defect.ANY_PURPOSE))))
    assert some - {Code.CERT_OK} == {Code.CERT_PURPOSE_WRONG}
