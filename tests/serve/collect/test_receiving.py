"""Datagrams off a socket: many at a time, each whole, and one at a time where the system has no call for many."""

import ctypes
import errno
import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from mxproof.formats.tlsrpt.datagram import SESSION_BYTES_MAX
from mxproof.serve.collect import receiving
from mxproof.serve.collect.receiving import Receiver


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Return both ends of a pair of sockets."""
    mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    theirs.setblocking(False)
    with closing(mine), closing(theirs):
        yield mine, theirs


Pair = tuple[socket.socket, socket.socket]


def test_all_that_waits_is_received_at_once_in_its_order(pair: Pair) -> None:
    mine, theirs = pair
    for one in (b"one", b"", b"three"):
        theirs.send(one)
    receiver = Receiver(mine)
    assert receiver.receive() == [b"one", b"", b"three"]
    assert receiver.receive() == []


def test_so_many_are_received_at_once_and_no_more(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    assert receiving.BATCH == 256
    monkeypatch.setattr(receiving, "BATCH", 2)
    mine, theirs = pair
    for one in (b"one", b"two", b"three"):
        theirs.send(one)
    receiver = Receiver(mine)
    assert [receiver.receive() for _ in range(3)] == [[b"one", b"two"], [b"three"], []]


def test_what_is_too_long_is_seen_to_be_so(pair: Pair) -> None:
    mine, theirs = pair
    theirs.send(b"x" * (SESSION_BYTES_MAX + 1))
    (data,) = Receiver(mine).receive()
    assert len(data) == SESSION_BYTES_MAX + 1


def test_a_socket_that_is_broken_is_an_error(pair: Pair) -> None:
    mine, _ = pair
    receiver = Receiver(mine)
    mine.close()
    with pytest.raises(OSError, match="Bad file descriptor") as raised:
        receiver.receive()
    assert raised.value.errno == errno.EBADF


def test_without_a_call_for_many_one_is_received_at_a_time(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the C library has none."""
    mine, theirs = pair
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: object())
    receiver = Receiver(mine)
    for one in (b"one", b"two"):
        theirs.send(one)
    assert [receiver.receive() for _ in range(3)] == [[b"one"], [b"two"], []]
