"""The lab's resolver: DNS over UDP and TCP on one loopback port, answering as a world says.

It looks like a validating resolver to its clients: recursion is available, aliases are followed, and the AD bit is set
on secure answers for those who ask with AD or DO (RFC 6840 sections 5.7 and 5.8). No signature exists; the bit is
simulated, and a report made here says so. What there is to say comes from `mxproof.world.lookup`; here it becomes
messages. With `mxproof.lab.dns_script` and `mxproof.lab.zone` this is the lab's one door to dnspython.
"""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable, Sequence

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from mxproof.evidence import Transport
from mxproof.formats.dns_name import name_text
from mxproof.lab.dns_script import Scripts, converse, datagrams
from mxproof.lab.serving import Datagram, Endpoint, Serving, bound_pair
from mxproof.lab.zone import served, served_signed
from mxproof.world.dns_script import DnsScript
from mxproof.world.lookup import Resolution, record_table
from mxproof.world.signed import is_proof, signed_records
from mxproof.world.world import DnsFault, World, ZoneContents

UDP_BYTES_MAX = 1232
"""The payload advertised, which passes without fragments (DNS Flag Day 2020)."""
UDP_BYTES_PLAIN = 512
"""The limit for a client without EDNS (RFC 1035 section 4.2.1)."""
TCP_BYTES_MAX = 65535
TCP_QUERIES_MAX = 1000

_RCODES = {
    DnsFault.SERVFAIL: dns.rcode.SERVFAIL,
    DnsFault.REFUSED: dns.rcode.REFUSED,
    DnsFault.NXDOMAIN: dns.rcode.NXDOMAIN,
    DnsFault.BOGUS: dns.rcode.SERVFAIL,
    DnsFault.BOGUS_UNEXPLAINED: dns.rcode.SERVFAIL,
}


class DnsAnswering:
    """Answers DNS messages over both transports, each after `latency_s`: as one of `scripts` says, or as `sound` does.

    `sound` makes a response of a query, as the last argument says for UDP or for TCP, or none. `client_s` is how long a
    client should wait for one answer.
    """

    def __init__(
        self,
        sound: Callable[[bytes, Transport], bytes | None],
        scripts: Sequence[DnsScript],
        latency_s: float,
        client_s: float,
    ) -> None:
        self._sound = sound
        self._scripts = Scripts(scripts)
        self._latency_s = latency_s
        self._client_s = client_s

    async def receive(self, wire: bytes) -> Sequence[Datagram]:
        """Return the datagrams that answer the one in `wire`."""
        query = parsed(wire)
        script = None if query is None else self._scripts.find(query, Transport.UDP)
        await self._wait(script)
        sound = self._sound(wire, Transport.UDP)
        if query is not None and script is not None:
            return tuple(datagrams(script, query, sound))
        return () if sound is None else (Datagram(sound),)

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the queries of one TCP connection."""
        async for wire in queries(reader):
            query = parsed(wire)
            script = None if query is None else self._scripts.find(query, Transport.TCP)
            await self._wait(script)
            sound = self._sound(wire, Transport.TCP)
            if query is None or script is None:
                await send(sound, writer)
            elif not await converse(script, query, sound, writer):
                return

    async def _wait(self, script: DnsScript | None) -> None:
        await asyncio.sleep(self._latency_s + (script.delay * self._client_s if script else 0))


class ResolverServing:
    """Answers as the resolver of `world` does."""

    def __init__(self, world: World, latency_s: float, client_s: float) -> None:
        self._world = world
        self._answering = DnsAnswering(self._response, world.dns_scripts, latency_s, client_s)

    async def serve(self, serving: Serving) -> Endpoint:
        """Listen on one free loopback port with both transports and return it."""
        stream, datagram = bound_pair()
        await serving.listen_datagrams(self._answering.receive, datagram)
        return serving.listen(self._answering.converse, bound=stream)

    def _response(self, wire: bytes, over: Transport) -> bytes | None:
        return response_to(self._world, wire, udp=over is Transport.UDP)


async def queries(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """Yield the queries of one TCP connection, to be answered in order (RFC 7766 section 6.2.1)."""
    for _ in range(TCP_QUERIES_MAX):
        (length,) = struct.unpack("!H", await reader.readexactly(2))
        yield await reader.readexactly(length)


async def send(reply: bytes | None, writer: asyncio.StreamWriter) -> None:
    """Send a response behind its length, or nothing."""
    if reply is not None:
        writer.write(struct.pack("!H", len(reply)) + reply)
        await writer.drain()


def response_to(world: World, wire: bytes, *, udp: bool) -> bytes | None:
    """Return the response to the query in `wire`, or None where the lab stays silent."""
    query = parsed(wire)
    if query is None:
        return None
    message = dns.message.make_response(query, recursion_available=True, our_payload=UDP_BYTES_MAX)
    asked = asked_of(query)
    if asked is None:
        message.set_rcode(dns.rcode.NOTIMP)
        return message.to_wire()
    resolution = record_table(world.zones).resolve(*asked, world.resolver_faults)
    if resolution.fault is DnsFault.TIMEOUT:
        return None
    _fill(message, query, resolution, world.zones)
    if udp and resolution.fault is DnsFault.TRUNCATE:
        return _truncated(message)
    return fitting(message, query, udp=udp)


def asked_of(query: dns.message.Message) -> tuple[str, str] | None:
    """Return the name and the type that are asked for, None where that is no question of the Internet class."""
    if len(query.question) != 1 or query.question[0].rdclass != dns.rdataclass.IN:
        return None
    question = query.question[0]
    return name_text(question.name.to_digestable()), dns.rdatatype.to_text(question.rdtype)


def sections(resolution: Resolution) -> tuple[list[dns.rrset.RRset], list[dns.rrset.RRset]]:
    """Return the answer section of a response, and its authority section (RFC 2308 section 3)."""
    found = (*resolution.aliases, *(one for one in (resolution.found,) if one is not None))
    authority = [served(one) for one in (resolution.soa, resolution.led) if one is not None]
    return [served(rrset) for rrset in found], authority


def parsed(wire: bytes) -> dns.message.Message | None:
    """Return the query in `wire`, or None where there is none."""
    try:
        query = dns.message.from_wire(wire)
    except (dns.exception.DNSException, ValueError):
        return None
    return None if query.flags & dns.flags.QR else query


def add_proofs(
    response: dns.message.Message,
    query: dns.message.Message,
    zones: tuple[ZoneContents, ...],
    resolution: Resolution,
) -> None:
    """Give signatures and proofs of absence to who validates by himself, and so disables checking."""
    asked = asked_of(query)
    if asked is None or not query.flags & dns.flags.CD or not query.ednsflags & dns.flags.DO:
        return
    records = signed_records(zones, resolution, *asked)
    response.answer = served_signed(one for one in records if not is_proof(one))
    response.authority += served_signed(one for one in records if is_proof(one))


def _fill(
    response: dns.message.Message,
    query: dns.message.Message,
    resolution: Resolution,
    zones: tuple[ZoneContents, ...],
) -> None:
    fault = resolution.fault
    if fault in {DnsFault.BOGUS, DnsFault.BOGUS_UNEXPLAINED} and query.flags & dns.flags.CD:
        fault = None  # with checking disabled, the data is handed out unchecked (RFC 4035 section 3.2.2)
    if fault is DnsFault.WRONG_ID:
        response.id ^= 0xFFFF
    if fault in _RCODES:
        response.set_rcode(_RCODES[fault])
        if fault is DnsFault.BOGUS and query.edns >= 0:
            response.use_edns(
                0, payload=UDP_BYTES_MAX, options=[dns.edns.EDEOption(dns.edns.EDECode.DNSSEC_BOGUS)]
            )
        return
    response.set_rcode(dns.rcode.from_text(resolution.rcode))
    response.answer, response.authority = sections(resolution)
    if any(zone.proofs for zone in zones):
        add_proofs(response, query, zones, resolution)
    wants_ad = bool(query.flags & dns.flags.AD) or bool(query.ednsflags & dns.flags.DO)
    if resolution.secure and wants_ad and not query.flags & dns.flags.CD:
        response.flags |= dns.flags.AD


def fitting(response: dns.message.Message, query: dns.message.Message, *, udp: bool) -> bytes:
    """Return `response` as its transport carries it, cut short with the TC bit where it does not fit."""
    limit = _payload(query) if udp else TCP_BYTES_MAX
    try:
        return response.to_wire(max_size=limit, want_shuffle=False)
    except dns.exception.TooBig:
        return _truncated(response)


def _truncated(response: dns.message.Message) -> bytes:
    """Return `response` empty with the TC bit, so that the client asks over TCP (RFC 2181 section 9)."""
    response.answer, response.authority = [], []
    response.flags |= dns.flags.TC
    return response.to_wire()


def _payload(query: dns.message.Message) -> int:
    if query.edns < 0:
        return UDP_BYTES_PLAIN
    return min(max(query.payload, UDP_BYTES_PLAIN), UDP_BYTES_MAX)
