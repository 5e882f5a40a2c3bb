"""Whom nobody connects to: peers out of somebody's records whose addresses are not public.

A domain is free to publish the addresses of this machine, of its network or of nobody, and whoever asks about it would
go there. This is the one place where an address out of DNS becomes a peer: `forbidden` is asked before each question,
and the address that it looks at is the one that is connected to, for nothing is looked up in between. Resolvers are
named by the operator, and no question is about them.

Addresses for documentation count as public in a world that is made up: where a detour leads from them, as in the lab,
and in a network whose machines have such addresses themselves. There is none of these in the real world.
"""

import socket

from mxproof.evidence import Kind, Question
from mxproof.formats.address_scope import SpecialRange, is_example, special_range
from mxproof.net.asking import DNS_PORT, HTTPS_PORT, SMTP_PORT, Asking, Peer

_PORTS = {Kind.SMTP: SMTP_PORT, Kind.TLS: SMTP_PORT, Kind.POLICY: HTTPS_PORT}
_SOCKET_FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}


def forbidden(question: Question, asking: Asking) -> SpecialRange | None:
    """Return the range that keeps `question` from being asked; a question for the resolver is never kept."""
    address = question.at or question.server
    if not address:
        return None
    return forbidden_peer(Peer(address, _PORTS.get(question.kind, DNS_PORT)), asking)


def forbidden_peer(peer: Peer, asking: Asking) -> SpecialRange | None:
    """Return the range that keeps `peer`, whom somebody's records name, from being connected to."""
    if asking.allow_private:
        return None
    found = special_range(peer.address)
    if found is None or not found.is_example:
        return found
    return None if peer in asking.connect_to or stands_in_examples(peer) else found


def stands_in_examples(peer: Peer) -> bool:
    """Tell whether this machine would speak to `peer` from an address for documentation; nothing is sent to find out."""
    try:
        with socket.socket(_SOCKET_FAMILIES[peer.family], socket.SOCK_DGRAM) as probe:
            probe.connect(peer)
            return is_example(probe.getsockname()[0])
    except OSError:
        return False
