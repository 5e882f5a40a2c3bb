"""A policy host that is slow: whoever waits gets the policy, and of whoever does not it is noted how long it waited."""

import socket
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from mxproof.judge.senders.inference.observation import SeenFetch
from mxproof.lab.sendertest.cases import SETUPS
from mxproof.lab.sendertest.run import Run, run_of
from mxproof.lab.sendertest.serving import HTTPS_PORT
from mxproof.lab.sendertest.setup import Publishing, domain_of
from support_lab import careless
from support_sendertest import RUN
from support_served import CLIENT_S_MAX, Set, watched

AFTER_S = 1
NAME = f"mta-sts.{domain_of('policy-slow', RUN)}"


@pytest.fixture(scope="module")
def made() -> Run:
    slow = replace(SETUPS["policy-slow"], publishing=Publishing(after_s=AFTER_S))
    return run_of(RUN, datetime.now(UTC), {"policy-slow": slow})


def asked(one: Set, path: str, *, waits: bool) -> bytes:
    """Ask the policy host, and return what it says to whoever waits."""
    (host,) = one.run.lab.world.policy_servers
    plain = socket.create_connection(one.at(host.addresses[0], HTTPS_PORT), CLIENT_S_MAX)
    with careless().wrap_socket(plain, server_hostname=NAME) as secured:
        secured.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        return b"".join(iter(lambda: secured.recv(4096), b"")) if waits else b""


def fetched(made: Run, path: str, *, waits: bool) -> tuple[SeenFetch, bytes]:
    said: list[bytes] = []
    test = watched(made, lambda one: said.append(asked(one, path, waits=waits)))
    (seen,) = test.fetches
    return seen, said[0]


def test_whoever_waits_gets_the_policy(made: Run) -> None:
    seen, said = fetched(made, "/.well-known/mta-sts.txt", waits=True)
    assert said.endswith(made.lab.world.policy_servers[0].body)
    assert seen.status == 200
    assert seen.elapsed_ms >= 1000 * AFTER_S


def test_of_whoever_does_not_wait_it_is_noted(made: Run) -> None:
    seen, _ = fetched(made, "/.well-known/mta-sts.txt", waits=False)
    assert (seen.path, seen.status) == ("/.well-known/mta-sts.txt", 0)


def test_what_is_not_there_is_said_at_once(made: Run) -> None:
    seen, said = fetched(made, "/", waits=True)
    assert (seen.status, b"nothing here" in said) == (404, True)
