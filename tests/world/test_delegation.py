"""Where the servers of a world lead to: down to the zones below their own, and as their own zone has it."""

from mxproof.evidence import AddressRecord, NameRecord
from mxproof.world.lookup import NOERROR, REFUSED, RecordTable, Resolution
from mxproof.world.world import RRset, ZoneContents

CHILD = ZoneContents(
    "example.com",
    (
        RRset("example.com", "NS", (NameRecord("ns1.example.com"),)),
        RRset("ns1.example.com", "A", (AddressRecord("192.0.2.53"),)),
    ),
)
COM = (
    RRset("com", "NS", (NameRecord("a.nic.com"),)),
    RRset("a.nic.com", "A", (AddressRecord("203.0.113.1"),)),
)
OLD = (
    RRset("example.com", "NS", (NameRecord("old.example.com"),)),
    RRset("old.example.com", "A", (AddressRecord("192.0.2.99"),)),
)


def asked(*above: RRset, name: str = "example.com") -> Resolution:
    table = RecordTable((ZoneContents("com", (*COM, *above)), CHILD))
    return table.held(name, "NS", table.origins_of("a.nic.com"))


def test_a_server_leads_down_by_what_its_own_zone_has() -> None:
    got = asked(*OLD)
    assert (got.rcode, got.led, got.glue) == (NOERROR, OLD[0], (OLD[1],))


def test_a_zone_that_says_nothing_of_the_one_below_leads_as_that_one_has_it() -> None:
    got = asked()
    assert (got.led, got.glue) == (CHILD.rrsets[0], (CHILD.rrsets[1],))
    assert asked(name="mx.example.com").led == CHILD.rrsets[0]


def test_what_leads_down_is_not_what_the_zone_has_itself() -> None:
    table = RecordTable((ZoneContents("com", (*COM, *OLD)), CHILD))
    assert table.resolve("example.com", "NS").found == CHILD.rrsets[0]
    assert table.resolve("old.example.com", "A").found is None
    assert table.origins_of("old.example.com") == {"example.com"}


def test_a_server_leads_to_nothing_beside_its_own_zones() -> None:
    assert asked(name="example.net").rcode == REFUSED
