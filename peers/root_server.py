"""A root and a top-level domain above the zone of a world, for a checker that walks down from the root by itself.

The lab's resolver knows all zones and asks no name server, so a world that names servers has a zone and nothing above it. Here
one server answers for the root and for the top-level domain, and leads from there to the zone as it stands in the world, unless
the world has a top-level domain of its own.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import cast

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from mxproof.evidence import AddressRecord, NameRecord
from mxproof.world.lookup import RecordTable

ROOT_ADDRESS = "203.0.113.250"
ROOT_NAME = "root.invalid"
TTL_S = 300
_SOA = "root.invalid. hostmaster.invalid. 1 3600 900 604800 300"


class RootServer:
    """The server as a value with one deed: answer a message."""

    def __init__(self, table: RecordTable, domain: str) -> None:
        self._table = table
        self._domain = domain
        self._top = domain.rpartition(".")[2]
        self._own_top = tuple(self._held(self._top, "NS"))
        self._zone = next(
            (one for one in _and_above(domain) if one != self._top and tuple(self._held(one, "NS"))), None
        )

    @property
    def is_useful(self) -> bool:
        """Tell whether there are name servers to lead to."""
        return self._zone is not None

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Answer at ROOT_ADDRESS until the context is left."""
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(
            lambda: _Datagrams(self), local_addr=(ROOT_ADDRESS, 53)
        )
        server = await asyncio.start_server(self._taken, ROOT_ADDRESS, 53)
        try:
            yield
        finally:
            transport.close()
            server.close()

    async def _taken(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readexactly(2):
                answer = self.answer(await reader.readexactly(int.from_bytes(head)))
                writer.write(len(answer).to_bytes(2) + answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, OSError):
            writer.close()

    def answer(self, wire: bytes) -> bytes:
        """Return the answer to a query: what the root and the top-level domain have, or where they lead."""
        query = dns.message.from_wire(wire)
        reply = dns.message.make_response(query)
        (question,) = query.question
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        zone = self._zone or ""
        if self._own_top and _is_within(name, self._top):
            self._lead(reply, self._top, self._own_top)
        elif not self._own_top and _is_within(name, zone) and not (name == zone and kind == "DS"):
            self._lead(reply, zone, tuple(self._held(zone, "NS")))
        else:
            reply.flags |= dns.flags.AA
            self._own(reply, name, kind)
        return reply.to_wire()

    def _own(self, reply: dns.message.Message, name: str, kind: str) -> None:
        apexes = {"", ".", self._top} - ({self._top} if self._own_top else set())
        known = {*apexes, ROOT_NAME, "invalid"} | set(_and_above(self._zone or ""))
        if name in apexes and kind == "NS":
            reply.answer.append(_rrset(name or ".", "NS", f"{ROOT_NAME}."))
            reply.additional.append(_rrset(ROOT_NAME, "A", ROOT_ADDRESS))
        elif name in apexes and kind == "SOA":
            reply.answer.append(_rrset(name or ".", "SOA", _SOA))
        elif name == ROOT_NAME and kind == "A":
            reply.answer.append(_rrset(ROOT_NAME, "A", ROOT_ADDRESS))
        else:
            if name not in known:
                reply.set_rcode(dns.rcode.NXDOMAIN)
            apex = self._top if _is_within(name, self._top) and name != self._top else "."
            reply.authority.append(_rrset(apex, "SOA", _SOA))

    def _lead(self, reply: dns.message.Message, zone: str, servers: tuple[str, ...]) -> None:
        reply.authority.append(_rrset(zone, "NS", *(f"{one}." for one in servers)))
        for server in servers:
            for kind in ("A", "AAAA"):
                found = tuple(self._held(server, kind))
                if found:
                    reply.additional.append(_rrset(server, kind, *found))

    def _held(self, name: str, kind: str) -> Iterator[str]:
        found = self._table.resolve(name, kind).found
        for record in found.records if found is not None else ():
            if isinstance(record, NameRecord):
                yield record.name
            elif isinstance(record, AddressRecord):
                yield record.address


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server: RootServer) -> None:
        self._server = server
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if self._transport is not None:
            self._transport.sendto(self._server.answer(data), addr)


def _rrset(name: str, kind: str, *texts: str) -> dns.rrset.RRset:
    return dns.rrset.from_text(dns.name.from_text(name), TTL_S, "IN", kind, *texts)


def _is_within(name: str, zone: str) -> bool:
    return bool(zone) and (name == zone or name.endswith(f".{zone}"))


def _and_above(name: str) -> Iterator[str]:
    while name:
        yield name
        name = name.partition(".")[2]
