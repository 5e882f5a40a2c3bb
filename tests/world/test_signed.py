"""What a signed zone of a world holds out: records beside their signatures, or the proof that there are none."""

import pytest

from mxproof.evidence import (
    AddressRecord,
    DnsRecord,
    MxRecord,
    NameRecord,
    OtherRecord,
    SignedRecord,
    TlsaRecord,
    TxtRecord,
)
from mxproof.formats.dnssec import DNSKEY, DS, NSEC, NSEC3, RRSIG
from mxproof.world.lookup import NOERROR, Resolution
from mxproof.world.signed import is_proof, signed_data, signed_records
from mxproof.world.world import RRset, ZoneContents
from support_dnssec import signature_over

A, MX, CNAME = 1, 15, 5
ADDRESS = bytes((192, 0, 2, 1))


def _signed(name: str, rdtype: int, data: bytes = b"\0") -> SignedRecord:
    return SignedRecord(name, rdtype, 300, data)


def _over(name: str, covered: int) -> SignedRecord:
    return _signed(name, RRSIG, signature_over(covered))


KEY, OVER_KEY = _signed("example.com", DNSKEY, b"\1\0\3\x0d" + bytes(64)), _over("example.com", DNSKEY)
DELEGATION, OVER_DS = _signed("below.example.com", DS), _over("below.example.com", DS)
ABSENCE = (_signed("example.com", NSEC), _over("example.com", NSEC))
MX_SET = RRset("example.com", "MX", (MxRecord(10, "Mx.example.com"),), 60)
ADDRESSES = RRset("mx.example.com", "A", (AddressRecord("192.0.2.1"), AddressRecord("192.0.2.2")), 60)
ALIAS = RRset("alias.example.com", "CNAME", (NameRecord("mx.example.com"),), 60)
ABROAD = RRset("abroad.example.com", "CNAME", (NameRecord("mx.example.net"),), 60)
SIGNATURES = tuple(
    _over(name, covered)
    for name, covered in (
        ("example.com", MX),
        ("mx.example.com", A),
        ("alias.example.com", CNAME),
        ("abroad.example.com", CNAME),
    )
)
ZONE = ZoneContents(
    "example.com",
    (MX_SET, ADDRESSES, ALIAS, ABROAD),
    secure=True,
    proofs=(KEY, OVER_KEY, DELEGATION, OVER_DS, *SIGNATURES, *ABSENCE),
)
OTHER_ABSENCE = (_signed("example.net", NSEC3), _over("example.net", NSEC3))
OTHER = ZoneContents("example.net", secure=True, proofs=OTHER_ABSENCE)
BELOW = ZoneContents("below.example.com", (RRset("below.example.com", "A"),))
ZONES = (ZONE, OTHER, BELOW)


def _held(
    name: str, kind: str, found: RRset | None = None, *, aliases: tuple[RRset, ...] = ()
) -> tuple[SignedRecord, ...]:
    return signed_records(ZONES, Resolution(NOERROR, aliases, found, secure=True), name, kind)


def test_records_are_held_out_with_the_signature_over_their_set_alone() -> None:
    mx = SignedRecord("example.com", MX, 60, b"\0\x0a\2mx\7example\3com\0")
    assert _held("example.com", "MX", MX_SET) == (mx, SIGNATURES[0])


def test_every_record_of_a_set_is_held_out() -> None:
    held = _held("mx.example.com", "A", ADDRESSES)
    assert [one.data for one in held[:2]] == [ADDRESS, ADDRESS[:3] + b"\2"]
    assert held[2:] == (SIGNATURES[1],)


def test_an_alias_is_held_out_before_what_it_leads_to() -> None:
    held = _held("alias.example.com", "A", ADDRESSES, aliases=(ALIAS,))
    assert [(one.name, one.rdtype) for one in held] == [
        ("alias.example.com", CNAME),
        ("alias.example.com", RRSIG),
        ("mx.example.com", A),
        ("mx.example.com", A),
        ("mx.example.com", RRSIG),
    ]


def test_where_nothing_is_found_the_zone_of_the_name_proves_it() -> None:
    assert _held("nothing.example.com", "A") == ABSENCE


def test_where_an_alias_leads_to_nothing_the_zone_of_its_target_proves_it() -> None:
    held = _held("abroad.example.com", "A", aliases=(ABROAD,))
    assert [one.rdtype for one in held[:2]] == [CNAME, RRSIG]
    assert held[2:] == OTHER_ABSENCE


@pytest.mark.parametrize(
    ("name", "kind", "held"),
    [
        ("example.com", "DNSKEY", (KEY, OVER_KEY)),
        ("below.example.com", "DS", (DELEGATION, OVER_DS)),
        ("unsigned.example.com", "DS", ABSENCE),
        ("mx.example.com", "DNSKEY", ABSENCE),
        ("below.example.com", "DNSKEY", ()),
    ],
)
def test_keys_are_those_of_the_zone_and_ds_records_those_of_the_zone_above(
    name: str, kind: str, held: tuple[SignedRecord, ...]
) -> None:
    assert _held(name, kind) == held


def test_a_zone_without_signatures_holds_out_its_records_alone() -> None:
    found = RRset("below.example.com", "A", (AddressRecord("192.0.2.1"),))
    assert _held("below.example.com", "A", found) == (SignedRecord("below.example.com", A, 300, ADDRESS),)


@pytest.mark.parametrize(
    ("record", "data"),
    [
        (AddressRecord("192.0.2.1"), ADDRESS),
        (AddressRecord("2001:db8::1"), bytes.fromhex("20010db8") + bytes(11) + b"\1"),
        (MxRecord(258, "MX.example.com"), b"\1\2\2mx\7example\3com\0"),
        (NameRecord("MX.example.com"), b"\2mx\7example\3com\0"),
        (TlsaRecord(3, 1, 1, b"\xff"), b"\3\1\1\xff"),
        (TxtRecord(b"text"), None),
        (OtherRecord("other"), None),
    ],
)
def test_the_data_of_a_record_is_what_its_signature_covers(record: DnsRecord, data: bytes | None) -> None:
    assert signed_data(record) == data


def test_a_set_that_no_signature_is_looked_for_of_is_left_out() -> None:
    assert _held("example.com", "TXT", RRset("example.com", "TXT", (TxtRecord(b"text"),))) == ()
    assert _held("example.com", "HINFO", RRset("example.com", "HINFO", (OtherRecord("x"),))) == ()


@pytest.mark.parametrize(
    ("record", "proves"),
    [
        (_signed("example.com", NSEC), True),
        (_signed("example.com", NSEC3), True),
        (_over("example.com", NSEC), True),
        (_over("example.com", NSEC3), True),
        (_over("example.com", MX), False),
        (KEY, False),
        (DELEGATION, False),
    ],
)
def test_absence_is_proved_by_nsec_and_nsec3_and_their_signatures(
    record: SignedRecord, *, proves: bool
) -> None:
    assert is_proof(record) is proves
