"""A mail transaction with one server, as it went: the session, the commands, and how far it came.

```
session -> MAIL -> RCPT -> DATA -> message
             (without data: RSET instead of DATA)
```
It is written down as it was said, and judged by nobody here.
"""

from enum import StrEnum

import msgspec

from mxproof.evidence import Answer, Outcome, SmtpLine


class TransactionStage(StrEnum):
    """How far a transaction came; the outcome and the reply are about this stage."""

    SESSION = "session"
    """No mail was begun: there was no session, or none that the sender hands mail to."""
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    MESSAGE = "message"


class Transaction(msgspec.Struct, frozen=True):
    """One transaction. `session` is the answer that the sender judged the server by; its dialogue ends there.

    `transcript` is the whole dialogue, in which the message itself does not stand; where the sender came again in clear
    text (`again`) that of the second connection. `code` and `reply` are the server's last word on the stage, 0 and none where
    none came.
    """

    session: Answer
    stage: TransactionStage
    outcome: Outcome
    detail: str
    transcript: tuple[SmtpLine, ...]
    code: int = 0
    reply: tuple[bytes, ...] = ()
    again: bool = False
    elapsed_ms: int = 0
