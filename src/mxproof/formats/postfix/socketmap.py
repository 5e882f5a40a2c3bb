"""Socketmap: one question of Postfix, one answer, each in a netstring (socketmap_table(5)).

    request = map SP key
    reply   = status SP text            OK, NOTFOUND, TEMP, TIMEOUT or PERM

A key comes as Postfix has it: case not folded, with brackets and port. Postfix takes TEMP, TIMEOUT, PERM, anything
else and a closed connection alike for a failed table look-up, and defers the mail; only OK and NOTFOUND let it go.
"""

from enum import StrEnum

import msgspec

from mxproof.formats.errors import FormatError, Objection, shown
from mxproof.formats.text import safe

SOCKETMAP_REQUEST_BYTES_MAX = 10_000
SOCKETMAP_REPLY_BYTES_MAX = 100_000
"""observed: Postfix 3.7 to 3.12 give up on longer ones."""
REASON_CHARACTERS_MAX = 500

_SOURCE = "socketmap_table(5)"


class Status(StrEnum):
    """The first word of a reply."""

    OK = "OK"
    NOTFOUND = "NOTFOUND"
    TEMP = "TEMP"
    TIMEOUT = "TIMEOUT"
    PERM = "PERM"


class Request(msgspec.Struct, frozen=True):
    """One look-up: the name of the map and the key, verbatim."""

    map: str
    key: str


class SocketmapReply(msgspec.Struct, frozen=True):
    """One reply; `text` is the value found, or the reason in words."""

    status: Status
    text: str = ""


def parse_request(payload: bytes) -> Request:
    """Return the request; raises FormatError unless it is a map, one space and a key in UTF-8."""
    name, space, key = payload.partition(b" ")
    if not name or not space:
        raise _refusal("socketmap-request", "a request is a map name, one space and a key", payload)
    try:
        return Request(name.decode("ascii"), key.decode())
    except UnicodeDecodeError as error:
        raise _refusal(
            "socketmap-encoding", f"not UTF-8, or no ASCII map name: {error.reason}", payload
        ) from None


def print_request(request: Request) -> bytes:
    """Return the payload of a request; raises FormatError where it would not read back the same."""
    payload = f"{request.map} {request.key}".encode()
    if len(payload) > SOCKETMAP_REQUEST_BYTES_MAX or parse_request(payload) != request:
        raise _refusal("socketmap-not-printable", "no payload reads as this request", payload)
    return payload


def parse_reply(payload: bytes) -> SocketmapReply:
    """Return the reply; raises FormatError where Postfix would call it garbage."""
    word, space, text = payload.partition(b" ")
    try:
        status = Status(word.decode("ascii"))
        reply = SocketmapReply(status, text.decode())
    except (UnicodeDecodeError, ValueError):
        raise _refusal(
            "socketmap-status", "OK, NOTFOUND, TEMP, TIMEOUT or PERM was expected", payload
        ) from None
    if not space:
        raise _refusal("socketmap-space", "no space behind the status", payload)
    if len(payload) > SOCKETMAP_REPLY_BYTES_MAX:
        raise _refusal(
            "socketmap-too-long", f"a reply of more than {SOCKETMAP_REPLY_BYTES_MAX} bytes", payload
        )
    if (status is Status.OK) != bool(text) and status in {Status.OK, Status.NOTFOUND}:
        raise _refusal("socketmap-text", "OK has a value and NOTFOUND has none", payload)
    return reply


def print_reply(reply: SocketmapReply) -> bytes:
    """Return the payload of a reply; raises FormatError where it would not read back the same."""
    payload = f"{reply.status} {reply.text}".encode()
    if parse_reply(payload) != reply:
        raise _refusal("socketmap-not-printable", "no payload reads as this reply", payload)
    return payload


def failed(status: Status, reason: str) -> SocketmapReply:
    """Return a reply that says why no answer can be given, in words fit for Postfix's log."""
    return SocketmapReply(status, safe(reason, limit=REASON_CHARACTERS_MAX))


def _refusal(rule: str, message: str, payload: bytes) -> FormatError:
    return FormatError("socketmap", Objection(rule, message, 0, _SOURCE, shown(payload[:80])))
