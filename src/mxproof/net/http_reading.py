"""Read a response of HTTP/1 that is not plain, whatever its framing, with `h11`.

What is no valid response raises StreamError with MALFORMED, also where the library makes something of it: another
version, control characters in a field, or a length that is stated in two ways.
"""

from collections.abc import Awaitable, Callable, Sequence

import h11

from mxproof.evidence import Outcome
from mxproof.net.received_policy import HEADER_BYTES_MAX, Headers, ReceivedPolicy
from mxproof.net.stream import StreamError

INTERIM_RESPONSES_MAX = 8

_SENT = h11.Request(method="GET", target="/", headers=[("Host", "host"), ("Connection", "close")])
"""What the library is told was asked: what of it the reading of a response depends on."""
_TOO_LARGE = 431
_CONTROLS = frozenset({*range(0x20), 0x7F}) - {0x09}

Read = Callable[[], Awaitable[bytes]]
"""Wait for what comes next; empty at the end of the connection."""


async def read_response(first: bytes, read: Read, received: ReceivedPolicy) -> None:
    """Read a response that begins with the bytes `first` to its end, into `received`."""
    http = h11.Connection(h11.CLIENT, max_incomplete_event_size=HEADER_BYTES_MAX)
    for event in (_SENT, h11.EndOfMessage()):
        http.send(event)
    http.receive_data(first)
    try:
        await _events(http, read, received)
    except h11.RemoteProtocolError as error:
        too_large = error.error_status_hint == _TOO_LARGE
        raise StreamError(Outcome.OVERSIZE if too_large else Outcome.MALFORMED, str(error)) from None


async def _events(http: h11.Connection, read: Read, received: ReceivedPolicy) -> None:
    interim = 0
    while True:
        match await _event(http, read):
            case h11.InformationalResponse():
                interim += 1
                if interim > INTERIM_RESPONSES_MAX:
                    raise StreamError(
                        Outcome.OVERSIZE, f"more than {INTERIM_RESPONSES_MAX} interim responses"
                    )
            case h11.Response() as response:
                received.status = response.status_code
                received.headers = _text(response.headers)
                _check(response)
            case h11.Data() as data:
                received.take(bytes(data.data))
            case h11.EndOfMessage():
                return
            case event:
                raise StreamError(Outcome.MALFORMED, f"not a response: {event}")


async def _event(http: h11.Connection, read: Read) -> object:
    while (event := http.next_event()) is h11.NEED_DATA:
        http.receive_data(await read())
    return event


def _check(response: h11.Response) -> None:
    """Raise StreamError for what the library lets pass although it is no valid response of HTTP/1."""
    if not response.http_version.startswith(b"1."):
        version = response.http_version.decode("ascii", "backslashreplace")
        raise StreamError(Outcome.MALFORMED, f"HTTP/{version} in the status line of a response to HTTP/1.1")
    # RFC 9110 section 5.5, RFC 9112 section 4
    head = (response.reason, *(value for _, value in response.headers))
    if any(not _CONTROLS.isdisjoint(part) for part in head):
        raise StreamError(Outcome.MALFORMED, "a control character in the head of the response")
    names = {name for name, _ in response.headers}
    if b"transfer-encoding" in names:
        if response.http_version == b"1.0":  # RFC 9112 section 6.1
            raise StreamError(Outcome.MALFORMED, "Transfer-Encoding in a response of HTTP/1.0")
        if b"content-length" in names:  # RFC 9112 section 6.2
            raise StreamError(Outcome.MALFORMED, "both Transfer-Encoding and Content-Length")


def _text(headers: Sequence[tuple[bytes, bytes]]) -> Headers:
    """Return `headers` as text; the library limits them only until they are complete."""
    if sum(len(name) + len(value) for name, value in headers) > HEADER_BYTES_MAX:
        raise StreamError(Outcome.OVERSIZE, f"more than {HEADER_BYTES_MAX} bytes of headers")
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)
