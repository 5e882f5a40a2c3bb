"""Talk to an SMTP server up to the point where mail would begin, and write down all that was said.

    connect -> greeting -> EHLO (HELO) -> STARTTLS -> handshake -> EHLO -> QUIT

The talk goes as far as the server allows. Where it turns us away in good order (an error instead of a greeting, no
STARTTLS among its extensions) the answer is FOUND and the stage says where that was; everything else that ends the
talk is an outcome of its own, with the transcript up to there. No mail transaction is ever begun.
"""

import asyncio
from datetime import UTC, datetime

from mxproof.evidence import Answer, Outcome, Question, SmtpData, SmtpLine, SmtpStage, TlsData
from mxproof.formats import FormatError
from mxproof.formats.smtp import Reply, ReplyReader, ehlo_keywords
from mxproof.net.asking import SMTP_PORT, Asking, Peer
from mxproof.net.stream import Stream, StreamError, outcome_of, secure

QUIT_TIMEOUT_S = 2.0
PARTIAL_LINE_BYTES_MAX = 1000
EARLY_BYTES_MAX = 1000

_TOO_LONG = "reply-too-long"
_LEAVING = 421
"""The server closes the connection (RFC 5321 section 4.2.1)."""


async def ask_smtp(question: Question, asking: Asking) -> Answer:
    """Probe the SMTP server at the address `question.at`, with `question.name` in SNI."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    talk = _Talk(question, asking, deadline=begun + asking.timeout_s)
    outcome, detail = await outcome_of(talk.run(), asking.timeout_s)
    return Answer(
        outcome=outcome,
        at=datetime.now(UTC),
        data=None if outcome is Outcome.UNASKED else talk.data(),
        elapsed_ms=round((loop.time() - begun) * 1000),
        detail=detail,
    )


class _Talk:
    """One dialogue; the fields hold how far it has come."""

    def __init__(self, question: Question, asking: Asking, deadline: float) -> None:
        self._question = question
        self._asking = asking
        self._deadline = deadline
        self._stage = SmtpStage.CONNECT
        self._transcript: list[SmtpLine] = []
        self._keywords: tuple[str, ...] = ()
        self._tls: TlsData | None = None
        self._early = b""
        self._replies = ReplyReader()

    def data(self) -> SmtpData:
        """Return what was said, with the beginning of a reply that never ended."""
        lines = [*self._replies.partial, self._replies.pending[:PARTIAL_LINE_BYTES_MAX]]
        unfinished = tuple(SmtpLine("S", line) for line in lines if line)
        transcript = (*self._transcript, *unfinished)
        return SmtpData(self._stage, transcript, self._keywords, self._tls, self._early)

    async def run(self) -> None:
        """Connect, talk, and take leave."""
        async with Stream(Peer(self._question.at, SMTP_PORT), self._asking) as stream:
            await self._converse(stream)
            left_s = self._deadline - asyncio.get_running_loop().time()
            await outcome_of(self._leave(stream), min(QUIT_TIMEOUT_S, left_s / 2))

    async def _converse(self, stream: Stream) -> None:
        self._stage = SmtpStage.GREETING
        greeting = await self._reply(stream)
        if greeting.code != 220:
            return
        self._stage = SmtpStage.EHLO
        self._keywords = ehlo_keywords(await self._greet(stream))
        if not any(keyword.split()[0] == "STARTTLS" for keyword in self._keywords):
            return
        self._stage = SmtpStage.STARTTLS
        if (await self._command(stream, "STARTTLS")).code != 220:
            return
        self._throw_early_bytes_away()
        self._stage = SmtpStage.HANDSHAKE
        self._tls = await secure(stream, self._question.name)
        self._stage = SmtpStage.SECURED
        await self._greet(stream)  # RFC 3207 section 4.2: forget what was said in the clear, and begin again

    async def _greet(self, stream: Stream) -> Reply:
        """Say EHLO, or HELO to a server that does not know EHLO (RFC 5321 section 3.2).

        Inside TLS a passing error is followed by HELO too, for there are senders which do so.
        """
        name = self._asking.helo_name or _address_literal(stream.local_address)
        reply = await self._command(stream, f"EHLO {name}")
        passing = self._tls is not None and 400 <= reply.code < 500 and reply.code != _LEAVING
        if 500 <= reply.code < 600 or passing:
            reply = await self._command(stream, f"HELO {name}")
        return reply

    def _throw_early_bytes_away(self) -> None:
        """Keep what follows the 220 in the clear out of the talk inside TLS, and go on (RFC 3207 section 4.2).

        A client that does not would take such bytes as said under TLS.
        """
        self._early = self._replies.pending[:EARLY_BYTES_MAX]
        self._replies = ReplyReader()

    async def _leave(self, stream: Stream) -> None:
        """Say QUIT and wait for the reply (RFC 5321 section 4.1.1.10)."""
        await self._command(stream, "QUIT")
        await stream.end()

    async def _command(self, stream: Stream, line: str) -> Reply:
        self._transcript.append(SmtpLine("C", line.encode()))
        await stream.write(f"{line}\r\n".encode())
        return await self._reply(stream)

    async def _reply(self, stream: Stream) -> Reply:
        try:
            while (reply := self._replies.read()) is None:
                data = await stream.read()
                if not data:
                    raise StreamError(Outcome.CLOSED, "the server ended the connection")
                self._replies.feed(data)
        except FormatError as error:
            too_long = error.objections[0].rule == _TOO_LONG
            raise StreamError(Outcome.OVERSIZE if too_long else Outcome.MALFORMED, str(error)) from None
        self._transcript.extend(SmtpLine("S", line) for line in reply.raw)
        return reply


def _address_literal(address: str) -> str:
    """Return what a client without a name of its own calls itself (RFC 5321 section 4.1.3)."""
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"
