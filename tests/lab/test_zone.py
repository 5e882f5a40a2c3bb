"""Zone text made into records, and records made into what the lab sends."""

import dns.rdatatype
import dns.rrset
import pytest

from mxproof.evidence import (
    AddressRecord,
    CaaRecord,
    DnsRecord,
    MxRecord,
    NameRecord,
    OtherRecord,
    SignedRecord,
    TlsaRecord,
    TxtRecord,
)
from mxproof.formats.dnssec import RRSIG
from mxproof.lab.scenario import NameFaultSetup, PtrSetup, ScenarioError, ZoneSetup
from mxproof.lab.zone import canonical_name, contents_of, fault_of, served, served_signed, with_reverse_zones
from mxproof.world.world import TTL_S, DnsFault, RRset, ZoneContents
from support_dnssec import signature_over

RECORDS = """
@      MX    10 Mx
mx     A     192.0.2.1
mx 60  AAAA  2001:db8::1
text   TXT   "one" "two"
"""


def test_a_zone_is_read_with_names_in_lower_case_below_its_origin() -> None:
    zone = contents_of(ZoneSetup("Example.COM", RECORDS, secure=True, serial=7))
    assert (zone.name, zone.secure, zone.serial) == ("example.com", True, 7)
    assert zone.rrsets == (
        RRset("example.com", "MX", (MxRecord(10, "mx.example.com"),), TTL_S),
        RRset("mx.example.com", "A", (AddressRecord("192.0.2.1"),), TTL_S),
        RRset("mx.example.com", "AAAA", (AddressRecord("2001:db8::1"),), 60),
        RRset("text.example.com", "TXT", (TxtRecord(b"onetwo", 2),), TTL_S),
    )


@pytest.mark.parametrize(
    ("name", "records", "words"),
    [
        ("example.com", "@ MX ten mx", "zone 'example.com': .*; expected records in zone file syntax"),
        ("example.com", "mx A 8.8.8.8", "zone 'example.com': mx.example.com.: address '8.8.8.8'; expected"),
        ("a..b", "", "name 'a..b': .*; expected a domain name"),
    ],
)
def test_what_is_no_zone_is_refused_with_its_name(name: str, records: str, words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        contents_of(ZoneSetup(name, records))


def _zone(*rrsets: RRset, name: str = "example.com") -> ZoneContents:
    return ZoneContents(name, rrsets)


def _address(name: str, address: str) -> RRset:
    return RRset(name, "AAAA" if ":" in address else "A", (AddressRecord(address),))


def _pointers(*zones: ZoneContents, overrides: tuple[PtrSetup, ...] = ()) -> dict[str, tuple[DnsRecord, ...]]:
    made = with_reverse_zones(zones, overrides)
    return {one.name: one.records for zone in made if zone.name.endswith("arpa") for one in zone.rrsets}


def test_an_address_points_at_the_first_name_that_has_it() -> None:
    zone = _zone(_address("mx.example.com", "192.0.2.1"), _address("other.example.com", "192.0.2.1"))
    again = _zone(_address("mx.example.org", "192.0.2.1"), name="example.org")
    assert _pointers(zone, again) == {"1.2.0.192.in-addr.arpa": (NameRecord("mx.example.com"),)}


def test_addresses_of_both_families_have_their_reverse_zones() -> None:
    zone = _zone(_address("mx.example.com", "192.0.2.1"), _address("mx.example.com", "2001:db8::1"))
    made = {one.name: [rrset.name for rrset in one.rrsets] for one in with_reverse_zones((zone,), ())}
    assert made["in-addr.arpa"] == ["1.2.0.192.in-addr.arpa"]
    assert made["ip6.arpa"] == ["1." + "0." * 23 + "8.b.d.0.1.0.0.2.ip6.arpa"]


def test_what_an_address_points_at_can_be_said_and_be_nothing() -> None:
    zone = _zone(_address("mx.example.com", "192.0.2.1"), _address("mx.example.com", "2001:db8::1"))
    said = PtrSetup("192.0.2.1", ("Mail.example.NET", "b.example.net")), PtrSetup("2001:DB8:0::1")
    assert _pointers(zone, overrides=said) == {
        "1.2.0.192.in-addr.arpa": (NameRecord("mail.example.net"), NameRecord("b.example.net"))
    }


def test_the_root_is_there_and_signed_unless_the_world_has_its_own() -> None:
    (root,) = (one for one in with_reverse_zones((_zone(),), ()) if one.name == ".")
    assert root == ZoneContents(".", secure=True)
    own = ZoneContents(".", serial=9)
    assert [one for one in with_reverse_zones((own, _zone()), ()) if one.name == "."] == [own]


@pytest.mark.parametrize(("said", "kind"), [("", ""), ("any", ""), ("ANY", ""), ("txt", "TXT")])
def test_a_fault_of_the_resolver_is_for_one_type_or_for_all(said: str, kind: str) -> None:
    fault = fault_of(NameFaultSetup("Example.com.", DnsFault.SERVFAIL, said))
    assert (fault.name, fault.fault, fault.type) == ("example.com", DnsFault.SERVFAIL, kind)


def test_a_fault_for_a_type_that_there_is_not_is_refused() -> None:
    with pytest.raises(
        ScenarioError, match=r"dns_fault 'example.com': type 'NONE-SUCH'; expected a record type"
    ):
        fault_of(NameFaultSetup("example.com", DnsFault.TIMEOUT, "NONE-SUCH"))


def test_names_are_in_lower_case_and_without_a_final_dot() -> None:
    assert [canonical_name(one) for one in ("Example.COM.", "example.com", ".")] == ["example.com"] * 2 + [
        "."
    ]


@pytest.mark.parametrize(
    ("kind", "record", "text"),
    [
        ("A", AddressRecord("192.0.2.1"), "192.0.2.1"),
        ("MX", MxRecord(10, "mx.example.com"), "10 mx.example.com."),
        ("MX", MxRecord(0, "."), "0 ."),
        ("TLSA", TlsaRecord(3, 1, 1, bytes(32)), "3 1 1 " + "00" * 32),
        ("CNAME", NameRecord("mx.example.com"), "mx.example.com."),
        ("CAA", CaaRecord(128, "issue", b'ca.example; "x"'), r'128 issue "ca.example; \"x\""'),
        ("HINFO", OtherRecord('"a" "b"'), '"a" "b"'),
        ("DS", SignedRecord("example.com", 43, 300, bytes.fromhex("3039 0d 02") + bytes(32)),
         "12345 13 2 " + "00" * 32),
    ],
)  # fmt: skip
def test_a_record_is_sent_as_it_was_written(kind: str, record: DnsRecord, text: str) -> None:
    rrset = served(RRset("example.com", kind, (record,), 60))
    assert rrset.to_text() == f"example.com. 60 IN {kind} {text}"


def _strings(record: TxtRecord) -> list[int]:
    (rdata,) = served(RRset("example.com", "TXT", (record,)))
    return [len(one) for one in rdata.strings]


@pytest.mark.parametrize(
    ("characters", "strings", "lengths"),
    [
        (0, 0, [0]),
        (0, 1, [0]),
        (10, 1, [10]),
        (10, 2, [5, 5]),
        (10, 3, [4, 4, 2]),
        (255, 1, [255]),
        (256, 1, [255, 1]),
        (600, 2, [255, 255, 90]),
    ],
)
def test_a_text_is_sent_in_as_many_strings_as_it_came_in_where_these_can_hold_it(
    characters: int, strings: int, lengths: list[int]
) -> None:
    assert _strings(TxtRecord(b"x" * characters, strings)) == lengths


def _signed(rdtype: int, data: bytes, name: str = "example.com") -> SignedRecord:
    return SignedRecord(name, rdtype, 60, data)


def test_records_and_their_signatures_are_sent_set_by_set() -> None:
    address, mx = bytes((192, 0, 2, 1)), b"\0\x0a\0"
    made = served_signed(
        [
            _signed(1, address),
            _signed(RRSIG, signature_over(1)),
            _signed(15, mx),
            _signed(RRSIG, signature_over(15)),
            _signed(1, bytes((192, 0, 2, 2))),
            _signed(1, address, "other.example"),
        ]
    )
    assert [(one.name.to_text(), dns.rdatatype.to_text(one.rdtype), len(one), one.ttl) for one in made] == [
        ("example.com.", "A", 2, 60),
        ("example.com.", "RRSIG", 1, 60),
        ("example.com.", "MX", 1, 60),
        ("example.com.", "RRSIG", 1, 60),
        ("other.example.", "A", 1, 60),
    ]
