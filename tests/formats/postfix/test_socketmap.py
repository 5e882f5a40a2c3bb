import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats import FormatError
from mxproof.formats.postfix.socketmap import (
    REASON_CHARACTERS_MAX,
    Request,
    SocketmapReply,
    Status,
    failed,
    parse_reply,
    parse_request,
    print_reply,
    print_request,
)


@given(
    st.from_regex(r"[a-z-]{1,20}", fullmatch=True),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=100),
)
def test_a_request_reads_back(name: str, key: str) -> None:
    request = Request(name, key)
    assert parse_request(print_request(request)) == request


@given(st.sampled_from([Status.TEMP, Status.PERM, Status.TIMEOUT]), st.text(max_size=1000))
def test_a_reason_of_any_text_makes_a_reply_that_reads_back(status: Status, reason: str) -> None:
    reply = failed(status, reason)
    assert parse_reply(print_reply(reply)) == reply
    assert len(reply.text) <= 10 * REASON_CHARACTERS_MAX + 1


@given(st.binary(max_size=60))
def test_random_bytes_raise_only_format_error(payload: bytes) -> None:
    for parse in (parse_request, parse_reply):
        with contextlib.suppress(FormatError):
            parse(payload)


def test_a_key_is_taken_verbatim() -> None:
    assert parse_request(b"postfix [Mail.Example.com]:25") == Request("postfix", "[Mail.Example.com]:25")
    assert parse_request(b"postfix a b") == Request("postfix", "a b")
    assert parse_request("postfix bücher.example".encode()) == Request("postfix", "bücher.example")


@pytest.mark.parametrize("payload", [b"", b"postfix", b" key", b"postfix \xff", b"p\xc3\xb6stfix key"])
def test_what_is_no_request_is_refused(payload: bytes) -> None:
    with pytest.raises(FormatError):
        parse_request(payload)


def test_replies_are_printed_as_postfix_reads_them() -> None:
    assert print_reply(SocketmapReply(Status.OK, "dane-only")) == b"OK dane-only"
    assert print_reply(SocketmapReply(Status.NOTFOUND)) == b"NOTFOUND "
    assert print_reply(failed(Status.TEMP, "no answer\nfrom DNS")) == b"TEMP no answer\\x0afrom DNS"


@pytest.mark.parametrize(
    "payload", [b"OK", b"OK ", b"NOTFOUND", b"NOTFOUND x", b"ok x", b"MAYBE x", b"OK " + b"x" * 100_000]
)
def test_what_postfix_calls_garbage_is_refused(payload: bytes) -> None:
    with pytest.raises(FormatError):
        parse_reply(payload)


def test_a_reply_that_would_not_read_back_is_not_printed() -> None:
    with pytest.raises(FormatError):
        print_reply(SocketmapReply(Status.OK, ""))


@pytest.mark.parametrize("status", [Status.TEMP, Status.TIMEOUT, Status.PERM])
def test_a_failure_may_say_why(status: Status) -> None:
    assert parse_reply(f"{status} ".encode()) == SocketmapReply(status)
    assert parse_reply(f"{status} a b".encode()) == SocketmapReply(status, "a b")
