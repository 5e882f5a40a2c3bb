"""The lab's SMTP servers: greeting to QUIT with STARTTLS, every message accepted, counted and thrown away.

A session is a value: `respond` takes the session and one line and returns the next session with the reply. The shell
below it holds the connection, the TLS handshake and the faults.

| command | needs | leads to |
|---|---|---|
| EHLO, HELO | - | no transaction (RFC 5321 section 4.1.4) |
| STARTTLS | the server offers it, no TLS yet | a handshake, then a session as at the start (RFC 3207 section 4.2) |
| MAIL | a greeting | a sender |
| RCPT | a sender | one more recipient, up to RECIPIENTS_MAX |
| DATA | a recipient | the message, up to its final dot, then no transaction |
| RSET, NOOP, QUIT | - | as RFC 5321 says |
"""

import asyncio
import ssl
from collections.abc import Callable
from enum import Enum, auto

import msgspec

from mxproof.lab.serving import Endpoint, Serving, start_tls
from mxproof.lab.world import SmtpFault, SmtpServer

COMMANDS_MAX = 1000
RECIPIENTS_MAX = 100
MESSAGE_BYTES_MAX = 10 * 1024**2
ENDLESS_LINES = 16 * 1024**2
DRIP_S = 0.5
"""The wait before each byte of a dripping greeting."""

_ENDLESS_LINE = b"220-this greeting has one more line, and then one more, and then one more\r\n"
_EARLY_DATA = b"250 2.0.0 sent before the handshake\r\n"


class Then(Enum):
    """What the shell does after a reply."""

    GO_ON = auto()
    HANDSHAKE = auto()
    MESSAGE = auto()
    CLOSE = auto()


class Session(msgspec.Struct, frozen=True):
    """How far a client has come; `starttls` is the reply code to STARTTLS, or 0 where it is not offered."""

    host: str
    starttls: int = 220
    secured: bool = False
    greeted: bool = False
    sender: str | None = None
    recipients: tuple[str, ...] = ()


class Reply(msgspec.Struct, frozen=True):
    """A reply of one or more lines, and what comes after it."""

    code: int
    lines: tuple[str, ...]
    then: Then = Then.GO_ON

    def encoded(self) -> bytes:
        """Return the reply as it goes over the wire (RFC 5321 section 4.2.1)."""
        *first, last = self.lines
        text = "".join(f"{self.code}-{line}\r\n" for line in first) + f"{self.code} {last}\r\n"
        return text.encode("ascii", "backslashreplace")


def respond(session: Session, line: bytes) -> tuple[Session, Reply]:
    """Return the session after the command in `line`, and the reply to it."""
    verb, _, argument = line.decode("ascii", "backslashreplace").strip().partition(" ")
    fresh = msgspec.structs.replace(session, sender=None, recipients=())
    match verb.upper():
        case "EHLO":
            return msgspec.structs.replace(fresh, greeted=True), Reply(250, _keywords(session))
        case "HELO":
            return msgspec.structs.replace(fresh, greeted=True), Reply(250, (session.host,))
        case "STARTTLS" if session.starttls and not session.secured:
            return session, _starttls(session.starttls)
        case "MAIL" | "RCPT" | "DATA" as command:
            return _transaction(session, command, argument)
        case "RSET":
            return fresh, Reply(250, ("2.0.0 Ok",))
        case "NOOP":
            return session, Reply(250, ("2.0.0 Ok",))
        case "QUIT":
            return session, Reply(221, ("2.0.0 Bye",), Then.CLOSE)
    return session, Reply(502, ("5.5.1 Command not implemented",))


def _keywords(session: Session) -> tuple[str, ...]:
    offer = ("STARTTLS",) if session.starttls and not session.secured else ()
    return (
        session.host,
        "PIPELINING",
        f"SIZE {MESSAGE_BYTES_MAX}",
        "8BITMIME",
        "ENHANCEDSTATUSCODES",
        *offer,
    )


def _starttls(code: int) -> Reply:
    if code == 220:
        return Reply(220, ("2.0.0 Ready to start TLS",), Then.HANDSHAKE)
    return Reply(code, ("4.7.0 TLS not available due to local problem",))


def _transaction(session: Session, command: str, argument: str) -> tuple[Session, Reply]:
    if command == "MAIL" and session.greeted and session.sender is None:
        return msgspec.structs.replace(session, sender=_path(argument)), Reply(250, ("2.1.0 Ok",))
    if command == "RCPT" and session.sender is not None:
        if len(session.recipients) >= RECIPIENTS_MAX:
            return session, Reply(452, ("4.5.3 Too many recipients",))
        recipients = (*session.recipients, _path(argument))
        return msgspec.structs.replace(session, recipients=recipients), Reply(250, ("2.1.5 Ok",))
    if command == "DATA" and session.recipients:
        return session, Reply(354, ("End data with <CR><LF>.<CR><LF>",), Then.MESSAGE)
    return session, Reply(503, ("5.5.1 Bad sequence of commands",))


def _path(argument: str) -> str:
    """Return the path between the angle brackets of `FROM:<a@example.com> SIZE=1`."""
    return argument.partition("<")[2].partition(">")[0]


class MailServer:
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
        if self._server.fault is SmtpFault.REFUSED:
            return serving.refuse()
        if self._server.fault is SmtpFault.BLACKHOLE:
            return serving.swallow()
        return serving.listen(self._converse)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if await self._greet(writer):
            await self._obey(reader, writer)

    async def _greet(self, writer: asyncio.StreamWriter) -> bool:
        """Send the greeting; False if it is one after which nothing comes."""
        await asyncio.sleep(self._latency_s)
        match self._server.fault:
            case SmtpFault.ENDLESS_BANNER:
                for _ in range(ENDLESS_LINES):
                    writer.write(_ENDLESS_LINE)
                    await writer.drain()
            case SmtpFault.SLOW_DRIP:
                for byte in f"220 {self._server.name} {self._server.banner}\r\n".encode():
                    await asyncio.sleep(DRIP_S)
                    writer.write(bytes((byte,)))
            case SmtpFault.GREETING_554:
                writer.write(Reply(554, (f"{self._server.name} No SMTP service here",)).encoded())
            case _:
                writer.write(Reply(220, (f"{self._server.name} {self._server.banner}",)).encoded())
        await writer.drain()
        return self._server.fault is not SmtpFault.ENDLESS_BANNER

    async def _obey(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = Session(self._server.name, starttls=_starttls_code(self._server.fault))
        for _ in range(COMMANDS_MAX):
            line = await reader.readline()
            if not line.endswith(b"\n"):
                return
            session, reply = respond(session, line)
            if self._server.fault is SmtpFault.GREETING_554 and reply.then is not Then.CLOSE:
                reply = Reply(503, ("5.5.1 No SMTP service here",))
            await asyncio.sleep(self._latency_s)
            writer.write(reply.encoded() + self._early_data(reply))
            if reply.then is Then.CLOSE:
                return
            if reply.then is Then.HANDSHAKE:
                session = await self._secure(reader, writer)
            elif reply.then is Then.MESSAGE:
                session = await self._receive(session, reader, writer)
            await writer.drain()

    def _early_data(self, reply: Reply) -> bytes:
        """Return what follows a reply in the same packet."""
        early = reply.then is Then.HANDSHAKE and self._server.fault is SmtpFault.EARLY_DATA
        return _EARLY_DATA if early else b""

    async def _secure(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Session:
        """Make the handshake and return the session that begins after it."""
        if self._server.fault is SmtpFault.HANDSHAKE_ABORT:
            await reader.read(1)
            raise ConnectionAbortedError("the handshake is cut off as the scenario asks")
        await start_tls(writer, self._context)
        return Session(self._server.name, secured=True)

    async def _receive(
        self, session: Session, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> Session:
        """Read a message up to its final dot and throw it away."""
        size_bytes = 0
        while (line := await reader.readline()) != b".\r\n":
            size_bytes += len(line.removeprefix(b"."))  # RFC 5321 section 4.5.2
            if not line.endswith(b"\n") or size_bytes > MESSAGE_BYTES_MAX:
                raise ConnectionAbortedError("the message does not end or is too large")
        recipients = ", ".join(f"<{recipient}>" for recipient in session.recipients)
        protection = "TLS" if session.secured else "no TLS"
        self._log(
            f"smtp {session.host}: <{session.sender}> to {recipients}, {size_bytes} bytes, {protection}"
        )
        await asyncio.sleep(self._latency_s)
        writer.write(Reply(250, ("2.0.0 Ok: accepted and discarded",)).encoded())
        return msgspec.structs.replace(session, sender=None, recipients=())


def _starttls_code(fault: SmtpFault) -> int:
    if fault is SmtpFault.NO_STARTTLS:
        return 0
    return 454 if fault is SmtpFault.STARTTLS_454 else 220
