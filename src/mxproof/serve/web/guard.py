"""What goes for every answer: who may ask at all, what a browser may do with it, and what becomes of a fault."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mxproof.formats.text import safe
from mxproof.serve.web.caller import RefusedCaller, caller_of
from mxproof.serve.web.settings import WebSettings
from mxproof.store.journal.error import JournalError

CONTENT_SECURITY_POLICY: Final = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
_HEADERS: Final = (
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
)
_STRICT_TRANSPORT: Final = ("strict-transport-security", "max-age=31536000")

_log = logging.getLogger("mxproof.web")


class Guard:
    """Stands before the pages; `fault` is told of each fault of this program."""

    def __init__(self, app: ASGIApp, settings: WebSettings, fault: Callable[[], None]) -> None:
        self._app = app
        self._settings = settings
        self._fault = fault

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        caller = caller_of(Request(scope), self._settings)
        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS:
                    headers[name] = value
                headers.setdefault("cache-control", "no-store")
                if not isinstance(caller, RefusedCaller) and caller.is_encrypted:
                    headers[_STRICT_TRANSPORT[0]] = _STRICT_TRANSPORT[1]
            await send(message)

        if isinstance(caller, RefusedCaller):
            await PlainTextResponse(f"{caller.words}\n", caller.status)(scope, receive, guarded)
            return
        scope["state"]["caller"] = caller
        try:
            await self._app(scope, receive, guarded)
        except JournalError as error:
            _log.error("web: %s", error)
            words, status = "The store is away; try again in a minute.\n", HTTPStatus.SERVICE_UNAVAILABLE
        except Exception:  # noqa: BLE001 - the top of a request
            self._fault()
            _log.exception("web: fault of mxproof at %s", safe(scope["path"]))
            words, status = "A fault of mxproof; its log says more.\n", HTTPStatus.INTERNAL_SERVER_ERROR
        else:
            return
        if not begun:
            await PlainTextResponse(words, status)(scope, receive, guarded)
