"""An authoritative name server of the lab: the zones delegated to it, without recursion, over UDP and TCP.

It sets the AA bit and follows no alias (RFC 1034 section 4.3.2). Its faults are its own: other servers of the zone, and
the lab's resolver, answer as ever.
"""

import dns.flags
import dns.message
import dns.rcode

from mxproof.evidence import Transport
from mxproof.lab.dns import UDP_BYTES_MAX, DnsAnswering, add_proofs, asked_of, fitting, parsed, sections
from mxproof.lab.serving import Endpoint, Serving, bound_pair
from mxproof.lab.zone import served
from mxproof.world.lookup import REFUSED, record_table
from mxproof.world.world import AuthoritativeServer, ServerFault, World

EDNS_VERSION = 0
"""The newest version that there is (RFC 6891 section 6.1.3)."""


class NameServing:
    """Answers for the zones of `world` that are delegated to `server`, each time after `latency_s`.

    `client_s` is how long a client should wait for one answer.
    """

    def __init__(self, server: AuthoritativeServer, world: World, latency_s: float, client_s: float) -> None:
        self._fault = server.fault
        self._zones = world.zones_at(server)
        self._table = record_table(self._zones)
        self._origins = self._table.origins_of(server.name)
        self._answering = DnsAnswering(self._answer, server.scripts, latency_s, client_s)

    async def serve(self, serving: Serving) -> Endpoint:
        """Take one free loopback port for both transports and return it."""
        stream, datagram = bound_pair()
        if self._fault is ServerFault.SILENT:
            serving.ignore(datagram)
        else:
            await serving.listen_datagrams(self._answering.receive, datagram)
        match self._fault:
            case ServerFault.TCP_REFUSED:
                return serving.refuse(stream)
            case ServerFault.SILENT | ServerFault.TCP_SILENT:
                return serving.swallow(stream)
            case _:
                return serving.listen(self._answering.converse, bound=stream)

    def _answer(self, wire: bytes, over: Transport) -> bytes | None:
        query = parsed(wire)
        if query is None:
            return None
        response = dns.message.make_response(query, our_payload=UDP_BYTES_MAX)
        asked = asked_of(query)
        if asked is None:
            response.set_rcode(dns.rcode.NOTIMP)
            return response.to_wire()
        if query.edns > EDNS_VERSION:
            response.set_rcode(dns.rcode.BADVERS)
            return response.to_wire()
        found = self._table.held(*asked, self._origins)
        if self._fault is ServerFault.LAME or found.rcode == REFUSED:
            response.set_rcode(dns.rcode.REFUSED)
            return response.to_wire()
        response.set_rcode(dns.rcode.from_text(found.rcode))
        response.answer, response.authority = sections(found)
        response.additional = [served(one) for one in found.glue]
        if found.led is not None:
            return fitting(response, query, udp=over is Transport.UDP)
        if any(zone.proofs for zone in self._zones):
            add_proofs(response, query, self._zones, found)
        if self._fault is not ServerFault.NOT_AUTHORITATIVE:
            response.flags |= dns.flags.AA
        return fitting(response, query, udp=over is Transport.UDP)
