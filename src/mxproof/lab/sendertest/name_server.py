"""The name server of a sender test: it knows the domains of the set and nothing else, and says so to whoever asks for more.

To a resolver that forwards to it, or to a sender that is led to it, it looks like a resolver that validates. Every other name
is REFUSED, and never told not to exist: mail to the rest of the world then waits, and does not come back.
"""

import dns.flags
import dns.message
import dns.rcode

from mxproof.evidence import Transport
from mxproof.judge.senders.inference.observation import SeenQuery
from mxproof.lab.dns import asked_of, parsed, response_to
from mxproof.lab.sendertest.watching import Watching
from mxproof.world.world import World

ANSWERS_A_SECOND_MAX = 500
"""How many answers one client gets over UDP in a second; it is led to TCP then, where no address can be forged."""
CLIENTS_COUNTED_MAX = 4096
NAME_CHARACTERS_KEPT = 255


class NameServer:
    """Answers for the zones of `world` that are below one of `origins`, and notes what is asked there."""

    def __init__(self, world: World, origins: tuple[str, ...], watching: Watching) -> None:
        self._world = world
        self._origins = origins
        self._watching = watching
        self._answered: dict[str, int] = {}
        self._second = 0

    def response(self, wire: bytes, client: str, over: Transport) -> bytes | None:
        """Return the response to a query, None where there is none."""
        query = parsed(wire)
        if query is None:
            return None
        asked = asked_of(query)
        if asked is None or not self._is_ours(asked[0]):
            return _refused(query)
        if over is Transport.UDP and self._is_too_fast(client):
            return _truncated(query)
        name, kind = asked
        self._watching.query(
            SeenQuery(
                self._watching.now(),
                client,
                name[:NAME_CHARACTERS_KEPT],
                kind,
                over,
                signed=bool(query.ednsflags & dns.flags.DO),
                authentic=bool(query.flags & dns.flags.AD),
            )
        )
        return response_to(self._world, wire, udp=over is Transport.UDP)

    def _is_ours(self, name: str) -> bool:
        return any(name == origin or name.endswith(f".{origin}") for origin in self._origins)

    def _is_too_fast(self, client: str) -> bool:
        second = int(self._watching.now().timestamp())
        if second != self._second:
            self._second, self._answered = second, {}
        count = self._answered.get(client, 0) + 1
        if count == 1 and len(self._answered) >= CLIENTS_COUNTED_MAX:
            return True
        self._answered[client] = count
        return count > ANSWERS_A_SECOND_MAX


def _refused(query: dns.message.Message) -> bytes:
    response = dns.message.make_response(query)
    response.set_rcode(dns.rcode.REFUSED)
    return response.to_wire()


def _truncated(query: dns.message.Message) -> bytes:
    """Return an answer as small as its question, with the TC bit (RFC 2181 section 9)."""
    response = dns.message.make_response(query)
    response.flags |= dns.flags.TC
    return response.to_wire()
