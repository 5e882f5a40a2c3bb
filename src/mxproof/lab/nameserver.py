"""An authoritative name server of the lab: the zones delegated to it, without recursion, over UDP and TCP.

It sets the AA bit and follows no alias (RFC 1034 section 4.3.2). Its faults are its own: other servers of the zone, and
the lab's resolver, answer as ever.
"""

import asyncio

import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass

from mxproof.lab.dns import UDP_BYTES_MAX, fitting, parsed, queries, send
from mxproof.lab.serving import Endpoint, Serving, bound_pair
from mxproof.lab.world import NameServer, ServerFault
from mxproof.lab.zone import Records


class NameServing:
    """Answers from `records` for the zones delegated to `server`, each time after `latency_s`."""

    def __init__(self, server: NameServer, records: Records, latency_s: float) -> None:
        self._fault = server.fault
        self._records = records
        self._origins = records.origins_of(server.name)
        self._latency_s = latency_s

    async def serve(self, serving: Serving) -> Endpoint:
        """Take one free loopback port for both transports and return it."""
        stream, datagram = bound_pair()
        if self._fault is ServerFault.SILENT:
            serving.ignore(datagram)
        else:
            await serving.listen_datagrams(self._receive, datagram)
        match self._fault:
            case ServerFault.TCP_REFUSED:
                return serving.refuse(stream)
            case ServerFault.SILENT | ServerFault.TCP_SILENT:
                return serving.swallow(stream)
            case _:
                return serving.listen(self._converse, bound=stream)

    async def _receive(self, wire: bytes) -> bytes | None:
        await asyncio.sleep(self._latency_s)
        return self._answer(wire, udp=True)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async for wire in queries(reader):
            await asyncio.sleep(self._latency_s)
            await send(self._answer(wire, udp=False), writer)

    def _answer(self, wire: bytes, *, udp: bool) -> bytes | None:
        query = parsed(wire)
        if query is None:
            return None
        response = dns.message.make_response(query, our_payload=UDP_BYTES_MAX)
        if len(query.question) != 1 or query.question[0].rdclass != dns.rdataclass.IN:
            response.set_rcode(dns.rcode.NOTIMP)
            return response.to_wire()
        question = query.question[0]
        found = self._records.held(question.name, question.rdtype, self._origins)
        if self._fault is ServerFault.LAME or found.rcode == dns.rcode.REFUSED:
            response.set_rcode(dns.rcode.REFUSED)
            return response.to_wire()
        response.set_rcode(found.rcode)
        response.answer = list(found.answer)
        response.authority = [found.authority] if found.authority is not None else []
        if self._fault is not ServerFault.NOT_AUTHORITATIVE:
            response.flags |= dns.flags.AA
        return fitting(response, query, udp=udp)
