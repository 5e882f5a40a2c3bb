"""The body of a policy as it comes in: up to its limits of bytes and of pieces, and no further."""

import pytest

from mxproof.evidence import Outcome
from mxproof.formats.mtasts import POLICY_BYTES_MAX
from mxproof.net.received_policy import PIECES_MAX, ReceivedPolicy
from mxproof.net.stream import StreamError


def test_pieces_are_put_together_in_order() -> None:
    received = ReceivedPolicy()
    for piece in (b"version", b"", b": STSv1"):
        received.take(piece)
    assert (received.status, bytes(received.body)) == (0, b"version: STSv1")


def test_a_body_of_the_largest_size_is_taken_and_of_a_larger_one_the_part_below_the_limit() -> None:
    received = ReceivedPolicy()
    received.take(b"a" * (POLICY_BYTES_MAX - 1))
    received.take(b"b")
    with pytest.raises(StreamError) as raised:
        received.take(b"c")
    assert raised.value.outcome is Outcome.OVERSIZE
    assert (len(received.body), bytes(received.body[-1:])) == (POLICY_BYTES_MAX, b"b")


def test_one_piece_that_is_too_large_is_cut_at_the_limit() -> None:
    received = ReceivedPolicy()
    with pytest.raises(StreamError):
        received.take(b"a" * (POLICY_BYTES_MAX + 1))
    assert len(received.body) == POLICY_BYTES_MAX


def test_a_body_may_come_in_as_many_pieces_as_the_limit_and_no_more() -> None:
    received = ReceivedPolicy()
    for _ in range(PIECES_MAX):
        received.take(b"a")
    with pytest.raises(StreamError) as raised:
        received.take(b"a")
    assert raised.value.outcome is Outcome.OVERSIZE
