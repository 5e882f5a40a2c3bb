r"""DNS messages: a question to the bytes of a query, the bytes of a response to an outcome and its facts.

Nothing is sent here. The sections are walked here rather than by the library, because the library refuses a whole
message for one record that it finds unsound (a TLSA record of the wrong length), and such records are what a check is
for. Odd names are kept in the escaped form of RFC 1035 section 5.1 (a raw UTF-8 label becomes `b\195\188cher`),
which can be asked again as it stands.

Of the library only its names, numbers and parser are loaded with this module: a check starts with it, and the rest
(messages, rdata of every type) takes longer to load than most questions take to be answered.
"""

import os
import struct
from collections.abc import Iterator

import dns.exception
import dns.flags
import dns.ipv4
import dns.ipv6
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.wire
import msgspec

from mxproof.evidence import (
    CONNECTION_KINDS,
    AddressRecord,
    Alias,
    DnsData,
    DnsRecord,
    Kind,
    MxRecord,
    NameRecord,
    OtherRecord,
    Outcome,
    Question,
    TlsaRecord,
    Transport,
    TxtRecord,
)
from mxproof.formats.names import canonical

DNS_BYTES_MAX = 16 * 1024
RECORDS_MAX = 200
ALIASES_MAX = 16
TTL_S_MAX = 2**31 - 1
UDP_PAYLOAD_BYTES = 1232
"""What fits unfragmented through practically every path (RFC 9715 section 3.2)."""

HEADER_BYTES = 12
_HEADER = struct.Struct("!HHHHHH")
_QUESTION_END = struct.Struct("!HH")
_OPT = struct.Struct("!BHHBBHH")
_DO = 0x8000
_TYPES: dict[Kind, dns.rdatatype.RdataType] = {
    kind: dns.rdatatype.from_text(kind) for kind in Kind if kind not in CONNECTION_KINDS
}
_EXTENDED_ERROR = 15
"""The EDNS option that holds one (RFC 8914 section 2)."""

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
        _, flags, questions, *_ = _HEADER.unpack_from(wire)
        if not flags & dns.flags.QR or flags & 0x7800:
            return False
        if questions == 0:
            return bool(flags & 0x000F)
        echoed = wire[HEADER_BYTES : HEADER_BYTES + len(self.question)]
        return questions == 1 and echoed.lower() == self.question.lower()


class Reading(msgspec.Struct, frozen=True):
    """What one response says, or why none came."""

    outcome: Outcome
    data: DnsData | None = None
    ttl_s: int | None = None
    detail: str = ""


class _Record(msgspec.Struct, frozen=True):
    """One resource record; its data are still in the message, `length` bytes from `start` on."""

    owner: dns.name.Name
    type: int
    rdclass: int
    ttl_s: int
    start: int
    length: int


class _Message(msgspec.Struct, frozen=True):
    """A response with its records found and not yet read."""

    wire: bytes
    flags: int
    rcode: int
    answer: tuple[_Record, ...]
    authority: tuple[_Record, ...]
    extended: tuple[tuple[int, str], ...]


def query(question: Question, *, checking_disabled: bool = False) -> Query | None:
    """Return the query for `question`, or None where its name is no domain name (a label or the whole too long).

    A resolver is asked to recurse, and with the DO bit to include signatures and to tell by the AD bit whether it
    validated them (RFC 4035 section 3.2.1, RFC 6840 section 5.7). A name server is asked for what it holds itself.
    """
    try:
        name = _name(question)
    except (dns.exception.DNSException, UnicodeError):
        return None
    flags = dns.flags.AD
    if not question.server:
        flags |= dns.flags.RD
    if checking_disabled:
        flags |= dns.flags.CD
    # The ID must not be foreseeable, nor the port, which the kernel draws (RFC 5452 section 9.2).
    header = _HEADER.pack(int.from_bytes(os.urandom(2)), flags, 1, 0, 0, 1)
    asked = _wire(name) + _QUESTION_END.pack(_TYPES[question.kind], dns.rdataclass.IN)
    opt = _OPT.pack(0, dns.rdatatype.OPT, UDP_PAYLOAD_BYTES, 0, 0, _DO, 0)  # RFC 6891 section 6.1.2
    return Query(header + asked + opt, asked)


def _wire(name: dns.name.Name) -> bytes:
    """Write a name without compression (RFC 1035 section 3.1)."""
    return b"".join(bytes((len(label),)) + label for label in name.labels)


def is_truncated(wire: bytes) -> bool:
    """Tell whether the TC bit is set (RFC 1035 section 4.1.1)."""
    return bool(int.from_bytes(wire[2:4], "big") & dns.flags.TC)


def read(question: Question, wire: bytes, transport: str) -> Reading:
    """Read a response to `question`. Never raises: what cannot be read is MALFORMED.

    A server may cut a message anywhere once it sets the TC bit, so nothing in it is read (RFC 2181 section 9).
    """
    unread = DnsData(rcode="", secure=False, transport=transport, wire=wire[:DNS_BYTES_MAX])
    if len(wire) > DNS_BYTES_MAX:
        return Reading(Outcome.OVERSIZE, unread, detail=f"more than {DNS_BYTES_MAX} bytes")
    if len(wire) < HEADER_BYTES:
        return Reading(Outcome.MALFORMED, unread, detail="shorter than a DNS header")
    if question.transport is Transport.UDP and is_truncated(wire):
        return Reading(Outcome.TRUNCATED, _headed(unread), detail="the answer does not fit into a datagram")
    if sum(_HEADER.unpack_from(wire)[3:]) > RECORDS_MAX:
        return Reading(Outcome.OVERSIZE, unread, detail=f"more than {RECORDS_MAX} records")
    try:
        return _reading(question, _message(wire), unread)
    except (dns.exception.DNSException, ValueError) as error:
        return Reading(Outcome.MALFORMED, unread, detail=f"{type(error).__name__}: {error}")


def _headed(unread: DnsData) -> DnsData:
    """Return `unread` with the part of its rcode that stands in the header."""
    rcode = dns.rcode.to_text(dns.rcode.Rcode.make(unread.wire[3] & 0x0F))
    return msgspec.structs.replace(unread, rcode=rcode)


def _reading(question: Question, message: _Message, unread: DnsData) -> Reading:
    data = msgspec.structs.replace(
        unread,
        rcode=dns.rcode.to_text(dns.rcode.Rcode.make(message.rcode)),
        secure=bool(message.flags & dns.flags.AD),
        extended=tuple(_described(code, text) for code, text in message.extended),
    )
    if message.rcode not in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}:
        return Reading(_refusal(message), data, detail="; ".join((data.rcode, *data.extended)))
    chain, end, ttls = _follow(message, question)
    data = msgspec.structs.replace(data, chain=chain)
    if end is None:
        return Reading(Outcome.MALFORMED, data, detail=f"an alias loop, or more than {ALIASES_MAX} aliases")
    found = _select(message.answer, end, _TYPES[question.kind])
    if found and message.rcode == dns.rcode.NOERROR:
        records = tuple(dict.fromkeys(_value(message.wire, record) for record in found))
        data = msgspec.structs.replace(data, records=records)
        return Reading(Outcome.FOUND, data, min((*ttls, *(record.ttl_s for record in found))))
    return _negative(message, data, ttls, from_server=bool(question.server))


def _negative(message: _Message, data: DnsData, ttls: list[int], *, from_server: bool) -> Reading:
    """Tell no data, no name and a referral apart (RFC 2308 sections 2.1 and 2.2)."""
    soas = [record for record in message.authority if record.type == dns.rdatatype.SOA]
    for soa in soas[:1]:
        minimum_s = int.from_bytes(message.wire[: soa.start + soa.length][-4:], "big")
        ttls = [*ttls, soa.ttl_s, minimum_s]  # RFC 2308 section 5
    ttl_s = min(ttls) if ttls else None
    if message.rcode == dns.rcode.NXDOMAIN:
        return Reading(Outcome.NXDOMAIN, data, ttl_s)
    delegates = any(record.type == dns.rdatatype.NS for record in message.authority)
    if delegates and not soas and not message.flags & (dns.flags.AA | dns.flags.RA):
        return Reading(Outcome.SERVFAIL, data, detail="a referral: this server does not recurse")
    if data.chain and not soas and from_server:
        return Reading(Outcome.FOUND, data, ttl_s, detail="the alias leads out of what this server knows")
    return Reading(Outcome.EMPTY, data, ttl_s)


def _refusal(message: _Message) -> Outcome:
    if message.rcode == dns.rcode.REFUSED:
        return Outcome.REFUSED
    if any(code in _BOGUS_ERRORS for code, _ in message.extended):
        return Outcome.BOGUS
    return Outcome.SERVFAIL


def _follow(
    message: _Message, question: Question
) -> tuple[tuple[Alias, ...], dns.name.Name | None, list[int]]:
    """Return the alias chain in the answer, the name at its end (None for a loop), and the TTLs on the way."""
    name = _name(question)
    chain: list[Alias] = []
    seen = {name}
    while question.kind is not Kind.CNAME:
        records = _select(message.answer, name, dns.rdatatype.CNAME)
        if not records:
            break
        target = dns.name.from_wire_parser(dns.wire.Parser(message.wire, records[0].start))
        chain.append(Alias(_text(name), _text(target), records[0].ttl_s))
        if target in seen or len(chain) > ALIASES_MAX:
            return tuple(chain), None, []
        seen.add(target)
        name = target
    return tuple(chain), name, [alias.ttl_s for alias in chain]


def _select(section: tuple[_Record, ...], owner: dns.name.Name, rdtype: int) -> list[_Record]:
    return [
        record
        for record in section
        if record.type == rdtype and record.owner == owner and record.rdclass == dns.rdataclass.IN
    ]


def _value(wire: bytes, record: _Record) -> DnsRecord:
    """Read the data of one record; raises FormError where they do not fill exactly the length given."""
    parser = dns.wire.Parser(wire, record.start)
    with parser.restrict_to(record.length):
        match record.type:
            case dns.rdatatype.TXT:
                strings = []
                while parser.remaining():
                    strings.append(parser.get_counted_bytes())
                return TxtRecord(b"".join(strings), len(strings))
            case dns.rdatatype.MX:
                return MxRecord(parser.get_uint16(), _text(dns.name.from_wire_parser(parser)))
            case dns.rdatatype.A:
                return AddressRecord(dns.ipv4.inet_ntoa(parser.get_remaining()))
            case dns.rdatatype.AAAA:
                return AddressRecord(dns.ipv6.inet_ntoa(parser.get_remaining()))
            case dns.rdatatype.CNAME | dns.rdatatype.PTR | dns.rdatatype.NS:
                return NameRecord(_text(dns.name.from_wire_parser(parser)))
            case dns.rdatatype.TLSA:
                usage, selector, matching_type = parser.get_struct("!BBB")
                return TlsaRecord(usage, selector, matching_type, parser.get_remaining())
            case other:
                from dns import rdata  # noqa: PLC0415 - see above

                rdtype = dns.rdatatype.RdataType.make(other)
                return OtherRecord(rdata.from_wire_parser(dns.rdataclass.IN, rdtype, parser).to_text())


def _message(wire: bytes) -> _Message:
    parser = dns.wire.Parser(wire)
    _, flags, questions, answers, authorities, additionals = parser.get_struct(_HEADER.format)
    for _ in range(questions):
        dns.name.from_wire_parser(parser)
        parser.get_bytes(4)
    answer, authority, additional = (
        tuple(_record(parser) for _ in range(count)) for count in (answers, authorities, additionals)
    )
    if parser.remaining():
        raise dns.exception.FormError
    rcode = flags & 0x000F
    extended: tuple[tuple[int, str], ...] = ()
    for record in additional:
        if record.type == dns.rdatatype.OPT:
            rcode |= record.ttl_s >> 24 << 4  # RFC 6891 section 6.1.3
            extended = tuple(_extended_errors(wire, record))
    return _Message(wire, flags, rcode, answer, authority, extended)


def _record(parser: dns.wire.Parser) -> _Record:
    owner = dns.name.from_wire_parser(parser)
    rdtype, rdclass, ttl_s, length = parser.get_struct("!HHIH")
    start = parser.current
    parser.get_bytes(length)
    if rdtype != dns.rdatatype.OPT and ttl_s > TTL_S_MAX:
        ttl_s = 0  # RFC 2181 section 8
    return _Record(owner, rdtype, rdclass, ttl_s, start, length)


def _extended_errors(wire: bytes, record: _Record) -> Iterator[tuple[int, str]]:
    """Yield code and text of each extended error in an OPT record (RFC 8914 section 2)."""
    parser = dns.wire.Parser(wire, record.start)
    with parser.restrict_to(record.length):
        while parser.remaining():
            code = parser.get_uint16()
            value = parser.get_counted_bytes(2)
            if code == _EXTENDED_ERROR and len(value) >= 2:
                text = value[2:].rstrip(b"\0").decode("utf-8", "backslashreplace")
                yield int.from_bytes(value[:2], "big"), text


def _described(code: int, text: str) -> str:
    from dns.edns import EDECode  # noqa: PLC0415 - see above

    words = EDECode.to_text(EDECode.make(code)).replace("_", " ").lower()
    return f"{code} {words}" + (f": {text}" if text else "")


def _name(question: Question) -> dns.name.Name:
    return dns.name.from_text(question.name or ".", origin=dns.name.root)


def _text(name: dns.name.Name) -> str:
    return canonical(name.to_text()) or "."
