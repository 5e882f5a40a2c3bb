"""A delivery test: over each address of each MX host, what the server said and what the sender made of it.

| result | |
|---|---|
| accepted | the server took the message, or without data the recipient |
| withheld | the sender hands no mail to this server; where that is known beforehand it does not even connect |
| deferred | the server answered with a passing error |
| rejected | the server answered with a lasting error |
| broken | there was no connection, or it ended before the end |
| unreached | this address was not tried: it is not public |

Field names and order are the contract of `mxproof deliver-test --format json`.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from mxproof.judge.report import Bounce
from mxproof.judge.vocabulary import Security, Verdict

DELIVERY_TEST_VERSION = 1


class TryResult(StrEnum):
    """What became of the mail at one address."""

    ACCEPTED = "accepted"
    WITHHELD = "withheld"
    DEFERRED = "deferred"
    REJECTED = "rejected"
    BROKEN = "broken"
    UNREACHED = "unreached"


class DialogueSide(StrEnum):
    """Who says a line: the client, the server, or nobody: the handshake and the message are told of in a word."""

    CLIENT = "client"
    SERVER = "server"
    TLS = "tls"
    MESSAGE = "message"


class DialogueLine(msgspec.Struct, frozen=True):
    """One line of the dialogue; bytes that are no UTF-8 stand as escapes."""

    side: DialogueSide
    text: str


class TlsSeen(msgspec.Struct, frozen=True):
    """The TLS of a session: what was agreed on, the name in SNI, and the certificate as judged; no names, none was read."""

    version: str
    cipher: str
    server_name: str
    names: tuple[str, ...]
    trusted: bool
    not_after: datetime | None


class DeliveryTry(msgspec.Struct, frozen=True):
    """One address. `verdict` is what the sender does there, `because` why, `bounce` what it writes where it refuses.

    `stage` is how far the mail came, `reply` the server's last word on it; `connections` is 0 where the sender does not
    connect, and 2 where it came again in clear text. `message_id` is None where no message was sent.
    """

    mx: str
    preference: int
    address: str
    result: TryResult
    stage: str
    reply: tuple[str, ...]
    detail: str
    verdict: Verdict
    security: Security | None
    because: tuple[str, ...]
    bounce: Bounce | None
    tls: TlsSeen | None
    connections: int
    elapsed_ms: int
    message_id: str | None
    dialogue: tuple[DialogueLine, ...]


class DeliveryTest(msgspec.Struct, frozen=True):
    """All tries; `token` stands in the Message-ID of every message, `with_data` tells whether messages were sent."""

    schema_version: int
    recipient: str
    domain: str
    sender: str
    sender_name: str
    mail_from: str
    begun_at: datetime
    simulated: str
    with_data: bool
    token: str
    tries: tuple[DeliveryTry, ...]
