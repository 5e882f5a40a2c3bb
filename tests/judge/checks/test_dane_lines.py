"""The TLSA records that the certificates shown call for: who gets which lines, and who gets none."""

from datetime import datetime, timedelta

import msgspec
import pytest

from mxproof.evidence import Kind, Outcome, SmtpStage
from mxproof.formats import dnssec as types
from mxproof.formats.tlsa import parse_tlsa
from mxproof.judge.checks import dane_lines
from mxproof.judge.codes import Code
from mxproof.judge.judging import report_on
from mxproof.judge.report import Finding
from mxproof.lab.signing_setup import SigningFault
from mxproof.mail.assemble import assemble
from mxproof.mail.change import Configure, Publish, Service, Setting, TlsaValue
from support_certificates import Defect
from support_dnssec import BARE, UNSIGNED, WHOLE, faulty, signed_so
from support_world import Smtp, ZoneWorld, collect
from support_worlds import GOOD, MX1, MX2, connect, everywhere


def lines(world: ZoneWorld) -> list[Finding]:
    return list(dane_lines.check(assemble(collect(world), world.at)))


def test_a_signed_host_without_records_gets_the_lines_of_what_it_shows() -> None:
    first, second = lines(BARE)
    assert [one.code for one in (first, second)] == [Code.DANE_ABSENT] * 2
    assert [one.name for one in first.changes if isinstance(one, Publish)] == ["_25._tcp.mx1.example.com"]
    kinds = [
        (one.record.usage, one.record.selector, one.record.matching_type)
        for one in (*first.changes, *first.others[0].changes)
        if isinstance(one, Publish) and isinstance(one.record, TlsaValue)
    ]
    assert kinds == [(3, 1, 1), (2, 1, 1)]


def test_the_lines_are_those_that_match() -> None:
    published = BARE.zone_with(
        *(
            f"{one.name} TLSA {one.record.usage} {one.record.selector} {one.record.matching_type} {one.record.association}"
            for found in lines(BARE)
            for one in found.changes
            if isinstance(one, Publish) and isinstance(one.record, TlsaValue)
        )
    )
    report = report_on(collect(published), now=published.at)
    codes = [one.code for one in report.findings]
    assert (codes.count(Code.DANE_OK), codes.count(Code.DANE_LINES)) == (2, 2)


def test_an_unsigned_host_is_told_what_comes_first_and_gets_no_line() -> None:
    unsigned = lines(UNSIGNED)
    assert unsigned
    for found in unsigned:
        assert (found.code, found.way) == (Code.DANE_ABSENT, "unsigned")
        assert not any(isinstance(one, Publish) for one in found.changes)
        assert "live" not in found.params


def test_no_line_is_given_where_the_way_is_bogus_or_unknown() -> None:
    assert lines(signed_so(BARE, fault=SigningFault.EXPIRED)) == []
    assert lines(BARE.zone_with("com NS !servfail")) == []


def test_no_line_is_given_of_a_certificate_that_was_not_seen_at_each_address() -> None:
    closed = BARE.but(smtp={"2001:db8::1": Smtp(stage=SmtpStage.CONNECT, outcome=Outcome.REFUSED)})
    assert [one.subject for one in lines(closed)] == ["mx2.example.com"]


def test_records_are_told_apart_by_the_key_that_they_are_for() -> None:
    other = "11" * 32
    world = WHOLE.zone_with(
        "_25._tcp.mx1.example.com TLSA 3 1 1 @192.0.2.1", "_25._tcp.mx2.example.com TLSA 3 1 1 @192.0.2.2"
    ).but(zone=WHOLE.zone + f"\n_25._tcp.mx1.example.com TLSA 3 1 1 {other}\n")
    first = lines(world)[0]
    assert (first.code, first.params["matched"], first.params["waiting"]) == (Code.DANE_LINES, 1, 1)


def test_a_host_in_a_zone_that_is_not_signed_gets_no_line_though_the_domain_is_signed() -> None:
    world = BARE.zone_with("example.com MX 10 mx.other.example", "mx.other.example A 192.0.2.1")
    (found,) = lines(world)
    assert (found.code, found.subject, found.way) == (Code.DANE_ABSENT, "mx.other.example", "unsigned")
    assert not any(isinstance(one, Publish) for one in found.changes)


def test_a_host_gets_its_lines_whatever_is_not_signed_of_another() -> None:
    world = BARE.zone_with(
        "example.com MX 10 mx1.example.com",
        "example.com MX 20 mx.other.example",
        "mx.other.example A 192.0.2.2",
    )
    own, other = lines(world)
    assert (own.subject, own.way) == ("mx1.example.com", "")
    assert any(isinstance(one, Publish) for one in own.changes)
    assert (other.subject, other.way) == ("mx.other.example", "unsigned")


def test_nothing_is_said_where_signatures_were_not_asked_for_or_nothing_was_reached() -> None:
    assert lines(GOOD) == []
    assert lines(everywhere(connect(Outcome.TIMEOUT), BARE)) == []


def test_a_host_without_an_address_gets_no_line() -> None:
    assert [one.subject for one in lines(BARE.zone_with(f"{MX1} A", f"{MX1} AAAA"))] == [MX2]


def test_a_key_that_several_addresses_show_gets_one_line() -> None:
    first, _ = lines(BARE)
    assert len(first.changes) == 1
    assert [len(way.changes) for way in first.others] == [1]


def test_a_line_for_the_authority_is_given_only_where_its_certificate_was_sent_along() -> None:
    """A sender that was not shown it could not find it by usage 2 (RFC 7672 section 3.1.2)."""
    first, second = lines(BARE.but(smtp={"192.0.2.2": Smtp((MX2,), Defect.SELF_SIGNED)}))
    assert [way.name for way in first.others] == ["anchored"]
    assert (len(second.changes), second.others, second.params["anchors"]) == (1, (), ())


def test_what_is_to_be_signed_first_is_named_with_its_zone_and_nothing_else() -> None:
    world = BARE.zone_with("example.com MX 10 mx.other.example", "mx.other.example A 192.0.2.1")
    (finding,) = lines(world)
    assert finding.changes == (Configure(Service.DNS, "example", (), Setting.SIGNED),)
    insecure = finding.params["insecure"]
    assert isinstance(insecure, tuple)
    assert insecure[0] == "A mx.other.example"
    assert not any("MX" in str(one) for one in insecure)


def test_records_of_a_host_whose_way_is_not_signed_are_not_sorted() -> None:
    """Nobody uses them; `dane-insecure` says so."""
    tlsa = f"_25._tcp.{MX1} TLSA 3 1 1 @192.0.2.1"
    assert [one.subject for one in lines(UNSIGNED.zone_with(tlsa))] == [MX2]


def test_records_that_smtp_cannot_use_get_no_lines_beside_them() -> None:
    unusable = BARE.zone_with(f"_25._tcp.{MX1} TLSA 1 1 1 @192.0.2.1")
    assert [(one.code, one.subject) for one in lines(unusable)] == [(Code.DANE_ABSENT, MX2)]


def test_records_in_use_and_in_waiting_stand_beside_the_lines_with_the_time_that_a_change_takes() -> None:
    first, second = lines(WHOLE)
    assert (first.code, second.code) == (Code.DANE_LINES, Code.DANE_LINES)
    assert (first.params["matched"], first.params["waiting"], first.params["next"]) == (1, 0, ())
    live = first.params["live"]
    assert isinstance(live, tuple)
    assert [one.name for one in live if isinstance(one, Publish)] == [f"_25._tcp.{MX1}"]
    assert first.params["ttl_s"]
    until = first.params["until"]
    assert isinstance(until, datetime)
    assert until > WHOLE.at


def test_a_record_is_in_use_as_soon_as_one_address_shows_its_key() -> None:
    world = WHOLE.but(smtp={"192.0.2.1": Smtp((MX1, "old.example.com"))})
    tlsa = f"_25._tcp.{MX1} TLSA 3 1 1 @"
    both = world.zone_with(f"{tlsa}192.0.2.1", f"{tlsa}2001:db8::1")
    first = lines(both)[0]
    assert (first.params["matched"], first.params["waiting"]) == (2, 0)


def test_what_waits_for_another_key_is_told_apart_from_what_is_in_use_and_from_what_nobody_can_use() -> None:
    """Usage 1 is unusable for SMTP (RFC 7672 section 3.1.3), and so no record of a next key."""
    own, spare, web = "3 1 1 @192.0.2.1", f"3 1 1 {'00' * 32}", f"1 1 1 {'11' * 32}"
    first, _ = lines(WHOLE.zone_with(*(f"_25._tcp.{MX1} TLSA {one}" for one in (spare, own, web))))
    now, waiting = first.params["now"], first.params["next"]
    assert waiting == (parse_tlsa(spare),)
    assert isinstance(now, tuple)
    live = first.params["live"]
    assert isinstance(live, tuple)
    assert [
        isinstance(one, Publish)
        and isinstance(one.record, TlsaValue)
        and parse_tlsa(f"3 1 1 {one.record.association}") in now
        for one in live
    ] == [True]
    assert (first.params["matched"], first.params["waiting"], len(now)) == (1, 1, 1)


def test_a_line_rests_on_the_sessions_of_its_own_host() -> None:
    first, second = lines(BARE)
    sessions = [{one.at for one in each.evidence if one.kind is Kind.SMTP} for each in (first, second)]
    assert sessions == [{"192.0.2.1", "2001:db8::1"}, {"192.0.2.2"}]


@pytest.mark.parametrize("kind", ["MX", "A", "TLSA"])
def test_every_set_of_records_on_the_way_to_a_host_has_to_be_signed_well(kind: str) -> None:
    """A sender that validates comes to no TLSA record by any that is not (RFC 7672 section 2.2.1)."""
    world = faulty(SigningFault.EXPIRED, kind).zone_with(f"example.com MX 10 {MX1}", f"{MX1} AAAA")
    assert lines(world) == []


def test_records_are_good_until_their_own_signature_ends() -> None:
    domain = assemble(collect(WHOLE), WHOLE.at)
    assert domain.signing is not None
    ends = {
        (one.type, one.name): WHOLE.at + timedelta(days=place)
        for place, one in enumerate(domain.signing.sets)
    }
    sets = tuple(
        msgspec.structs.replace(
            one, signature=msgspec.structs.replace(one.signature, ends=ends[one.type, one.name])
        )
        for one in domain.signing.sets
        if one.signature is not None
    )
    chain = msgspec.structs.replace(domain.signing, sets=sets)
    found = dane_lines.check(msgspec.structs.replace(domain, signing=chain))
    assert [one.params["until"] for one in found] == [
        ends[types.TLSA, f"_25._tcp.{host}"] for host in (MX1, MX2)
    ]
