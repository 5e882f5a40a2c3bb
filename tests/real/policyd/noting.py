"""Postfix from 3.10 on with someone who listens to what it notes for TLS reports (RFC 8460).

Postfix hands a datagram to whoever listens on a socket file: libtlsrpt's, of which only a part is read here.
"""

import socket
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress

import msgspec

from real.bed.edition import NEWER
from real.bed.postfix import Sender, sender
from real.bed.town import SENDING, Town
from real.policyd.case import named

SOCKET = "public/tlsrpt"
DATAGRAM_BYTES_MAX = 65_536
TLSA, STS, NONE = 1, 2, 9
NO_STARTTLS, HOST_MISMATCH, NOT_VALID, EXPIRED, FETCH_ERROR = 201, 202, 203, 204, 301
"""The numbers of libtlsrpt for policy types and result types."""


class Failure(msgspec.Struct, frozen=True):
    """What failed in a session (`c`), and with which MX host (`n`)."""

    c: int
    n: str


class Applied(msgspec.Struct, frozen=True, rename="kebab"):
    """The policy that was applied, how it reads, and what failed."""

    policy_type: int
    policy_domain: str
    policy_string: tuple[str, ...] = ()
    mx_host: tuple[str, ...] = ()
    failure_details: tuple[Failure, ...] = ()


class Datagram(msgspec.Struct, frozen=True):
    """One session with the domain `d`."""

    d: str
    policies: tuple[Applied, ...]


class Noting(msgspec.Struct, frozen=True):
    """A sender and the socket that gets its datagrams."""

    sender: Sender
    collector: socket.socket

    def noted(self, label: str) -> tuple[Applied, ...]:
        """Send a message to the world `label` and return what was applied in each session."""
        self.sender.submit(f"reported@{named(label)}")
        self.sender.outcome(f"reported@{named(label)}")
        datagrams = [msgspec.json.decode(one, type=Datagram) for one in self._received()]
        assert {datagram.d for datagram in datagrams} <= {named(label)}
        return tuple(applied for datagram in datagrams for applied in datagram.policies)

    def _received(self) -> Iterator[bytes]:
        """Yield the datagrams that are there: Postfix sends them before it says what became of the message."""
        with suppress(BlockingIOError):
            while True:
                yield self.collector.recv(DATAGRAM_BYTES_MAX)


@contextmanager
def noting(place: Town, name: str, settings: Sequence[str]) -> Iterator[Noting]:
    """Run a sender with `settings` below the folder `name` of the town, and listen."""
    folder = place.folder / name
    every = (*settings, "smtp_tlsrpt_enable = yes", f"smtp_tlsrpt_socket_name = {SOCKET}")
    with (
        sender(place.network, SENDING, every, place.authority.file, folder, edition=NEWER) as one,
        closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as collector,
    ):
        collector.bind(str(folder / "queue" / SOCKET))
        (folder / "queue" / SOCKET).chmod(0o666)
        collector.setblocking(False)
        one.daemon.await_ready()
        yield Noting(one, collector)
