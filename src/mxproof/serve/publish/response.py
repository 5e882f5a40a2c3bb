"""What is answered to a request: the policy of the host that TLS was made for, and nothing else there is (RFC 8461 section 3.3).

| the request | status |
|---|---|
| could not be read | that of `request` |
| of another host than TLS was made for, or of one that is not here | 421 |
| of another path than that of the policy, a query included | 404 |
| with another method than GET and HEAD | 405 |
| else | 200, and the policy as text/plain |

There is no redirect, which no sender follows (RFC 8461 section 3.3).
"""

from collections.abc import Mapping
from http import HTTPStatus

import msgspec

from mxproof.formats.mtasts import POLICY_PATH
from mxproof.serve.publish.request import PolicyRequest

STATUSES = (
    HTTPStatus.OK,
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.MISDIRECTED_REQUEST,
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    HTTPStatus.HTTP_VERSION_NOT_SUPPORTED,
)
"""All that there are."""

_METHODS = frozenset({"GET", "HEAD"})


class PolicyResponse(msgspec.Struct, frozen=True):
    """A response; where it `closes`, it is the last one. Without `with_body` its body is announced and not sent."""

    status: HTTPStatus
    body: bytes
    closes: bool
    with_body: bool = True

    def closing(self) -> "PolicyResponse":
        """Return the same as the last one."""
        return msgspec.structs.replace(self, closes=True)


def response_to(
    request: PolicyRequest | HTTPStatus, tls_host: str, bodies: Mapping[str, bytes]
) -> PolicyResponse:
    """Answer a request on a connection whose TLS was made for `tls_host`; `bodies` are policies by host."""
    if isinstance(request, HTTPStatus):
        return PolicyResponse(request, _words(request), closes=True)
    status, body = _found(request, tls_host, bodies)
    return PolicyResponse(status, body, request.closes, with_body=request.method != "HEAD")


def print_response(response: PolicyResponse, date: str) -> bytes:
    """Return the bytes of a response (RFC 9112 section 4, RFC 9110 sections 6.6.1 and 10.2.1)."""
    lines = [
        f"HTTP/1.1 {response.status.value} {response.status.phrase}",
        f"Date: {date}",
        "Content-Type: text/plain",
        f"Content-Length: {len(response.body)}",
    ]
    if response.status is HTTPStatus.METHOD_NOT_ALLOWED:
        lines.append("Allow: GET, HEAD")
    if response.closes:
        lines.append("Connection: close")
    head = "\r\n".join([*lines, "", ""]).encode()
    return head + response.body if response.with_body else head


def _found(request: PolicyRequest, tls_host: str, bodies: Mapping[str, bytes]) -> tuple[HTTPStatus, bytes]:
    host = tls_host if request.host is None else request.host
    body = bodies.get(host)
    if body is None or host != tls_host:
        status = HTTPStatus.MISDIRECTED_REQUEST
    elif request.path != POLICY_PATH:
        status = HTTPStatus.NOT_FOUND
    elif request.method not in _METHODS:
        status = HTTPStatus.METHOD_NOT_ALLOWED
    else:
        return HTTPStatus.OK, body
    return status, _words(status)


def _words(status: HTTPStatus) -> bytes:
    return f"{status.phrase}\r\n".encode()
