"""Requests as RFC 9112 has them, and everything that is none."""

from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.serve.publish.request import HEAD_BYTES_MAX, HEAD_FIELDS_MAX, Heard, PolicyRequest, read_request

PATH = "/.well-known/mta-sts.txt"
GOOD = f"GET {PATH} HTTP/1.1\r\nHost: mta-sts.example.com\r\n\r\n".encode()
ASKED = PolicyRequest("GET", PATH, "mta-sts.example.com", closes=False)


def request(head: str) -> PolicyRequest | HTTPStatus:
    heard = read_request(head.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n")
    assert heard is not None
    return heard.request


def with_fields(*fields: str, version: str = "1.1") -> PolicyRequest | HTTPStatus:
    return request("\n".join((f"GET {PATH} HTTP/{version}", *fields)))


def test_a_request_is_read_with_its_size_and_what_follows_is_left() -> None:
    assert read_request(GOOD + b"GET") == Heard(ASKED, len(GOOD))


@pytest.mark.parametrize("size", [0, 1, 20, len(GOOD) - 1])
def test_a_part_of_a_request_is_waited_for(size: int) -> None:
    assert read_request(GOOD[:size]) is None


def test_empty_lines_before_a_request_are_passed_over() -> None:
    assert read_request(b"\r\n\r\n" + GOOD) == Heard(ASKED, len(GOOD) + 4)


@pytest.mark.parametrize(
    ("fields", "host"),
    [
        (["Host: MTA-STS.Example.COM"], "mta-sts.example.com"),
        (["host:mta-sts.example.com:443 "], "mta-sts.example.com"),
        (["Host: mta-sts.example.com."], "mta-sts.example.com"),
        (["Host:"], ""),
    ],
)
def test_the_host_is_read_without_case_port_and_final_dot(fields: list[str], host: str) -> None:
    found = with_fields(*fields)
    assert isinstance(found, PolicyRequest)
    assert found.host == host


def test_the_host_of_an_absolute_target_goes_before_the_field() -> None:
    found = request(f"GET https://mta-sts.example.net{PATH} HTTP/1.1\nHost: mta-sts.example.com")
    assert found == PolicyRequest("GET", PATH, "mta-sts.example.net", closes=False)
    assert request("GET https://h HTTP/1.1\nHost: h") == PolicyRequest("GET", "/", "h", closes=False)


@pytest.mark.parametrize(
    ("version", "fields", "closes"),
    [
        ("1.1", [], False),
        ("1.1", ["Connection: Close"], True),
        ("1.1", ["Connection: keep-alive, close"], True),
        ("1.0", [], True),
        ("1.0", ["Connection: Keep-Alive"], False),
        ("1.1", ["Content-Length: 0"], False),
        ("1.1", ["Content-Length: 1"], True),
        ("1.1", ["Transfer-Encoding: chunked"], True),
    ],
)
def test_it_is_known_whether_another_request_may_follow(
    version: str, fields: list[str], closes: bool
) -> None:
    found = with_fields("Host: h", *fields, version=version)
    assert isinstance(found, PolicyRequest)
    assert found.closes is closes


def test_http_1_0_needs_no_host_and_1_1_exactly_one() -> None:
    old = with_fields(version="1.0")
    assert isinstance(old, PolicyRequest)
    assert old.host is None
    assert with_fields() is HTTPStatus.BAD_REQUEST
    assert with_fields("Host: a", "Host: a") is HTTPStatus.BAD_REQUEST
    assert with_fields("Host: a", "Host: a", version="1.0") is HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize(
    "head",
    [
        "GET  / HTTP/1.1\nHost: h",
        "GET /\tx HTTP/1.1\nHost: h",
        "GET / http/1.1\nHost: h",
        "G(T / HTTP/1.1\nHost: h",
        "GET /\nHost: h",
        "GET / HTTP/1.1\nHost : h",
        "GET / HTTP/1.1\nHost: h\n folded",
        "GET / HTTP/1.1\nHost: h\nnothing",
        "GET / HTTP/1.1\nHost: h\x00",
        "GET / HTTP/1.1\nHost: a@b",
        "GET / HTTP/1.1\nHost: h:port",
        "\x16\x03\x01",
    ],
)
def test_what_is_no_request_is_refused(head: str) -> None:
    assert request(head) is HTTPStatus.BAD_REQUEST


def test_other_versions_are_told_so() -> None:
    assert request("GET / HTTP/2.0\nHost: h") is HTTPStatus.HTTP_VERSION_NOT_SUPPORTED


def test_a_head_has_its_limits() -> None:
    most = [f"X: {number}" for number in range(HEAD_FIELDS_MAX - 1)]
    assert isinstance(with_fields("Host: h", *most), PolicyRequest)
    assert with_fields("Host: h", *most, "Y: 1") is HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    endless = b"GET / HTTP/1.1\r\nHost: h\r\nX: ".ljust(HEAD_BYTES_MAX, b"x")
    assert read_request(endless[:-1]) is None
    assert read_request(endless) == Heard(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, HEAD_BYTES_MAX)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_request_a_refusal_or_not_whole(received: bytes) -> None:
    for some in (received, received + b"\r\n\r\n", b"GET / HTTP/1.1\r\n" + received + b"\r\n\r\n"):
        heard = read_request(some)
        assert heard is None or 0 < heard.size_bytes <= len(some)
