"""What a zone says of its own servers, beside what leads to it."""

import pytest

from mxproof.evidence import (
    AddressRecord,
    DnsData,
    Kind,
    NameRecord,
    OtherRecord,
    Outcome,
    Question,
    Transport,
)
from mxproof.mail.delegation import delegation_of
from support_answers import Said, told
from support_world import collect
from support_worlds import PATHS

AA, RD = b"\0\0\x84\0", b"\0\0\x81\0"
AT = Question(Kind.NS, "example.com", server="192.0.2.53", transport=Transport.UDP)
NAMES = (NameRecord("ns1.example.com"), OtherRecord("RRSIG"), NameRecord("ns2.example.com"))
ZONE: dict[Question, Said] = {
    Question(Kind.NS, "example.com"): (NameRecord("ns1.example.com"),),
    Question(Kind.A, "ns1.example.com"): (AddressRecord("192.0.2.53"),),
}


@pytest.mark.parametrize(
    ("said", "own"),
    [
        (DnsData("NOERROR", secure=False, records=NAMES, wire=AA), ("ns1.example.com", "ns2.example.com")),
        (DnsData("NOERROR", secure=False, records=NAMES, wire=RD), ()),
        (DnsData("NOERROR", secure=False, wire=AA), ()),
        (Outcome.FOUND, ()),
        (Outcome.TIMEOUT, ()),
    ],
)
def test_the_servers_of_a_zone_are_those_that_it_names_with_authority(
    said: Said, own: tuple[str, ...]
) -> None:
    found = delegation_of(told(ZONE | {AT: said}))
    assert found
    assert (found.own, found.asked) == (own, (AT,) if own else ())


def test_a_zone_that_was_not_found_has_no_delegation() -> None:
    assert delegation_of(told({Question(Kind.NS, "example.com"): Outcome.TIMEOUT})) is None


def test_servers_at_and_below_the_zone_have_glue_beside_their_own_addresses_and_others_have_none() -> None:
    world = PATHS.zone_with("example.com NS ns1.example.com", "example.com NS ns.example.net")
    found = delegation_of(collect(world))
    assert found
    assert set(found.led) == {"ns1.example.com", "ns.example.net"}
    assert [(one.name, one.addresses) for one in found.glue] == [
        ("ns1.example.com", ("192.0.2.53", "2001:db8::53"))
    ]


@pytest.mark.parametrize(
    ("of_family4", "of_family6", "want"),
    [
        (Outcome.EMPTY, Outcome.EMPTY, ()),
        (Outcome.NXDOMAIN, Outcome.NXDOMAIN, ()),
        (Outcome.EMPTY, Outcome.TIMEOUT, None),
        ((AddressRecord("192.0.2.54"),), Outcome.EMPTY, ("192.0.2.54",)),
        ((AddressRecord("192.0.2.54"),), Outcome.SERVFAIL, None),
    ],
)
def test_the_addresses_of_a_server_are_known_where_both_families_were_answered(
    of_family4: Said, of_family6: Said, want: tuple[str, ...] | None
) -> None:
    evidence = collect(PATHS)
    name = "ns2.example.com"
    said = told({Question(Kind.A, name): of_family4, Question(Kind.AAAA, name): of_family6})
    found = delegation_of(evidence.with_answers(said.answers.items()))
    assert found
    assert {one.name: one.addresses for one in found.glue}[name] == want


def test_a_server_is_within_the_zone_by_whole_labels() -> None:
    names = ("example.com", "ns1.example.com", "ns.another-example.com", "example.com.example.net")
    world = PATHS.zone_with(*(f"example.com NS {name}" for name in names))
    found = delegation_of(collect(world))
    assert found
    assert set(found.led) == set(names)
    assert {one.name for one in found.glue} == {"example.com", "ns1.example.com"}
