"""The name server of a sender test: it knows the domains of the set and nothing else, and says so to whoever asks for more.

To a resolver that forwards to it, or to a sender that is led to it, it looks like a resolver that validates. Every other name
is REFUSED, and never told not to exist: mail to the rest of the world then waits, and does not come back.
"""

import ipaddress
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime

import dns.flags
import dns.message
import dns.rcode

from mxproof.evidence import Transport
from mxproof.judge.senders.inference.observation import SeenQuery
from mxproof.lab.dns import asked_of, parsed, response_to
from mxproof.lab.sendertest.watching import Watching
from mxproof.lab.signed_zone import SignedZones
from mxproof.world.world import World

ANSWERS_A_SECOND_MAX = 500
"""How many answers one client gets over UDP in a second; it is led to TCP then, where no address can be forged."""
ANSWERS_TO_ALL_MAX = 5000
CLIENTS_COUNTED_MAX = 4096
NAME_CHARACTERS_KEPT = 255
RESPONSES_KEPT_MAX = 8192
_ID_BYTES = 2


Answering = Callable[[dns.message.Message, bytes, bool], bytes | None]
"""From a query, read and as it came, to its response; the last tells whether it is to go over UDP."""


def resolving(world_of: Callable[[str], World]) -> Answering:
    """Return who answers as a resolver does that knows of a name what the world of that name says.

    Responses are kept, so many of them: several senders ask the same, each waits for a few seconds only, and a world does not change.
    """
    kept: OrderedDict[tuple[int, bytes, bool], bytes | None] = OrderedDict()

    def answer(query: dns.message.Message, wire: bytes, udp: bool) -> bytes | None:
        asked = asked_of(query)
        world = world_of(asked[0] if asked else "")
        key = (id(world), wire[_ID_BYTES:], udp)
        if key not in kept:
            kept[key] = response_to(world, wire, udp=udp)
            if len(kept) > RESPONSES_KEPT_MAX:
                kept.popitem(last=False)
        response = kept[key]
        return None if response is None else wire[:_ID_BYTES] + response[_ID_BYTES:]

    return answer


def signing(zones_of: Callable[[str], SignedZones]) -> Answering:
    """Return who answers with the zones that a name is in."""

    def answer(query: dns.message.Message, wire: bytes, udp: bool) -> bytes:
        asked = asked_of(query)
        return zones_of(asked[0] if asked else "").response(query, udp=udp)

    return answer


def counted_as(client: str) -> str:
    """Return the network that a client is counted as: whoever has one address of IPv6 has a whole /64."""
    if ":" not in client:
        return client
    return str(ipaddress.ip_network((client.partition("%")[0], 64), strict=False))


class NameServer:
    """Answers what is below one of `origins`; what is asked is noted by what `watching` returns for the name, where it does."""

    def __init__(
        self,
        answer: Answering,
        origins: tuple[str, ...],
        watching: Callable[[str], Watching | None],
        now: Callable[[], datetime],
        answers_a_second: int = ANSWERS_A_SECOND_MAX,
        answers_to_all: int = ANSWERS_TO_ALL_MAX,
    ) -> None:
        self._answer = answer
        self._origins = origins
        self._watching = watching
        self._now = now
        self._answers_a_second, self._answers_to_all = answers_a_second, answers_to_all
        self._answered: dict[str, int] = {}
        self._answered_all = 0
        self._second = 0

    @property
    def clients_counted(self) -> int:
        """How many clients are counted in this second."""
        return len(self._answered)

    def response(self, wire: bytes, client: str, over: Transport) -> bytes | None:
        """Return the response to a query, None where there is none."""
        query = parsed(wire)
        if query is None:
            return None
        asked = asked_of(query)
        if asked is None or not self._is_ours(asked[0]):
            return _refused(query)
        if over is Transport.UDP and self._is_too_fast(counted_as(client)):
            return _truncated(query)
        name, kind = asked
        watching = self._watching(name)
        if watching is not None:
            self._note(watching, query, client, name, kind, over)
        return self._answer(query, wire, over is Transport.UDP)

    def _note(
        self,
        watching: Watching,
        query: dns.message.Message,
        client: str,
        name: str,
        kind: str,
        over: Transport,
    ) -> None:
        watching.query(
            SeenQuery(
                self._now(),
                client,
                name[:NAME_CHARACTERS_KEPT],
                kind,
                over,
                signed=bool(query.ednsflags & dns.flags.DO),
                authentic=bool(query.flags & dns.flags.AD),
            )
        )

    def _is_ours(self, name: str) -> bool:
        return any(name == origin or name.endswith(f".{origin}") for origin in self._origins)

    def _is_too_fast(self, client: str) -> bool:
        second = int(self._now().timestamp())
        if second != self._second:
            self._second, self._answered, self._answered_all = second, {}, 0
        self._answered_all += 1
        if self._answered_all > self._answers_to_all:
            return True
        count = self._answered.get(client, 0) + 1
        if count == 1 and len(self._answered) >= CLIENTS_COUNTED_MAX:
            return True
        self._answered[client] = count
        return count > self._answers_a_second


def _refused(query: dns.message.Message) -> bytes:
    response = dns.message.make_response(query)
    response.set_rcode(dns.rcode.REFUSED)
    return response.to_wire()


def _truncated(query: dns.message.Message) -> bytes:
    """Return an answer as small as its question, with the TC bit (RFC 2181 section 9)."""
    response = dns.message.make_response(query)
    response.flags |= dns.flags.TC
    return response.to_wire()
