"""The lab's SMTP servers: greeting to QUIT with STARTTLS, every message accepted, counted and thrown away.

A conversation is a value: `respond` takes it and one line and returns the next one with the reply. The shell below it
holds the connection, the TLS handshake, and where the world has the server stop.

| command | needs | leads to |
|---|---|---|
| EHLO, HELO | - | no transaction (RFC 5321 section 4.1.4) |
| STARTTLS | the server offers it, no TLS yet | a handshake, then a conversation as at the start (RFC 3207 section 4.2) |
| MAIL | a greeting | a sender |
| RCPT | a sender | one more recipient, up to LAB_RECIPIENTS_MAX |
| DATA | a recipient | the message, up to its final dot, then no transaction |
| RSET, NOOP, QUIT | - | as RFC 5321 says |
"""

import asyncio
import ssl
from collections.abc import Callable
from enum import Enum, auto

import msgspec

from mxproof.evidence import Outcome, SmtpStage
from mxproof.lab.making import KEYWORDS, SIZE_BYTES_MAX
from mxproof.lab.scenario import ScenarioError, SmtpFault
from mxproof.lab.serving import Endpoint, Serving, reset, start_tls
from mxproof.lab.turns import TurnServing
from mxproof.world.world import SmtpServer

COMMANDS_MAX = 1000
LAB_RECIPIENTS_MAX = 100
ENDLESS_LINES = 16 * 1024**2
DRIP_S = 0.5
"""The wait before each byte of a dripping greeting."""

_BREAKS = frozenset({Outcome.CLOSED, Outcome.TIMEOUT})
_PLAYED = {
    True: frozenset({Outcome.REFUSED, Outcome.TIMEOUT}),
    False: frozenset({Outcome.FOUND, *_BREAKS}),
}
"""The outcomes that can be brought about with and without a connection refused; others are the client's own."""
_STAGES = {b"EHLO": SmtpStage.EHLO, b"HELO": SmtpStage.EHLO, b"STARTTLS": SmtpStage.STARTTLS}
_LINES_AT_ONCE = 256
_ENDLESS_LINE = b"220-this greeting has one more line, and then one more, and then one more\r\n"


class Then(Enum):
    """What the shell does after a reply."""

    GO_ON = auto()
    HANDSHAKE = auto()
    MESSAGE = auto()
    CLOSE = auto()


class Conversation(msgspec.Struct, frozen=True):
    """How far a client has come; `starttls` is the reply code to STARTTLS, or 0 where it is not offered."""

    host: str
    keywords: tuple[str, ...] = KEYWORDS
    starttls: int = 220
    secured: bool = False
    greeted: bool = False
    sender: str | None = None
    recipients: tuple[str, ...] = ()


class ServerReply(msgspec.Struct, frozen=True):
    """A reply of one or more lines, and what comes after it."""

    code: int
    lines: tuple[str, ...]
    then: Then = Then.GO_ON

    def encoded(self) -> bytes:
        """Return the reply as it goes over the wire (RFC 5321 section 4.2.1)."""
        *first, last = self.lines
        text = "".join(f"{self.code}-{line}\r\n" for line in first) + f"{self.code} {last}\r\n"
        return text.encode("ascii", "backslashreplace")


def respond(conversation: Conversation, line: bytes) -> tuple[Conversation, ServerReply]:
    """Return the conversation after the command in `line`, and the reply to it."""
    verb, _, argument = line.decode("ascii", "backslashreplace").strip().partition(" ")
    fresh = msgspec.structs.replace(conversation, sender=None, recipients=())
    match verb.upper():
        case "EHLO":
            return msgspec.structs.replace(fresh, greeted=True), ServerReply(250, _keywords(conversation))
        case "HELO":
            return msgspec.structs.replace(fresh, greeted=True), ServerReply(250, (conversation.host,))
        case "STARTTLS" if conversation.starttls and not conversation.secured:
            return conversation, _starttls(conversation.starttls)
        case "MAIL" | "RCPT" | "DATA" as command:
            return _transaction(conversation, command, argument)
        case "RSET":
            return fresh, ServerReply(250, ("2.0.0 Ok",))
        case "NOOP":
            return conversation, ServerReply(250, ("2.0.0 Ok",))
        case "QUIT":
            return conversation, ServerReply(221, ("2.0.0 Bye",), Then.CLOSE)
    return conversation, ServerReply(502, ("5.5.1 Command not implemented",))


def _keywords(conversation: Conversation) -> tuple[str, ...]:
    offer = ("STARTTLS",) if conversation.starttls and not conversation.secured else ()
    return (conversation.host, *conversation.keywords, *offer)


def _starttls(code: int) -> ServerReply:
    if code == 220:
        return ServerReply(220, ("2.0.0 Ready to start TLS",), Then.HANDSHAKE)
    return ServerReply(code, ("4.7.0 TLS not available due to local problem",))


def _transaction(conversation: Conversation, command: str, argument: str) -> tuple[Conversation, ServerReply]:
    if command == "MAIL" and conversation.greeted and conversation.sender is None:
        return msgspec.structs.replace(conversation, sender=_path(argument)), ServerReply(250, ("2.1.0 Ok",))
    if command == "RCPT" and conversation.sender is not None:
        if len(conversation.recipients) >= LAB_RECIPIENTS_MAX:
            return conversation, ServerReply(452, ("4.5.3 Too many recipients",))
        recipients = (*conversation.recipients, _path(argument))
        return msgspec.structs.replace(conversation, recipients=recipients), ServerReply(250, ("2.1.5 Ok",))
    if command == "DATA" and conversation.recipients:
        return conversation, ServerReply(354, ("End data with <CR><LF>.<CR><LF>",), Then.MESSAGE)
    return conversation, ServerReply(503, ("5.5.1 Bad sequence of commands",))


def _path(argument: str) -> str:
    """Return the path between the angle brackets of `FROM:<a@example.com> SIZE=1`."""
    return argument.partition("<")[2].partition(">")[0]


class SmtpServing:
    """Serves one SMTP server of a world, each reply after `latency_s`; `log` is told of every message."""

    def __init__(
        self, server: SmtpServer, context: ssl.SSLContext, latency_s: float, log: Callable[[str], None]
    ) -> None:
        self._server = server
        self._context = context
        self._latency_s = latency_s
        self._log = log

    def serve(self, serving: Serving) -> Endpoint:
        """Listen on a free loopback port and return it."""
        stage, outcome = self._server.stage, self._server.outcome
        if outcome not in _PLAYED[stage is SmtpStage.CONNECT] and not self._server.early:
            raise ScenarioError(
                f"server {self._server.name!r}: {outcome} at {stage} is nothing that can be served"
            )
        if self._server.script == SmtpFault.RESET:
            return serving.listen(reset)
        if self._server.turns is not None:
            return serving.listen(TurnServing(self._server.turns, self._context).speak)
        if stage is not SmtpStage.CONNECT:
            return serving.listen(self._converse)
        return serving.refuse() if outcome is Outcome.REFUSED else serving.swallow()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._breaks_off(SmtpStage.GREETING):
            await self._break_off(reader, writer)
        elif await self._greet(writer):
            await self._obey(reader, writer)

    def _breaks_off(self, stage: SmtpStage | None) -> bool:
        """Tell whether the world has the talk end at `stage` without a reply."""
        return self._server.stage is stage and self._server.outcome in _BREAKS

    async def _break_off(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Say no more than the beginning of a reply: hang up at once, or wait until the client does."""
        writer.write(self._server.begun_greeting)
        if self._server.outcome is Outcome.TIMEOUT:
            await reader.read()

    async def _greet(self, writer: asyncio.StreamWriter) -> bool:
        """Send the greeting; False if it is one after which nothing comes."""
        await asyncio.sleep(self._latency_s + self._server.delay_ms / 1000)
        greeting = f"220 {self._server.name} {self._server.banner}".encode()
        match self._server.script:
            case SmtpFault.ENDLESS_BANNER:
                for _ in range(ENDLESS_LINES // _LINES_AT_ONCE):
                    writer.write(_ENDLESS_LINE * _LINES_AT_ONCE)
                    await writer.drain()
            case SmtpFault.SLOW_DRIP:
                for byte in greeting + b"\r\n":
                    await asyncio.sleep(DRIP_S)
                    writer.write(bytes((byte,)))
            case _:
                writer.write((self._refusal(SmtpStage.GREETING) or greeting) + b"\r\n")
        await writer.drain()
        return self._server.script != SmtpFault.ENDLESS_BANNER

    def _refusal(self, stage: SmtpStage | None) -> bytes:
        """Return what the server says where it stops at `stage` in good order, nothing where it does not."""
        return self._server.reply if self._server.stage is stage else b""

    async def _obey(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        conversation = Conversation(
            self._server.name, self._server.keywords, starttls=starttls_code(self._server)
        )
        for _ in range(COMMANDS_MAX):
            line = await reader.readline()
            if not line.endswith(b"\n"):
                return
            stage = None if conversation.secured else _STAGES.get(line.upper().partition(b" ")[0].strip())
            if self._breaks_off(stage):
                await self._break_off(reader, writer)
                return
            conversation, reply = respond(conversation, line)
            if self._server.stage is SmtpStage.GREETING and reply.then is not Then.CLOSE:
                reply = ServerReply(503, ("5.5.1 No SMTP service here",))
            await asyncio.sleep(self._latency_s)
            early = self._server.early if reply.then is Then.HANDSHAKE else b""
            refusal = self._refusal(stage)
            if conversation.secured and line.upper().startswith((b"EHLO", b"HELO")):
                refusal = self._server.inside
            writer.write((refusal + b"\r\n" if refusal else reply.encoded()) + early)
            if reply.then is Then.CLOSE:
                return
            if reply.then is Then.HANDSHAKE:
                conversation = await self._secure(reader, writer)
                if self._breaks_off(SmtpStage.SECURED):
                    await self._break_off(reader, writer)
                    return
            elif reply.then is Then.MESSAGE:
                conversation = await self._receive(conversation, reader, writer)
            await writer.drain()

    async def _secure(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Conversation:
        """Make the handshake and return the conversation that begins after it."""
        if self._server.stage is SmtpStage.HANDSHAKE:
            await reader.read(-1 if self._server.outcome is Outcome.TIMEOUT else 1)
            raise ConnectionAbortedError("the handshake is cut off as the scenario asks")
        await start_tls(writer, self._context)
        return Conversation(self._server.name, self._server.keywords, secured=True)

    async def _receive(
        self, conversation: Conversation, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> Conversation:
        """Read a message up to its final dot and throw it away."""
        size_bytes = 0
        while (line := await reader.readline()) != b".\r\n":
            size_bytes += len(line.removeprefix(b"."))  # RFC 5321 section 4.5.2
            if not line.endswith(b"\n") or size_bytes > SIZE_BYTES_MAX:
                raise ConnectionAbortedError("the message does not end or is too large")
        recipients = ", ".join(f"<{recipient}>" for recipient in conversation.recipients)
        protection = "TLS" if conversation.secured else "no TLS"
        self._log(
            f"smtp {conversation.host}: <{conversation.sender}> to {recipients}, {size_bytes} bytes, {protection}"
        )
        await asyncio.sleep(self._latency_s)
        writer.write(ServerReply(250, ("2.0.0 Ok: accepted and discarded",)).encoded())
        return msgspec.structs.replace(conversation, sender=None, recipients=())


def starttls_code(server: SmtpServer) -> int:
    """Return the code of the reply to STARTTLS, 0 where it is not offered."""
    if server.stage in {SmtpStage.GREETING, SmtpStage.EHLO}:
        return 0
    return int(server.reply[:3]) if server.stage is SmtpStage.STARTTLS and server.reply else 220
