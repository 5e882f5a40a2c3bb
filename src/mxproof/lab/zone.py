"""Zone text to records and back to dnspython's: with `mxproof.lab.dns` and `mxproof.lab.dns_script` the
lab's one door to that library.

A zone is read once, when a scenario is made into a world; what its records mean and where they lead is decided by
`mxproof.world.lookup`, for the lab as for everybody. A record that only dnspython understands keeps its presentation
form, and is served as such.
"""

import ipaddress
from collections.abc import Iterable, Iterator
from functools import lru_cache

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.TXT
import dns.rrset
import dns.zonefile

from mxproof.evidence import (
    AddressRecord,
    CaaRecord,
    DnsRecord,
    GlueRecord,
    MxRecord,
    NameRecord,
    OtherRecord,
    SignedRecord,
    TlsaRecord,
    TxtRecord,
)
from mxproof.formats.dns_name import name_text
from mxproof.formats.dnssec import RRSIG
from mxproof.lab.scenario import NameFaultSetup, PtrSetup, ScenarioError, ZoneSetup, check_record_address
from mxproof.net.dns.zone_file import rrset_of
from mxproof.world.lookup import ROOT
from mxproof.world.world import TTL_S, ResolverFault, RRset, ZoneContents

STRING_BYTES_MAX = 255
"""The longest character string of a TXT record (RFC 1035 section 3.3)."""
_RECORDS_KEPT = 4096
"""Records that are kept as dnspython sends them: it reads each from its text, and a lab is asked for the same few."""
_REVERSE_ORIGINS = {4: "in-addr.arpa", 6: "ip6.arpa"}


def contents_of(zone: ZoneSetup) -> ZoneContents:
    """Return the records of a zone; raises ScenarioError where they are no zone, or speak of a real host."""
    subject = f"zone {zone.name!r}"
    origin = _parsed(zone.name)
    try:
        read = dns.zonefile.read_rrsets(zone.records, origin=origin, default_ttl=TTL_S)
        rrsets = tuple(rrset_of(rrset) for rrset in read)
    except (dns.exception.DNSException, ValueError) as error:
        raise ScenarioError(f"{subject}: {error}; expected records in zone file syntax") from None
    for rrset in rrsets:
        for record in rrset.records:
            if isinstance(record, AddressRecord):
                check_record_address(record.address, f"{subject}: {rrset.name}.")
    return ZoneContents(canonical_name(zone.name), rrsets, zone.secure, zone.serial)


def with_reverse_zones(
    zones: tuple[ZoneContents, ...], overrides: tuple[PtrSetup, ...]
) -> tuple[ZoneContents, ...]:
    """Return `zones` with the root, which is signed, and with reverse zones: an address points at its first name.

    The root is there so that names outside a world do not exist and say so with the AD bit.
    """
    pointers = tuple(_pointers(zones, overrides))
    root = () if any(zone.name == ROOT for zone in zones) else (ZoneContents(ROOT, secure=True),)
    reverse = tuple(
        ZoneContents(origin, tuple(one for one in pointers if one.name.endswith(origin)))
        for origin in _REVERSE_ORIGINS.values()
    )
    return (*zones, *root, *reverse)


def fault_of(fault: NameFaultSetup) -> ResolverFault:
    """Return a fault of the resolver; raises ScenarioError where its type is none."""
    try:
        dns.rdatatype.from_text(fault.type or "ANY")
    except (dns.exception.DNSException, ValueError):
        raise ScenarioError(
            f"dns_fault {fault.name!r}: type {fault.type!r}; expected a record type such as TXT, or none for all"
        ) from None
    kind = "" if fault.type.upper() == "ANY" else fault.type.upper()
    return ResolverFault(canonical_name(fault.name), fault.fault, kind)


def canonical_name(name: str) -> str:
    """Return `name` as worlds write names; raises ScenarioError where it is none."""
    return _name_text(_parsed(name))


def served(rrset: RRset) -> dns.rrset.RRset:
    """Return records as dnspython sends them."""
    rdatas = [_rdata(rrset.type, record) for record in rrset.records]
    return dns.rrset.from_rdata_list(dns.name.from_text(rrset.name), rrset.ttl_s, rdatas)


def served_signed(records: Iterable[SignedRecord]) -> list[dns.rrset.RRset]:
    """Return records and their signatures as dnspython sends them."""
    found: dict[tuple[str, int, bytes], list[dns.rdata.Rdata]] = {}
    ttls_s: dict[str, int] = {}
    for one in records:
        covered = one.data[:2] if one.rdtype == RRSIG else b""
        rdtype = dns.rdatatype.RdataType.make(one.rdtype)
        rdata = dns.rdata.from_wire(dns.rdataclass.IN, rdtype, one.data, 0, len(one.data))
        found.setdefault((one.name, one.rdtype, covered), []).append(rdata)
        ttls_s[one.name] = one.ttl_s
    return [
        dns.rrset.from_rdata_list(dns.name.from_text(name), ttls_s[name], rdatas)
        for (name, _, _), rdatas in found.items()
    ]


def _pointers(zones: Iterable[ZoneContents], overrides: tuple[PtrSetup, ...]) -> Iterator[RRset]:
    targets: dict[str, tuple[str, ...]] = {}
    for zone in zones:
        for rrset in zone.rrsets:
            for record in rrset.records:
                if isinstance(record, AddressRecord):
                    targets.setdefault(record.address, (rrset.name,))
    targets.update(
        (str(ipaddress.ip_address(one.address)), tuple(canonical_name(name) for name in one.names))
        for one in overrides
    )
    for address, names in targets.items():
        if names:
            reverse = ipaddress.ip_address(address).reverse_pointer
            yield RRset(reverse, "PTR", tuple(NameRecord(name) for name in names))


@lru_cache(_RECORDS_KEPT)
def _rdata(kind: str, record: DnsRecord) -> dns.rdata.Rdata:
    match record:
        case TxtRecord():
            strings = tuple(_strings(record))
            return dns.rdtypes.ANY.TXT.TXT(dns.rdataclass.IN, dns.rdatatype.TXT, strings)
        case AddressRecord(address):
            text = address
        case MxRecord(preference, exchange):
            text = f"{preference} {dns.name.from_text(exchange)}"
        case TlsaRecord(usage, selector, matching_type, association):
            text = f"{usage} {selector} {matching_type} {association.hex()}"
        case NameRecord(name):
            text = str(dns.name.from_text(name))
        case CaaRecord(flags, tag, value):
            escaped = "".join(f"\\{byte:03d}" for byte in value)
            text = f'{flags} {tag} "{escaped}"'
        case GlueRecord(_, address):
            text = address
        case OtherRecord(text):
            pass
        case SignedRecord(data=data):
            return dns.rdata.from_wire(dns.rdataclass.IN, dns.rdatatype.from_text(kind), data, 0, len(data))
    return dns.rdata.from_text("IN", kind, text)


def _strings(record: TxtRecord) -> Iterator[bytes]:
    """Split a text into as many character strings as it came in, the first ones as long as the last may be.

    Where they were parted is not kept, for nobody may look at it (RFC 8461 section 3.1, RFC 7208 section 3.3).
    """
    size = max(1, min(STRING_BYTES_MAX, -(-len(record.text) // max(1, record.strings))))
    for start in range(0, max(1, len(record.text)), size):
        yield record.text[start : start + size]


def _name_text(name: dns.name.Name) -> str:
    return name_text(name.to_digestable())


def _parsed(name: str) -> dns.name.Name:
    try:
        return dns.name.from_text(name)
    except (dns.exception.DNSException, ValueError) as error:
        raise ScenarioError(f"name {name!r}: {error}; expected a domain name") from None
