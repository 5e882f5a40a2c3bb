"""A policy host of a sender test: one response for one connection, and a note of who asked for what in which way."""

import ssl
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
    """Serves one policy server of a world."""

    def __init__(self, server: PolicyServer, context: ssl.SSLContext) -> None:
        self._server = server
        self._context = context

    async def answer(self, stream: WatchedStream, client: str, address: str, at: datetime) -> SeenFetch:
        """Answer one request and return what was seen of it."""
        path, agent, status = "", "", 0
        if await stream.start_tls(self._context):
            path, agent = await _request(stream)
            if path:
                status = self._server.status if path == _PATH else 404
                await stream.write(self._response(status, found=path == _PATH))
        return SeenFetch(at, client, address, self._server.name, stream.tls or SeenTls(), path, agent, status)

    def _response(self, status: int, *, found: bool) -> bytes:
        body = self._server.body if found else b"nothing here\n"
        headers = self._server.headers if found else (("Content-Type", "text/plain"),)
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
