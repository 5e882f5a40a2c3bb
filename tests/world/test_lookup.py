"""Records looked up as a resolver and as a name server look them up."""

import pytest

from mxproof.evidence import AddressRecord, NameRecord, OtherRecord
from mxproof.world.lookup import LINKS_MAX, NOERROR, NXDOMAIN, REFUSED, SERVFAIL, RecordTable
from mxproof.world.world import DnsFault, ResolverFault, RRset, ZoneContents


def a(name: str, address: str = "192.0.2.1") -> RRset:
    return RRset(name, "A", (AddressRecord(address),))


def alias(name: str, target: str) -> RRset:
    return RRset(name, "CNAME", (NameRecord(target),))


SIGNED = ZoneContents(
    "signed.example",
    (
        a("mx.signed.example"),
        alias("alias.signed.example", "mx.signed.example"),
        alias("abroad.signed.example", "mx.other.example"),
        alias("loop.signed.example", "loop.signed.example"),
        a("a.deep.signed.example"),
        RRset("bare.signed.example", "TLSA"),
        RRset("signed.example", "NS", (NameRecord("ns.other.example"),)),
    ),
    secure=True,
)
OTHER = ZoneContents("other.example", (a("mx.other.example", "192.0.2.2"), a("ns.other.example")))
TABLE = RecordTable((SIGNED, OTHER))


@pytest.mark.parametrize(
    ("name", "rcode", "found", "secure"),
    [
        ("mx.signed.example", NOERROR, True, True),
        ("alias.signed.example", NOERROR, True, True),
        ("abroad.signed.example", NOERROR, True, False),
        ("deep.signed.example", NOERROR, False, True),
        ("bare.signed.example", NOERROR, False, True),
        ("no.signed.example", NXDOMAIN, False, True),
        ("elsewhere.test", NXDOMAIN, False, False),
        ("loop.signed.example", SERVFAIL, False, False),
    ],
)
def test_a_look_up_follows_aliases_and_is_as_secure_as_every_zone_on_its_way(
    name: str, rcode: str, found: bool, secure: bool
) -> None:
    got = TABLE.resolve(name, "A")
    assert (got.rcode, got.found is not None, got.secure) == (rcode, found, secure)


def test_as_many_aliases_as_the_limit_are_followed_and_not_one_more() -> None:
    links = [alias(f"a{n}.example", f"a{n + 1}.example") for n in range(LINKS_MAX)]
    zone = ZoneContents("example", (*links, a(f"a{LINKS_MAX}.example")))
    longer = ZoneContents("example", (*zone.rrsets, alias("first.example", "a0.example")))
    assert RecordTable((zone,)).resolve("a0.example", "A").rcode == NOERROR
    assert RecordTable((longer,)).resolve("first.example", "A").rcode == SERVFAIL


def test_a_negative_answer_has_the_soa_of_its_zone() -> None:
    soa = TABLE.resolve("no.signed.example", "A").soa
    assert soa is not None
    assert soa.name == "signed.example"


def test_a_fault_strikes_its_type_or_every_type_also_behind_an_alias() -> None:
    one = (ResolverFault("mx.signed.example", DnsFault.REFUSED, "A"),)
    every = (ResolverFault("mx.signed.example", DnsFault.REFUSED),)
    struck = [
        TABLE.resolve(name, kind, faults).fault
        for faults in (one, every)
        for name, kind in (("alias.signed.example", "A"), ("mx.signed.example", "TXT"))
    ]
    assert struck == [DnsFault.REFUSED, None, DnsFault.REFUSED, DnsFault.REFUSED]


def test_a_name_server_knows_its_own_zones_and_follows_no_alias() -> None:
    origins = TABLE.origins_of("ns.other.example")
    assert origins == {"signed.example"}
    assert TABLE.held("mx.other.example", "A", origins).rcode == REFUSED
    held = TABLE.held("alias.signed.example", "A", origins)
    assert (held.found, held.aliases) == (None, (alias("alias.signed.example", "mx.signed.example"),))
    assert TABLE.held("alias.signed.example", "CNAME", origins).found == held.aliases[0]
    assert TABLE.held("no.signed.example", "A", origins).rcode == NXDOMAIN


def test_records_of_one_name_and_type_are_one_set() -> None:
    zone = ZoneContents("example", (a("mx.example"), a("mx.example", "192.0.2.2"), a("mx.example")))
    assert RecordTable((zone,)).addresses("mx.example") == ("192.0.2.1", "192.0.2.2")


def test_addresses_are_known_by_who_stands_there() -> None:
    assert TABLE.all_addresses() == {"192.0.2.1", "192.0.2.2"}
    assert TABLE.server_addresses() == {"192.0.2.1"}
    assert TABLE.origin_of("mx.signed.example") == "signed.example"


def ns(name: str, *targets: str) -> RRset:
    return RRset(name, "NS", tuple(map(NameRecord, targets)))


def test_an_unsigned_alias_makes_insecure_what_a_signed_zone_holds_at_its_end() -> None:
    into = ZoneContents("other.example", (alias("into.other.example", "mx.signed.example"),))
    table = RecordTable((SIGNED, into))
    assert not table.resolve("into.other.example", "A").secure
    assert not table.resolve("into.other.example", "TXT").secure
    assert table.resolve("mx.signed.example", "A").secure


def test_the_first_fault_on_the_way_strikes_though_another_waits_at_its_end() -> None:
    first = ResolverFault("alias.signed.example", DnsFault.BOGUS)
    last = ResolverFault("mx.signed.example", DnsFault.REFUSED)
    assert TABLE.resolve("alias.signed.example", "A", (first,)).fault is DnsFault.BOGUS
    assert TABLE.resolve("alias.signed.example", "A", (last, first)).fault is DnsFault.BOGUS
    assert TABLE.resolve("mx.signed.example", "A", (last, first)).fault is DnsFault.REFUSED
    typed = ResolverFault("mx.signed.example", DnsFault.TIMEOUT, "A")
    assert TABLE.resolve("mx.signed.example", "A", (last, typed)).fault is DnsFault.TIMEOUT
    assert TABLE.resolve(
        "loop.signed.example", "A", (ResolverFault("loop.signed.example", DnsFault.NXDOMAIN),)
    ).fault


def test_of_two_zones_of_one_name_the_first_counts_and_their_records_are_together() -> None:
    first = ZoneContents("example", (a("mx.example"),), secure=True, serial=7)
    second = ZoneContents("example", (a("mx.example", "192.0.2.2"), a("b.example")), serial=8)
    table = RecordTable((first, second))
    assert table.addresses("mx.example") == ("192.0.2.1", "192.0.2.2")
    got = table.resolve("no.example", "A")
    assert got.secure
    assert got.soa is not None
    assert [" 7 " in one.text for one in got.soa.records if isinstance(one, OtherRecord)] == [True]


def test_a_root_of_its_own_takes_the_place_of_the_unsigned_one() -> None:
    table = RecordTable((ZoneContents(".", (a("host"),), secure=True, serial=9),))
    assert (table.resolve("host", "A").secure, table.resolve("no.host.example", "A").secure) == (True, True)
    assert not RecordTable(()).resolve("no.host.example", "A").secure
    assert RecordTable(()).origin_of("example.com") == "."


def test_a_server_has_the_records_of_a_type_before_an_alias_that_stands_beside_them() -> None:
    both = ZoneContents(
        "example", (a("mx.example"), alias("mx.example", "b.example"), ns("example", "ns.example"))
    )
    table = RecordTable((both,))
    held = table.held("mx.example", "A", frozenset({"example"}))
    assert (held.found, held.aliases) == (a("mx.example"), ())
    other = table.held("mx.example", "AAAA", frozenset({"example"}))
    assert (other.found, other.aliases) == (None, (alias("mx.example", "b.example"),))
    assert table.resolve("mx.example", "A").found == a("mx.example")


def test_a_name_whose_alias_was_taken_away_is_there_and_leads_nowhere() -> None:
    zone = ZoneContents("example", (RRset("mx.example", "CNAME"), ns("example", "ns.example")))
    table = RecordTable((zone,))
    for got in (table.resolve("mx.example", "A"), table.held("mx.example", "A", frozenset({"example"}))):
        assert (got.rcode, got.found, got.aliases, got.soa is not None) == (NOERROR, None, (), True)


ABOVE = ZoneContents(
    "example",
    (
        ns("example", "a.example"),
        ns("sub.example", "ns1.sub.example", "ns.other.test"),
        a("ns1.sub.example", "192.0.2.7"),
        a("ns.other.test", "192.0.2.8"),
    ),
)
BELOW = ZoneContents(
    "sub.example",
    (
        ns("sub.example", "ns1.sub.example", "ns2.sub.example"),
        a("ns1.sub.example", "192.0.2.1"),
        a("ns2.sub.example", "192.0.2.2"),
    ),
)


def test_a_server_leads_below_with_what_its_own_zone_has_and_not_with_what_the_zone_below_has() -> None:
    table = RecordTable((ABOVE, BELOW))
    led = table.held("mx.sub.example", "A", frozenset({"example"}))
    assert (led.rcode, led.found, led.led) == (NOERROR, None, ABOVE.rrsets[1])
    assert led.glue == (a("ns1.sub.example", "192.0.2.7"),)
    assert table.resolve("ns1.sub.example", "A").found == a("ns1.sub.example", "192.0.2.1")
    assert table.origins_of("ns.other.test") == table.origins_of("ns2.sub.example") == {"sub.example"}
    assert table.held("sub.example", "NS", frozenset({"sub.example"})).found == BELOW.rrsets[0]


def test_a_server_without_records_about_the_zone_below_leads_with_those_that_it_has_itself() -> None:
    bare = ZoneContents("example", (ns("example", "a.example"),))
    led = RecordTable((bare, BELOW)).held("mx.sub.example", "A", frozenset({"example"}))
    assert (led.led, led.glue) == (BELOW.rrsets[0], BELOW.rrsets[1:])
    unled = ZoneContents("sub.example", (a("mx.sub.example"),))
    assert RecordTable((bare, unled)).held("mx.sub.example", "A", frozenset({"example"})).rcode == REFUSED


def test_of_zones_above_one_another_a_server_leads_by_the_next_one_only() -> None:
    deeper = ZoneContents("deep.sub.example", (ns("deep.sub.example", "ns.deep.sub.example"),))
    table = RecordTable((ABOVE, BELOW, deeper))
    led = table.held("mx.deep.sub.example", "A", frozenset({"example"}))
    assert led.led is not None
    assert led.led.name == "sub.example"
    nearest = table.held("mx.deep.sub.example", "A", frozenset({"example", "sub.example"}))
    assert nearest.led == deeper.rrsets[0]
    assert table.held("mx.sub.example", "A", frozenset({"deep.sub.example"})).rcode == REFUSED


def test_types_at_a_name_are_those_of_records() -> None:
    assert TABLE.types_at("bare.signed.example") == frozenset()
    assert TABLE.types_at("signed.example") == {"NS", "SOA"}
