"""The lab's policy hosts: one HTTPS response for one connection (RFC 8461 section 3.3), whole or broken on purpose."""

import asyncio
import gzip
import ssl
from collections.abc import Iterator
from http import HTTPStatus

import h11

from mxproof.evidence import Outcome
from mxproof.formats.mtasts import POLICY_PATH
from mxproof.lab.scenario import HttpsFault
from mxproof.lab.serving import LAB_RECEIVED_BYTES_MAX, Endpoint, Serving, hang_up
from mxproof.lab.turns import TurnServing
from mxproof.world.world import PolicyServer

_POLICY_TARGET = POLICY_PATH.encode()
HUGE_BYTES = 1024**3
BOMB_BYTES = 1024**3
"""What the compressed body unfolds to, if anyone unfolds it."""
SLOW_S = 0.5
"""The wait before each byte of a slow body."""

_MEBIBYTE = 1024**2
_HUGE_CHUNK = b"# this line never ends a policy\n" * 2048
_NOT_HTTP = b"SSH-2.0-OpenSSH_9.7\r\n"
_HTTP_WITHOUT_TLS = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_REASONS = {int(status): status.phrase for status in HTTPStatus}
_NOT_FOUND = b"nothing here\n"


class PolicyServing:
    """Serves one policy server of a world, each response after `latency_s`."""

    def __init__(self, server: PolicyServer, context: ssl.SSLContext, latency_s: float) -> None:
        self._server = server
        self._context = context
        self._latency_s = latency_s

    def serve(self, serving: Serving) -> Endpoint:
        """Listen on a free loopback port and return it."""
        match self._server.outcome:
            case Outcome.REFUSED:
                return serving.refuse()
            case Outcome.TIMEOUT:
                return serving.swallow()
        match self._server.script:
            case HttpsFault.RESET:
                return serving.listen(_reset)
            case _ if self._server.turns is not None:
                turns = self._server.turns
                listen = TurnServing(turns).answer
                return serving.listen(listen, None if turns.clear else self._context)
            case HttpsFault.NOT_TLS:
                return serving.listen(_without_tls)
        return serving.listen(self._answer, self._context)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = h11.Connection(h11.SERVER, max_incomplete_event_size=LAB_RECEIVED_BYTES_MAX)
        request = await _request(connection, reader)
        await asyncio.sleep(self._latency_s + self._server.delay_ms / 1000)
        if request is None or self._server.script == HttpsFault.CLOSE:
            return
        if self._server.script == HttpsFault.NOT_HTTP:
            writer.write(_NOT_HTTP)
        elif request.target != _POLICY_TARGET or request.method != b"GET":
            _send(connection, writer, 404, [("Content-Type", "text/plain")], _NOT_FOUND)
        else:
            await self._respond(connection, writer)
        await writer.drain()

    async def _respond(self, connection: h11.Connection, writer: asyncio.StreamWriter) -> None:
        server = self._server
        headers = list(server.headers)
        body = server.body
        match server.script:
            case HttpsFault.SLOW:
                _begin(connection, writer, server.status, [*headers, ("Content-Length", str(len(body)))])
                for position in range(len(body)):
                    await asyncio.sleep(SLOW_S)
                    await _continue(connection, writer, body[position : position + 1])
            case HttpsFault.HUGE:
                _begin(connection, writer, server.status, headers)
                for _ in range(HUGE_BYTES // len(_HUGE_CHUNK)):
                    await _continue(connection, writer, _HUGE_CHUNK)
            case HttpsFault.CUT_SHORT:
                _begin(connection, writer, server.status, [*headers, ("Content-Length", str(len(body)))])
                await _continue(connection, writer, body[: len(body) // 2])
            case HttpsFault.GZIP_BOMB:
                _begin(connection, writer, server.status, [*headers, ("Content-Encoding", "gzip")])
                for member in _bomb():
                    await _continue(connection, writer, member)
            case _:
                _send(connection, writer, server.status, headers, body)


async def _reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)
    hang_up(writer)


async def _without_tls(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(LAB_RECEIVED_BYTES_MAX)
    writer.write(_HTTP_WITHOUT_TLS)
    await writer.drain()


async def _request(connection: h11.Connection, reader: asyncio.StreamReader) -> h11.Request | None:
    """Read up to the end of the request; None if the client went away or did not speak HTTP."""
    request = None
    while True:
        try:
            event = connection.next_event()
        except h11.RemoteProtocolError:
            return None
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(LAB_RECEIVED_BYTES_MAX))
        elif isinstance(event, h11.Request):
            request = event
        elif isinstance(event, h11.EndOfMessage):
            return request
        elif not isinstance(event, h11.Data):
            return None


def _send(
    connection: h11.Connection,
    writer: asyncio.StreamWriter,
    status: int,
    headers: list[tuple[str, str]],
    body: bytes,
) -> None:
    _begin(connection, writer, status, [*headers, ("Content-Length", str(len(body)))])
    writer.write(connection.send(h11.Data(data=body)) or b"")
    writer.write(connection.send(h11.EndOfMessage()) or b"")


def _begin(
    connection: h11.Connection, writer: asyncio.StreamWriter, status: int, headers: list[tuple[str, str]]
) -> None:
    response = h11.Response(
        status_code=status, headers=[*headers, ("Connection", "close")], reason=_REASONS.get(status, "")
    )
    writer.write(connection.send(response) or b"")


async def _continue(connection: h11.Connection, writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(connection.send(h11.Data(data=data)) or b"")
    await writer.drain()


def _bomb() -> Iterator[bytes]:
    """Yield the members of a gzip file (RFC 1952 section 2.2) that unfolds to BOMB_BYTES of zeros."""
    member = gzip.compress(bytes(_MEBIBYTE), mtime=0)
    for _ in range(BOMB_BYTES // _MEBIBYTE):
        yield member
