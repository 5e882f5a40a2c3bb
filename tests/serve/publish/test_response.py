"""What is answered: the policy, and nothing else there is."""

from http import HTTPStatus

import pytest

from mxproof.serve.publish.request import PolicyRequest
from mxproof.serve.publish.response import STATUSES, PolicyResponse, print_response, response_to

PATH = "/.well-known/mta-sts.txt"
HOST, OTHER = "mta-sts.example.com", "mta-sts.example.net"
BODIES = {HOST: b"one\r\n", OTHER: b"other\r\n"}
DATE = "Sun, 06 Nov 1994 08:49:37 GMT"


def asked(host: str | None = HOST, path: str = PATH, method: str = "GET", tls: str = HOST) -> PolicyResponse:
    return response_to(PolicyRequest(method, path, host, closes=False), tls, BODIES)


def test_the_policy_is_served_as_plain_text() -> None:
    assert print_response(asked(), DATE) == (
        b"HTTP/1.1 200 OK\r\n"
        b"Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
        b"Content-Type: text/plain\r\n"
        b"Content-Length: 5\r\n"
        b"\r\n"
        b"one\r\n"
    )


def test_a_head_is_that_of_the_response_without_its_body() -> None:
    assert print_response(asked(method="HEAD"), DATE) + b"one\r\n" == print_response(asked(), DATE)


def test_without_a_host_that_of_tls_is_meant() -> None:
    assert asked(host=None, tls=OTHER).body == BODIES[OTHER]


@pytest.mark.parametrize(
    ("host", "tls"), [(OTHER, HOST), (HOST, OTHER), ("example.com", "example.com"), ("", HOST), (HOST, "")]
)
def test_a_host_that_is_not_here_or_not_that_of_tls_is_misdirected(host: str, tls: str) -> None:
    assert asked(host=host, tls=tls).status is HTTPStatus.MISDIRECTED_REQUEST


@pytest.mark.parametrize(
    "path",
    [
        "/",
        f"{PATH}/",
        f"{PATH}?",
        f"{PATH}?x",
        "/.well-known/",
        "/.well-known/acme-challenge/x",
        f"/{PATH}",
        "*",
    ],
)
def test_there_is_nothing_else(path: str) -> None:
    assert asked(path=path).status is HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("method", ["POST", "OPTIONS", "get", "CONNECT"])
def test_other_methods_are_told_which_there_are(method: str) -> None:
    found = asked(method=method)
    assert found.status is HTTPStatus.METHOD_NOT_ALLOWED
    assert b"\r\nAllow: GET, HEAD\r\n" in print_response(found, DATE)


@pytest.mark.parametrize("status", STATUSES)
def test_what_could_not_be_read_is_the_last(status: HTTPStatus) -> None:
    found = response_to(status, HOST, BODIES)
    assert (found.status, found.closes) == (status, True)
    assert b"\r\nConnection: close\r\n" in print_response(found, DATE)


def test_the_last_is_told_to_be_the_last() -> None:
    assert b"Connection" not in print_response(asked(), DATE)
    assert b"\r\nConnection: close\r\n" in print_response(asked().closing(), DATE)
    wanted = response_to(PolicyRequest("GET", PATH, HOST, closes=True), HOST, BODIES)
    assert wanted == asked().closing()
