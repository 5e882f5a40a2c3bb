"""An MX host of a sender test: a server of the world at its own address, which notes what its client does.

It takes every mail for a domain of the set, keeps its header and drops its body; nothing goes anywhere from here. Of a mail to
the address for TLS reports it reads what is reported, of a mail from nobody, as bounces are (RFC 5321 section 4.5.5), what became
of the mail that it is about, and drops the rest. What it
says and where it stops is what the world has (`mxproof.lab.smtp` plays the same for a check).
"""

import asyncio
import ssl
from collections.abc import Callable
from datetime import datetime

import msgspec

from mxproof.evidence import Outcome, SmtpStage
from mxproof.judge.senders.inference.observation import SeenBounce, SeenCommand, SeenConnection, SeenReport
from mxproof.lab.making import SIZE_BYTES_MAX
from mxproof.lab.sendertest.bounce import BOUNCE_BYTES_MAX, bounce_of
from mxproof.lab.sendertest.report import REPORT_MAIL_BYTES_MAX, reports_of
from mxproof.lab.sendertest.setup import REPORTS
from mxproof.lab.sendertest.stream import WatchedStream
from mxproof.lab.smtp import Conversation, ServerReply, Then, respond, starttls_code
from mxproof.world.world import SmtpServer

COMMANDS_KEPT_MAX = 100
HEADER_KEPT_BYTES_MAX = 4 * 1024
RECIPIENTS_KEPT_MAX = 10
VERB_CHARACTERS_MAX = 12
ADDRESS_CHARACTERS_MAX = 320
_NOT_HERE = ServerReply(550, ("5.7.1 Only mail to the domains of the sender test is taken here",))
_ONE_DOMAIN = ServerReply(452, ("4.5.3 One domain a mail",))
_LEAVE = ServerReply(421, ("4.7.0 Too many commands",), Then.CLOSE)


class MailReceiver:
    """Serves one SMTP server of a world; mail is taken for those recipients alone that `takes` says yes to.

    `taken` is told of a recipient of each mail before the sender is.
    """

    def __init__(
        self,
        server: SmtpServer,
        context: ssl.SSLContext,
        takes: Callable[[str], bool],
        taken: Callable[[str], None],
    ) -> None:
        self._server = server
        self._context = context
        self._takes, self._taken = takes, taken

    async def talk(self, stream: WatchedStream, talk: "Talk") -> None:
        """Hold one conversation."""
        server = self._server
        await stream.write(f"220 {server.name} {server.banner}\r\n".encode())
        conversation = Conversation(server.name, server.keywords, starttls=starttls_code(server))
        for _ in range(COMMANDS_KEPT_MAX):
            line = await stream.line()
            if not line.endswith(b"\n"):
                return
            conversation, reply = self._answered(conversation, line, talk)
            refusal = self._refusal(conversation, line)
            early = server.early if reply.then is Then.HANDSHAKE else b""
            said = refusal + b"\r\n" if refusal else reply.encoded() + early
            talk.command(line, int(said[:3]))
            await stream.write(said)
            if reply.then is Then.CLOSE:
                return
            if reply.then is Then.HANDSHAKE and not refusal:
                if server.stage is SmtpStage.HANDSHAKE:
                    await stream.hello()
                    return
                if not await stream.start_tls(self._context) or server.outcome is Outcome.CLOSED:
                    return
                conversation = Conversation(server.name, server.keywords, secured=True)
            elif reply.then is Then.MESSAGE:
                read = await _message(stream, _wanted_bytes(conversation))
                if read is None:
                    return
                headers, message = read
                await self._read(message, conversation, talk)
                talk.take(headers)
                self._taken(conversation.recipients[0])
                conversation = msgspec.structs.replace(conversation, sender=None, recipients=())
                await stream.write(b"250 2.0.0 Ok: taken, header kept, body dropped\r\n")
        await stream.write(_LEAVE.encoded())

    async def _read(self, message: bytes, conversation: Conversation, talk: "Talk") -> None:
        """Note of a message what is reported in it, of TLS or of mail that was not delivered."""
        if message and _is_for_reports(conversation.recipients):
            talk.reports += await asyncio.to_thread(reports_of, message, talk.begun, talk.client)
        elif message:
            bounce = await asyncio.to_thread(bounce_of, message, talk.begun, talk.client, self._takes)
            talk.bounces += [bounce] if bounce is not None else []

    def _answered(
        self, conversation: Conversation, line: bytes, talk: "Talk"
    ) -> tuple[Conversation, ServerReply]:
        """Return the conversation after a command, and the reply, which refuses mail for anybody else."""
        after, reply = respond(conversation, line)
        if len(after.recipients) > len(conversation.recipients):
            if not self._takes(after.recipients[-1]):
                return conversation, _NOT_HERE
            if len({one.rpartition("@")[2].lower() for one in after.recipients}) > 1:
                return conversation, _ONE_DOMAIN
            talk.recipients = tuple(
                one[:ADDRESS_CHARACTERS_MAX] for one in after.recipients[:RECIPIENTS_KEPT_MAX]
            )
            talk.sender = (after.sender or "")[:ADDRESS_CHARACTERS_MAX]
        return after, reply

    def _refusal(self, conversation: Conversation, line: bytes) -> bytes:
        """Return what the world has the server say in place of the reply that leads on, nothing where it says that."""
        verb = line.upper()
        if conversation.secured:
            return self._server.inside if verb.startswith((b"EHLO", b"HELO")) else b""
        stops = self._server.stage is SmtpStage.STARTTLS and verb.startswith(b"STARTTLS")
        return self._server.reply if stops else b""


class Talk:
    """What is noted of one conversation while it lasts."""

    def __init__(self, client: str, address: str, host: str, begun: datetime) -> None:
        self.client, self._address, self._host, self.begun = client, address, host, begun
        self._greeting = ""
        self._commands: list[SeenCommand] = []
        self.reports: list[SeenReport] = []
        self.bounces: list[SeenBounce] = []
        self._taken: list[SeenConnection] = []
        self.sender = ""
        self.recipients: tuple[str, ...] = ()

    def command(self, line: bytes, code: int) -> None:
        """Note a command with the code of the reply to it."""
        words = line.decode("ascii", "backslashreplace").split()
        verb = words[0].upper()[:VERB_CHARACTERS_MAX] if words else ""
        if verb in {"EHLO", "HELO"}:
            self._greeting = " ".join(words)[:ADDRESS_CHARACTERS_MAX]
        self._commands.append(SeenCommand(verb, code))

    def take(self, headers: str) -> None:
        """Note that a mail was taken; what comes next in the connection is another one."""
        self._taken.append(self._so_far(headers))
        self._commands, self.sender, self.recipients = [], "", ()

    def seen(self, stream: WatchedStream, clock: Callable[[], datetime]) -> tuple[SeenConnection, ...]:
        """Return what was seen, once for each mail that was taken; commands behind the last one belong to it."""
        elapsed_ms = round((clock() - self.begun).total_seconds() * 1000)
        if self._taken and not self.recipients:
            last = self._taken[-1]
            commands = (*last.commands, *self._commands)
            found = [*self._taken[:-1], msgspec.structs.replace(last, commands=commands)]
        else:
            found = [*self._taken, self._so_far(None)]
        return tuple(msgspec.structs.replace(one, tls=stream.tls, elapsed_ms=elapsed_ms) for one in found)

    def _so_far(self, headers: str | None) -> SeenConnection:
        return SeenConnection(
            at=self.begun,
            client=self.client,
            address=self._address,
            host=self._host,
            greeting=self._greeting,
            commands=tuple(self._commands),
            sender=self.sender,
            recipients=self.recipients,
            headers=headers,
        )


def _is_for_reports(recipients: tuple[str, ...]) -> bool:
    return any(one.rpartition("@")[0].lower() == REPORTS for one in recipients)


def _wanted_bytes(conversation: Conversation) -> int:
    """Return how much of a message is read: nothing but its header, where it is neither of TLS nor a bounce."""
    if _is_for_reports(conversation.recipients):
        return REPORT_MAIL_BYTES_MAX
    return BOUNCE_BYTES_MAX if not conversation.sender else 0


async def _message(stream: WatchedStream, wanted: int) -> tuple[str, bytes] | None:
    """Read a message up to its final dot and return its header, and of the whole `wanted` bytes.

    None where it does not end, or is too large.
    """
    size_bytes, header, whole, in_header = 0, b"", b"", True
    while True:
        line = await stream.line()
        if line in {b".\r\n", b".\n"}:
            return header.decode("utf-8", "replace"), whole
        size_bytes += len(line)
        if not line or size_bytes > SIZE_BYTES_MAX:
            return None
        if len(whole) + len(line) <= wanted:
            whole += line.removeprefix(b".") if line.startswith(b"..") else line
        in_header = in_header and line not in {b"\r\n", b"\n"}
        if in_header and len(header) + len(line) <= HEADER_KEPT_BYTES_MAX:
            header += line.replace(b"\r\n", b"\n")
