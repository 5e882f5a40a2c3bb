"""The bytes of a DNS response to its records, and the data of a record to a value.

The sections are walked here rather than by dnspython, for two reasons. A library that is strict refuses a whole
message for one record that it finds unsound (a TLSA record of the wrong length), and such records are what a check is
for. And reading answers is most of what a check computes: over bytes, without an object for each name and number, it
takes a fraction of the time. What is seldom met is left to the library, which is loaded with the first of it.
"""

import socket
import struct
from collections.abc import Callable, Collection, Iterator

import msgspec

from mxproof.evidence import (
    AddressRecord,
    CaaRecord,
    DnsRecord,
    GlueRecord,
    Kind,
    MxRecord,
    NameRecord,
    OtherRecord,
    SignedRecord,
    TlsaRecord,
    TxtRecord,
)
from mxproof.formats.dns_name import name_text, read_name
from mxproof.formats.errors import FormatError, Objection

TTL_S_MAX = 2**31 - 1
HEADER_BYTES = 12
HEADER = struct.Struct("!HHHHHH")

# The flags and fields of the header (RFC 1035 section 4.1.1, RFC 4035 section 3.2).
QR = 0x8000
OPCODE = 0x7800
AA = 0x0400
TC = 0x0200
RD = 0x0100
AD = 0x0020
CD = 0x0010
RCODE = 0x000F

CLASS_IN = 1
TYPE_A = 1
TYPE_NS = 2
TYPE_CNAME = 5
TYPE_SOA = 6
TYPE_PTR = 12
TYPE_MX = 15
TYPE_TXT = 16
TYPE_AAAA = 28
TYPE_DNAME = 39
TYPE_OPT = 41
TYPE_DS = 43
TYPE_RRSIG = 46
TYPE_NSEC = 47
TYPE_DNSKEY = 48
TYPE_NSEC3 = 50
TYPE_TLSA = 52
TYPE_CAA = 257
TYPES = {
    Kind.A: TYPE_A,
    Kind.AAAA: TYPE_AAAA,
    Kind.CAA: TYPE_CAA,
    Kind.CNAME: TYPE_CNAME,
    Kind.DELEGATION: TYPE_NS,
    Kind.DNSKEY: TYPE_DNSKEY,
    Kind.DS: TYPE_DS,
    Kind.MX: TYPE_MX,
    Kind.NS: TYPE_NS,
    Kind.PTR: TYPE_PTR,
    Kind.SOA: TYPE_SOA,
    Kind.TLSA: TYPE_TLSA,
    Kind.TXT: TYPE_TXT,
}
"""The number of each type that can be asked for."""

_QUESTION_END_BYTES = 4
_BEFORE_NAME = {TYPE_NS: 0, TYPE_CNAME: 0, TYPE_PTR: 0, TYPE_DNAME: 0, TYPE_MX: 2, TYPE_RRSIG: 18}
"""The bytes before the name in the data of a type that has one name (RFC 4034 section 3.1)."""
_RECORD_HEAD = struct.Struct("!HHIH")
_OPTION_HEAD = struct.Struct("!HH")
_MX_PREFERENCE_BYTES = 2
_TLSA_HEAD_BYTES = 3
_SOA_BYTES_MIN = 22
_SOA_NUMBERS = struct.Struct("!IIIII")
"""Two root names and five numbers (RFC 1035 section 3.3.13)."""
_RCODES = ("NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED")
"""Those that resolvers send every day."""

_EXTENDED_ERROR = 15
"""The EDNS option that holds one (RFC 8914 section 2)."""


class ResourceRecord(msgspec.Struct, frozen=True, gc=False):
    """One resource record; its data are still in the message, from `start` to `end`."""

    owner: bytes
    type: int
    rdclass: int
    ttl_s: int
    start: int
    end: int


class Message(msgspec.Struct, frozen=True):
    """A response with its records found and not yet read; `names` are those known by their place in `wire`."""

    wire: bytes
    flags: int
    rcode: int
    answer: tuple[ResourceRecord, ...]
    authority: tuple[ResourceRecord, ...]
    additional: tuple[ResourceRecord, ...]
    extended: tuple[tuple[int, str], ...]
    names: dict[int, bytes]


def parse_message(wire: bytes) -> Message:
    """Find the records of a message of at least `HEADER_BYTES`; raises FormatError where it is unsound."""
    _, flags, questions, answers, authorities, additionals = HEADER.unpack_from(wire)
    names: dict[int, bytes] = {}
    at = HEADER_BYTES
    for _ in range(questions):
        _, at = read_name(wire, at, len(wire), names)
        at += _QUESTION_END_BYTES
    answer, at = _section(wire, at, answers, names)
    authority, at = _section(wire, at, authorities, names)
    additional, at = _section(wire, at, additionals, names)
    if at != len(wire):
        raise _refusal("message-length", "the message does not end behind its last record", at, "4.1")
    rcode = flags & RCODE
    extended: tuple[tuple[int, str], ...] = ()
    for record in additional:
        if record.type == TYPE_OPT:
            rcode |= record.ttl_s >> 24 << 4  # RFC 6891 section 6.1.3
            extended = tuple(_extended_errors(wire, record))
    return Message(wire, flags, rcode, answer, authority, additional, extended, names)


def _section(
    wire: bytes, at: int, count: int, names: dict[int, bytes]
) -> tuple[tuple[ResourceRecord, ...], int]:
    """Return the `count` records from `at` on, and where they end (RFC 1035 section 4.1.3)."""
    records = []
    for _ in range(count):
        owner, at = read_name(wire, at, len(wire), names)
        start = at + _RECORD_HEAD.size
        if start > len(wire):
            raise _refusal("record-cut", "the record is cut short", at, "4.1.3")
        rdtype, rdclass, ttl_s, length = _RECORD_HEAD.unpack_from(wire, at)
        at = start + length
        if at > len(wire):
            raise _refusal("record-cut", "the record is cut short", start, "4.1.3")
        if ttl_s > TTL_S_MAX and rdtype != TYPE_OPT:
            ttl_s = 0  # RFC 2181 section 8
        records.append(ResourceRecord(owner, rdtype, rdclass, ttl_s, start, at))
    return tuple(records), at


def _extended_errors(wire: bytes, record: ResourceRecord) -> Iterator[tuple[int, str]]:
    """Yield code and text of each extended error in an OPT record (RFC 8914 section 2)."""
    at = record.start
    while at < record.end:
        start = at + _OPTION_HEAD.size
        if start > record.end:
            raise _unfilled(record)
        code, length = _OPTION_HEAD.unpack_from(wire, at)
        at = start + length
        if at > record.end:
            raise _unfilled(record)
        if code == _EXTENDED_ERROR and length >= 2:
            text = wire[start + 2 : at].rstrip(b"\0").decode("utf-8", "backslashreplace")
            yield int.from_bytes(wire[start : start + 2], "big"), text


def rcode_text(rcode: int) -> str:
    """Return the name of a response code, or its number where it has none."""
    if rcode < len(_RCODES):
        return _RCODES[rcode]
    import dns.rcode  # noqa: PLC0415 - see above

    return dns.rcode.to_text(dns.rcode.Rcode.make(rcode))


def extended_text(code: int, text: str) -> str:
    """Return an extended error as text: its code, what that means, and what the server adds."""
    from dns.edns import EDECode  # noqa: PLC0415 - see above

    words = EDECode.to_text(EDECode.make(code)).replace("_", " ").lower()
    return f"{code} {words}" + (f": {text}" if text else "")


def select(section: tuple[ResourceRecord, ...], owner: bytes, rdtype: int) -> list[ResourceRecord]:
    """Return the records of a name (its letters in lower case) and a type in the class of the Internet."""
    return [
        record
        for record in section
        if record.type == rdtype and record.owner == owner and record.rdclass == CLASS_IN
    ]


def glue(message: Message, servers: Collection[str]) -> Iterator[GlueRecord]:
    """Yield the addresses in the additional section of name servers among `servers` (RFC 9471 section 2.1)."""
    for record in message.additional:
        name = name_text(record.owner)
        if record.type in {TYPE_A, TYPE_AAAA} and record.rdclass == CLASS_IN and name in servers:
            value = record_value(message, record)
            assert isinstance(value, AddressRecord), "these types are addresses"
            yield GlueRecord(name, value.address)


def negative_ttl_s(message: Message, soa: ResourceRecord) -> int:
    """Return for how long the absence that an SOA record goes with may be held (RFC 2308 section 5)."""
    if soa.end - soa.start < _SOA_BYTES_MIN:
        raise _unfilled(soa)
    return min(soa.ttl_s, int.from_bytes(message.wire[soa.end - 4 : soa.end], "big"))


def alias_target(message: Message, record: ResourceRecord) -> bytes:
    """Return the name in the data of a CNAME or DNAME record; raises FormatError where it does not fill them."""
    return _only_name(message, record, record.start)


def record_value(message: Message, record: ResourceRecord) -> DnsRecord:
    """Read the data of one record; raises FormatError where they do not fill exactly the length given."""
    return _READERS.get(record.type, _other)(message, record)


def signed_records(message: Message) -> tuple[SignedRecord, ...]:
    """Return the records of the answer and authority sections as their signatures cover them, each once.

    SOA records are left out: they prove nothing, and name a person. Raises FormatError where a name in one is unsound.
    """
    return tuple(
        dict.fromkeys(
            SignedRecord(name_text(one.owner), one.type, one.ttl_s, _canonical(message, one))
            for one in (*message.answer, *message.authority)
            if one.rdclass == CLASS_IN and one.type != TYPE_SOA
        )
    )


def _canonical(message: Message, record: ResourceRecord) -> bytes:
    """Return the data of a record with the name in it written out, in lower case (RFC 4034 section 6.2, RFC 6840 section 5.1)."""
    before = _BEFORE_NAME.get(record.type)
    if before is None:
        return message.wire[record.start : record.end]
    start = record.start + before
    name, at = read_name(message.wire, start, record.end, message.names)
    return message.wire[record.start : start] + name + message.wire[at : record.end]


def _text(message: Message, record: ResourceRecord) -> TxtRecord:
    """Read one character string or more; none is no TXT record (RFC 1035 section 3.3.14)."""
    strings = []
    at = record.start
    if at == record.end:
        raise _unfilled(record)
    while at < record.end:
        start = at + 1
        at = start + message.wire[at]
        strings.append(message.wire[start:at])
    if at != record.end:
        raise _unfilled(record)
    return TxtRecord(b"".join(strings), len(strings))


def _exchange(message: Message, record: ResourceRecord) -> MxRecord:
    start = record.start + _MX_PREFERENCE_BYTES
    exchange = _only_name(message, record, start)
    return MxRecord(int.from_bytes(message.wire[record.start : start], "big"), name_text(exchange))


def _name(message: Message, record: ResourceRecord) -> NameRecord:
    return NameRecord(name_text(_only_name(message, record, record.start)))


def _only_name(message: Message, record: ResourceRecord, start: int) -> bytes:
    name, at = read_name(message.wire, start, record.end, message.names)
    if at != record.end:
        raise _unfilled(record)
    return name


def _address(message: Message, record: ResourceRecord) -> AddressRecord:
    packed = message.wire[record.start : record.end]
    if len(packed) != 4:
        raise _unfilled(record)
    return AddressRecord(f"{packed[0]}.{packed[1]}.{packed[2]}.{packed[3]}")


def _address6(message: Message, record: ResourceRecord) -> AddressRecord:
    packed = message.wire[record.start : record.end]
    if len(packed) != 16:
        raise _unfilled(record)
    return AddressRecord(socket.inet_ntop(socket.AF_INET6, packed))


def _tlsa(message: Message, record: ResourceRecord) -> TlsaRecord:
    start = record.start + _TLSA_HEAD_BYTES
    if start > record.end:
        raise _unfilled(record)
    usage, selector, matching_type = message.wire[record.start : start]
    return TlsaRecord(usage, selector, matching_type, message.wire[start : record.end])


def _caa(message: Message, record: ResourceRecord) -> CaaRecord:
    """Read a CAA record (RFC 8659 section 4.1); one without a tag is unsound."""
    data = message.wire[record.start : record.end]
    end = 2 + data[1] if len(data) > 1 else 0
    if end <= 2 or end > len(data):
        raise _unfilled(record)
    return CaaRecord(data[0], data[2:end].decode("ascii", "replace").lower(), data[end:])


def _authority(message: Message, record: ResourceRecord) -> OtherRecord:
    """Read an SOA record: two names and five numbers (RFC 1035 section 3.3.13); what is odd about one is for the library."""
    wire, end = message.wire, record.end
    try:
        server, at = read_name(wire, record.start, end, message.names)
        mailbox, at = read_name(wire, at, end, message.names)
    except FormatError:
        return _other(message, record)
    names = f"{_absolute(server)} {_absolute(mailbox)}"
    if at + _SOA_NUMBERS.size != end or "\\" in names:
        return _other(message, record)
    return OtherRecord(" ".join([names, *map(str, _SOA_NUMBERS.unpack_from(wire, at))]))


def _absolute(name: bytes) -> str:
    return f"{name_text(name).removesuffix('.')}."


def _other(message: Message, record: ResourceRecord) -> OtherRecord:
    import dns.exception  # noqa: PLC0415 - see above
    import dns.rdata  # noqa: PLC0415
    import dns.rdataclass  # noqa: PLC0415
    import dns.rdatatype  # noqa: PLC0415
    import dns.wire  # noqa: PLC0415

    parser = dns.wire.Parser(message.wire, record.start)
    rdtype = dns.rdatatype.RdataType.make(record.type)
    try:
        with parser.restrict_to(record.end - record.start):
            text = dns.rdata.from_wire_parser(dns.rdataclass.IN, rdtype, parser).to_text()
    except (dns.exception.DNSException, ValueError) as error:
        raise _refusal("record-data", f"unsound data: {error}", record.start, "3.2.1") from None
    # An SOA record is two names and numbers, and a name may point at the one asked, whose letters are drawn.
    return OtherRecord(text.lower() if record.type == TYPE_SOA else text)


_READERS: dict[int, Callable[[Message, ResourceRecord], DnsRecord]] = {
    TYPE_A: _address,
    TYPE_NS: _name,
    TYPE_CNAME: _name,
    TYPE_PTR: _name,
    TYPE_MX: _exchange,
    TYPE_TXT: _text,
    TYPE_AAAA: _address6,
    TYPE_TLSA: _tlsa,
    TYPE_CAA: _caa,
    TYPE_SOA: _authority,
}


def _unfilled(record: ResourceRecord) -> FormatError:
    return _refusal("record-length", "the data do not fill the length given for them", record.start, "3.2.1")


def _refusal(rule: str, message: str, position: int, section: str) -> FormatError:
    return FormatError("DNS message", Objection(rule, message, position, f"RFC 1035 section {section}"))
