"""One SMTP dialogue as a client leads it, and all that was said in it.

    connect -> greeting -> EHLO (HELO) -> STARTTLS -> handshake -> EHLO

`open` goes as far as the server allows. Where it turns us away in good order (an error instead of a greeting, no
STARTTLS among its extensions) it simply returns, and the stage says where that was; everything else that ends the talk is
raised, and the transcript holds what was said up to there. What comes then is the caller's: to take leave at once, or to
hand over mail. A question of kind TLS goes as far as the first two messages of the handshake, and there is no more to say.
"""

import asyncio
from typing import TYPE_CHECKING

from mxproof.evidence import HelloData, Kind, Outcome, Question, SmtpData, SmtpLine, SmtpStage, TlsData
from mxproof.formats import FormatError
from mxproof.formats.smtp import Reply, ReplyReader, ehlo_keywords
from mxproof.mail.transcript import last_reply
from mxproof.net.asking import SMTP_PORT, Asking, Peer
from mxproof.net.stream import Stream, StreamError, secure

if TYPE_CHECKING:  # loaded with the questions of kind TLS, which few surveys ask
    from mxproof.formats.tls_hello import ServerHello, TlsAlert

PARTIAL_LINE_BYTES_MAX = 1000
EARLY_BYTES_MAX = 1000

_TOO_LONG = "reply-too-long"
_LEAVING = 421
"""The server closes the connection (RFC 5321 section 4.2.1)."""


class SmtpTalk:
    """One dialogue; the fields hold how far it has come. `close` is owed, however it went."""

    def __init__(self, question: Question, asking: Asking, *, starttls: bool = True) -> None:
        """Be ready to talk to the address `question.at` with `question.name` in SNI, or in clear text alone."""
        self._question = question
        self._asking = asking
        self._starttls = starttls
        self._stream: Stream | None = None
        self._stage = SmtpStage.CONNECT
        self._transcript: list[SmtpLine] = []
        self._keywords: tuple[str, ...] = ()
        self._tls: TlsData | None = None
        self._hello: ServerHello | TlsAlert | None = None
        self._early = b""
        self._greeted_ms = 0
        self._replies = ReplyReader()

    def data(self) -> SmtpData:
        """Return what was said, with the beginning of a reply that never ended."""
        lines = [*self._replies.partial, self._replies.pending[:PARTIAL_LINE_BYTES_MAX]]
        unfinished = tuple(SmtpLine("S", line) for line in lines if line)
        transcript = (*self._transcript, *unfinished)
        return SmtpData(self._stage, transcript, self._keywords, self._tls, self._early, self._greeted_ms)

    @property
    def goes_on(self) -> bool:
        """Tell whether the server still listens to commands, and was not left in the middle of a handshake."""
        return self._hello is None

    def hello_data(self) -> HelloData:
        """Return what the server made of the offer."""
        from mxproof.formats.tls_hello import ServerHello, TlsAlert  # noqa: PLC0415 - as above

        match self._hello:
            case ServerHello(version=version, suite=suite):
                return HelloData(self._stage, version=version, cipher=suite)
            case TlsAlert(description=alert):
                return HelloData(self._stage, alert=alert)
        came_to_tls = self._stage is SmtpStage.HANDSHAKE
        return HelloData(self._stage, reply=b"" if came_to_tls else last_reply(self.data().transcript))

    async def open(self) -> None:
        """Connect, and talk as far as a session begins."""
        self._stream = Stream(Peer(self._question.at, SMTP_PORT), self._asking)
        await self._stream.__aenter__()
        await self._converse(self._stream)

    def close(self) -> None:
        """Let go of the connection, if there is one."""
        if self._stream is not None:
            self._stream.close()

    async def leave(self) -> None:
        """Say QUIT and wait for the reply (RFC 5321 section 4.1.1.10)."""
        if self._stream is not None:
            await self.command("QUIT")
            await self._stream.end()

    async def command(self, line: str) -> Reply:
        """Say one command and return the reply to it."""
        self._transcript.append(SmtpLine("C", line.encode()))
        return await self.send(f"{line}\r\n".encode())

    async def send(self, data: bytes) -> Reply:
        """Send bytes that the transcript does not hold, and return the reply to them; `open` has to come before."""
        assert self._stream is not None, "a talk is opened first"
        await self._stream.write(data)
        return await self._reply(self._stream)

    async def _converse(self, stream: Stream) -> None:
        self._stage = SmtpStage.GREETING
        loop = asyncio.get_running_loop()
        connected = loop.time()
        greeting = await self._reply(stream)
        self._greeted_ms = round((loop.time() - connected) * 1000)
        if greeting.code != 220:
            return
        self._stage = SmtpStage.EHLO
        self._keywords = ehlo_keywords(await self._greet(stream))
        if not self._starttls or not any(keyword.split()[0] == "STARTTLS" for keyword in self._keywords):
            return
        self._stage = SmtpStage.STARTTLS
        if (await self.command("STARTTLS")).code != 220:
            return
        self._throw_early_bytes_away()
        self._stage = SmtpStage.HANDSHAKE
        if self._question.kind is Kind.TLS:
            from mxproof.net.tls_hello import answer_to  # noqa: PLC0415 - as above

            self._hello = await answer_to(stream, self._question.offer, self._question.name)
            return
        self._tls = await secure(stream, self._question.name)
        self._stage = SmtpStage.SECURED
        await self._greet(stream)  # RFC 3207 section 4.2: forget what was said in the clear, and begin again

    async def _greet(self, stream: Stream) -> Reply:
        """Say EHLO, or HELO to a server that does not know EHLO (RFC 5321 section 3.2).

        Inside TLS a passing error is followed by HELO too, for there are senders which do so.
        """
        name = self._asking.helo_name or address_literal(stream.local_address)
        reply = await self.command(f"EHLO {name}")
        passing = self._tls is not None and 400 <= reply.code < 500 and reply.code != _LEAVING
        if 500 <= reply.code < 600 or passing:
            reply = await self.command(f"HELO {name}")
        return reply

    def _throw_early_bytes_away(self) -> None:
        """Keep what follows the 220 in the clear out of the talk inside TLS, and go on (RFC 3207 section 4.2).

        A client that does not would take such bytes as said under TLS.
        """
        self._early = self._replies.pending[:EARLY_BYTES_MAX]
        self._replies = ReplyReader()

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


def address_literal(address: str) -> str:
    """Return what a client without a name of its own calls itself (RFC 5321 section 4.1.3)."""
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def time_left(deadline: float) -> float:
    """Return the seconds until `deadline`, a time of the event loop."""
    return deadline - asyncio.get_running_loop().time()
