"""A policy host of a sender test: one response for one connection, and a note of who asked for what in which way."""

import ssl
from collections.abc import Callable, Sequence
from datetime import datetime
from http import HTTPStatus

from mxproof.judge.senders.inference.observation import SeenFetch, SeenTls
from mxproof.lab.sendertest.stream import WatchedStream
from mxproof.world.world import PolicyServer

REQUEST_LINES_MAX = 100
REQUEST_CHARACTERS_MAX = 200
_PATH = "/.well-known/mta-sts.txt"
_REASONS = {int(status): status.phrase for status in HTTPStatus}


class PolicyHostServing:
    """Serves the policy servers of a world that stand at one address: that which is named in SNI, or else the first.

    `as_it_is` returns what a server has become.
    """

    def __init__(
        self,
        servers: Sequence[PolicyServer],
        context: ssl.SSLContext,
        as_it_is: Callable[[PolicyServer], PolicyServer],
    ) -> None:
        self._servers = {one.name: one for one in servers}
        self._first = servers[0]
        self._context = context
        self._as_it_is = as_it_is

    async def answer(self, stream: WatchedStream, client: str, address: str, at: datetime) -> SeenFetch:
        """Answer one request and return what was seen of it."""
        path, agent, status = "", "", 0
        secured = await stream.start_tls(self._context)
        tls = stream.tls or SeenTls()
        server = self._as_it_is(self._servers.get(tls.server_name, self._first))
        if secured:
            path, agent = await _request(stream)
            if path:
                status = server.status if path == _PATH else 404
                await stream.write(_response(server, status, found=path == _PATH))
        return SeenFetch(at, client, address, server.name, stream.tls or tls, path, agent, status)


def _response(server: PolicyServer, status: int, *, found: bool) -> bytes:
    body = server.body if found else b"nothing here\n"
    headers = server.headers if found else (("Content-Type", "text/plain"),)
    lines = [
        f"HTTP/1.1 {status} {_REASONS.get(status, 'Unknown')}",
        *(f"{name}: {value}" for name, value in headers),
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return "\r\n".join((*lines, "", "")).encode() + body


async def _request(stream: WatchedStream) -> tuple[str, str]:
    """Return the path that is asked for and the agent that asks, both empty where there is no whole request."""
    words = (await stream.line()).decode("ascii", "backslashreplace").split()
    agent = ""
    for _ in range(REQUEST_LINES_MAX):
        line = (await stream.line()).decode("ascii", "backslashreplace")
        if not line.endswith("\n"):
            return "", ""
        if not line.strip():
            path = words[1][:REQUEST_CHARACTERS_MAX] if len(words) > 2 and words[0] == "GET" else ""
            return path, agent
        name, _, value = line.partition(":")
        if name.lower() == "user-agent":
            agent = value.strip()[:REQUEST_CHARACTERS_MAX]
    return "", ""
