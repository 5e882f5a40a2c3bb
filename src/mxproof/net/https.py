"""Fetch an MTA-STS policy over HTTPS from one address (RFC 8461 section 3.3), and judge nothing.

One GET on one connection. What is no valid response of HTTP/1 is MALFORMED, also where a lenient client makes something
of it: another version, control characters in a field, or a length that is stated in two ways. A redirect is not followed, a compressed body is not unpacked, a wrong certificate does not
stop the fetch: all are recorded, for the senders' models to judge. The body counts as whole only where its framing
says so: the full Content-Length, the last chunk, or, for a body that lasts until the end of the connection, an end
that TLS confirms (RFC 9112 sections 8 and 9.8). A body cut short is MALFORMED, never a policy.

Nearly every response comes whole and has nothing in it that could be read in two ways; it is read here (`plain_response`).
Every other is read by `h11`, which is as much work as all the rest that is done in Python for a fetch.
"""

import asyncio
import re
from collections.abc import Sequence
from datetime import UTC, datetime

import h11

from mxproof import __version__
from mxproof.evidence import Answer, Outcome, PolicyData, Question, TlsData
from mxproof.formats.mtasts import POLICY_BYTES_MAX
from mxproof.net.asking import HTTPS_PORT, Asking, Peer
from mxproof.net.stream import Stream, StreamError, outcome_of, secure
from mxproof.net.tls import TlsCutError

POLICY_PATH = "/.well-known/mta-sts.txt"
HEADER_BYTES_MAX = 64 * 1024
"""More than some clients take of a response, and less than others: aiohttp 8 KiB a field, Go 10 MiB in all."""
INTERIM_RESPONSES_MAX = 8
PIECES_MAX = 16384
"""Of a body: as many pieces of 4 bytes as a policy of the largest size has."""

_REQUEST = (
    "GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: mxproof/{version}\r\n"
    "Accept-Encoding: identity\r\nConnection: close\r\n\r\n"
)
_SENT = h11.Request(method="GET", target=POLICY_PATH, headers=[("Host", "host"), ("Connection", "close")])
"""What the library is told was asked: what of it the reading of a response depends on."""
_TOO_LARGE = 431
_NO_BODY = frozenset({b"204", b"304"})
_PLAIN = re.compile(
    rb"HTTP/1\.1 ([2-9][0-9]{2})(?: [\x20-\x7e]*)?((?:\r\n[-!#$%&'*+.^_`|~0-9A-Za-z]+:[\x20-\x7e]*)*)\r\n\r\n"
)
_LENGTH_DIGITS_MAX = 5
_NAME = re.compile(r"[\x21-\x7e]+")
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")


async def ask_policy(question: Question, asking: Asking) -> Answer:
    """Fetch the policy that `question.name` serves at the address `question.at`."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    fetch = _Fetch(question, asking)
    outcome, detail = await outcome_of(fetch.run(), asking.timeout_s)
    return Answer(
        outcome=outcome,
        at=datetime.now(UTC),
        data=fetch.data(),
        elapsed_ms=round((loop.time() - begun) * 1000),
        detail=detail,
    )


class _Fetch:
    """One GET; the fields hold what has come so far."""

    def __init__(self, question: Question, asking: Asking) -> None:
        self._question = question
        self._asking = asking
        self._tls: TlsData | None = None
        self._status = 0
        self._headers: tuple[tuple[str, str], ...] = ()
        self._body = bytearray()
        self._pieces = 0

    def data(self) -> PolicyData | None:
        """Return what came, or None where not even a handshake was complete."""
        if self._tls is None:
            return None
        return PolicyData(self._status, self._headers, bytes(self._body), self._tls)

    async def run(self) -> None:
        """Connect, ask, and read the response to its end."""
        async with Stream(Peer(self._question.at, HTTPS_PORT), self._asking) as stream:
            self._tls = await secure(stream, self._question.name, alpn=("http/1.1",), secret=False)
            await stream.write(self._request())
            try:
                await self._response(stream)
            except h11.RemoteProtocolError as error:
                too_large = error.error_status_hint == _TOO_LARGE
                raise StreamError(Outcome.OVERSIZE if too_large else Outcome.MALFORMED, str(error)) from None
            await stream.end()

    def _request(self) -> bytes:
        assert _NAME.fullmatch(self._question.name), "a policy host has a name"
        return _REQUEST.format(path=POLICY_PATH, host=self._question.name, version=__version__).encode()

    async def _response(self, stream: Stream) -> None:
        first = await self._read(stream)
        plain = plain_response(first)
        if plain is not None:
            self._status, self._headers, body = plain
            self._take(body)
            return
        http = h11.Connection(h11.CLIENT, max_incomplete_event_size=HEADER_BYTES_MAX)
        for event in (_SENT, h11.EndOfMessage()):
            http.send(event)
        http.receive_data(first)
        await self._events(http, stream)

    async def _events(self, http: h11.Connection, stream: Stream) -> None:
        interim = 0
        while True:
            match await self._event(http, stream):
                case h11.InformationalResponse():
                    interim += 1
                    if interim > INTERIM_RESPONSES_MAX:
                        raise StreamError(
                            Outcome.OVERSIZE, f"more than {INTERIM_RESPONSES_MAX} interim responses"
                        )
                case h11.Response() as response:
                    self._status = response.status_code
                    self._headers = _text(response.headers)
                    _check(response)
                case h11.Data() as data:
                    self._take(bytes(data.data))
                case h11.EndOfMessage():
                    return
                case event:
                    raise StreamError(Outcome.MALFORMED, f"not a response: {event}")

    def _take(self, data: bytes) -> None:
        room = POLICY_BYTES_MAX - len(self._body)
        self._body += data[:room]
        self._pieces += 1
        if self._pieces > PIECES_MAX:
            raise StreamError(Outcome.OVERSIZE, f"a body in more than {PIECES_MAX} pieces")
        if len(data) > room:
            raise StreamError(Outcome.OVERSIZE, f"a body of more than {POLICY_BYTES_MAX} bytes")

    async def _event(self, http: h11.Connection, stream: Stream) -> object:
        while (event := http.next_event()) is h11.NEED_DATA:
            http.receive_data(await self._read(stream))
        return event

    async def _read(self, stream: Stream) -> bytes:
        try:
            data = await stream.read()
        except TlsCutError:
            if self._status:
                raise StreamError(Outcome.MALFORMED, "the body ended without a TLS close_notify") from None
            raise
        if not data and not self._status:
            raise StreamError(Outcome.CLOSED, "the connection ended without a response")
        return data


def plain_response(data: bytes) -> tuple[int, tuple[tuple[str, str], ...], bytes] | None:
    """Return status, headers and body of a response that is whole and plain, None for any other.

    Plain is one final response of HTTP/1.1 with a body of its one Content-Length, fields of visible ASCII and spaces, and
    no transfer coding.
    """
    head = _PLAIN.match(data)
    if head is None or head[1] in _NO_BODY or head.end() > HEADER_BYTES_MAX:
        return None
    lines = head[2].decode("ascii").split("\r\n")[1:]
    fields = (line.partition(":") for line in lines)
    headers = tuple((name.lower(), value.strip(" ")) for name, _, value in fields)
    lengths = [value for name, value in headers if name == "content-length"]
    if len(lengths) != 1 or any(name == "transfer-encoding" for name, _ in headers):
        return None
    length, body = lengths[0], data[head.end() :]
    if not length.isdecimal() or len(length) > _LENGTH_DIGITS_MAX or int(length) != len(body):
        return None
    return int(head[1]), headers, body


def _check(response: h11.Response) -> None:
    """Raise StreamError for what the library lets pass although it is no valid response of HTTP/1."""
    if not response.http_version.startswith(b"1."):
        version = response.http_version.decode("ascii", "backslashreplace")
        raise StreamError(Outcome.MALFORMED, f"HTTP/{version} in the status line of a response to HTTP/1.1")
    # RFC 9110 section 5.5, RFC 9112 section 4
    if any(_CONTROL.search(value) for value in (response.reason, *(value for _, value in response.headers))):
        raise StreamError(Outcome.MALFORMED, "a control character in the head of the response")
    names = {name for name, _ in response.headers}
    if b"transfer-encoding" in names:
        if response.http_version == b"1.0":  # RFC 9112 section 6.1
            raise StreamError(Outcome.MALFORMED, "Transfer-Encoding in a response of HTTP/1.0")
        if b"content-length" in names:  # RFC 9112 section 6.2
            raise StreamError(Outcome.MALFORMED, "both Transfer-Encoding and Content-Length")


def _text(headers: Sequence[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    """Return `headers` as text; the library limits them only until they are complete."""
    if sum(len(name) + len(value) for name, value in headers) > HEADER_BYTES_MAX:
        raise StreamError(Outcome.OVERSIZE, f"more than {HEADER_BYTES_MAX} bytes of headers")
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)
