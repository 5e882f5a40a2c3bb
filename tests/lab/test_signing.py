"""The lab's signer: what it signs verifies, and the proofs that it makes are whole chains."""

import dns.dnssec
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import pytest

from mxproof.evidence import AddressRecord, MxRecord, NameRecord, SignedRecord
from mxproof.formats.dnssec import (
    DNSKEY,
    DS,
    NSEC,
    NSEC3,
    RRSIG,
    parse_dnskey,
    parse_ds,
    parse_nsec,
    parse_rrsig,
)
from mxproof.lab.signing import signed_zones
from mxproof.lab.signing_setup import DsSetup, SigningFault, SigningSetup
from mxproof.world.lookup import ROOT
from mxproof.world.world import RRset, ZoneContents
from support_certificates import NOW

NAME = "example.com"
ZONES = (
    ZoneContents(
        NAME,
        (
            RRset(NAME, "NS", (NameRecord("ns.example.com"),)),
            RRset(NAME, "MX", (MxRecord(10, "mx.example.com"),)),
            RRset("mx.example.com", "A", (AddressRecord("192.0.2.1"), AddressRecord("192.0.2.2"))),
        ),
    ),
    ZoneContents("com"),
    ZoneContents(ROOT),
)


def proofs(zone: str, **changes: object) -> tuple[SignedRecord, ...]:
    setups = {"com": SigningSetup(), NAME: SigningSetup(**changes)}  # type: ignore[arg-type]  # the fields have many types
    return next(one.proofs for one in signed_zones(ZONES, setups, NOW) if one.name == zone)


def rrset(name: str, kind: int, datas: list[bytes]) -> dns.rrset.RRset:
    rdtype = dns.rdatatype.RdataType.make(kind)
    rdatas = [dns.rdata.from_wire(dns.rdataclass.IN, rdtype, data, 0, len(data)) for data in datas]
    return dns.rrset.from_rdata_list(dns.name.from_text(name), 300, rdatas)


@pytest.mark.parametrize("algorithm", [5, 7, 8, 10, 13])
def test_dnspython_verifies_what_the_lab_signs(algorithm: int) -> None:
    held = proofs(NAME, algorithm=algorithm)
    keys = rrset(NAME, DNSKEY, [one.data for one in held if one.rdtype == DNSKEY])
    addresses = rrset("mx.example.com", 1, [bytes((192, 0, 2, 2)), bytes((192, 0, 2, 1))])
    signatures = [
        one.data
        for one in held
        if (one.name, one.rdtype) == ("mx.example.com", RRSIG) and parse_rrsig(one.data).covered == 1
    ]
    signed = rrset("mx.example.com", RRSIG, signatures)
    dns.dnssec.validate(addresses, signed, {dns.name.from_text(NAME): keys}, now=NOW.timestamp())


def test_a_zone_is_led_to_by_the_ds_record_of_its_key() -> None:
    key = next(parse_dnskey(one.data) for one in proofs(NAME) if one.rdtype == DNSKEY)
    (ds,) = (parse_ds(one.data) for one in proofs("com") if one.rdtype == DS)
    assert ds.names(NAME, key)
    (wrong,) = (parse_ds(one.data) for one in proofs("com", ds=DsSetup.WRONG) if one.rdtype == DS)
    assert not wrong.names(NAME, key)
    assert [one for one in proofs("com", ds=DsSetup.NONE) if one.rdtype == DS] == []
    assert [one.name for one in proofs(ROOT)] == ["com"]


def test_the_proofs_of_a_zone_are_a_ring() -> None:
    ring = {one.name: parse_nsec(one.data).next_name for one in proofs(NAME) if one.rdtype == NSEC}
    assert ring == {NAME: "mx.example.com", "mx.example.com": NAME}


def test_hashed_proofs_take_the_place_of_the_others() -> None:
    held = proofs(NAME, nsec3_iterations=3)
    assert {one.rdtype for one in held} & {NSEC, NSEC3} == {NSEC3}
    assert len([one for one in held if one.rdtype == NSEC3]) == 2


def test_keys_are_the_same_in_every_run() -> None:
    assert [one for one in proofs(NAME) if one.rdtype == DNSKEY] == [
        one for one in proofs(NAME, days_left=3) if one.rdtype == DNSKEY
    ]


def test_a_fault_is_in_the_signatures_that_it_is_meant_for() -> None:
    held = proofs(NAME, fault=SigningFault.MISSING, types=("MX",))
    covered = {(one.name, parse_rrsig(one.data).covered) for one in held if one.rdtype == RRSIG}
    assert (NAME, 15) not in covered
    assert {(NAME, 2), (NAME, DNSKEY), ("mx.example.com", 1)} <= covered
