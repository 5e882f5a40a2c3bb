"""One link of the chain of signatures: records held against the keys of their zone, or the proof that there are none.

| what is wrong with the signatures of a name and type | as |
|---|---|
| a key of the zone signed them, and that is over | expired |
| the same, and it is yet to begin | early |
| a key of the zone is named, and did not sign this | wrong |
| none of the keys that the zone serves is named | key missing |
| there are none at all | missing |

Where there are several, one that verifies is enough (RFC 4035 section 5.3.3), and otherwise the first of the table is told.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Final, TypeVar

import msgspec

from mxproof.evidence import Question, SignedRecord
from mxproof.formats import dnssec as types
from mxproof.formats.dnssec import (
    VERIFIED,
    Dnskey,
    Nsec,
    Nsec3,
    Rrsig,
    canonical_order,
    hashed,
    parse_nsec,
    parse_nsec3,
    parse_rrsig,
)
from mxproof.formats.errors import FormatError
from mxproof.mail.broken_link import BrokenLink, ChainFault
from mxproof.mail.dnssec_signature import signed_bytes, verifies
from mxproof.survey.dnssec import of_type

SIGNATURES_TRIED_MAX: Final = 8
KEYS_TRIED_MAX: Final = 4
"""Keys of one number that a signature is held against: a zone that has more of them is made to cost time."""

_ORDER: Final = tuple(ChainFault)
T = TypeVar("T")
Keys = tuple[Dnskey, ...]


class Links(msgspec.Struct, frozen=True):
    """The records of one answer beside the keys that may sign them, by zone, at a moment."""

    question: Question
    records: tuple[SignedRecord, ...]
    keys: Mapping[str, Keys]
    now: datetime


def parsed(parse: Callable[[bytes], T], records: tuple[SignedRecord, ...]) -> Iterator[T]:
    """Yield records read by `parse`, without those that cannot be."""
    for one in records:
        try:
            yield parse(one.data)
        except FormatError:
            continue


def signature_of(links: Links, name: str, number: int) -> Rrsig | BrokenLink:
    """Return a signature over the records of one name and type that verifies, or what is wrong with all of them."""
    records = tuple(one.data for one in of_type(links.records, name, number))
    all_of_name = parsed(parse_rrsig, of_type(links.records, name, types.RRSIG))
    broken = [BrokenLink(ChainFault.MISSING, name, number, links.question)]
    for signature in [one for one in all_of_name if one.covered == number][:SIGNATURES_TRIED_MAX]:
        fault, at = _fault(links, name, records, signature)
        if fault is None:
            return signature
        served = tuple(sorted(one.key_tag for one in links.keys.get(signature.signer, ())))
        broken.append(
            BrokenLink(fault, name, number, links.question, (signature.key_tag,), served=served, at=at)
        )
    return min(broken, key=lambda one: _ORDER.index(one.fault))


def _fault(
    links: Links, name: str, records: tuple[bytes, ...], signature: Rrsig
) -> tuple[ChainFault | None, datetime | None]:
    """Return what is wrong with a signature and since when, or until when (RFC 4035 section 5.3.1)."""
    inside = name == signature.signer or name.endswith(f".{signature.signer}")
    keys = links.keys.get(signature.signer, ()) if inside else ()
    named = [
        one
        for one in keys
        if one.is_zone_key and one.key_tag == signature.key_tag and one.algorithm == signature.algorithm
    ][:KEYS_TRIED_MAX]
    if not named:
        return ChainFault.KEY_MISSING, None
    if links.now > signature.ends:
        return ChainFault.EXPIRED, signature.ends
    if links.now < signature.begins:
        return ChainFault.EARLY, signature.begins
    if signature.algorithm not in VERIFIED:
        return ChainFault.WRONG, None
    signed = signed_bytes(name, signature.covered, records, signature)
    return (None if any(verifies(signed, signature, one) for one in named) else ChainFault.WRONG), None


def denied(links: Links, name: str, number: int) -> Rrsig | BrokenLink:
    """Return the signature of a proof that there are no records of this name and type, or what is wrong with it.

    NSEC (RFC 4035 section 5.4) or NSEC3 (RFC 5155 section 8): a record at the name without the type, or one that spans the
    name, or for NSEC3 one above it.
    """
    broken: list[BrokenLink] = []
    for record in links.records:
        if not _denies(record, name, number):
            continue
        found = signature_of(links, record.name, record.rdtype)
        if isinstance(found, Rrsig):
            return found
        broken.append(msgspec.structs.replace(found, name=name, type=number))
    unproven = BrokenLink(ChainFault.UNPROVEN, name, number, links.question)
    return min([*broken, unproven], key=lambda one: _ORDER.index(one.fault))


def _denies(record: SignedRecord, name: str, number: int) -> bool:
    match record.rdtype:
        case types.NSEC:
            return any(_nsec_denies(record.name, one, name, number) for one in parsed(parse_nsec, (record,)))
        case types.NSEC3:
            found = parsed(parse_nsec3, (record,))
            return any(_nsec3_denies(record.name, one, name, number) for one in found)
        case _:
            return False


def _nsec_denies(owner: str, proof: Nsec, name: str, number: int) -> bool:
    if owner == name:
        return not proof.types & {number, types.CNAME}
    before, this, after = map(canonical_order, (owner, name, proof.next_name))
    return before < this and (this < after or after <= before)


def _nsec3_denies(owner: str, proof: Nsec3, name: str, number: int) -> bool:
    label, _, zone = owner.partition(".")
    if hashed(name, proof.iterations, proof.salt) == label:
        return not proof.types & {number, types.CNAME}
    while name.endswith(f".{zone}"):
        this = hashed(name, proof.iterations, proof.salt)
        is_last = proof.next_hash <= label
        if (this > label or this < proof.next_hash) if is_last else label < this < proof.next_hash:
            return True
        name = name.partition(".")[2]
    return False
