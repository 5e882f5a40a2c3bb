r"""A request of HTTP/1.1, as far as somebody who serves one file has to read it (RFC 9112 sections 2 to 6).

    request-line = method SP request-target SP HTTP-version CRLF            _LINE
    field-line   = field-name ":" OWS field-value OWS CRLF                  _FIELD
    head         = *CRLF request-line *field-line CRLF

A head is read whole or not at all. What comes behind it, a body, is read by nobody: the connection ends after the answer.
"""

import re
from http import HTTPStatus

import msgspec

from mxproof.formats.names import folded

HEAD_BYTES_MAX = 8 * 1024
HEAD_FIELDS_MAX = 100

_TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_LINE = re.compile(rb"(?P<method>" + _TOKEN + rb") (?P<target>[\x21-\x7e]+) HTTP/(?P<version>[0-9]\.[0-9])")
_FIELD = re.compile(rb"(?P<name>" + _TOKEN + rb"):[ \t]*(?P<value>[\t\x20-\x7e\x80-\xff]*)")
_ABSOLUTE = re.compile(r"https://(?P<host>[^/?#]*)(?P<rest>.*)", re.IGNORECASE)
_HOST = re.compile(r"(?P<name>[^:\[\]@/ \t]*)(?::[0-9]{0,5})?")
_END = b"\r\n\r\n"


class PolicyRequest(msgspec.Struct, frozen=True):
    """What is asked: `host` in lower case without a port, None where HTTP/1.0 names none; `closes` where it is the last."""

    method: str
    path: str
    host: str | None
    closes: bool


class Heard(msgspec.Struct, frozen=True):
    """A request, or the status with which it is refused; `size_bytes` of what was received are read with it."""

    request: PolicyRequest | HTTPStatus
    size_bytes: int


def read_request(received: bytes) -> Heard | None:
    """Return what the bytes begin with, None where more must come first."""
    start = 0
    while received.startswith(b"\r\n", start):
        start += 2  # RFC 9112 section 2.2: empty lines before a request are ignored
    end = received.find(_END, start, start + HEAD_BYTES_MAX)
    if end < 0:
        too_long = len(received) >= HEAD_BYTES_MAX
        return Heard(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, len(received)) if too_long else None
    return Heard(_request(received[start:end]), end + len(_END))


def _request(head: bytes) -> PolicyRequest | HTTPStatus:
    first, *lines = head.split(b"\r\n")
    line = _LINE.fullmatch(first)
    if line is None:
        return HTTPStatus.BAD_REQUEST
    if line["version"] not in {b"1.0", b"1.1"}:
        return HTTPStatus.HTTP_VERSION_NOT_SUPPORTED
    if len(lines) > HEAD_FIELDS_MAX:
        return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    fields = [_FIELD.fullmatch(one) for one in lines]
    values: dict[str, list[str]] = {}
    for field in fields:
        if field is None:
            return HTTPStatus.BAD_REQUEST
        values.setdefault(folded(field["name"].decode()), []).append(
            field["value"].decode("latin-1").strip(" \t")
        )
    return _understood(
        line["method"].decode(), line["target"].decode(), values, old=line["version"] == b"1.0"
    )


def _understood(
    method: str, target: str, values: dict[str, list[str]], *, old: bool
) -> PolicyRequest | HTTPStatus:
    hosts = values.get("host", [])
    if len(hosts) > 1 or (not hosts and not old):
        return HTTPStatus.BAD_REQUEST  # RFC 9112 section 3.2
    absolute = _ABSOLUTE.fullmatch(target)
    if absolute is not None:
        hosts, target = [absolute["host"]], absolute["rest"] or "/"  # RFC 9112 section 3.2.2
    host = _HOST.fullmatch(hosts[0]) if hosts else None
    if hosts and host is None:
        return HTTPStatus.BAD_REQUEST
    options = {folded(one.strip()) for value in values.get("connection", []) for one in value.split(",")}
    has_body = "transfer-encoding" in values or values.get("content-length", ["0"]) != ["0"]
    return PolicyRequest(
        method=method,
        path=target,
        host=None if host is None else folded(host["name"]).removesuffix("."),
        closes=has_body or "close" in options or (old and "keep-alive" not in options),
    )
