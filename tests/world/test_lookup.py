"""Records looked up as a resolver and as a name server look them up."""

import pytest

from mxproof.evidence import AddressRecord, NameRecord
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
