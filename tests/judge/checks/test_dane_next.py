"""Whether TLSA records are ready for the certificate that comes next."""

from mxproof.formats.tlsa import association_for
from mxproof.judge.checks import dane_next
from mxproof.judge.codes import Code
from mxproof.mail.change import Publish, TlsaValue
from support_certificates import INTERMEDIATE, Defect
from support_findings import codes, only
from support_world import Smtp, ZoneWorld
from support_worlds import DANE, MX1, MX2, SIGNED, WORLDS, everywhere

DUE = Smtp(names=(MX1, MX2), defect=Defect.RENEWAL_DUE)
WORLD = WORLDS[Code.DANE_NEXT_MISSING].world
OWN = "3 1 1 @192.0.2.1"
NEXT = "3 1 1 " + "00" * 32
ANCHOR = association_for(INTERMEDIATE.der, 1, 1).hex()


def published(*records: str, server: Smtp = DUE) -> ZoneWorld:
    lines = (f"_25._tcp.{host} TLSA {one}" for host in (MX1, MX2) for one in records)
    return everywhere(server, SIGNED).zone_with(*lines)


def test_a_key_that_stands_alone_is_told_of_when_its_certificate_is_due() -> None:
    assert codes(WORLD, dane_next.check) == [Code.DANE_NEXT_MISSING] * 2
    assert (
        codes(published(OWN, server=Smtp(names=(MX1, MX2), defect=Defect.EXPIRES_SOON)), dane_next.check)
        != []
    )
    assert codes(DANE, dane_next.check) == []


def test_the_record_of_the_authority_is_made_ready() -> None:
    world = WORLD.zone_with("example.com MX 10 mx1.example.com")
    anchors = only(world, Code.DANE_NEXT_MISSING, dane_next.check).params["anchors"]
    assert anchors == (Publish(f"_25._tcp.{MX1}", TlsaValue(2, 1, 1, ANCHOR)),)


def test_a_record_of_another_key_or_of_the_authority_is_enough() -> None:
    assert codes(published(OWN, NEXT), dane_next.check) == []
    assert codes(published(OWN, f"2 1 1 {ANCHOR}"), dane_next.check) == []
    assert codes(published(f"2 1 1 {ANCHOR}"), dane_next.check) == []


def test_what_matches_no_more_is_told_of_elsewhere() -> None:
    assert codes(published(NEXT), dane_next.check) == []
    assert codes(published(OWN, server=Smtp(names=(MX1, MX2), defect=Defect.EXPIRED)), dane_next.check) == []


def test_records_that_nobody_uses_need_no_next_one() -> None:
    assert codes(published(OWN).but(signed=()), dane_next.check) == []
    assert codes(published(OWN).but(validating=False), dane_next.check) == []
    assert codes(published("!timeout"), dane_next.check) == []
