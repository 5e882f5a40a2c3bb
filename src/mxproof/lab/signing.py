"""The lab's signer: keys, signatures and proofs of absence for the zones of a world that are set up to be signed.

A zone has one key, which signs everything. Keys of P-256 are made of the name of their zone and so are the same in every
run, and in all versions of a zone: nothing in the lab is secret. The DS record of the highest zone stands in the root.
"""

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import lru_cache

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, SHA512, HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mxproof.evidence import SignedRecord
from mxproof.formats import dnssec as types
from mxproof.formats.dns_name import parse_name
from mxproof.formats.dnssec import Algorithm, Dnskey, Rrsig, canonical_order, ds_of, hashed, type_bits
from mxproof.lab.signing_setup import NO_NSEC3, DsSetup, SigningFault, SigningSetup
from mxproof.mail.dnssec_signature import signed_bytes
from mxproof.world.lookup import ROOT, record_table
from mxproof.world.signed import NUMBERS, signed_data
from mxproof.world.world import TTL_S, ZoneContents

_KEY_FLAGS = 0x0101
_PROTOCOL = 3
_HALF_BYTES = 32
_HASHES: Mapping[int, Callable[[], HashAlgorithm]] = {
    Algorithm.RSASHA1: SHA1,
    Algorithm.RSASHA1_NSEC3_SHA1: SHA1,
    Algorithm.RSASHA256: SHA256,
    Algorithm.RSASHA512: SHA512,
}
_NSEC3_HEAD = bytes((1, 0))
_OVER = timedelta(days=2)
_FORMER = "former"

_Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
_Sets = dict[tuple[str, int], list[bytes]]


def signed_zones(
    zones: tuple[ZoneContents, ...], setups: Mapping[str, SigningSetup], now: datetime
) -> tuple[ZoneContents, ...]:
    """Return `zones` with the proofs of those that have a setup, and in each the DS records of the zones below it."""
    proofs = {name: tuple(_proofs(name, zones, setups, now)) for name in setups}
    top = tuple(one for name in setups if _above(name, setups) is None for one in _ds(name, setups[name]))
    return tuple(
        msgspec.structs.replace(zone, proofs=proofs.get(zone.name, top if zone.name == ROOT else ()))
        for zone in zones
    )


def _above(name: str, setups: Mapping[str, SigningSetup]) -> str | None:
    """Return the nearest zone above `name` that is signed."""
    while name := name.partition(".")[2]:
        if name in setups:
            return name
    return None


def _ds(name: str, setup: SigningSetup) -> Iterator[SignedRecord]:
    """Yield the DS record of a zone, if it is to have one."""
    if setup.ds is not DsSetup.NONE:
        key = _dnskey(_FORMER if setup.ds is DsSetup.WRONG else name, setup)
        yield SignedRecord(name, types.DS, TTL_S, ds_of(name, key, setup.digest).data)


def _proofs(
    zone: str, zones: tuple[ZoneContents, ...], setups: Mapping[str, SigningSetup], now: datetime
) -> Iterator[SignedRecord]:
    """Yield the keys of a zone, the DS records in it, its proofs of absence, and the signatures over all that it holds."""
    setup = setups[zone]
    cuts = [one.name for one in zones if one.name.endswith(f".{zone}")]
    added: _Sets = {(zone, types.DNSKEY): [_dnskey(zone, setup).data]}
    for name in cuts:
        if name in setups and _above(name, setups) == zone and (led := list(_ds(name, setups[name]))):
            added[name, types.DS] = [one.data for one in led]
    held = added | _held(zone, zones)
    if setup.fault is not SigningFault.UNPROVEN:
        added |= dict(_chain(zone, held, cuts, setup))
    for (name, number), data in (held | added).items():
        if (name, number) in added:
            yield from (SignedRecord(name, number, TTL_S, one) for one in data)
        signature = _signature(zone, name, number, data, setup, now)
        if signature is not None:
            yield SignedRecord(name, types.RRSIG, TTL_S, signature.data)


def _held(zone: str, zones: tuple[ZoneContents, ...]) -> _Sets:
    """Return the records of a zone that are signed, whichever part of the world they are written in."""
    table = record_table(zones)
    sets: _Sets = {}
    for one in (rrset for part in zones for rrset in part.rrsets):
        data = [signed for record in one.records if (signed := signed_data(record)) is not None]
        if one.type in NUMBERS and table.origin_of(one.name) == zone and data:
            found = sets.setdefault((one.name, NUMBERS[one.type]), [])
            found += [each for each in data if each not in found]
    return sets


def _chain(
    zone: str, held: _Sets, cuts: Iterable[str], setup: SigningSetup
) -> Iterator[tuple[tuple[str, int], list[bytes]]]:
    """Yield the proofs of absence of a zone: a chain of all names in it, or of their hashes."""
    at: dict[str, set[int]] = {name: {types.NS} for name in cuts}
    at.setdefault(zone, set()).add(types.SOA)
    for name, number in held:
        at.setdefault(name, set()).add(number)
        at[name].add(types.RRSIG)
    if setup.nsec3_iterations == NO_NSEC3:
        names = sorted(at, key=canonical_order)
        for name, after in zip(names, (*names[1:], names[0]), strict=True):
            bits = type_bits(frozenset(at[name] | {types.RRSIG, types.NSEC}))
            yield (name, types.NSEC), [parse_name(after).lower() + bits]
        return
    for name in tuple(at):
        for above in _between(name, zone):
            at.setdefault(above, set())
    by_hash = {hashed(name, setup.nsec3_iterations, b""): found for name, found in at.items()}
    labels = sorted(by_hash)
    for label, after in zip(labels, (*labels[1:], labels[0]), strict=True):
        digest = base64.b32hexdecode(after.upper())
        head = _NSEC3_HEAD + setup.nsec3_iterations.to_bytes(2, "big") + bytes((0, len(digest)))
        yield (f"{label}.{zone}", types.NSEC3), [head + digest + type_bits(frozenset(by_hash[label]))]


def _between(name: str, zone: str) -> Iterator[str]:
    """Yield the names between `name` and its zone, which are there because it is."""
    while (name := name.partition(".")[2]) != zone and name.endswith(f".{zone}"):
        yield name


def _signature(
    zone: str, name: str, number: int, data: list[bytes], setup: SigningSetup, now: datetime
) -> Rrsig | None:
    """Return the signature over records, None where it is to be missing."""
    words = types.TYPE_WORDS.get(number, "")
    is_meant = name in (setup.names or (name,)) and words in (setup.types or (words,))
    fault = setup.fault if is_meant else SigningFault.NONE
    if fault is SigningFault.MISSING:
        return None
    begins, ends = now - timedelta(days=setup.age_days), now + timedelta(days=setup.days_left)
    if fault is SigningFault.EXPIRED:
        begins, ends = begins - _OVER, now - _OVER
    elif fault is SigningFault.EARLY:
        begins, ends = now + _OVER, ends + _OVER
    signer = _FORMER if fault is SigningFault.OTHER_KEY else zone
    key = _dnskey(signer, setup)
    unsigned = Rrsig(
        covered=number,
        algorithm=setup.algorithm,
        labels=len([one for one in name.split(".") if one]),
        original_ttl_s=TTL_S,
        ends=ends.replace(microsecond=0),
        begins=begins.replace(microsecond=0),
        key_tag=key.key_tag,
        signer=zone,
        signature=b"",
    )
    signature = _signed(signed_bytes(name, number, data, unsigned), _key(signer, setup), setup.algorithm)
    if fault is SigningFault.WRONG:
        signature = signature[:-1] + bytes((signature[-1] ^ 1,))
    return msgspec.structs.replace(unsigned, signature=signature)


def _signed(data: bytes, key: _Key, algorithm: int) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), _HASHES[algorithm]())
    parts = decode_dss_signature(key.sign(data, ec.ECDSA(SHA256())))
    return b"".join(part.to_bytes(_HALF_BYTES, "big") for part in parts)


def _dnskey(name: str, setup: SigningSetup) -> Dnskey:
    public = _key(name, setup).public_key()
    if isinstance(public, rsa.RSAPublicKey):
        numbers = public.public_numbers()
        exponent = numbers.e.to_bytes((numbers.e.bit_length() + 7) // 8, "big")
        key = (
            bytes((len(exponent),)) + exponent + numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")
        )
    else:
        key = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)[1:]
    return Dnskey(_KEY_FLAGS, _PROTOCOL, setup.algorithm, key)


def _key(name: str, setup: SigningSetup) -> _Key:
    return _made(name, setup.key_bits if setup.algorithm in _HASHES else 0)


@lru_cache(maxsize=256)
def _made(name: str, rsa_bits: int) -> _Key:
    if rsa_bits:
        return rsa.generate_private_key(public_exponent=65537, key_size=rsa_bits)
    seed = int.from_bytes(hashlib.sha256(name.encode()).digest(), "big")
    return ec.derive_private_key(seed, ec.SECP256R1())
