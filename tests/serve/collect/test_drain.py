"""What drains the socket: the same datagram is counted and not kept twice, and what has no room is counted as lost."""

import os
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mxproof.serve.collect import drain as drain_module
from mxproof.serve.collect.drain import WAITING_BYTES_MAX, Drain
from mxproof.serve.collect.kernel_queue import queue_setting


@pytest.fixture
def bound(tmp_path: Path) -> Iterator[tuple[socket.socket, socket.socket]]:
    """Return a socket that is bound, and one of who sends to it."""
    mine, theirs = (socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) for _ in range(2))
    with closing(mine), closing(theirs):
        mine.bind(str(tmp_path / "tlsrpt"))
        theirs.connect(str(tmp_path / "tlsrpt"))
        theirs.settimeout(30)
        yield mine, theirs


Bound = tuple[socket.socket, socket.socket]


def test_what_waits_at_the_start_is_taken_and_how_much_may_wait_is_measured(bound: Bound) -> None:
    mine, theirs = bound
    for _ in range(3):
        theirs.send(b"one")
    drain = Drain(mine)
    drain.start()
    drain.stop()
    assert drain.take() == {b"one": 3}
    assert (drain.received, drain.fullest, drain.lost, drain.fault) == (3, 0, 0, None)
    assert drain.queue == queue_setting()


def test_the_same_datagram_is_counted_until_it_is_taken(bound: Bound) -> None:
    mine, theirs = bound
    drain = Drain(mine)
    drain.start()
    for one in (b"one", b"two", b"one"):
        theirs.send(one)
    drain.stop()
    assert drain.take() == {b"one": 2, b"two": 1}
    assert drain.take() == {}
    assert drain.received == 3


def test_what_waits_in_the_kernel_at_the_end_is_taken(bound: Bound) -> None:
    """Also where the thread was never begun: then it waits on."""
    mine, theirs = bound
    never = Drain(mine)
    theirs.send(b"one")
    never.stop()
    assert never.take() == {}
    drain = Drain(mine)
    drain.start()
    drain.stop()
    assert drain.take() == {b"one": 1}


def test_so_many_bytes_of_distinct_datagrams_wait_and_the_same_ones_are_counted_on(
    bound: Bound, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert WAITING_BYTES_MAX == 64 * 1024 * 1024
    mine, theirs = bound
    drain = Drain(mine)
    drain.start()
    drain.take()
    monkeypatch.setattr(drain_module, "WAITING_BYTES_MAX", 6)
    for one in (b"one", b"two", b"3", b"one"):
        theirs.send(one)
    drain.stop()
    assert (drain.take(), drain.lost, drain.received) == ({b"one": 2, b"two": 1}, 1, 4)


def test_there_is_room_again_once_it_was_taken(bound: Bound, monkeypatch: pytest.MonkeyPatch) -> None:
    mine, theirs = bound
    theirs.send(b"one")
    drain = Drain(mine)
    drain.start()
    assert drain.take() == {b"one": 1}
    monkeypatch.setattr(drain_module, "WAITING_BYTES_MAX", 3)
    theirs.send(b"two")
    drain.stop()
    assert (drain.take(), drain.lost) == ({b"two": 1}, 0)


class Told:
    """What receives, in batches that a test sets."""

    def __init__(self, *sizes: int) -> None:
        self.sizes = list(sizes)

    def receive(self) -> list[bytes]:
        """Return the next batch."""
        return [b"x"] * (self.sizes.pop(0) if self.sizes else 0)


@pytest.mark.parametrize(
    ("sizes", "left", "fullest"),
    [((3, 3), 1, 3), ((4, 3, 3), 1, 7), ((4, 4, 4, 4, 4, 4, 4, 4, 4), 1, 32)],
    ids=["a batch that is not full ends it", "a full one does not", "eight are enough"],
)
def test_what_waits_is_taken_as_far_as_it_does_not_come_as_fast_as_it_goes(
    sizes: tuple[int, ...], left: int, fullest: int, bound: Bound, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drain_module, "BATCH", 4)
    told = Told(*sizes)
    monkeypatch.setattr(drain_module, "Receiver", lambda _: told)
    drain = Drain(bound[0])
    drain._drained()
    assert (len(told.sizes), drain.fullest) == (left, fullest)
    drain._drained()
    assert drain.fullest == fullest
    drain.stop()


def test_a_socket_that_cannot_be_read_any_more_ends_the_thread_and_is_known(
    bound: Bound, caplog: pytest.LogCaptureFixture
) -> None:
    mine, _ = bound
    drain = Drain(mine)
    drain.start()
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), mine.fileno())
    drain.stop()
    assert drain.fault is not None
    assert [one.getMessage() for one in caplog.records] == ["the socket cannot be read any more"]


@pytest.mark.parametrize("begins", [False, True], ids=["never begun", "begun"])
def test_whoever_is_stopped_leaves_nothing_open_but_the_socket(bound: Bound, begins: bool) -> None:
    drain = Drain(bound[0])
    if begins:
        drain.start()
    own = (drain._woken, drain._wakes)
    drain.stop()
    for descriptor in own:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(descriptor)
    assert bound[0].fileno() >= 0


def test_the_most_that_came_at_once_is_that_of_all_times_and_not_of_the_last(
    bound: Bound, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Told(3, 5, 2)
    monkeypatch.setattr(drain_module, "Receiver", lambda _: told)
    drain = Drain(bound[0])
    seen = []
    for _ in range(3):
        drain._drained()
        seen.append((drain.fullest, drain.received))
    drain.stop()
    assert seen == [(3, 3), (5, 8), (5, 10)]
    assert drain.take() == {b"x": 10}
