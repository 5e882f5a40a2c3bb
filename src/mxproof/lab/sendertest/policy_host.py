"""A policy host of a sender test: one response for one connection, and a note of who asked for what in which way.

TLS reports may be posted to it (RFC 8460 section 5.4): what they say of the set is read, and the rest dropped.
"""

import asyncio
import ssl
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from http import HTTPStatus

import msgspec

from mxproof.formats.mtasts import POLICY_PATH
from mxproof.judge.senders.inference.observation import SeenFetch, SeenReport, SeenTls
from mxproof.lab.sendertest.report import REPORT_MAIL_BYTES_MAX, reports_of
from mxproof.lab.sendertest.setup import REPORTS_PATH
from mxproof.lab.sendertest.stream import WatchedStream
from mxproof.world.world import PolicyServer

REQUEST_LINES_MAX = 100
REQUEST_CHARACTERS_MAX = 200
_REASONS = {int(status): status.phrase for status in HTTPStatus}
_LENGTH_DIGITS_MAX = 9
_PLAIN = (("Content-Type", "text/plain"),)


class PolicyHostRequest(msgspec.Struct, frozen=True):
    """What is asked for and by whom, all empty where there is no whole request; `length` is that of the body, None where it is not said."""

    method: str = ""
    path: str = ""
    agent: str = ""
    length: int | None = None


class PolicyHostServing:
    """Serves the policy servers of a world that stand at one address: that which is named in SNI, or else the first.

    `as_it_is` returns what a server has become; `reported` is told each TLS report and the name of the host that it came to.
    """

    def __init__(
        self,
        servers: Sequence[PolicyServer],
        context: ssl.SSLContext,
        as_it_is: Callable[[PolicyServer], PolicyServer],
        reported: Callable[[SeenReport, str], None],
    ) -> None:
        self._servers = {one.name: one for one in servers}
        self._first = servers[0]
        self._context = context
        self._as_it_is, self._reported = as_it_is, reported

    async def answer(self, stream: WatchedStream, client: str, address: str, at: datetime) -> SeenFetch:
        """Answer one request and return what was seen of it."""
        request, status, begun_s = PolicyHostRequest(), 0, time.monotonic()
        secured = await stream.start_tls(self._context)
        tls = stream.tls or SeenTls()
        server = self._as_it_is(self._servers.get(tls.server_name, self._first))
        if secured:
            request = await _request(stream)
            if request.method == "POST":
                status = await self._taken(stream, request, server, SeenFetch(at, client, address, "", tls))
                await stream.write(_response(status, _PLAIN, b""))
            elif request.path:
                status = await _responded(stream, server, request.path)
        return SeenFetch(
            at,
            client,
            address,
            server.name,
            stream.tls or tls,
            request.path,
            request.agent,
            status,
            round((time.monotonic() - begun_s) * 1000),
        )

    async def _taken(
        self, stream: WatchedStream, request: PolicyHostRequest, server: PolicyServer, seen: SeenFetch
    ) -> int:
        """Read a TLS report that is posted, and return the status of the response."""
        if request.path != REPORTS_PATH:
            return HTTPStatus.NOT_FOUND
        if request.length is None:
            return HTTPStatus.LENGTH_REQUIRED
        if request.length > REPORT_MAIL_BYTES_MAX:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        body = await stream.body(request.length)
        if len(body) < request.length:
            return HTTPStatus.BAD_REQUEST
        found = await asyncio.to_thread(reports_of, body, seen.at, seen.client)
        for report in found:
            self._reported(report, server.name)
        return HTTPStatus.CREATED if found else HTTPStatus.BAD_REQUEST


async def _responded(stream: WatchedStream, server: PolicyServer, path: str) -> int:
    """Respond to whoever asks for `path`, and return the status; 0 where that takes too long for the client."""
    if path != POLICY_PATH:
        await stream.write(_response(HTTPStatus.NOT_FOUND, _PLAIN, b"nothing here\n"))
        return HTTPStatus.NOT_FOUND
    if server.delay_ms and await stream.ends_within(server.delay_ms / 1000):
        return 0
    await stream.write(_response(server.status, server.headers, server.body))
    return server.status


def _response(status: int, headers: Sequence[tuple[str, str]], body: bytes) -> bytes:
    lines = [
        f"HTTP/1.1 {int(status)} {_REASONS.get(status, 'Unknown')}",
        *(f"{name}: {value}" for name, value in headers),
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return "\r\n".join((*lines, "", "")).encode() + body


async def _request(stream: WatchedStream) -> PolicyHostRequest:
    """Return the head of a request, an empty one where it is not whole."""
    words = (await stream.line()).decode("ascii", "backslashreplace").split()
    agent, length = "", None
    for _ in range(REQUEST_LINES_MAX):
        line = (await stream.line()).decode("ascii", "backslashreplace")
        if not line.endswith("\n"):
            return PolicyHostRequest()
        if not line.strip():
            whole = len(words) > 2 and words[0] in {"GET", "POST"}
            method, path = (words[0], words[1][:REQUEST_CHARACTERS_MAX]) if whole else ("", "")
            return PolicyHostRequest(method, path, agent, length)
        name, _, value = line.partition(":")
        match name.lower():
            case "user-agent":
                agent = value.strip()[:REQUEST_CHARACTERS_MAX]
            case "content-length":
                length = _number(value.strip())
            case _:
                continue
    return PolicyHostRequest()


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LENGTH_DIGITS_MAX else None
