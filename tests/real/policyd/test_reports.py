"""What Postfix from 3.10 on notes for TLS reports (RFC 8460), now that the daemon tells it the whole policy.

Postfix hands a datagram to whoever listens on a socket file: libtlsrpt's, of which only a part is read here.
"""

import socket
from collections.abc import Iterator
from contextlib import closing, suppress

import msgspec
import pytest

from real.bed.policyd import PolicyDaemon
from real.bed.postfix import Sender, sender
from real.bed.town import SENDING, Town
from real.policyd.asking import TOLD, settings
from real.policyd.case import MAX_AGE_S, named

SOCKET = "public/tlsrpt"
DATAGRAM_BYTES_MAX = 65_536
TLSA, STS, NONE = 1, 2, 9
HOST_MISMATCH, NOT_VALID, EXPIRED, NO_STARTTLS = 202, 203, 204, 201
"""The numbers of libtlsrpt for policy types and result types."""


class Failure(msgspec.Struct, frozen=True):
    """Why a session was refused (`c`), and by which MX host (`n`)."""

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


@pytest.fixture(scope="module")
def noting(place: Town, daemon: PolicyDaemon) -> Iterator[Noting]:
    folder = place.folder / "noting"
    noted = ("smtp_tlsrpt_enable = yes", f"smtp_tlsrpt_socket_name = {SOCKET}")
    every = (*settings(TOLD), *noted)
    with (
        sender(place.network, SENDING, every, place.authority.file, folder, edition=TOLD.edition) as one,
        closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as collector,
    ):
        collector.bind(str(folder / "queue" / SOCKET))
        (folder / "queue" / SOCKET).chmod(0o666)
        collector.setblocking(False)
        one.daemon.await_ready()
        yield Noting(one, collector)


def _strings(mode: str, *mx: str) -> tuple[str, ...]:
    return ("version: STSv1", f"mode: {mode}", *(f"mx: {name}" for name in mx), f"max_age: {MAX_AGE_S}")


def test_an_enforced_policy_is_noted_as_it_reads(noting: Noting) -> None:
    at = named("direct")
    mx = (f"mx1.{at}", f"mx2.{at}")
    assert noting.noted("direct") == (Applied(STS, at, _strings("enforce", *mx), mx),)


def test_a_policy_in_mode_testing_is_noted_though_nothing_is_demanded(noting: Noting) -> None:
    at = named("testing")
    mx = (f"mail.{at}",)
    assert noting.noted("testing") == (Applied(STS, at, _strings("testing", *mx), mx),)


@pytest.mark.parametrize("label", ["none", "absent"])
def test_no_policy_is_noted_where_none_applies(noting: Noting, label: str) -> None:
    assert noting.noted(label) == (Applied(NONE, named(label)),)


@pytest.mark.parametrize(
    ("label", "failure"),
    [("misnamed", HOST_MISMATCH), ("expired", EXPIRED), ("no-starttls", NO_STARTTLS)],
)
def test_what_breaks_a_policy_is_noted_with_it(noting: Noting, label: str, failure: int) -> None:
    at = named(label)
    mx = f"mx1.{at}"
    want = Applied(STS, at, _strings("enforce", mx), (mx,), (Failure(failure, mx),))
    assert noting.noted(label) == (want,)


def test_dane_is_noted_by_host_and_not_the_policy_beside_it(noting: Noting) -> None:
    got = noting.noted("tlsa-wrong")
    hosts = [f"{one}.{named('tlsa-wrong')}" for one in ("mx1", "mx2")]
    assert [(one.policy_type, one.policy_domain, one.mx_host) for one in got] == [
        (TLSA, host, ()) for host in hosts
    ]
    assert [one.failure_details for one in got] == [(Failure(NOT_VALID, host),) for host in hosts]


def test_postfix_notes_nothing_of_hosts_that_it_passes_over(noting: Noting) -> None:
    """observed: Postfix 3.10.13 makes no session, and so no note, where no pattern covers an MX host."""
    assert noting.noted("wildcard-depth") == ()
