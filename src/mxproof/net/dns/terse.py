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

import msgspec

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
from mxproof.net.dns.query import ID_BYTES, QUESTION_END_BYTES
from mxproof.net.dns.response import (
    AD,
    CLASS_IN,
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
_HELD_MAX = 4096
"""Records and forms that are remembered: the mail servers of providers are those of thousands of domains."""
_NXDOMAIN = 3
_POINTER = 0xC000
_POINTER_TO_QUESTION = _POINTER | HEADER_BYTES
_OWNED = struct.Struct("!HHHIH")
"""A record whose owner is a pointer: the pointer, type, class, TTL and the length of the data."""
_LASTS = struct.Struct("!IH")
_LASTS_AT = 6
_OWN = {
    kind: _POINTER_TO_QUESTION.to_bytes(2, "big") + rdtype.to_bytes(2, "big") + CLASS_IN.to_bytes(2, "big")
    for kind, rdtype in TYPES.items()
}
"""By what is asked, how a record of it begins: the name asked, its type and class."""
_SIGNATURE = (
    _POINTER_TO_QUESTION.to_bytes(2, "big") + TYPE_RRSIG.to_bytes(2, "big") + CLASS_IN.to_bytes(2, "big")
)
_COUNTS = struct.Struct("!HHHHH")
_OPT = struct.Struct("!BHHBBHH")
_OPT_BYTES = 11
_SOA_BYTES_MIN = 22
_WANTED_FLAGS = QR | OPCODE | TC


class _Head(msgspec.Struct, frozen=True):
    """What the head of a usual response tells; one without answers has one record of the authority."""

    secure: bool
    is_no_name: bool
    answers: int


def read_tersely(kind: Kind, section: bytes, wire: bytes) -> DnsResult | None:
    """Read a response over UDP in which this question section stands, None where it is not a usual one."""
    at = HEADER_BYTES + len(section)
    end = len(wire) - _OPT_BYTES
    if end < at or not _is_bare(wire[end:]):
        return None
    head = _head(wire[ID_BYTES:HEADER_BYTES])
    if head is None:
        return None
    if head.answers:
        return _found(kind, section, wire, end, head)
    return _absent(section, wire, end, head)


@lru_cache(maxsize=_HELD_MAX)
def _head(said: bytes) -> _Head | None:
    """Read flags and counts, of which there are few; None where they are not those of a usual response."""
    flags, questions, answers, authorities, additionals = _COUNTS.unpack(said)
    rcode = flags & RCODE
    if flags & _WANTED_FLAGS != QR or questions != 1 or additionals != 1 or rcode not in {0, _NXDOMAIN}:
        return None
    if (answers and (authorities or rcode or answers > _RECORDS_MAX)) or (not answers and authorities != 1):
        return None
    return _Head(flags & AD != 0, rcode == _NXDOMAIN, answers)


@lru_cache(maxsize=_HELD_MAX)
def _is_bare(said: bytes) -> bool:
    """Tell whether this is an OPT record that says nothing but how much fits."""
    root, rdtype, _payload_bytes, rcode, _version, _flags, length = _OPT.unpack(said)
    return not root and rdtype == TYPE_OPT and not rcode and not length


def _found(kind: Kind, section: bytes, wire: bytes, end: int, head: _Head) -> DnsResult | None:
    read = _READERS.get(kind)
    if read is None:
        return None
    own = _OWN[kind]
    records: list[DnsRecord] = []
    ttl_s = TTL_S_MAX
    at = HEADER_BYTES + len(section)
    for _ in range(head.answers):
        start = at + _OWNED.size
        if start > end:
            return None
        lasts_s, length = _LASTS.unpack_from(wire, at + _LASTS_AT)
        stop = start + length
        if stop > end:
            return None
        if wire.startswith(own, at):
            record = read(section, wire, start, stop)
            if record is None:
                return None
            records.append(record)
            if lasts_s < ttl_s:
                ttl_s = lasts_s
            elif lasts_s > TTL_S_MAX:
                ttl_s = 0  # RFC 2181 section 8
        elif not wire.startswith(_SIGNATURE, at):
            return None
        at = stop
    if at != end or not records:
        return None
    once = tuple(dict.fromkeys(records)) if len(records) > 1 else (records[0],)
    return DnsResult(Outcome.FOUND, DnsData("NOERROR", head.secure, once, wire=wire), ttl_s)


def _absent(section: bytes, wire: bytes, end: int, head: _Head) -> DnsResult | None:
    """Read no data or no name: the TTL is that of the SOA record, or its last number (RFC 2308 section 5)."""
    at = HEADER_BYTES + len(section)
    start = at + _OWNED.size
    if start + _SOA_BYTES_MIN > end:
        return None
    owner, rdtype, _, ttl_s, length = _OWNED.unpack_from(wire, at)
    if rdtype != TYPE_SOA or start + length != end or length < _SOA_BYTES_MIN:
        return None
    if not _begins_label(section, owner - _POINTER_TO_QUESTION):
        return None
    if ttl_s > TTL_S_MAX:
        ttl_s = 0
    last_s = int.from_bytes(wire[end - 4 : end], "big")
    if last_s < ttl_s:
        ttl_s = last_s
    if head.is_no_name:
        return DnsResult(Outcome.NXDOMAIN, DnsData("NXDOMAIN", head.secure, wire=wire), ttl_s)
    return DnsResult(Outcome.EMPTY, DnsData("NOERROR", head.secure, wire=wire), ttl_s)


def _begins_label(section: bytes, place: int) -> bool:
    """Tell whether a label of the name at the beginning of `section` begins at `place`, or the root."""
    if place >= len(section) - QUESTION_END_BYTES:
        return False
    at = 0
    while at < place:
        at += 1 + section[at]
    return at == place


def _address(_section: bytes, wire: bytes, start: int, end: int) -> DnsRecord | None:
    return _address_of(wire[start:end])


@lru_cache(maxsize=_HELD_MAX)
def _address_of(data: bytes) -> AddressRecord | None:
    return AddressRecord(socket.inet_ntop(socket.AF_INET, data)) if len(data) == 4 else None


def _address6(_section: bytes, wire: bytes, start: int, end: int) -> DnsRecord | None:
    return _address6_of(wire[start:end])


@lru_cache(maxsize=_HELD_MAX)
def _address6_of(data: bytes) -> AddressRecord | None:
    return AddressRecord(socket.inet_ntop(socket.AF_INET6, data)) if len(data) == 16 else None


def _exchange(section: bytes, wire: bytes, start: int, end: int) -> DnsRecord | None:
    """Read a record whose name stands in full, or ends as the name asked, from what is remembered.

    Any other is read from the message, as is a host below the whole name asked, which nobody else has.
    """
    place = (wire[end - 2] << 8 | wire[end - 1]) - _POINTER_TO_QUESTION
    if place < _POINTER - _POINTER_TO_QUESTION:
        record = _exchange_of(wire[start:end], b"")
    elif 0 < place < len(section) - QUESTION_END_BYTES:
        record = _exchange_of(wire[start:end], section[place:-QUESTION_END_BYTES])
    else:
        record = None
    return record or _exchange_at(wire, start, end)


@lru_cache(maxsize=_HELD_MAX)
def _exchange_of(data: bytes, rest: bytes) -> MxRecord | None:
    """Read a record whose last two bytes, where there is a `rest`, point to it: the name asked, or its last labels.

    Both are put where they stand in the message, so that it is the same name.
    """
    target = int.from_bytes(data[-2:], "big") - _POINTER if rest else 0
    before = bytes(target) + rest
    try:
        if rest and read_name(before, target, len(before), {})[1] != len(before):
            return None
    except FormatError:
        return None
    return _exchange_at(before + data, len(before), len(before) + len(data))


def _exchange_at(wire: bytes, start: int, end: int) -> MxRecord | None:
    if end - start < 3:
        return None
    try:
        name, at = read_name(wire, start + 2, end, {})
    except FormatError:
        return None
    if at != end:
        return None
    return MxRecord(int.from_bytes(wire[start : start + 2], "big"), name_text(name))


def _text(_section: bytes, wire: bytes, start: int, end: int) -> DnsRecord | None:
    """Read a record of one character string; several are seldom."""
    if start == end or start + 1 + wire[start] != end:
        return None
    return TxtRecord(wire[start + 1 : end])


def _tlsa(_section: bytes, wire: bytes, start: int, end: int) -> DnsRecord | None:
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
