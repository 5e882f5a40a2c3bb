"""What a signed zone of a world holds out to who validates: records beside their signatures, keys, and proofs of absence.

A zone's `proofs` are kept as its signer made them: DNSKEY, DS of zones below, NSEC or NSEC3, and an RRSIG over each set of
records. A proof of absence is the whole chain of NSEC or NSEC3 records: worlds are small, and a validator takes what it needs.
"""

import ipaddress

from mxproof.evidence import (
    AddressRecord,
    DnsRecord,
    MxRecord,
    NameRecord,
    SignedRecord,
    TlsaRecord,
)
from mxproof.formats import dnssec as types
from mxproof.formats.dns_name import parse_name
from mxproof.formats.dnssec import parse_rrsig
from mxproof.world.lookup import ROOT, Resolution, record_table
from mxproof.world.world import RRset, ZoneContents

NUMBERS = {words: number for number, words in types.TYPE_WORDS.items()}
"""The number of each type that is signed."""
_PROOFS = (types.NSEC, types.NSEC3)


def signed_records(
    zones: tuple[ZoneContents, ...], found: Resolution, name: str, kind: str
) -> tuple[SignedRecord, ...]:
    """Return the records that answer a look-up which came to `found`, each set with its signatures, or the proof of absence."""
    if kind in {"DS", "DNSKEY"}:
        zone = _zone(zones, name.partition(".")[2] if kind == "DS" else name)
        records = tuple(_with_signatures(zone, (), name, NUMBERS[kind]))
        return records or _denial(zone)
    rrsets = (*found.aliases, *((found.found,) if found.found is not None else ()))
    records = tuple(record for one in rrsets for record in _of(_zone(zones, one.name), one))
    if found.found is not None:
        return records
    end = found.aliases[-1].records[0] if found.aliases else None
    return (*records, *_denial(_zone(zones, end.name if isinstance(end, NameRecord) else name)))


def signed_data(record: DnsRecord) -> bytes | None:
    """Return the data of a record as its signature covers it, None for types that no signature is looked for of."""
    match record:
        case AddressRecord(address):
            return ipaddress.ip_address(address).packed
        case MxRecord(preference, exchange):
            return preference.to_bytes(2, "big") + parse_name(exchange).lower()
        case NameRecord(name):
            return parse_name(name).lower()
        case TlsaRecord(usage, selector, matching_type, association):
            return bytes((usage, selector, matching_type)) + association
        case _:
            return None


def is_proof(record: SignedRecord) -> bool:
    """Tell whether a record proves absence, or is the signature of one that does."""
    is_signature = record.rdtype == types.RRSIG
    return (parse_rrsig(record.data).covered if is_signature else record.rdtype) in _PROOFS


def _zone(zones: tuple[ZoneContents, ...], name: str) -> ZoneContents:
    origin = record_table(zones).origin_of(name or ROOT)
    return next((one for one in zones if one.name == origin), ZoneContents(origin))


def _of(zone: ZoneContents, rrset: RRset) -> tuple[SignedRecord, ...]:
    number = NUMBERS.get(rrset.type)
    if number is None:
        return ()
    found = ((one, signed_data(one)) for one in rrset.records)
    records = tuple(
        SignedRecord(rrset.name, number, rrset.ttl_s, data) for _, data in found if data is not None
    )
    return _with_signatures(zone, records, rrset.name, number)


def _with_signatures(
    zone: ZoneContents, records: tuple[SignedRecord, ...], name: str, number: int
) -> tuple[SignedRecord, ...]:
    """Return records, or else those among the proofs of the zone, with the signatures over them."""
    at_name = [one for one in zone.proofs if one.name == name]
    held = records or tuple(one for one in at_name if one.rdtype == number)
    if not held:
        return ()
    signatures = (
        one for one in at_name if one.rdtype == types.RRSIG and parse_rrsig(one.data).covered == number
    )
    return (*held, *signatures)


def _denial(zone: ZoneContents) -> tuple[SignedRecord, ...]:
    return tuple(filter(is_proof, zone.proofs))
