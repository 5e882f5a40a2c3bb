"""One connection to the policy host, from the first byte to the end.

| while | and then | follows |
|---|---|---|
| the handshake | it is complete | the request is waited for |
|  | it fails, the client leaves | the end |
| a request is waited for | its head is whole | the response; a next request is waited for |
|  | the head is none, too long, or asks for the end; the REQUESTS_MAX-th | the response, and the end |
| a response does not go out, for the client does not read | | nothing more is read of it until it does |
| any of these | the limit of time for it is over, or the place is needed | the end, at once |

What a client sends never moves its limit of time; only a response does. So a connection lasts no longer than the handshake and
REQUESTS_MAX requests may.
"""

import asyncio
import logging
import time
from http import HTTPStatus
from typing import cast

from mxproof.formats.text import safe
from mxproof.serve.publish.hosting import Hosting
from mxproof.serve.publish.metrics import Dropped, Handshake
from mxproof.serve.publish.places import network_of
from mxproof.serve.publish.request import PolicyRequest, read_request
from mxproof.serve.publish.response import print_response, response_to
from mxproof.serve.publish.tls import ServerTls, ServerTlsError

REQUESTS_MAX = 100
LINGERING_S = 5.0
"""How long a client may take for what is still on its way to it at the end."""
UNSENT_BYTES_MAX = 64 * 1024
TARGET_CHARACTERS_SHOWN_MAX = 100

_log = logging.getLogger("mxproof.publish")


class PolicyConnection(asyncio.Protocol):
    """One client of the policy host."""

    _transport: asyncio.Transport
    _timer: asyncio.TimerHandle

    def __init__(self, hosting: Hosting) -> None:
        self._hosting = hosting
        self._tls: ServerTls | None = None
        self._host: str | None = None
        """The name that TLS was made for, None until it is."""
        self._from = ""
        self._began_s = 0.0
        self._received = b""
        self._requests = 0
        self._last = False
        self._unread = False
        self._ended = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a place."""
        self._transport = cast("asyncio.Transport", transport)  # that of uvloop is one by its methods alone
        self._transport.set_write_buffer_limits(high=UNSENT_BYTES_MAX)
        peer = transport.get_extra_info("peername")
        self._from = peer[0] if isinstance(peer, tuple) else "unix"
        self._began_s = time.monotonic()
        self._timer = self._limit(self._hosting.limits.handshake_s)
        self._hosting.enter(self, network_of(self._from))

    def data_received(self, data: bytes) -> None:
        """Go on with the handshake, and then with requests."""
        if self._ended:
            return
        if self._tls is None:
            self._tls = self._hosting.contexts.begin()
        self._tls.feed(data)
        self._go_on(self._tls)

    def connection_lost(self, _: Exception | None) -> None:
        """Give the place back."""
        self._timer.cancel()
        if self._host is None and not self._ended:
            self._hosting.counts.handshakes[Handshake.UNFINISHED] += 1
        self._ended = True
        self._hosting.leave(self)

    def pause_writing(self) -> None:
        """Read nothing more of a client that does not read."""
        self._unread = True
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        """Go on where it was left."""
        self._unread = False
        if not self._ended and self._tls is not None:
            self._transport.resume_reading()
            self._go_on(self._tls)

    def drop(self, why: Dropped) -> None:
        """End at once."""
        if not self._ended:
            self._hosting.counts.dropped[why] += 1
            if self._host is None:
                self._hosting.counts.handshakes[Handshake.UNFINISHED] += 1
        self._ended = True
        self._transport.abort()

    def finish(self) -> None:
        """End after the request that has begun, if one has."""
        self._last = True
        if self._tls is not None and self._host is not None and not self._received:
            self._end(self._tls)

    def _limit(self, seconds: float) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(seconds, self.drop, Dropped.SLOW)

    def _go_on(self, tls: ServerTls) -> None:
        try:
            if self._host is None and not self._shake_hands(tls):
                return
            self._read(tls)
        except ServerTlsError as error:
            self._fail(tls, error)
        finally:
            self._send(tls)

    def _shake_hands(self, tls: ServerTls) -> bool:
        """Tell whether the handshake is complete; from then on the request is waited for."""
        if not tls.shake_hands():
            return False
        self._host = tls.host
        counts = self._hosting.counts
        counts.handshakes[Handshake.COMPLETE] += 1
        counts.taken.add(time.monotonic() - self._began_s)
        self._wait_anew()
        return True

    def _wait_anew(self) -> None:
        """Give the client the time of one request."""
        self._timer.cancel()
        self._timer = self._limit(self._hosting.limits.request_s)

    def _read(self, tls: ServerTls) -> None:
        while not self._ended and not self._unread:
            if self._answer(tls):
                continue
            data = tls.read()
            if data is None:
                return
            if not data:
                self._end(tls)
                return
            self._received += data

    def _answer(self, tls: ServerTls) -> bool:
        """Answer one request of those that have come; tell whether there was one."""
        heard = read_request(self._received)
        if heard is None:
            return False
        self._received = self._received[heard.size_bytes :]
        self._requests += 1
        hosting = self._hosting
        response = response_to(heard.request, self._host or "", hosting.hosted.bodies)
        if self._last or self._requests >= REQUESTS_MAX:
            response = response.closing()
        tls.write(print_response(response, hosting.date()))
        hosting.counts.responses[str(response.status.value)] += 1
        self._tell(tls, heard.request, response.status)
        if response.closes:
            self._end(tls)
        else:
            self._send(tls)
            self._wait_anew()
            hosting.served(self)
        return True

    def _tell(self, tls: ServerTls, request: PolicyRequest | HTTPStatus, status: HTTPStatus) -> None:
        if not self._hosting.access_log:
            return
        asked = "-" if isinstance(request, HTTPStatus) else f"{request.method} {request.path}"
        _log.info(
            "host=%s status=%d from=%s tls=%s request=%r",
            safe(self._host or "-"),
            status,
            self._from,
            tls.version,
            safe(asked, limit=TARGET_CHARACTERS_SHOWN_MAX),
        )

    def _fail(self, tls: ServerTls, error: ServerTlsError) -> None:
        """End a connection whose TLS failed; the alert that says so is sent."""
        if self._host is None:
            outcome = Handshake.NO_CERTIFICATE if tls.is_of_unknown_host else Handshake.FAILED
            self._hosting.counts.handshakes[outcome] += 1
            _log.debug("host=%s handshake=%s from=%s: %s", safe(tls.host or "-"), outcome, self._from, error)
        self._send(tls)
        self._close()

    def _end(self, tls: ServerTls) -> None:
        """Say that this was all."""
        tls.end()
        self._send(tls)
        self._close()

    def _close(self) -> None:
        self._ended = True
        self._timer.cancel()
        self._timer = self._limit(LINGERING_S)
        self._transport.close()

    def _send(self, tls: ServerTls) -> None:
        if data := tls.outgoing():
            self._transport.write(data)
