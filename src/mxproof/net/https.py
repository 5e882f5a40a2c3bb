"""Fetch an MTA-STS policy over HTTPS from one address (RFC 8461 section 3.3), and judge nothing.

One GET on one connection. What is no valid response of HTTP/1 is MALFORMED, also where a lenient client makes something
of it. A redirect is not followed, a compressed body is not unpacked, a wrong certificate does not stop the fetch: all are
recorded, for the senders' models to judge. The body counts as whole only where its framing
says so: the full Content-Length, the last chunk, or, for a body that lasts until the end of the connection, an end
that TLS confirms (RFC 9112 sections 8 and 9.8). A body cut short is MALFORMED, never a policy.

Nearly every response has nothing in it that could be read in two ways; it is read here (`plain_response`).
Every other is read by `h11` (`mxproof.net.http_reading`), which is as much work as all the rest that is done in Python for
a fetch, and is loaded where it is needed.
"""

import asyncio
import re
from datetime import UTC, datetime

import msgspec

from mxproof import __version__
from mxproof.evidence import Answer, Outcome, PolicyData, Question, TlsData
from mxproof.formats.mtasts import POLICY_PATH
from mxproof.net.asking import HTTPS_PORT, Asking, Peer
from mxproof.net.received_policy import HEADER_BYTES_MAX, Headers, ReceivedPolicy
from mxproof.net.stream import Stream, StreamError, outcome_of, secure
from mxproof.net.tls import TlsCutError

_REQUEST = (
    "GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {agent}\r\n"
    "Accept-Encoding: identity\r\nConnection: close\r\n\r\n"
)
_NO_BODY = frozenset({b"204", b"304"})
_PLAIN = re.compile(
    rb"HTTP/1\.1 ([2-9][0-9]{2})(?: [\x20-\x7e]*)?((?:\r\n[-!#$%&'*+.^_`|~0-9A-Za-z]+:[\x20-\x7e]*)*)\r\n\r\n"
)
_FIELD = re.compile(r"\r\n([^:]*):([^\r]*)")
_FRAMING = frozenset({"content-length", "transfer-encoding"})
_LENGTH_DIGITS_MAX = 5
_NAME = re.compile(r"[\x21-\x7e]+")


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


def _user_agent(contact: str) -> str:
    """Return the product, with whom to write to in the comment behind it (RFC 9110 section 10.1.5)."""
    return f"mxproof/{__version__} (+{contact})" if contact else f"mxproof/{__version__}"


class _Fetch:
    """One GET; the fields hold what has come so far."""

    def __init__(self, question: Question, asking: Asking) -> None:
        self._question = question
        self._asking = asking
        self._tls: TlsData | None = None
        self._received = ReceivedPolicy()

    def data(self) -> PolicyData | None:
        """Return what came, or None where not even a handshake was complete."""
        if self._tls is None:
            return None
        received = self._received
        return PolicyData(received.status, received.headers, bytes(received.body), self._tls)

    async def run(self) -> None:
        """Connect, ask, and read the response to its end."""
        async with Stream(Peer(self._question.at, HTTPS_PORT), self._asking) as stream:
            self._tls = await secure(stream, self._question.name, alpn=("http/1.1",), secret=False)
            await stream.write(self._request())
            await self._response(stream)
            await stream.end()

    def _request(self) -> bytes:
        assert _NAME.fullmatch(self._question.name), "a policy host has a name"
        return _REQUEST.format(
            path=POLICY_PATH, host=self._question.name, agent=_user_agent(self._asking.contact)
        ).encode()

    async def _response(self, stream: Stream) -> None:
        first = await self._read(stream)
        plain = plain_response(first)
        if plain is not None:
            await self._plain_body(plain, stream)
            return
        from mxproof.net.http_reading import read_response  # noqa: PLC0415 - nearly every response is plain, and it loads much

        await read_response(first, lambda: self._read(stream), self._received)

    async def _plain_body(self, plain: "PlainResponse", stream: Stream) -> None:
        """Take the body of a plain response, and wait for what is missing of it."""
        self._received.status, self._received.headers = plain.status, plain.headers
        self._received.take(plain.body)
        missing = plain.missing
        while missing > 0:
            piece = await self._read(stream)
            if not piece:
                words = f"the body ended {missing} bytes before its Content-Length"
                raise StreamError(Outcome.MALFORMED, words)
            self._received.take(piece[:missing])
            missing -= len(piece)

    async def _read(self, stream: Stream) -> bytes:
        try:
            data = await stream.read()
        except TlsCutError:
            if self._received.status:
                raise StreamError(Outcome.MALFORMED, "the body ended without a TLS close_notify") from None
            raise
        if not data and not self._received.status:
            raise StreamError(Outcome.CLOSED, "the connection ended without a response")
        return data


class PlainResponse(msgspec.Struct, frozen=True):
    """A response with nothing in it that could be read in two ways; `missing` bytes of its body are still to come."""

    status: int
    headers: Headers
    body: bytes
    missing: int = 0


def plain_response(data: bytes) -> PlainResponse | None:
    """Return the response that begins with `data` where its head is whole and it is plain, None for any other.

    Plain is one final response of HTTP/1.1 with a body of its one Content-Length, fields of visible ASCII and spaces, and
    no transfer coding.
    """
    head = _PLAIN.match(data)
    if head is None or head[1] in _NO_BODY or head.end() > HEADER_BYTES_MAX:
        return None
    fields = _FIELD.findall(head[2].decode("ascii"))
    headers = tuple([(name.lower(), value.strip(" ")) for name, value in fields])
    lengths = [value for name, value in headers if name in _FRAMING]
    if len(lengths) != 1 or "transfer-encoding" in dict(headers):
        return None
    length, body = lengths[0], data[head.end() :]
    if not length.isdecimal() or len(length) > _LENGTH_DIGITS_MAX or int(length) < len(body):
        return None
    return PlainResponse(int(head[1]), headers, body, int(length) - len(body))
