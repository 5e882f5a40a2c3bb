"""Whether TLSA records are ready for the certificate that comes next."""

from datetime import timedelta
from hashlib import sha256

import msgspec

from mxproof.evidence import Kind, Question, SmtpData, SmtpStage
from mxproof.formats.tlsa import association_for, parse_tlsa
from mxproof.judge.checks import dane_next
from mxproof.judge.codes import Code
from mxproof.judge.report import MendingWay
from mxproof.mail.assemble import assemble
from mxproof.mail.change import Publish, TlsaValue
from support_certificates import INTERMEDIATE, NOW, Defect, leaf
from support_findings import codes, only
from support_world import Smtp, ZoneWorld, collect
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


V4, V6 = "192.0.2.1", "2001:db8::1"
SPARE = ("spare.example.com",)


def key_of(names: tuple[str, ...], defect: Defect) -> str:
    return f"3 1 1 {sha256(leaf(names, defect).spki).hexdigest()}"


def test_two_certificates_of_one_host_are_told_with_the_first_end_and_the_records_of_both() -> None:
    """A record that another address needs is not that of a next key."""
    first, second = ((MX1, MX2), Defect.LAST_DAYS), (SPARE, Defect.RENEWAL_DUE)
    records = (key_of(*first), key_of(*second))
    world = SIGNED.zone_with(*(f"_25._tcp.{MX1} TLSA {one}" for one in records)).but(
        smtp={V4: Smtp(*second), V6: Smtp(*first)}
    )
    finding = only(world, Code.DANE_NEXT_MISSING, dane_next.check)
    anchor = Publish(f"_25._tcp.{MX1}", TlsaValue(2, 1, 1, ANCHOR))
    assert dict(finding.params) == {
        "host": MX1,
        "base": MX1,
        "addresses": (V4, V6),
        "until": NOW + timedelta(days=2),
        "matched": tuple(map(parse_tlsa, sorted(records))),
        "anchors": (anchor,),
        "ttl_s": 300,
    }
    assert finding.others == (MendingWay("anchored", (anchor,)),)
    assert finding.evidence == (
        Question(Kind.TLSA, f"_25._tcp.{MX1}"),
        Question(Kind.A, MX1),
        Question(Kind.AAAA, MX1),
        Question(Kind.SMTP, MX1, V4),
        Question(Kind.SMTP, MX1, V6),
    )


def test_only_the_address_whose_certificate_ends_is_named_though_all_were_looked_at() -> None:
    records = (key_of((MX1,), Defect.NONE), key_of(SPARE, Defect.RENEWAL_DUE))
    world = SIGNED.zone_with(*(f"_25._tcp.{MX1} TLSA {one}" for one in records)).but(
        smtp={V4: Smtp((MX1,)), V6: Smtp(SPARE, Defect.RENEWAL_DUE)}
    )
    finding = only(world, Code.DANE_NEXT_MISSING, dane_next.check)
    assert (finding.params["addresses"], finding.params["until"]) == ((V6,), NOW + timedelta(days=20))
    assert [one.at for one in finding.evidence if one.at] == [V4, V6]


def test_a_host_of_which_an_address_shows_nothing_is_passed_over_and_the_next_is_told() -> None:
    world = published(OWN).but(
        smtp={V4: DUE, V6: Smtp(stage=SmtpStage.EHLO), "192.0.2.2": Smtp((MX1, MX2), Defect.RENEWAL_DUE)}
    )
    finding = only(world, Code.DANE_NEXT_MISSING, dane_next.check)
    assert (finding.subject, finding.params["addresses"]) == (MX2, ("192.0.2.2",))


def test_a_chain_without_its_authority_has_no_record_to_make_ready() -> None:
    alone = Smtp((MX1, MX2), Defect.RENEWAL_DUE)
    world = published(OWN, server=alone)
    evidence = collect(world)
    cut = [
        (question, msgspec.structs.replace(answer, data=msgspec.structs.replace(data, tls=tls)))
        for question, answer in evidence.answers.items()
        if isinstance(data := answer.data, SmtpData) and data.tls is not None
        for tls in [msgspec.structs.replace(data.tls, chain=data.tls.chain[:1])]
    ]
    first, *_ = dane_next.check(assemble(evidence.with_answers(cut), world.at))
    assert (first.params["anchors"], first.others) == ((), ())
