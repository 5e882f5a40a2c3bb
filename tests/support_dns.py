"""A DNS server on loopback that answers whatever a test wants it to."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from mxproof.net.asking import Peer

Respond = Callable[[bytes, str], Iterable[bytes]]
"""From a query and its transport (`udp` or `tcp`) to the messages sent back."""

BINDS_MAX = 10


def reply(
    wire: bytes,
    *records: str,
    authority: tuple[str, ...] = (),
    rcode: dns.rcode.Rcode = dns.rcode.NOERROR,
    flags: int = 0,
    extended: tuple[tuple[int, str], ...] = (),
) -> bytes:
    """Return a response to the query `wire`; records read `owner ttl class type data`, `flags` are added."""
    query = dns.message.from_wire(wire)
    response = dns.message.make_response(query, recursion_available=True)
    response.set_rcode(rcode)
    response.flags |= flags
    for section, lines in ((response.answer, records), (response.authority, authority)):
        for line in lines:
            owner, ttl, rdclass, rdtype, data = line.split(None, 4)
            rrset = response.find_rrset(
                section,
                dns.name.from_text(owner),
                dns.rdataclass.from_text(rdclass),
                dns.rdatatype.from_text(rdtype),
                create=True,
            )
            rrset.add(rdata(rrset.rdclass, rrset.rdtype, data), int(ttl))
    if extended:
        options: list[dns.edns.Option] = [
            dns.edns.EDEOption(dns.edns.EDECode.make(code), text or None) for code, text in extended
        ]
        response.use_edns(0, options=options)
    return response.to_wire(max_size=65535)


def rdata(rdclass: dns.rdataclass.RdataClass, rdtype: dns.rdatatype.RdataType, text: str) -> dns.rdata.Rdata:
    r"""Return record data; those in the generic form `\# LENGTH HEX` are taken as they are, however unsound."""
    if text.startswith("\\# "):
        return dns.rdata.GenericRdata(rdclass, rdtype, bytes.fromhex("".join(text.split()[2:])))
    return dns.rdata.from_text(rdclass, rdtype, text)


@asynccontextmanager
async def dns_server(respond: Respond) -> AsyncIterator[Peer]:
    """Serve UDP and TCP on one port of loopback."""
    loop = asyncio.get_running_loop()

    async def serve_tcp(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            length = int.from_bytes(await reader.readexactly(2), "big")
            for message in respond(await reader.readexactly(length), "tcp"):
                writer.write(message)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    for _ in range(BINDS_MAX):
        transport, _ = await loop.create_datagram_endpoint(lambda: _Udp(respond), local_addr=("127.0.0.1", 0))
        port = int(transport.get_extra_info("sockname")[1])
        try:
            server = await asyncio.start_server(serve_tcp, "127.0.0.1", port)
        except OSError:
            transport.close()
        else:
            break
    try:
        yield Peer("127.0.0.1", port)
    finally:
        transport.close()
        server.close()
        await server.wait_closed()


def framed(message: bytes) -> bytes:
    """Return `message` behind its length, as TCP carries it."""
    return len(message).to_bytes(2, "big") + message


def open_files() -> int:
    """Return how many files, sockets among them, this process holds open."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, respond: Respond) -> None:
        self._respond = respond

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        for message in self._respond(data, "udp"):
            self._transport.sendto(message, addr)
