"""DNS messages: the bytes of a response to an outcome and its facts.

Nothing is sent here. `response` finds the records and `alias` follows their names; here it is decided what they say
about the question.
"""

import msgspec

from mxproof.evidence import DnsData, DnsRecord, Edns, Kind, NameRecord, Outcome, Question, Transport
from mxproof.formats.dns_name import parse_name
from mxproof.formats.errors import FormatError
from mxproof.net.dns.alias import WayError, follow, refuse_leftovers
from mxproof.net.dns.response import (
    AA,
    AD,
    HEADER,
    HEADER_BYTES,
    RCODE,
    TC,
    TYPE_NS,
    TYPE_SOA,
    TYPES,
    Message,
    extended_text,
    glue,
    negative_ttl_s,
    parse_message,
    rcode_text,
    record_value,
    select,
    signed_records,
)

DNS_BYTES_MAX = 16 * 1024
RECORDS_MAX = 200

_NOERROR = 0
_NXDOMAIN = 3
_REFUSED = 5
_EDNS_REFUSALS = ("FORMERR", "NOTIMP", "BADVERS")

_BOGUS_ERRORS = frozenset({6, 7, 8, 9, 10, 11, 12, 25})
"""The codes that say that validation was tried and failed (RFC 8914 sections 4.7 to 4.13): bogus, signature expired
or not yet valid, DNSKEY, RRSIG, zone key bit or NSEC missing; 25 was registered later."""


_NOT_THE_DOMAIN_S = frozenset({4, 15, 16, 17})
"""The codes by which a resolver says that it answers in its own words: forged, blocked, censored, filtered (RFC 8914
sections 4.5 and 4.16 to 4.18). What it then says of a name holds for nobody elsewhere."""


class DnsResult(msgspec.Struct, frozen=True):
    """What one response says, or why none came."""

    outcome: Outcome
    data: DnsData | None = None
    ttl_s: int | None = None
    detail: str = ""

    @property
    def refuses_edns(self) -> bool:
        """Tell whether the server may not know EDNS, and has to be asked without (RFC 6891 section 7)."""
        return self.data is not None and self.data.rcode in _EDNS_REFUSALS


def is_truncated(wire: bytes) -> bool:
    """Tell whether the TC bit is set (RFC 1035 section 4.1.1)."""
    return bool(int.from_bytes(wire[2:4], "big") & TC)


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
    if is_truncated(wire):
        return DnsResult(
            Outcome.MALFORMED, _headed(unread), detail="the TC bit is set over TCP: not the whole answer"
        )
    if sum(HEADER.unpack_from(wire)[3:]) > RECORDS_MAX:
        return DnsResult(Outcome.OVERSIZE, unread, detail=f"more than {RECORDS_MAX} records")
    try:
        return _result(question, parse_message(wire), unread)
    except FormatError as error:
        return DnsResult(Outcome.MALFORMED, unread, detail=str(error))


def _headed(unread: DnsData) -> DnsData:
    """Return `unread` with the part of its rcode that stands in the header."""
    return msgspec.structs.replace(unread, rcode=rcode_text(unread.wire[3] & RCODE))


def _result(question: Question, message: Message, unread: DnsData) -> DnsResult:
    data = msgspec.structs.replace(
        unread,
        rcode=rcode_text(message.rcode),
        secure=bool(message.flags & AD),
        extended=tuple([extended_text(code, text) for code, text in message.extended]),
    )
    withheld = any(code in _NOT_THE_DOMAIN_S for code, _ in message.extended)
    if withheld or message.rcode not in (_NOERROR, _NXDOMAIN):
        outcome = Outcome.REFUSED if withheld else _refusal(message)
        return DnsResult(outcome, data, detail="; ".join((data.rcode, *data.extended)))
    if question.kind is Kind.DELEGATION:
        return _delegation(message, data, parse_name(question.name).lower())
    held = signed_records(message) if question.edns is Edns.SIGNED else ()
    try:
        way = follow(message, parse_name(question.name).lower(), question.kind)
    except WayError as error:
        data = msgspec.structs.replace(data, chain=error.aliases)
        return DnsResult(Outcome.MALFORMED, data, detail=error.words)
    if way.aliases:
        data = msgspec.structs.replace(data, chain=way.aliases)
    found = select(message.answer, way.end, TYPES[question.kind])
    if found and message.rcode == _NOERROR:
        read_here: tuple[DnsRecord, ...] = held or tuple(
            dict.fromkeys(record_value(message, record) for record in found)
        )
        data = msgspec.structs.replace(data, records=read_here)
        return DnsResult(Outcome.FOUND, data, min((*way.ttls_s, *(record.ttl_s for record in found))))
    refuse_leftovers(message, way)
    if held:
        data = msgspec.structs.replace(data, records=held)
    return _negative(message, data, way.ttls_s, from_server=bool(question.server))


def _delegation(message: Message, data: DnsData, zone: bytes) -> DnsResult:
    """Read where a server of the zone above leads to (RFC 1034 section 4.3.2 step 3b).

    A server that has the zone itself answers from there instead, with the AA bit; its records are then the zone's own.
    """
    led = select(message.authority, zone, TYPE_NS) or select(message.answer, zone, TYPE_NS)
    if message.rcode == _NXDOMAIN:
        return DnsResult(Outcome.NXDOMAIN, data)
    if not led:
        if message.flags & AA:
            return DnsResult(Outcome.EMPTY, data)
        return DnsResult(Outcome.SERVFAIL, data, detail="a referral to another zone than the one asked for")
    names = tuple(dict.fromkeys(record_value(message, record) for record in led))
    servers = {one.name for one in names if isinstance(one, NameRecord)}
    records = (*names, *dict.fromkeys(glue(message, servers)))
    return DnsResult(
        Outcome.FOUND, msgspec.structs.replace(data, records=records), min(record.ttl_s for record in led)
    )


def _negative(message: Message, data: DnsData, ttls_s: tuple[int, ...], *, from_server: bool) -> DnsResult:
    """Tell no data, no name and a referral apart (RFC 2308 sections 2.1 and 2.2)."""
    soas = [record for record in message.authority if record.type == TYPE_SOA]
    ttl_s = min((*ttls_s, *(negative_ttl_s(message, soa) for soa in soas[:1])), default=None)
    if message.rcode == _NXDOMAIN:
        return DnsResult(Outcome.NXDOMAIN, data, ttl_s)
    delegates = any(record.type == TYPE_NS for record in message.authority)
    if delegates and not soas and not message.flags & AA:
        return DnsResult(Outcome.SERVFAIL, data, detail="a referral: this server does not recurse")
    if data.chain and not soas:
        if from_server:
            return DnsResult(
                Outcome.FOUND, data, ttl_s, detail="the alias leads out of what this server knows"
            )
        words = f"the answer ends at the alias of {data.chain[-1].target} and does not say what is there"
        return DnsResult(Outcome.MALFORMED, data, detail=words)
    return DnsResult(Outcome.EMPTY, data, ttl_s)


def _refusal(message: Message) -> Outcome:
    if message.rcode == _REFUSED:
        return Outcome.REFUSED
    if any(code in _BOGUS_ERRORS for code, _ in message.extended):
        return Outcome.BOGUS
    return Outcome.SERVFAIL
