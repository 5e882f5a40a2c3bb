"""DNS messages: a question to the bytes of a query, the bytes of a response to an outcome and its facts.

Nothing is sent here. `dns_response` finds the records; here it is decided what they say about the question.
"""

import os
import struct

import msgspec

from mxproof.evidence import Alias, DnsData, Kind, Outcome, Question, Transport
from mxproof.formats.dns_name import name_text, parse_name
from mxproof.formats.errors import FormatError
from mxproof.net.dns.response import (
    CLASS_IN,
    HEADER,
    HEADER_BYTES,
    TYPE_CNAME,
    TYPE_NS,
    TYPE_OPT,
    TYPE_SOA,
    TYPES,
    Message,
    alias_target,
    extended_text,
    parse_message,
    rcode_text,
    record_value,
    select,
)

DNS_BYTES_MAX = 16 * 1024
RECORDS_MAX = 200
ALIASES_MAX = 16
UDP_PAYLOAD_BYTES = 1232
"""What fits unfragmented through practically every path (RFC 9715 section 3.2)."""

_QUESTION_END = struct.Struct("!HH")
# The flags and fields of the header (RFC 1035 section 4.1.1, RFC 4035 section 3.2).
_QR = 0x8000
_OPCODE = 0x7800
_AA = 0x0400
_TC = 0x0200
_RD = 0x0100
_RA = 0x0080
_AD = 0x0020
_CD = 0x0010
_RCODE = 0x000F

_NOERROR = 0
_NXDOMAIN = 3
_REFUSED = 5
_DO = 0x8000
_OPT = struct.pack("!BHHBBHH", 0, TYPE_OPT, UDP_PAYLOAD_BYTES, 0, 0, _DO, 0)
"""The OPT record of a query (RFC 6891 section 6.1.2)."""

_BOGUS_ERRORS = frozenset({6, 7, 8, 9, 10, 11, 12, 25})
"""The codes that say that validation was tried and failed (RFC 8914 sections 4.7 to 4.13): bogus, signature expired
or not yet valid, DNSKEY, RRSIG, zone key bit or NSEC missing; 25 was registered later."""


class Query(msgspec.Struct, frozen=True):
    """A query as sent; `question` is its question section in bytes, by which a response is known."""

    wire: bytes
    question: bytes

    def answered_by(self, wire: bytes) -> bool:
        """Tell whether `wire` answers this query: same ID, same question (RFC 5452 section 9.1).

        Names compare without regard to case (RFC 4343 section 3). Only an error may come without the question.
        """
        if len(wire) < HEADER_BYTES or wire[:2] != self.wire[:2]:
            return False
        _, flags, questions, *_ = HEADER.unpack_from(wire)
        if not flags & _QR or flags & _OPCODE:
            return False
        if questions == 0:
            return bool(flags & _RCODE)
        echoed = wire[HEADER_BYTES : HEADER_BYTES + len(self.question)]
        return questions == 1 and echoed.lower() == self.question.lower()


class DnsResult(msgspec.Struct, frozen=True):
    """What one response says, or why none came."""

    outcome: Outcome
    data: DnsData | None = None
    ttl_s: int | None = None
    detail: str = ""


def query(question: Question, *, checking_disabled: bool = False) -> Query | None:
    """Return the query for `question`, or None where its name is no domain name (a label or the whole too long).

    A resolver is asked to recurse, and with the DO bit to include signatures and to tell by the AD bit whether it
    validated them (RFC 4035 section 3.2.1, RFC 6840 section 5.7). A name server is asked for what it holds itself.
    """
    try:
        name = parse_name(question.name)
    except FormatError:
        return None
    flags = _AD
    if not question.server:
        flags |= _RD
    if checking_disabled:
        flags |= _CD
    # The ID must not be foreseeable, nor the port, which the kernel draws (RFC 5452 section 9.2).
    header = HEADER.pack(int.from_bytes(os.urandom(2)), flags, 1, 0, 0, 1)
    asked = name + _QUESTION_END.pack(TYPES[question.kind], CLASS_IN)
    return Query(header + asked + _OPT, asked)


def is_truncated(wire: bytes) -> bool:
    """Tell whether the TC bit is set (RFC 1035 section 4.1.1)."""
    return bool(int.from_bytes(wire[2:4], "big") & _TC)


def read(question: Question, wire: bytes, transport: str) -> DnsResult:
    """Read a response to `question`. Never raises: what cannot be read is MALFORMED.

    A server may cut a message anywhere once it sets the TC bit, so nothing in it is read (RFC 2181 section 9).
    """
    unread = DnsData(rcode="", secure=False, transport=transport, wire=wire[:DNS_BYTES_MAX])
    if len(wire) > DNS_BYTES_MAX:
        return DnsResult(Outcome.OVERSIZE, unread, detail=f"more than {DNS_BYTES_MAX} bytes")
    if len(wire) < HEADER_BYTES:
        return DnsResult(Outcome.MALFORMED, unread, detail="shorter than a DNS header")
    if question.transport is Transport.UDP and is_truncated(wire):
        return DnsResult(Outcome.TRUNCATED, _headed(unread), detail="the answer does not fit into a datagram")
    if sum(HEADER.unpack_from(wire)[3:]) > RECORDS_MAX:
        return DnsResult(Outcome.OVERSIZE, unread, detail=f"more than {RECORDS_MAX} records")
    try:
        return _result(question, parse_message(wire), unread)
    except FormatError as error:
        return DnsResult(Outcome.MALFORMED, unread, detail=str(error))


def _headed(unread: DnsData) -> DnsData:
    """Return `unread` with the part of its rcode that stands in the header."""
    return msgspec.structs.replace(unread, rcode=rcode_text(unread.wire[3] & _RCODE))


def _result(question: Question, message: Message, unread: DnsData) -> DnsResult:
    data = msgspec.structs.replace(
        unread,
        rcode=rcode_text(message.rcode),
        secure=bool(message.flags & _AD),
        extended=tuple([extended_text(code, text) for code, text in message.extended]),
    )
    if message.rcode not in (_NOERROR, _NXDOMAIN):
        return DnsResult(_refusal(message), data, detail="; ".join((data.rcode, *data.extended)))
    chain, end, ttls = _follow(message, question)
    if chain:
        data = msgspec.structs.replace(data, chain=chain)
    if end is None:
        return DnsResult(Outcome.MALFORMED, data, detail=f"an alias loop, or more than {ALIASES_MAX} aliases")
    found = select(message.answer, end, TYPES[question.kind])
    if found and message.rcode == _NOERROR:
        records = tuple(dict.fromkeys(record_value(message, record) for record in found))
        data = msgspec.structs.replace(data, records=records)
        return DnsResult(Outcome.FOUND, data, min((*ttls, *(record.ttl_s for record in found))))
    return _negative(message, data, ttls, from_server=bool(question.server))


def _negative(message: Message, data: DnsData, ttls: list[int], *, from_server: bool) -> DnsResult:
    """Tell no data, no name and a referral apart (RFC 2308 sections 2.1 and 2.2)."""
    soas = [record for record in message.authority if record.type == TYPE_SOA]
    for soa in soas[:1]:
        minimum_s = int.from_bytes(message.wire[soa.end - 4 : soa.end], "big")
        ttls = [*ttls, soa.ttl_s, minimum_s]  # RFC 2308 section 5
    ttl_s = min(ttls) if ttls else None
    if message.rcode == _NXDOMAIN:
        return DnsResult(Outcome.NXDOMAIN, data, ttl_s)
    delegates = any(record.type == TYPE_NS for record in message.authority)
    if delegates and not soas and not message.flags & (_AA | _RA):
        return DnsResult(Outcome.SERVFAIL, data, detail="a referral: this server does not recurse")
    if data.chain and not soas and from_server:
        return DnsResult(Outcome.FOUND, data, ttl_s, detail="the alias leads out of what this server knows")
    return DnsResult(Outcome.EMPTY, data, ttl_s)


def _refusal(message: Message) -> Outcome:
    if message.rcode == _REFUSED:
        return Outcome.REFUSED
    if any(code in _BOGUS_ERRORS for code, _ in message.extended):
        return Outcome.BOGUS
    return Outcome.SERVFAIL


def _follow(message: Message, question: Question) -> tuple[tuple[Alias, ...], bytes | None, list[int]]:
    """Return the alias chain in the answer, the name at its end (None for a loop), and the TTLs on the way."""
    name = parse_name(question.name).lower()
    chain: list[Alias] = []
    seen = {name}
    while question.kind is not Kind.CNAME:
        records = select(message.answer, name, TYPE_CNAME)
        if not records:
            break
        target = alias_target(message, records[0])
        chain.append(Alias(name_text(name), name_text(target), records[0].ttl_s))
        if target in seen or len(chain) > ALIASES_MAX:
            return tuple(chain), None, []
        seen.add(target)
        name = target
    return tuple(chain), name, [alias.ttl_s for alias in chain]
