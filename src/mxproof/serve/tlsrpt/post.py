"""Reports by HTTPS POST (RFC 8460 section 5.4): each is safe before it is answered with 2xx.

| the request | status |
|---|---|
| a report that is kept, or was known | 201, 200 |
| a report that is refused and kept aside | 422 |
| no report, or no POST | 400, 405 |
| more than PACKED_BYTES_MAX | 413 |
| the journal is away, or too much at once | 503, and the sender tries again (section 5.5) |

Whoever posts is nobody known: the RFC has no authentication here, so that what is posted counts apart from what is signed.
"""

import asyncio
import contextlib
from http import HTTPStatus

import h11

from mxproof.formats.tlsrpt.unpacking import PACKED_BYTES_MAX
from mxproof.serve.daemon.pages import PAGE_REQUEST_BYTES_MAX
from mxproof.serve.tlsrpt.intake import CameIn, Taken
from mxproof.serve.tlsrpt.lmtp import TakeOne
from mxproof.store.journal.arrival import Kept
from mxproof.store.journal.error import JournalError

POST_CONNECTIONS_MAX = 20
POST_TIMEOUT_S = 60.0
RETRY_AFTER_S = 300
HEARD_OUT_S = 3.0
HEARD_OUT_BYTES_MAX = 4 * PACKED_BYTES_MAX
_READ_BYTES = 64 * 1024


class PostServer:
    """Takes what is posted, one request a connection, from few at a time."""

    def __init__(self, take: TakeOne) -> None:
        self.open = 0
        self._take = take

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request and close."""
        self.open += 1
        try:
            with contextlib.suppress(OSError, TimeoutError, h11.RemoteProtocolError, h11.LocalProtocolError):
                async with asyncio.timeout(POST_TIMEOUT_S):
                    await self._serve(reader, writer)
        except asyncio.CancelledError:
            return  # the loop ends; asyncio before Python 3.12 would tell of each connection that is open then
        finally:
            self.open -= 1
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        http = h11.Connection(h11.SERVER, max_incomplete_event_size=PAGE_REQUEST_BYTES_MAX)
        status = await self._status(http, reader, writer)
        words = f"{status.phrase}\n".encode()
        headers = [
            ("Content-Type", "text/plain"),
            ("Content-Length", str(len(words))),
            ("Connection", "close"),
        ]
        if status is HTTPStatus.SERVICE_UNAVAILABLE:
            headers.append(("Retry-After", str(RETRY_AFTER_S)))
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            headers.append(("Allow", "POST"))
        writer.write(http.send(h11.Response(status_code=status, headers=headers)) or b"")
        writer.write(http.send(h11.Data(data=words)) or b"")
        await writer.drain()
        if http.their_state is h11.SEND_BODY and status is not HTTPStatus.SERVICE_UNAVAILABLE:
            await _heard_out(reader, writer)

    async def _status(
        self, http: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> HTTPStatus:
        """Read a request and keep what is in it; return the status to answer with."""
        request = await _event(http, reader)
        if not isinstance(request, h11.Request):
            raise h11.RemoteProtocolError("no request")
        if request.method != b"POST":
            return HTTPStatus.METHOD_NOT_ALLOWED
        if self.open > POST_CONNECTIONS_MAX:
            return HTTPStatus.SERVICE_UNAVAILABLE
        length = dict(request.headers).get(b"content-length", b"0")
        if int(length) > PACKED_BYTES_MAX:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        if http.they_are_waiting_for_100_continue:
            writer.write(http.send(h11.InformationalResponse(status_code=100, headers=[])) or b"")
        pieces, size = [], 0
        while isinstance(event := await _event(http, reader), h11.Data):
            size += len(event.data)
            if size > PACKED_BYTES_MAX:
                return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            pieces.append(bytes(event.data))
        try:
            return _answer(await self._take(CameIn(b"".join(pieces), "post", "https")))
        except JournalError:
            return HTTPStatus.SERVICE_UNAVAILABLE


async def _heard_out(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Drop what whoever is still sending sends: a close on what nobody read takes the answer away (RFC 9112 section 9.6).

    It lasts HEARD_OUT_S and HEARD_OUT_BYTES_MAX at most, and less where the client ends.
    """
    if writer.can_write_eof():
        writer.write_eof()
    left = HEARD_OUT_BYTES_MAX
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(HEARD_OUT_S):
            while left > 0 and (dropped := await reader.read(_READ_BYTES)):
                left -= len(dropped)


async def _event(http: h11.Connection, reader: asyncio.StreamReader) -> object:
    while (event := http.next_event()) is h11.NEED_DATA:
        http.receive_data(await reader.read(_READ_BYTES))
    return event


def _answer(taken: Taken) -> HTTPStatus:
    if taken.reports:
        new = any(kept is not Kept.KNOWN for _, kept in taken.reports)
        return HTTPStatus.CREATED if new else HTTPStatus.OK
    return HTTPStatus.UNPROCESSABLE_ENTITY if taken.refusal is not None else HTTPStatus.BAD_REQUEST
