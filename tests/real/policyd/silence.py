"""A policy host that takes a connection and says nothing, which holds the daemon, and so Postfix, at the question."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager

import msgspec

from real.bed.machines import NAME_SERVER_MACHINE
from real.bed.policyd import ANSWERED_WITHIN_S, socket_inside
from real.bed.town import MailDomain, Town


@contextmanager
def silent_host(place: Town, domain: MailDomain) -> Iterator[socket.socket]:
    """Publish `domain` with a policy host that answers nothing, and yield the socket on which it listens."""
    with closing(socket_inside(place.network, NAME_SERVER_MACHINE)) as host:
        host.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        host.bind((NAME_SERVER_MACHINE.ipv4, 443))
        host.listen()
        host.settimeout(ANSWERED_WITHIN_S)
        place.publish(msgspec.structs.replace(domain, policy_address=NAME_SERVER_MACHINE.ipv4))
        yield host
