"""Pages over HTTP for monitoring, on a listener of their own. One request a connection, nothing else.

The library that reads requests is loaded with the first of them: a daemon that is started answers mail before anybody looks at it.
"""

import asyncio
import contextlib
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    import h11

PAGE_REQUEST_BYTES_MAX = 16 * 1024
PAGE_TIMEOUT_S = 5.0
PAGE_CONNECTIONS_MAX = 32


class Page(msgspec.Struct, frozen=True):
    """A response: its status, its media type and its text."""

    status: HTTPStatus
    media_type: str
    text: str


Pages = Callable[[str], Page | None]
"""From a path to its page, None where there is none."""


class PageServer:
    """Serves `pages` to whoever connects, to few at a time."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._open = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request and close."""
        self._open += 1
        try:
            if self._open <= PAGE_CONNECTIONS_MAX:
                with contextlib.suppress(OSError, TimeoutError):
                    async with asyncio.timeout(PAGE_TIMEOUT_S):
                        await self._serve(reader, writer)
        except asyncio.CancelledError:
            return  # the loop ends; asyncio before Python 3.12 would tell of each connection that is open then
        finally:
            self._open -= 1
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        import h11  # noqa: PLC0415 - as above

        http = h11.Connection(h11.SERVER, max_incomplete_event_size=PAGE_REQUEST_BYTES_MAX)
        try:
            while (event := http.next_event()) is h11.NEED_DATA:
                http.receive_data(await reader.read(PAGE_REQUEST_BYTES_MAX))
        except h11.RemoteProtocolError:
            return
        if not isinstance(event, h11.Request):
            return
        page = self._page(event)
        body = page.text.encode()
        headers = [
            ("Content-Type", f"{page.media_type}; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Connection", "close"),
        ]
        writer.write(http.send(h11.Response(status_code=page.status, headers=headers)) or b"")
        if event.method != b"HEAD":
            writer.write(http.send(h11.Data(data=body)) or b"")
        await writer.drain()

    def _page(self, request: "h11.Request") -> Page:
        if request.method not in {b"GET", b"HEAD"}:
            return Page(HTTPStatus.METHOD_NOT_ALLOWED, "text/plain", "GET was expected\n")
        path = request.target.partition(b"?")[0].decode("ascii", "replace")
        return self._pages(path) or Page(HTTPStatus.NOT_FOUND, "text/plain", "no such page\n")
