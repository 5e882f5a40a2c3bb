"""Mail by LMTP (RFC 2033), from the mail server of this machine: each message is answered once it is safe.

A transaction has one recipient: there is one answer behind the data, and the library gives no more than one.
"""

import asyncio
from collections.abc import Awaitable, Callable

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session

LMTP_CONNECTIONS_MAX = 20
LMTP_IDLE_S = 60.0
LMTP_LINE_BYTES_MAX = 1024 * 1024
"""Longer than any RFC allows: some reports are one line of JSON that nobody broke."""

AnswerMail = Callable[[bytes, str], Awaitable[str]]
"""From a message and its sender, empty for a bounce, to the line of the reply."""


class LmtpServer:
    """Makes a protocol for each connection; beyond LMTP_CONNECTIONS_MAX they are closed at once."""

    def __init__(self, answer: AnswerMail, message_bytes_max: int) -> None:
        self.open = 0
        self.message_bytes_max = message_bytes_max
        self._answer = answer

    def __call__(self) -> asyncio.Protocol:
        """Return the protocol of a new connection."""
        return _Connection(self, _Handler(self._answer))


class _Connection(LMTP):
    line_length_limit = LMTP_LINE_BYTES_MAX

    def __init__(self, server: LmtpServer, handler: "_Handler") -> None:
        super().__init__(
            handler,
            data_size_limit=server.message_bytes_max,
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

    def __init__(self, answer: AnswerMail) -> None:
        self._answer = answer

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
        sender = (envelope.mail_from or "").strip("<>")
        return await self._answer(content if isinstance(content, bytes) else b"", sender)
