r"""Hand over one mail, as far as it is wanted, once somebody has said of the session that mail goes out over it.

```
SmtpTalk.open -> course(session) - GO_ON -------> MAIL, RCPT, DATA, message (or RSET) -> QUIT
                               \-- CLEAR_TEXT --> QUIT, and once more without STARTTLS
                                \- STOP --------> QUIT
```
Nothing is sent that the caller did not hand in, and never more than one message.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum, auto

import msgspec

from mxproof.evidence import Answer, Outcome, Question, SmtpData, SmtpStage
from mxproof.formats.smtp import Reply
from mxproof.mail.transaction import Transaction, TransactionStage
from mxproof.mail.transcript import last_reply
from mxproof.net.asking import Asking
from mxproof.net.smtp import QUIT_TIMEOUT_S
from mxproof.net.smtp_talk import SmtpTalk
from mxproof.net.stream import outcome_of

TRANSACTION_TIMEOUT_S = 120.0
"""For all commands of a transaction together. RFC 5321 section 4.5.3.2 has a sender wait ten minutes for the reply to a
message; nobody sits before a terminal for so long, and a filter that takes two minutes is a finding."""


class NextMove(Enum):
    """What the sender does with a session that was made."""

    GO_ON = auto()
    CLEAR_TEXT = auto()
    """It comes again without TLS."""
    STOP = auto()


class Envelope(msgspec.Struct, frozen=True):
    """Who sends to whom (RFC 5321 section 2.3.1), both without angle brackets, and the message: None for no data.

    The lines of the message end in CRLF. `timeout_s` is for the whole transaction.
    """

    sender: str
    recipient: str
    message: bytes | None
    timeout_s: float = TRANSACTION_TIMEOUT_S


async def transact(
    question: Question, asking: Asking, envelope: Envelope, course: Callable[[Answer], NextMove]
) -> Transaction:
    """Hand over the mail at the address `question.at` with `question.name` in SNI, if `course` says so."""
    made, way = await _connected(question, asking, envelope, course, starttls=True)
    if way is not NextMove.CLEAR_TEXT:
        return made
    again, _ = await _connected(question, asking, envelope, lambda _session: NextMove.GO_ON, starttls=False)
    elapsed_ms = made.elapsed_ms + again.elapsed_ms
    return msgspec.structs.replace(again, session=made.session, again=True, elapsed_ms=elapsed_ms)


async def _connected(
    question: Question,
    asking: Asking,
    envelope: Envelope,
    course: Callable[[Answer], NextMove],
    *,
    starttls: bool,
) -> tuple[Transaction, NextMove]:
    """Make one connection, and return what came of it and which course was taken."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    talk = SmtpTalk(question, asking, starttls=starttls)
    commands = _Commands(talk, envelope)
    try:
        outcome, detail = await outcome_of(talk.open(), asking.timeout_s)
        data = None if outcome is Outcome.UNASKED else talk.data()
        session = Answer(
            outcome, datetime.now(UTC), data, elapsed_ms=round((loop.time() - begun) * 1000), detail=detail
        )
        way = course(session)
        if outcome is Outcome.FOUND:
            if way is NextMove.GO_ON and _is_greeted(session):
                outcome, detail = await outcome_of(commands.run(), envelope.timeout_s)
            if outcome is Outcome.FOUND:
                await outcome_of(talk.leave(), QUIT_TIMEOUT_S)
    finally:
        talk.close()
    reply = commands.reply
    made = Transaction(
        session=session,
        stage=commands.stage,
        outcome=outcome,
        detail=detail,
        transcript=talk.data().transcript,
        code=reply.code if reply is not None else 0,
        reply=reply.raw if reply is not None else (),
        elapsed_ms=round((loop.time() - begun) * 1000),
    )
    return made, way


def _is_greeted(session: Answer) -> bool:
    """Tell whether the server agreed to talk: a session that it has turned away holds no mail (RFC 5321 section 3.1)."""
    data = session.data
    if not isinstance(data, SmtpData) or data.stage in {SmtpStage.CONNECT, SmtpStage.GREETING}:
        return False
    return data.stage is not SmtpStage.EHLO or last_reply(data.transcript).startswith(b"250")


class _Commands:
    """The commands of one transaction, and how far they have come."""

    def __init__(self, talk: SmtpTalk, envelope: Envelope) -> None:
        self.stage = TransactionStage.SESSION
        self.reply: Reply | None = None
        self._talk = talk
        self._envelope = envelope

    async def run(self) -> None:
        """Say them one after the other, as long as the server agrees (RFC 5321 section 3.3)."""
        envelope = self._envelope
        if not await self._agreed(TransactionStage.MAIL, f"MAIL FROM:<{envelope.sender}>", 250):
            return
        if not await self._agreed(TransactionStage.RCPT, f"RCPT TO:<{envelope.recipient}>", 250, 251):
            return
        if envelope.message is None:
            await self._talk.command("RSET")
        elif await self._agreed(TransactionStage.DATA, "DATA", 354):
            self._begin(TransactionStage.MESSAGE)
            self.reply = await self._talk.send(_transparent(envelope.message))

    async def _agreed(self, stage: TransactionStage, command: str, *codes: int) -> bool:
        self._begin(stage)
        self.reply = await self._talk.command(command)
        return self.reply.code in codes

    def _begin(self, stage: TransactionStage) -> None:
        self.stage, self.reply = stage, None


def _transparent(message: bytes) -> bytes:
    """Return the message as it goes over the wire: leading dots doubled, a dot at the end (RFC 5321 section 4.5.2)."""
    lines = message.removesuffix(b"\r\n").split(b"\r\n")
    return b"".join(b"." * line.startswith(b".") + line + b"\r\n" for line in lines) + b".\r\n"
