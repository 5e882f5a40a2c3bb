"""Reports by LMTP (RFC 2033), from the mail server of this machine: each is safe before it is answered with 250.

| the message | reply |
|---|---|
| has a report that is kept, or was known | 250 |
| has a report that is refused and kept aside | 250 |
| has no TLS report | 554, and whoever sent it hears of it |
| the journal is away | 451, and the mail server tries again |

A transaction has one recipient: there is one answer behind the data, and the library gives no more than one.
"""

import asyncio
from collections.abc import Awaitable, Callable

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session

from mxproof.formats.tlsrpt.found import REPORT_MESSAGE_BYTES_MAX
from mxproof.serve.tlsrpt.intake import CameIn, Taken
from mxproof.store.journal.error import JournalError

LMTP_CONNECTIONS_MAX = 20
LMTP_IDLE_S = 60.0
LMTP_LINE_BYTES_MAX = 1024 * 1024
"""Longer than any RFC allows: some reports are one line of JSON that nobody broke."""

TakeOne = Callable[[CameIn], Awaitable[Taken]]
"""Keeps a piece; raises JournalError where it is not safe."""


class LmtpServer:
    """Makes a protocol for each connection; beyond LMTP_CONNECTIONS_MAX they are closed at once."""

    def __init__(self, take: TakeOne) -> None:
        self.open = 0
        self._take = take

    def __call__(self) -> asyncio.Protocol:
        """Return the protocol of a new connection."""
        return _Connection(self, _Handler(self._take))


class _Connection(LMTP):
    line_length_limit = LMTP_LINE_BYTES_MAX

    def __init__(self, server: LmtpServer, handler: "_Handler") -> None:
        super().__init__(
            handler,
            data_size_limit=REPORT_MESSAGE_BYTES_MAX,
            hostname="localhost",
            ident="mxproof",
            timeout=LMTP_IDLE_S,
            loop=asyncio.get_running_loop(),
        )
        self._server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._server.open += 1
        if self._server.open > LMTP_CONNECTIONS_MAX:
            transport.close()
            return
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.open -= 1
        super().connection_lost(exc)


class _Handler:
    """What the library asks about a transaction; the names are its own."""

    def __init__(self, take: TakeOne) -> None:
        self._take = take

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: LMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if envelope.rcpt_tos:
            return "452 4.5.3 One recipient at a time"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: LMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        content = envelope.content
        data = content if isinstance(content, bytes) else b""
        try:
            taken = await self._take(CameIn(data, "message", "lmtp"))
        except JournalError:
            return "451 4.3.0 The journal is away"
        if taken.reports or taken.refusal is not None:
            return "250 2.0.0 Kept"
        return "554 5.6.0 No TLS report (RFC 8460)"
