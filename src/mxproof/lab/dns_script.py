"""A script of a DNS server played: a sound response made into what the script says, as bytes and in time.

`Scripts` finds the script for a query, `datagrams` makes what goes out over UDP, `converse` what goes over TCP.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from mxproof.evidence import Transport
from mxproof.formats.dns_name import name_text
from mxproof.lab.serving import Datagram, hang_up
from mxproof.world.dns_script import DnsScript, Echo, Opt, QueryForm, Stray, StreamFault

MESSAGE_BYTES_MAX = 65535
BYTE_EVERY_S = 0.1
_ID_MAX = 0xFFFF
_FLAGS = {"QR": 0x8000, "AA": 0x0400, "TC": 0x0200, "RD": 0x0100, "RA": 0x0080, "AD": 0x0020, "CD": 0x0010}
_OPCODE_SHIFT = 11
_STRAY_ADDRESS = "192.0.2.66"
_OTHER = dns.name.from_text("another.example.org")
_PAYLOAD = 1232


class Scripts:
    """The scripts of one server, and how often each was called for."""

    def __init__(self, scripts: Sequence[DnsScript]) -> None:
        self._scripts = scripts
        self._called: Counter[int] = Counter()

    def find(self, query: dns.message.Message, over: Transport) -> DnsScript | None:
        """Return the first script that is for `query`, None where there is none."""
        if len(query.question) != 1:
            return None
        name = name_text(query.question[0].name.to_digestable())
        kind = dns.rdatatype.to_text(query.question[0].rdtype)
        for index, script in enumerate(self._scripts):
            if script.is_about(name, kind) and script.over in {"", over} and _is_form(script.to, query):
                self._called[index] += 1
                called = self._called[index] - script.skip
                if called > 0 and (not script.times or called <= script.times):
                    return script
        return None


def datagrams(script: DnsScript, query: dns.message.Message, sound: bytes | None) -> Iterator[Datagram]:
    """Yield what goes out in answer to `query`, strays first; `sound` is the response by the records."""
    stray = _stray(script.stray, query) if script.strays else b""
    for number in range(1, 1 + script.strays):
        guessed = (query.id + number) & _ID_MAX if script.stray is Stray.WRONG_ID else query.id
        yield Datagram(guessed.to_bytes(2, "big") + stray[2:], script.other_source)
    if not script.silent:
        yield from [Datagram(_changed(script, query, sound), script.other_source)] * script.copies


async def converse(
    script: DnsScript, query: dns.message.Message, sound: bytes | None, writer: asyncio.StreamWriter
) -> bool:
    """Answer `query` over TCP and tell whether the connection goes on."""
    wire = _changed(script, query, sound)
    match script.stream:
        case StreamFault.CLOSE:
            return False
        case StreamFault.RESET:
            hang_up(writer)
            return False
        case StreamFault.DRIP:
            await _drip(wire, writer)
            return False
        case StreamFault.BYTEWISE:
            for byte in _length(wire) + wire:
                writer.write(bytes((byte,)))
                await writer.drain()
        case _:
            writer.write(b"" if script.silent else _framed(script.stream, query, wire))
            await writer.drain()
    return script.stream is not StreamFault.HALF


def _framed(fault: StreamFault, query: dns.message.Message, wire: bytes) -> bytes:
    """Return what goes over the connection in one piece."""
    whole = _length(wire) + wire
    match fault:
        case StreamFault.SILENT:
            return b""
        case StreamFault.HALF:
            return whole[: len(wire) // 2]
        case StreamFault.LENGTH_ZERO:
            return bytes(2) + wire
        case StreamFault.LENGTH_LONG:
            return (len(wire) + 100).to_bytes(2, "big") + wire
        case StreamFault.LENGTH_SHORT:
            return (len(wire) // 2).to_bytes(2, "big") + wire
        case StreamFault.OTHER_FIRST:
            other = (query.id ^ _ID_MAX).to_bytes(2, "big") + _stray(Stray.WRONG_ID, query)[2:]
            return _length(other) + other + whole
        case StreamFault.TWICE:
            return whole * 2
        case _:
            return whole


def _length(wire: bytes) -> bytes:
    return len(wire).to_bytes(2, "big")


async def _drip(wire: bytes, writer: asyncio.StreamWriter) -> None:
    """Send the message so slowly that nobody waits for its end."""
    for byte in _length(wire) + wire:
        writer.write(bytes((byte,)))
        await writer.drain()
        await asyncio.sleep(BYTE_EVERY_S)


def _is_form(form: QueryForm, query: dns.message.Message) -> bool:
    match form:
        case QueryForm.EDNS:
            return query.edns >= 0
        case QueryForm.EDNS_1:
            return query.edns == 1
        case QueryForm.PLAIN:
            return query.edns < 0
        case QueryForm.CHECKED:
            return not query.flags & dns.flags.CD
        case QueryForm.UNCHECKED:
            return bool(query.flags & dns.flags.CD)
        case _:
            return True


def _changed(script: DnsScript, query: dns.message.Message, sound: bytes | None) -> bytes:
    if script.wire is not None:
        return query.id.to_bytes(2, "big") + bytes.fromhex(script.wire)
    message = _message(script, query, sound)
    wire = bytearray(message.to_wire(max_size=MESSAGE_BYTES_MAX, want_shuffle=False))
    flags = int.from_bytes(wire[2:4], "big") | script.opcode << _OPCODE_SHIFT
    for flag in script.flags:
        bit = _FLAGS[flag.removeprefix("-")]
        flags = flags & ~bit if flag.startswith("-") else flags | bit
    wire[2:4] = flags.to_bytes(2, "big")
    for place, count in enumerate(script.counts or ()):
        wire[4 + 2 * place : 6 + 2 * place] = count.to_bytes(2, "big")
    if script.opt in {Opt.CUT_OPTION, Opt.OWNED, Opt.TWICE}:
        wire = _with_opt(script.opt, wire)
    return bytes(wire[: script.keep]) + bytes.fromhex(script.append)


def _message(script: DnsScript, query: dns.message.Message, sound: bytes | None) -> dns.message.Message:
    """Return the response with what the script says in place of what the records say."""
    message = dns.message.make_response(query, recursion_available=True, our_payload=_PAYLOAD)
    if sound is not None:
        message = dns.message.from_wire(sound)
    if script.rcode:
        message.set_rcode(dns.rcode.from_text(script.rcode))
        message.answer, message.authority = [], []
        message.flags &= ~dns.flags.AD
    if script.answer is not None:
        message.flags &= ~dns.flags.TC
        message.answer, message.authority = _records(script.answer, script.count), []
        if not script.rcode:
            message.set_rcode(dns.rcode.NOERROR)
    if script.authority is not None:
        message.authority = _records(script.authority, script.count)
    if script.additional is not None:
        message.additional = _records(script.additional, script.count)
    if script.extended:
        codes = [dns.edns.EDEOption(dns.edns.EDECode.make(code)) for code in script.extended]
        message.use_edns(0, payload=_PAYLOAD, options=list(codes))
    if script.opt is not Opt.SAME:
        message.use_edns(1 if script.opt is Opt.VERSION_1 else False)
    if script.wrong_id:
        message.id ^= _ID_MAX
    _echo(script.question, message, query)
    return message


def _echo(echo: Echo, message: dns.message.Message, query: dns.message.Message) -> None:
    asked = query.question[0]
    name, rdtype, rdclass = asked.name, asked.rdtype, asked.rdclass
    match echo:
        case Echo.NONE:
            message.question = []
            return
        case Echo.OTHER_NAME:
            name = _OTHER
        case Echo.OTHER_TYPE:
            rdtype = dns.rdatatype.HINFO
        case Echo.OTHER_CLASS:
            rdclass = dns.rdataclass.CH
        case Echo.UPPER | Echo.LOWER | Echo.SWAPPED:
            changed = {Echo.UPPER: bytes.upper, Echo.LOWER: bytes.lower, Echo.SWAPPED: bytes.swapcase}[echo]
            name = dns.name.Name([changed(label) for label in name.labels])
        case _:
            pass
    one = dns.rrset.RRset(name, rdclass, rdtype)
    message.question = [one, one] if echo is Echo.TWICE else [one]


def _with_opt(opt: Opt, wire: bytearray) -> bytearray:
    """Put an unsound OPT record, or one more than there may be, behind a message without one."""
    plain = bytes.fromhex("00 0029 04d0 00000000 0000")
    added = {
        Opt.CUT_OPTION: bytes.fromhex("00 0029 04d0 00000000 0004 000f 00ff"),
        Opt.OWNED: b"\1x" + plain,
        Opt.TWICE: plain * 2,
    }[opt]
    count = int.from_bytes(wire[10:12], "big") + (2 if opt is Opt.TWICE else 1)
    wire[10:12] = count.to_bytes(2, "big")
    return wire + added


def _records(lines: str, count: int) -> list[dns.rrset.RRset]:
    """Return a section: a set for each line, so that what stands twice is sent twice."""
    written = [
        line.replace("{n}", str(n)) for n in range(1, count + 1) for line in lines.strip().splitlines()
    ]
    return (
        [_record(line) for line in dict.fromkeys(written)] if count > 1 else [_record(one) for one in written]
    )


def _record(line: str) -> dns.rrset.RRset:
    owner, ttl, rdclass, rdtype, *data = line.split(None, 4)
    rrset = dns.rrset.RRset(
        dns.name.from_text(owner), dns.rdataclass.from_text(rdclass), dns.rdatatype.from_text(rdtype)
    )
    text = data[0] if data else "\\# 0"
    if text.startswith("\\#"):
        unread = bytes.fromhex("".join(text.split()[2:]))
        rrset.add(dns.rdata.GenericRdata(rrset.rdclass, rrset.rdtype, unread), int(ttl))
    else:
        rrset.add(dns.rdata.from_text(rrset.rdclass, rrset.rdtype, text), int(ttl))
    return rrset


def _stray(stray: Stray, query: dns.message.Message) -> bytes:
    """Return a datagram that does not answer `query` but for its ID, with what a forger would like to be believed."""
    asked = query.question[0]
    if stray is Stray.QUERY:
        return query.to_wire()
    if stray is Stray.SHORT:
        return query.id.to_bytes(2, "big") + bytes((0x81,))
    message = dns.message.make_response(query, recursion_available=True)
    message.answer = [dns.rrset.from_text(asked.name, 300, "IN", "A", _STRAY_ADDRESS)]
    if asked.rdtype == dns.rdatatype.MX:
        message.answer = [dns.rrset.from_text(asked.name, 300, "IN", "MX", "0 forged.example.org.")]
    if asked.rdtype == dns.rdatatype.TXT:
        message.answer = []
    match stray:
        case Stray.WRONG_QUESTION:
            _echo(Echo.OTHER_NAME, message, query)
        case Stray.OTHER_CASE:
            _echo(Echo.SWAPPED, message, query)
        case _:
            pass
    return message.to_wire()
