"""The pages over HTTP/1.1: each connection, request and answer has its bound.

A client has REQUEST_S from one answer to the end of the next, which includes sending its request and taking the answer in, so that
one that is slow on purpose holds a connection no longer than that.
"""

import asyncio
import contextlib
import socket
from collections.abc import Iterator, Sequence
from typing import Final

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from mxproof.serve.daemon.listening import connections_allowed
from mxproof.serve.web.settings import WebSettings, renew_certificate, tls_context

REQUEST_S: Final = 30.0
KEPT_OPEN_S: Final = 5
ENDED_WITHIN_S: Final = 5
REQUEST_HEAD_BYTES_MAX: Final = 32 * 1024


class WebServer:
    """Serves an application until it is told to stop."""

    def __init__(self, app: ASGIApp, settings: WebSettings) -> None:
        self._context = None if settings.certificate is None else tls_context(settings.certificate)
        self._settings = settings
        config = uvicorn.Config(
            app,
            http=_Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            limit_concurrency=connections_allowed(),
            timeout_keep_alive=KEPT_OPEN_S,
            timeout_graceful_shutdown=ENDED_WITHIN_S,
            h11_max_incomplete_event_size=REQUEST_HEAD_BYTES_MAX,
        )
        config.load()
        config.ssl = self._context
        self._server = _Server(config)

    async def run(self, sockets: Sequence[socket.socket]) -> None:
        """Serve on these sockets."""
        await self._server.serve(list(sockets))

    def stop(self) -> None:
        """Have `run` answer what it has begun, and return."""
        self._server.should_exit = True

    def renew(self) -> None:
        """Show the certificate that is in the files now; raises ConfigError where it cannot be used, and goes on with the old."""
        if self._context is not None and self._settings.certificate is not None:
            renew_certificate(self._context, self._settings.certificate)


class _Server(uvicorn.Server):
    """Leaves signals to the daemon."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Protocol(H11Protocol):
    """Ends a connection on which nothing was answered for REQUEST_S."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        self._begin()

    def on_response_complete(self) -> None:
        self._begin()
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        super().connection_lost(exc)

    def _begin(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = self.loop.call_later(REQUEST_S, self.transport.abort)
