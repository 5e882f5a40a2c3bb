"""The usual answer read in a fraction of the time: what nearly every answer of a resolver to a scan looks like.

| read here | left to `message` |
|---|---|
| NOERROR with records of the name and type asked, and signatures of them, nothing else but a bare OPT record | aliases, other records, another section, another order |
| NOERROR or NXDOMAIN with one SOA record of a zone above the name | proofs beside it, a referral, no SOA record |

What is read here is read as `message` reads it, to the last field; whatever is unusual gives None, and is read there.
"""

import socket
import struct
from functools import lru_cache

from mxproof.evidence import (
    AddressRecord,
    DnsData,
    DnsRecord,
    Kind,
    MxRecord,
    Outcome,
    TlsaRecord,
    TxtRecord,
)
from mxproof.formats.dns_name import name_text, read_name
from mxproof.formats.errors import FormatError
from mxproof.net.dns.message import DnsResult
from mxproof.net.dns.response import (
    AD,
    CLASS_IN,
    HEADER,
    HEADER_BYTES,
    OPCODE,
    QR,
    RCODE,
    TC,
    TTL_S_MAX,
    TYPE_OPT,
    TYPE_RRSIG,
    TYPE_SOA,
    TYPES,
)

_RECORDS_MAX = 32
_HELD_NAMES_MAX = 4096
_NXDOMAIN = 3
_POINTER_TO_QUESTION = 0xC000 | HEADER_BYTES
_POINTER = 0xC000
_OWNED = struct.Struct("!HHHIH")
"""A record whose owner is a pointer: the pointer, type, class, TTL and the length of the data."""
_OPT_BYTES = 11
_BARE_OPT = b"\0" + TYPE_OPT.to_bytes(2, "big")
_OPT_RCODE_AT = 5
_NOTHING = b"\0\0"
_SOA_BYTES_MIN = 22
_WANTED_FLAGS = QR | OPCODE | TC


def read_tersely(kind: Kind, section: bytes, wire: bytes) -> DnsResult | None:
    """Read a response over UDP in which this question section stands, None where it is not a usual one."""
    if len(wire) < HEADER_BYTES + len(section) + _OPT_BYTES:
        return None
    _, flags, questions, answers, authorities, additionals = HEADER.unpack_from(wire)
    end = len(wire) - _OPT_BYTES
    if (
        flags & _WANTED_FLAGS != QR
        or questions != 1
        or additionals != 1
        or not wire.startswith(_BARE_OPT, end)
        or wire[end + _OPT_RCODE_AT]
        or not wire.endswith(_NOTHING)
    ):
        return None
    secure = flags & AD != 0
    at = HEADER_BYTES + len(section)
    if answers and not authorities and not flags & RCODE:
        return _found(kind, wire, (at, end), answers, secure=secure) if answers <= _RECORDS_MAX else None
    if authorities == 1 and not answers:
        return _absent(section, wire, (at, end), flags & RCODE, secure=secure)
    return None


def _found(kind: Kind, wire: bytes, within: tuple[int, int], count: int, *, secure: bool) -> DnsResult | None:
    read = _READERS.get(kind)
    if read is None:
        return None
    at, end = within
    wanted = TYPES[kind]
    records: list[DnsRecord] = []
    ttl_s = TTL_S_MAX
    for _ in range(count):
        start = at + _OWNED.size
        if start > end:
            return None
        owner, rdtype, rdclass, lasts_s, length = _OWNED.unpack_from(wire, at)
        at = start + length
        if owner != _POINTER_TO_QUESTION or rdclass != CLASS_IN or at > end:
            return None
        if rdtype == wanted:
            record = read(wire, start, at)
            if record is None:
                return None
            records.append(record)
            ttl_s = min(ttl_s, lasts_s if lasts_s <= TTL_S_MAX else 0)  # RFC 2181 section 8
        elif rdtype != TYPE_RRSIG:
            return None
    if at != end or not records:
        return None
    once = tuple(dict.fromkeys(records)) if len(records) > 1 else (records[0],)
    return DnsResult(Outcome.FOUND, DnsData("NOERROR", secure, once, wire=wire), ttl_s)


def _absent(
    section: bytes, wire: bytes, within: tuple[int, int], rcode: int, *, secure: bool
) -> DnsResult | None:
    """Read no data or no name: the TTL is that of the SOA record, or its last number (RFC 2308 section 5)."""
    at, end = within
    start = at + _OWNED.size
    if start + _SOA_BYTES_MIN > end or rcode not in {0, _NXDOMAIN}:
        return None
    owner, rdtype, _, ttl_s, length = _OWNED.unpack_from(wire, at)
    if rdtype != TYPE_SOA or start + length != end or length < _SOA_BYTES_MIN:
        return None
    if not _begins_label(section, owner - _POINTER - HEADER_BYTES):
        return None
    if ttl_s > TTL_S_MAX:
        ttl_s = 0
    lasts_s = min(ttl_s, int.from_bytes(wire[end - 4 : end], "big"))
    if rcode == _NXDOMAIN:
        return DnsResult(Outcome.NXDOMAIN, DnsData("NXDOMAIN", secure, wire=wire), lasts_s)
    return DnsResult(Outcome.EMPTY, DnsData("NOERROR", secure, wire=wire), lasts_s)


def _begins_label(section: bytes, place: int) -> bool:
    """Tell whether a label of the name at the beginning of `section` begins at `place`, or the root."""
    at = 0
    while at < place:
        length = section[at]
        if not length:
            return False
        at += 1 + length
    return at == place


def _address(wire: bytes, start: int, end: int) -> DnsRecord | None:
    if end - start != 4:
        return None
    return AddressRecord("%d.%d.%d.%d" % tuple(wire[start:end]))  # noqa: UP031 - the quickest of all


def _address6(wire: bytes, start: int, end: int) -> DnsRecord | None:
    return AddressRecord(socket.inet_ntop(socket.AF_INET6, wire[start:end])) if end - start == 16 else None


def _exchange(wire: bytes, start: int, end: int) -> DnsRecord | None:
    if end - start < 3:
        return None
    try:
        name, at = read_name(wire, start + 2, end, {})
    except FormatError:
        return None
    if at != end:
        return None
    return MxRecord(int.from_bytes(wire[start : start + 2], "big"), _text_of(name))


_text_of = lru_cache(maxsize=_HELD_NAMES_MAX)(name_text)


def _text(wire: bytes, start: int, end: int) -> DnsRecord | None:
    """Read a record of one character string; several are seldom."""
    if start == end or start + 1 + wire[start] != end:
        return None
    return TxtRecord(wire[start + 1 : end])


def _tlsa(wire: bytes, start: int, end: int) -> DnsRecord | None:
    if end - start < 3:
        return None
    return TlsaRecord(wire[start], wire[start + 1], wire[start + 2], wire[start + 3 : end])


_READERS = {
    Kind.A: _address,
    Kind.AAAA: _address6,
    Kind.MX: _exchange,
    Kind.TXT: _text,
    Kind.TLSA: _tlsa,
}
