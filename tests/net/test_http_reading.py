"""A response of HTTP/1 read from bytes as they come: what is whole, what is too much, and what is no response."""

from collections.abc import Iterable

import pytest

from mxproof.evidence import Outcome
from mxproof.net.http_reading import INTERIM_RESPONSES_MAX, read_response
from mxproof.net.received_policy import HEADER_BYTES_MAX, ReceivedPolicy
from mxproof.net.stream import StreamError
from support_clock import run

OK = b"HTTP/1.1 200 OK\r\n"
INTERIM = b"HTTP/1.1 103 Early Hints\r\n\r\n"
WHOLE = OK + b"content-length: 2\r\n\r\nab"


def read(*pieces: bytes) -> ReceivedPolicy:
    """Return what is received of a response in these pieces, behind which the connection ends."""
    received = ReceivedPolicy()
    run(_read(pieces, received))
    return received


async def _read(pieces: Iterable[bytes], received: ReceivedPolicy) -> None:
    coming = iter(pieces)

    async def come() -> bytes:
        return next(coming, b"")

    await read_response(next(coming, b""), come, received)


def end(*pieces: bytes) -> Outcome:
    """Return how the reading of a response ends that is none."""
    with pytest.raises(StreamError) as raised:
        read(*pieces)
    return raised.value.outcome


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param((WHOLE,), id="at once"),
        pytest.param(tuple(WHOLE[place : place + 1] for place in range(len(WHOLE))), id="byte by byte"),
        pytest.param((OK + b"\r\nab",), id="to the end of the connection"),
        pytest.param(
            (OK + b"transfer-encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n",), id="in chunks"
        ),
        pytest.param((b"HTTP/1.0 200 OK\r\n\r\nab",), id="of HTTP/1.0"),
        pytest.param((WHOLE + b"HTTP/1.1 200 OK\r\n\r\n",), id="with more behind it"),
    ],
)
def test_a_response_is_whole_by_its_framing(pieces: tuple[bytes, ...]) -> None:
    received = read(*pieces)
    assert (received.status, bytes(received.body)) == (200, b"ab")


def test_names_of_fields_are_in_lower_case_and_bytes_beyond_ascii_stay_as_they_are() -> None:
    received = read(OK + b"Content-Type: text/plain\r\nX-Name: \xe4\r\ncontent-length: 0\r\n\r\n")
    assert received.headers == (("content-type", "text/plain"), ("x-name", "ä"), ("content-length", "0"))


def test_a_body_cut_short_is_kept_as_far_as_it_came() -> None:
    received = ReceivedPolicy()
    with pytest.raises(StreamError) as raised:
        run(_read((OK + b"content-length: 3\r\n\r\nab",), received))
    assert (raised.value.outcome, bytes(received.body)) == (Outcome.MALFORMED, b"ab")


def test_interim_responses_are_passed_over_up_to_their_limit() -> None:
    assert read(INTERIM * INTERIM_RESPONSES_MAX + WHOLE).status == 200
    assert end(INTERIM * (INTERIM_RESPONSES_MAX + 1) + WHOLE) is Outcome.OVERSIZE


def test_fields_may_be_as_large_together_as_the_limit_and_no_larger() -> None:
    """The library limits what is not complete yet, so that more may come at once."""
    framing = b"content-length: 0\r\n"
    room = HEADER_BYTES_MAX - len(b"content-length0") - len(b"x")
    assert read(OK + framing + b"x: " + b"a" * room + b"\r\n\r\n").status == 200
    assert end(OK + framing + b"x: " + b"a" * (room + 1) + b"\r\n\r\n") is Outcome.OVERSIZE


def test_a_head_that_does_not_end_is_given_up_at_the_limit() -> None:
    assert end(OK, b"x: " + b"a" * HEADER_BYTES_MAX, b"a") is Outcome.OVERSIZE


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"HTTP/2.0 200 OK\r\ncontent-length: 2\r\n", id="another version"),
        pytest.param(b"HTTP/1.1 200 O\x01K\r\ncontent-length: 2\r\n", id="a control character in the reason"),
        pytest.param(OK + b"x: a\x7fb\r\ncontent-length: 2\r\n", id="one in a field"),
        pytest.param(
            OK + b"transfer-encoding: chunked\r\ncontent-length: 2\r\n",
            id="a length that is stated in two ways",
        ),
        pytest.param(
            b"HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n", id="chunks of HTTP/1.0, which has none"
        ),
        pytest.param(b"220 mx.example.com ESMTP\r\n", id="another protocol"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_what_is_no_valid_response_is_malformed(head: bytes) -> None:
    assert end(head + b"\r\n2\r\nab\r\n0\r\n\r\n" if head else head) is Outcome.MALFORMED


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/2.0 200 OK\r\nx: y\r\n",
        OK + b"x: y\r\ntransfer-encoding: chunked\r\ncontent-length: 2\r\n",
        OK + b"x: y\r\nz: a\x07\r\n",
    ],
    ids=["another version", "two lengths", "a control character"],
)
def test_the_head_of_a_response_that_is_no_valid_one_is_kept_and_its_body_is_not(head: bytes) -> None:
    received = ReceivedPolicy()
    with pytest.raises(StreamError) as raised:
        run(_read((head + b"\r\n2\r\nab\r\n0\r\n\r\n",), received))
    assert (raised.value.outcome, received.status, bytes(received.body)) == (Outcome.MALFORMED, 200, b"")
    assert received.headers[0] == ("x", "y")
    assert len(received.headers) == head.count(b": ")


def test_the_head_of_an_interim_response_is_none_of_the_final_one() -> None:
    hint = b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n"
    received = read(hint, b"HTTP/1.1 404 No\r\ncontent-length: 2\r\n\r\n", b"ab")
    assert (received.status, received.headers) == (404, (("content-length", "2"),))


def test_a_tab_in_a_field_is_no_control_character() -> None:
    assert read(OK + b"x: a\tb\r\ncontent-length: 0\r\n\r\n").status == 200
