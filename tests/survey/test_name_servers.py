"""At which addresses the servers of a zone are asked, and which bounds that has."""

import pytest

from mxproof.evidence import (
    AddressRecord,
    Alias,
    DnsData,
    Evidence,
    Kind,
    NameRecord,
    Outcome,
    Question,
    Transport,
    Vantage,
)
from mxproof.survey.name_servers import (
    are_asked,
    asked_servers,
    controls,
    cut_questions,
    needed,
    resolves,
    server_addresses,
    top_level,
)
from support_answers import Said, told

TXT, NS = Question(Kind.TXT, "example.com"), Question(Kind.NS, "com")


def zone_of_servers(zone: str, count: int, families: tuple[int, ...] = (4,), each: int = 1) -> Evidence:
    """Return evidence of example.com in which a zone has so many servers with so many addresses a family."""
    names = [f"ns{number:02}.{zone}" for number in range(count)]
    said: dict[Question, Said] = {
        Question(Kind.NS, "example.com"): (NameRecord("ns00.example.com"),),
        Question(Kind.NS, zone): tuple(map(NameRecord, names)),
    }
    for number, name in enumerate(names):
        said[Question(Kind.A, name)] = tuple(AddressRecord(f"192.0.{number}.{n}") for n in range(each))
        said[Question(Kind.AAAA, name)] = tuple(AddressRecord(f"2001:db8:{number}::{n}") for n in range(each))
    return told(said, vantage=Vantage(families=families))


@pytest.mark.parametrize(
    ("zone", "count", "want"),
    [
        ("example.com", 8, 8),
        ("example.com", 9, 8),
        ("example.net", 4, 4),
        ("example.net", 5, 4),
    ],
)
def test_more_servers_are_asked_of_the_zone_of_the_domain_than_of_others(
    zone: str, count: int, want: int
) -> None:
    evidence = zone_of_servers(zone, count)
    assert len(asked_servers(evidence, zone)) == want
    assert len(server_addresses(evidence, zone)) == want


@pytest.mark.parametrize(("zone", "want"), [("example.com", 16), ("example.net", 8)])
def test_every_server_has_an_address_of_each_family_asked_before_any_has_a_second(
    zone: str, want: int
) -> None:
    found = server_addresses(zone_of_servers(zone, 9, (4, 6), each=3), zone)
    assert len(found) == want
    assert len({(one.server, one.family) for one in found}) == want


def test_addresses_of_a_family_that_is_not_asked_are_left_out() -> None:
    for family in (4, 6):
        assert {
            one.family
            for one in server_addresses(zone_of_servers("example.com", 2, (family,)), "example.com")
        } == {family}


@pytest.mark.parametrize(
    ("sets", "answered", "want"),
    [
        ((), (TXT, NS), True),
        ((), (TXT,), False),
        ((), (NS,), False),
        (("name-server-paths",), (), True),
        (("arrival",), (TXT, NS), False),
    ],
)
def test_whether_servers_were_asked_is_told_by_the_sets_or_by_two_looks(
    sets: tuple[str, ...], answered: tuple[Question, ...], want: bool
) -> None:
    assert are_asked(told(dict.fromkeys(answered, Outcome.EMPTY), vantage=Vantage(sets=sets))) is want


@pytest.mark.parametrize(
    ("said", "want"),
    [((NameRecord("a.nic.com"),), True), (Outcome.NXDOMAIN, True), (Outcome.SERVFAIL, False)],
)
def test_a_resolver_answers_that_knows_about_the_top_level_domain(said: Said, want: bool) -> None:
    assert top_level("mail.example.com") == "com"
    assert resolves(told({NS: said})) is want


def test_an_address_that_several_servers_have_is_asked_once_as_that_of_the_first() -> None:
    shared, own = (AddressRecord("192.0.2.1"),), (AddressRecord("192.0.2.2"),)
    evidence = told(
        {
            Question(Kind.NS, "example.com"): tuple(NameRecord(f"ns{n}.example.com") for n in (1, 2, 3)),
            Question(Kind.A, "ns1.example.com"): shared,
            Question(Kind.A, "ns2.example.com"): shared + own,
            Question(Kind.A, "ns3.example.com"): shared,
        },
        vantage=Vantage(families=(4,)),
    )
    found = [(one.server, one.address) for one in server_addresses(evidence, "example.com")]
    assert found == [("ns1.example.com", "192.0.2.1"), ("ns2.example.com", "192.0.2.2")]


ALIASED = DnsData("NOERROR", secure=False, chain=(Alias("www.example.com", "www.example.net"),))
SERVERS = (NameRecord("ns1.example.com"),)


@pytest.mark.parametrize(
    ("said", "want"),
    [
        pytest.param({}, ["a.www.example.com"], id="nothing is known yet"),
        pytest.param({0: SERVERS}, ["a.www.example.com"], id="a zone of its own"),
        pytest.param({0: Outcome.EMPTY, 1: SERVERS}, ["a.www.example.com", "www.example.com"], id="above"),
        pytest.param(
            {0: Outcome.NXDOMAIN, 1: ALIASED, 2: SERVERS},
            ["a.www.example.com", "www.example.com", "example.com"],
            id="an alias is no cut",
        ),
        pytest.param(
            {0: Outcome.EMPTY, 1: Outcome.SERVFAIL, 2: SERVERS},
            ["a.www.example.com", "www.example.com"],
            id="a failure ends it",
        ),
        pytest.param(
            dict.fromkeys(range(3), Outcome.EMPTY),
            ["a.www.example.com", "www.example.com", "example.com"],
            id="never the top-level domain",
        ),
    ],
)
def test_the_cut_is_asked_for_upwards_until_it_is_found(said: dict[int, Said], want: list[str]) -> None:
    names = ("a.www.example.com", "www.example.com", "example.com")
    evidence = told({Question(Kind.NS, names[place]): answer for place, answer in said.items()})
    asked = list(cut_questions(evidence, names[0]))
    assert asked == [Question(Kind.NS, name) for name in want]


def test_of_many_servers_of_the_top_level_domain_two_are_asked_at_one_address_a_family() -> None:
    names = [f"{letter}.nic.com" for letter in "abc"]
    said: dict[Question, Said] = {NS: tuple(map(NameRecord, names))}
    for place, name in enumerate(names):
        said[Question(Kind.A, name)] = tuple(AddressRecord(f"192.0.{place}.{n}") for n in (1, 2))
        said[Question(Kind.AAAA, name)] = (AddressRecord(f"2001:db8:{place}::1"),)
    evidence = told(said)
    servers = ["192.0.0.1", "2001:db8:0::1", "192.0.1.1", "2001:db8:1::1"]
    assert controls(evidence) == tuple(
        Question(Kind.SOA, "com", server=server, transport=over)
        for server in servers
        for over in (Transport.UDP, Transport.TCP)
    )
    asked = {one.name for one in needed(evidence, ()) if one.kind in {Kind.A, Kind.AAAA}}
    assert asked == {*names[:2]}


def test_each_address_of_the_domains_own_zone_is_asked_for_the_serial_number_and_no_other() -> None:
    foreign = Question(Kind.TXT, "_spf.example.net")
    said: dict[Question, Said] = {
        Question(Kind.NS, "example.com"): (NameRecord("ns1.example.com"),),
        Question(Kind.A, "ns1.example.com"): (AddressRecord("192.0.2.1"), AddressRecord("192.0.2.2")),
        Question(Kind.NS, "_spf.example.net"): Outcome.EMPTY,
        Question(Kind.NS, "example.net"): (NameRecord("ns.example.net"),),
        Question(Kind.A, "ns.example.net"): (AddressRecord("203.0.113.1"),),
    }
    asked = list(needed(told(said), (foreign,)))
    assert [one for one in asked if one.kind is Kind.SOA] == [
        Question(Kind.SOA, "example.com", server=address, transport=Transport.UDP)
        for address in ("192.0.2.1", "192.0.2.2")
    ]
    assert [(one.server, one.transport) for one in asked if one.server and one.kind is Kind.TXT] == [
        ("203.0.113.1", Transport.UDP),
        ("203.0.113.1", Transport.TCP),
    ]
