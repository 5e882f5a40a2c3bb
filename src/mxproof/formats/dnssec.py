"""The data of DNSSEC records: keys, digests of keys, signatures, and proofs that something is not there (RFC 4034, RFC 5155).

Whether a signature verifies is not decided here; `mxproof.mail.dnssec_signature` does that.
"""

import base64
import hashlib
import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import IntEnum
from typing import Final

import msgspec

from mxproof.formats.dns_name import name_text, parse_name, read_name
from mxproof.formats.errors import FormatError, Objection

A, NS, CNAME, SOA, MX, AAAA, DS, RRSIG, NSEC, DNSKEY, NSEC3, TLSA = 1, 2, 5, 6, 15, 28, 43, 46, 47, 48, 50, 52
"""The numbers of the types that a chain of signatures is followed through."""
TYPE_WORDS: Final = {
    A: "A",
    NS: "NS",
    CNAME: "CNAME",
    MX: "MX",
    AAAA: "AAAA",
    DS: "DS",
    DNSKEY: "DNSKEY",
    TLSA: "TLSA",
}
ITERATIONS_HASHED_MAX = 2500
"""As many as validators ever took (RFC 5155 section 10.3); what has more is not hashed."""

_ZONE_KEY, _REVOKED, _ENTRY_POINT = 0x0100, 0x0080, 0x0001
_PROTOCOL = 3
_DS_HEAD = struct.Struct("!HBB")
_KEY_HEAD = struct.Struct("!HBB")
_SIGNATURE_HEAD = struct.Struct("!HBBIIIH")
_NSEC3_HEAD = struct.Struct("!BBH")
_OPT_OUT = 1
_SHA_1 = 1
_LONG_EXPONENT = 3


class Algorithm(IntEnum):
    """The algorithms of signatures (RFC 9904); those without a name here are unknown to every validator."""

    RSAMD5 = 1
    DSA = 3
    RSASHA1 = 5
    DSA_NSEC3_SHA1 = 6
    RSASHA1_NSEC3_SHA1 = 7
    RSASHA256 = 8
    RSASHA512 = 10
    ECC_GOST = 12
    ECDSAP256SHA256 = 13
    ECDSAP384SHA384 = 14
    ED25519 = 15
    ED448 = 16


_RSA = frozenset({Algorithm.RSASHA1, Algorithm.RSASHA1_NSEC3_SHA1, Algorithm.RSASHA256, Algorithm.RSASHA512})
_OLD = frozenset(
    {
        Algorithm.RSAMD5,
        Algorithm.DSA,
        Algorithm.RSASHA1,
        Algorithm.DSA_NSEC3_SHA1,
        Algorithm.RSASHA1_NSEC3_SHA1,
        Algorithm.ECC_GOST,
    }
)
VERIFIED: Final = frozenset(Algorithm) - {
    Algorithm.RSAMD5,
    Algorithm.DSA,
    Algorithm.DSA_NSEC3_SHA1,
    Algorithm.ECC_GOST,
}
"""The algorithms that validators verify by (RFC 9904); a zone signed with others alone counts as unsigned (RFC 4035 section 5.2)."""
_DIGESTS = {1: "sha1", 2: "sha256", 4: "sha384"}
"""The digests of DS records by number (RFC 3658, RFC 4509, RFC 6605)."""
OLD_DIGEST: Final = 1
"""SHA-1, with which no DS record must be made any more (RFC 9905 section 2)."""


def algorithm_text(number: int) -> str:
    """Return the name of an algorithm in the registry of IANA, or its number."""
    named = next((one for one in Algorithm if one == number), None)
    return named.name.replace("_", "-") if named is not None else f"algorithm {number}"


def is_old(algorithm: int) -> bool:
    """Tell whether an algorithm must not be signed with any more (RFC 8624 section 3.1, RFC 9905 section 2)."""
    return algorithm in _OLD


class Dnskey(msgspec.Struct, frozen=True, order=True):
    """A DNSKEY record (RFC 4034 section 2.1)."""

    flags: int
    protocol: int
    algorithm: int
    key: bytes

    @property
    def data(self) -> bytes:
        """The data of the record."""
        return _KEY_HEAD.pack(self.flags, self.protocol, self.algorithm) + self.key

    @property
    def key_tag(self) -> int:
        """The number that signatures and DS records name it by (RFC 4034 appendix B)."""
        if self.algorithm == Algorithm.RSAMD5:
            return int.from_bytes(self.key[-3:-1], "big")
        data = self.data
        total = (sum(data[::2]) << 8) + sum(data[1::2])
        return (total + (total >> 16)) & 0xFFFF

    @property
    def is_zone_key(self) -> bool:
        """Tell whether it may sign records of its zone (RFC 4034 sections 2.1.1 and 2.1.2, RFC 5011 section 2.1)."""
        return bool(self.flags & _ZONE_KEY) and not self.flags & _REVOKED and self.protocol == _PROTOCOL

    @property
    def is_entry_point(self) -> bool:
        """Tell whether it says to be the key that a DS record names."""
        return bool(self.flags & _ENTRY_POINT)

    @property
    def rsa(self) -> tuple[int, int] | None:
        """The exponent and the modulus of an RSA key (RFC 3110 section 2), None for any other."""
        if self.algorithm not in _RSA or not self.key:
            return None
        length, at = self.key[0], 1
        if not length:
            length, at = int.from_bytes(self.key[1:_LONG_EXPONENT], "big"), _LONG_EXPONENT
        exponent, modulus = self.key[at : at + length], self.key[at + length :]
        return (
            (int.from_bytes(exponent, "big"), int.from_bytes(modulus, "big"))
            if exponent and modulus
            else None
        )

    @property
    def rsa_bits(self) -> int | None:
        """The size of an RSA key in bits, None for any other."""
        return self.rsa[1].bit_length() if self.rsa is not None else None


class Ds(msgspec.Struct, frozen=True, order=True):
    """A DS record (RFC 4034 section 5.1): the digest of a key of the zone below."""

    key_tag: int
    algorithm: int
    digest_type: int
    digest: bytes

    @property
    def data(self) -> bytes:
        """The data of the record."""
        return _DS_HEAD.pack(self.key_tag, self.algorithm, self.digest_type) + self.digest

    @property
    def is_verified(self) -> bool:
        """Tell whether validators know both its algorithm and its digest; others they pass over (RFC 4035 section 5.2)."""
        return self.algorithm in VERIFIED and self.digest_type in _DIGESTS

    def names(self, zone: str, key: Dnskey) -> bool:
        """Tell whether it is the digest of `key` as a key of `zone` (RFC 4034 section 5.1.4)."""
        same = self.key_tag == key.key_tag and self.algorithm == key.algorithm
        return same and self.digest_type in _DIGESTS and ds_of(zone, key, self.digest_type) == self


def ds_of(zone: str, key: Dnskey, digest_type: int) -> Ds:
    """Return the DS record that names `key`."""
    digest = hashlib.new(_DIGESTS[digest_type], parse_name(zone).lower() + key.data).digest()
    return Ds(key.key_tag, key.algorithm, digest_type, digest)


class Rrsig(msgspec.Struct, frozen=True, order=True):
    """An RRSIG record (RFC 4034 section 3.1), in force from `begins` to `ends`."""

    covered: int
    algorithm: int
    labels: int
    original_ttl_s: int
    ends: datetime
    begins: datetime
    key_tag: int
    signer: str
    signature: bytes

    @property
    def head(self) -> bytes:
        """The data of the record up to the signature, which is what it signs first (RFC 4034 section 3.1.8.1)."""
        fixed = (self.covered, self.algorithm, self.labels, self.original_ttl_s)
        times = (round(self.ends.timestamp()), round(self.begins.timestamp()))
        return _SIGNATURE_HEAD.pack(*fixed, *times, self.key_tag) + parse_name(self.signer).lower()

    @property
    def data(self) -> bytes:
        """The data of the record."""
        return self.head + self.signature


class Nsec(msgspec.Struct, frozen=True):
    """An NSEC record (RFC 4034 section 4.1): between its owner and `next_name` there is none, and the owner has `types`."""

    next_name: str
    types: frozenset[int]


class Nsec3(msgspec.Struct, frozen=True):
    """An NSEC3 record (RFC 5155 section 3.2); `next_hash` is in the letters of owner names."""

    iterations: int
    salt: bytes
    next_hash: str
    types: frozenset[int]
    opt_out: bool = False
    algorithm: int = _SHA_1


def parse_dnskey(data: bytes) -> Dnskey:
    """Return a DNSKEY record; raises FormatError where it is cut short."""
    _check(data, _KEY_HEAD.size, "RFC 4034 section 2.1")
    flags, protocol, algorithm = _KEY_HEAD.unpack_from(data)
    return Dnskey(flags, protocol, algorithm, data[_KEY_HEAD.size :])


def parse_ds(data: bytes) -> Ds:
    """Return a DS record; raises FormatError where it is cut short."""
    _check(data, _DS_HEAD.size, "RFC 4034 section 5.1")
    key_tag, algorithm, digest_type = _DS_HEAD.unpack_from(data)
    return Ds(key_tag, algorithm, digest_type, data[_DS_HEAD.size :])


def parse_rrsig(data: bytes) -> Rrsig:
    """Return an RRSIG record; raises FormatError where it is cut short."""
    _check(data, _SIGNATURE_HEAD.size, "RFC 4034 section 3.1")
    covered, algorithm, labels, ttl_s, ends, begins, key_tag = _SIGNATURE_HEAD.unpack_from(data)
    signer, at = read_name(data, _SIGNATURE_HEAD.size, len(data), {})
    until, since = datetime.fromtimestamp(ends, UTC), datetime.fromtimestamp(begins, UTC)
    return Rrsig(covered, algorithm, labels, ttl_s, until, since, key_tag, name_text(signer), data[at:])


def parse_nsec(data: bytes) -> Nsec:
    """Return an NSEC record; raises FormatError where it is cut short."""
    name, at = read_name(data, 0, len(data), {})
    return Nsec(name_text(name), frozenset(_types(data[at:])))


def parse_nsec3(data: bytes) -> Nsec3:
    """Return an NSEC3 record; raises FormatError where it is cut short."""
    at = _NSEC3_HEAD.size
    _check(data, at + 1, "RFC 5155 section 3.2")
    algorithm, flags, iterations = _NSEC3_HEAD.unpack_from(data)
    salt = data[at + 1 : at + 1 + data[at]]
    at += 1 + data[at]
    _check(data, at + 1, "RFC 5155 section 3.2")
    following = data[at + 1 : at + 1 + data[at]]
    types = frozenset(_types(data[at + 1 + data[at] :]))
    return Nsec3(iterations, salt, hash_text(following), types, bool(flags & _OPT_OUT), algorithm)


def hash_text(digest: bytes) -> str:
    """Return a hash in the letters of owner names (RFC 5155 section 3.3)."""
    return base64.b32hexencode(digest).decode().rstrip("=").lower()


def hashed(name: str, iterations: int, salt: bytes) -> str:
    """Return the hash of a name, as owner names of NSEC3 records begin (RFC 5155 section 5)."""
    digest = hashlib.sha1(parse_name(name).lower() + salt, usedforsecurity=False).digest()
    for _ in range(min(iterations, ITERATIONS_HASHED_MAX)):
        digest = hashlib.sha1(digest + salt, usedforsecurity=False).digest()
    return hash_text(digest)


def canonical_order(name: str) -> tuple[bytes, ...]:
    """Return what names of a zone are sorted by: their labels from the last to the first (RFC 4034 section 6.1)."""
    wire, labels, at = parse_name(name).lower(), [], 0
    while wire[at]:
        labels.append(wire[at + 1 : at + 1 + wire[at]])
        at += 1 + wire[at]
    return tuple(reversed(labels))


def type_bits(types: frozenset[int]) -> bytes:
    """Return the types as NSEC and NSEC3 records hold them (RFC 4034 section 4.1.2)."""
    windows: dict[int, bytearray] = {}
    for one in sorted(types):
        bits = windows.setdefault(one >> 8, bytearray())
        bits.extend(bytes(max(0, (one & 0xFF) // 8 + 1 - len(bits))))
        bits[(one & 0xFF) // 8] |= 0x80 >> (one & 7)
    return b"".join(bytes((window, len(bits))) + bytes(bits) for window, bits in windows.items())


def _types(data: bytes) -> Iterator[int]:
    at = 0
    while at < len(data):
        _check(data, at + 2, "RFC 4034 section 4.1.2")
        window, length = data[at], data[at + 1]
        for place, byte in enumerate(data[at + 2 : at + 2 + length]):
            yield from (window << 8 | place * 8 | bit for bit in range(8) if byte & 0x80 >> bit)
        at += 2 + length


def _check(data: bytes, wanted: int, source: str) -> None:
    if len(data) < wanted:
        raise FormatError(
            "DNSSEC record", Objection("dnssec-cut", "the data are cut short", len(data), source)
        )
