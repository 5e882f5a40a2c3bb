"""TLSA records: whether senders use them, and whether they match what is served."""

from hashlib import sha512

import pytest

from mxproof.evidence import Der, Kind, Question
from mxproof.formats.cert import facts
from mxproof.formats.tlsa import parse_tlsa
from mxproof.judge.checks.dane import check
from mxproof.judge.codes import DANE_MISMATCHES, Code
from mxproof.judge.senders import deliver
from mxproof.judge.senders.postfix import POSTFIX_DANE
from mxproof.judge.value import Value
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.assemble import assemble
from mxproof.mail.change import Awaited, Publish, TlsaValue, Wait, Withdraw
from support_certificates import ROOT
from support_findings import codes, found, only, places
from support_world import Smtp, ZoneWorld, collect
from support_worlds import DANE, GOOD, INCIDENT, MX1, MX2, SIGNED, WORLDS

WRONG = "3 1 1 " + "00" * 32
BASE1, BASE2 = f"_25._tcp.{MX1}", f"_25._tcp.{MX2}"
ALIASED = INCIDENT.but(signed=("example.com",))


def test_a_domain_without_tlsa_records_is_no_finding() -> None:
    assert codes(ZoneWorld(), check) == []
    assert codes(SIGNED, check) == []


def test_records_that_match_everywhere_are_in_order() -> None:
    assert places(DANE, check) == [(Code.DANE_OK, MX1), (Code.DANE_OK, MX2)]


def test_one_matching_record_of_two_is_enough_and_the_other_is_told_of() -> None:
    world = DANE.zone_with(f"{BASE1} TLSA 3 1 1 @192.0.2.1", f"{BASE1} TLSA {WRONG}")
    assert codes(world, check) == [Code.DANE_OK, Code.DANE_LEFTOVER, Code.DANE_OK]
    left = only(world, Code.DANE_LEFTOVER, check)
    assert left.params["left"] == (parse_tlsa(WRONG),)
    assert left.params["old"] == (Withdraw(BASE1, TlsaValue(3, 1, 1, "00" * 32)),)


def test_it_is_said_which_record_matches() -> None:
    world = DANE.zone_with(f"{BASE2} TLSA", f"{BASE1} TLSA 3 1 1 @192.0.2.1", f"{BASE1} TLSA {WRONG}")
    matched = only(world, Code.DANE_OK, check).params["matched"]
    assert isinstance(matched, tuple)
    assert [one == parse_tlsa(WRONG) for one in matched] == [False]


@pytest.mark.parametrize("code", DANE_MISMATCHES)
def test_each_way_not_to_match_is_told_apart(code: Code) -> None:
    got = set(codes(WORLDS[code].world, check))
    assert got - {Code.DANE_OK, Code.DANE_PARTIAL} == {code}


@pytest.mark.parametrize("code", DANE_MISMATCHES)
def test_who_refuses_says_the_same_as_the_finding(code: Code) -> None:
    world = WORLDS[code].world
    delivery = deliver(assemble(collect(world), world.at), POSTFIX_DANE)
    assert (delivery.outcome is not Verdict.DELIVERS, code in delivery.because) == (True, True)


def test_the_other_host_and_the_other_name_are_named() -> None:
    host = only(WORLDS[Code.DANE_OTHER_HOST].world, Code.DANE_OTHER_HOST, check)
    assert (host.subject, host.params["others"]) == (MX2, (MX1,))
    name = only(WORLDS[Code.DANE_OTHER_NAME].world, Code.DANE_OTHER_NAME, check)
    assert (name.params["base"], name.params["other"]) == ("smol.example.com", MX1)


def test_an_authority_is_named_where_the_anchors_hold_it() -> None:
    (unsent, _) = (one for one in found(WORLDS[Code.DANE_AUTHORITY_UNSENT].world, check))
    assert unsent.params["authorities"] == (facts(Der(ROOT.der)).subject,)


def test_a_digest_of_nothing_beside_another_record_is_not_what_is_told() -> None:
    empty = f"3 1 2 {sha512().hexdigest()}"
    world = SIGNED.zone_with(f"{BASE1} TLSA {empty}")
    assert codes(world, check) == [Code.DANE_EMPTY_DIGEST, Code.DANE_PARTIAL]
    assert codes(world.zone_with(f"{BASE1} TLSA {empty}", f"{BASE1} TLSA {WRONG}"), check) == [
        Code.DANE_MISMATCH,
        Code.DANE_PARTIAL,
    ]


def test_records_of_another_port_are_told_of_only_where_port_25_has_none() -> None:
    elsewhere = f"_443._tcp.{MX1} TLSA {WRONG}"
    assert places(SIGNED.zone_with(elsewhere), check) == [(Code.DANE_OTHER_PORT, MX1)]
    assert codes(DANE.zone_with(elsewhere), check) == [Code.DANE_OK, Code.DANE_OK]
    assert codes(ZoneWorld().zone_with(elsewhere), check) == []


def test_a_record_of_another_key_is_a_mismatch_and_the_right_one_is_shown() -> None:
    finding = only(DANE.zone_with(f"{BASE1} TLSA {WRONG}"), Code.DANE_MISMATCH, check)
    assert finding.subject == MX1
    (live, wait, old) = finding.changes
    assert finding.params["live"] == (live,)
    assert isinstance(live, Publish)
    assert isinstance(live.record, TlsaValue)
    assert (live.name, live.record.usage, live.record.selector, live.record.matching_type) == (BASE1, 3, 1, 1)
    assert wait == Wait(BASE1, Awaited.TTL, 300)
    assert old == Withdraw(BASE1, TlsaValue(3, 1, 1, "00" * 32))


def test_a_mismatch_at_one_address_only_is_named() -> None:
    world = DANE.but(smtp={"2001:db8::1": Smtp(("other.example.com",))})
    assert only(world, Code.DANE_MISMATCH, check).params["addresses"] == ("2001:db8::1",)


def test_usage_3_asks_for_no_name_and_usage_2_does() -> None:
    servers = {"192.0.2.2": Smtp(("mail.example.net",))}
    plain = DANE.but(smtp=servers)
    assert codes(plain, check) == [Code.DANE_OK, Code.DANE_OK]
    anchored = plain.zone_with(f"{BASE2} TLSA 2 0 1 @192.0.2.2")
    assert codes(anchored, check) == [Code.DANE_OK, Code.DANE_CERT_NAME]


def test_records_for_the_web_are_unusable() -> None:
    world = SIGNED.zone_with(f"{BASE1} TLSA 1 1 1 {'00' * 32}", f"{BASE2} TLSA 3 1 1 00")
    assert codes(world, check) == [Code.DANE_UNUSABLE, Code.DANE_UNUSABLE]


def insecure(*signed: str) -> Value:
    """Return which question is named in a world where only names below `signed` are signed."""
    world = ZoneWorld(signed=signed).zone_with(
        "example.com MX 10 mx.example.net",
        "mx.example.net A 192.0.2.1",
        f"_25._tcp.mx.example.net TLSA {WRONG}",
    )
    return only(world, Code.DANE_INSECURE, check).params["insecure"]


def test_the_first_unsigned_answer_on_the_way_makes_records_useless_and_is_named() -> None:
    assert insecure() == Question(Kind.MX, "example.com")
    assert insecure("example.net") == Question(Kind.MX, "example.com")
    assert insecure("example.com") == Question(Kind.A, "mx.example.net")
    world = DANE.but(signed=("mx1.example.com", "mx2.example.com", "example.com")).zone_with(
        "_25._tcp.mx1.example.com CNAME tlsa.example.net", f"tlsa.example.net TLSA {WRONG}"
    )
    got = only(world, Code.DANE_INSECURE, check).params["insecure"]
    assert got == Question(Kind.TLSA, "_25._tcp.mx1.example.com")


def test_what_makes_postfix_refuse_is_said_where_only_the_mx_answer_is_not_signed() -> None:
    hosts = DANE.but(signed=(MX1, MX2))
    assert codes(hosts, check) == [Code.DANE_INSECURE, Code.DANE_INSECURE]
    wrong = hosts.zone_with(f"{BASE1} TLSA {WRONG}", f"{BASE2} TLSA !servfail")
    assert places(wrong, check) == [
        (Code.DANE_INSECURE, MX1),
        (Code.DANE_MISMATCH, MX1),
        (Code.DANE_LOOKUP_FAILED, MX2),
    ]


def test_a_failing_look_up_counts_only_where_the_addresses_are_secure() -> None:
    failing = (f"{BASE1} TLSA !servfail", f"{BASE2} TLSA !bogus")
    assert codes(SIGNED.zone_with(*failing), check) == [Code.DANE_LOOKUP_FAILED] * 2
    assert codes(ZoneWorld().zone_with(*failing), check) == []


def test_no_answer_is_unknown() -> None:
    assert codes(SIGNED.zone_with(f"{BASE1} TLSA !timeout"), check) == [Code.DANE_UNANSWERED]


def test_records_at_the_target_of_an_alias_come_first() -> None:
    at_target = ALIASED.zone_with("_25._tcp.smol.example.com TLSA 3 1 1 @192.0.2.1", f"{BASE1} TLSA {WRONG}")
    assert only(at_target, Code.DANE_OK, check).params["base"] == "smol.example.com"


def test_records_at_the_alias_serve_where_the_target_has_none() -> None:
    at_alias = ALIASED.zone_with(f"{BASE1} TLSA 3 1 1 @192.0.2.1")
    assert only(at_alias, Code.DANE_OK, check).params["base"] == MX1


def test_a_host_without_records_beside_one_with_them_is_said() -> None:
    finding = only(WORLDS[Code.DANE_PARTIAL].world, Code.DANE_PARTIAL, check)
    assert (finding.params["with_dane"], finding.params["without"]) == ((MX1,), (MX2,))
    assert finding.way == ""


def test_a_host_in_a_zone_without_signatures_needs_those_before_records() -> None:
    """RFC 7672 section 2.2.2: TLSA records of a host whose addresses are not secure are not looked up."""
    elsewhere = "mx.example.net"
    world = WORLDS[Code.DANE_PARTIAL].world.zone_with(
        f"example.com MX 10 {MX1}", f"example.com MX 20 {elsewhere}", f"{elsewhere} A 192.0.2.2"
    )
    finding = only(world, Code.DANE_PARTIAL, check)
    assert (finding.params["without"], finding.way) == ((elsewhere,), "unsigned")


def test_without_a_validating_resolver_nothing_is_judged() -> None:
    assert codes(DANE.but(validating=False), check) == [Code.DANE_UNJUDGED]
    assert codes(SIGNED.but(validating=False), check) == []


@pytest.mark.parametrize(
    ("record", "way", "is_replaced"),
    [("3 1 1 @192.0.2.1", "", False), (f"3 1 1 {'00' * 32}", "records-first", True)],
)
def test_records_that_nobody_uses_yet_are_replaced_first_where_they_do_not_fit(
    record: str, way: str, *, is_replaced: bool
) -> None:
    world = GOOD.zone_with(f"_25._tcp.{MX1} TLSA {record}")
    finding = only(world, Code.DANE_INSECURE, check)
    assert (finding.way, bool(finding.params["live"]), bool(finding.params["old"])) == (
        way,
        is_replaced,
        is_replaced,
    )
