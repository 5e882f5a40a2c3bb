"""Bounces of another kind: named, so that nobody looks for a fault in DNS or TLS because a mailbox is full.

The texts are those that mail systems share; the status codes are those of RFC 3463 section 3 whose meaning programs
agree on.
"""

from enum import StrEnum

import msgspec


class Tells(StrEnum):
    """How much a kind tells."""

    REASON = "reason"
    """The answer of a server about this message: beside it, a line about how long the sender tried explains nothing."""
    REFUSAL = "refusal"
    """The message was refused by a rule of the receiver, and not by which."""
    LITTLE = "little"


class OtherKind(msgspec.Struct, frozen=True):
    """A kind of bounce that is no fault of transport security, DNS, authentication or connection."""

    id: str
    words: str
    texts: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    tells: Tells = Tells.REASON


UNSTATED = OtherKind(
    "unstated", "The report has no sentence that says why the message was not delivered.", tells=Tells.LITTLE
)
UNREAD = OtherKind(
    "unread", "The report gives a reason in words that are not known here.", tells=Tells.LITTLE
)
UNCLEAR = OtherKind(
    "unclear",
    "The report does not state a cause that could be claimed; it points to what is listed as possible.",
    tells=Tells.LITTLE,
)
VACATION = OtherKind(
    "automatic-reply", "This is an automatic reply, not a bounce; the message arrived.", tells=Tells.LITTLE
)
DELIVERED = OtherKind(
    "delivered", "The message was delivered; this is a receipt, not a bounce.", tells=Tells.LITTLE
)
RECEIPT = OtherKind(
    "receipt",
    "This is a receipt for a message that arrived, read or not; it is not a bounce.",
    tells=Tells.LITTLE,
)
COMPLAINT = OtherKind(
    "complaint", "A recipient complained about the message; it had been delivered.", tells=Tells.LITTLE
)
DELAYED = OtherKind("delayed", "The message is late and the sender keeps trying.", tells=Tells.LITTLE)
EXPIRED = OtherKind("expired", "The sender gave up after its time was over.", tells=Tells.LITTLE)
PASSED = OtherKind("no-failure", "The header reports no failure of authentication.", tells=Tells.LITTLE)
TLS_REPORT = OtherKind(
    "tls-report",
    "This is a TLS report, not a bounce: it counts sessions, and names no cause that could be claimed. "
    "`mxproof tlsrpt read --check` holds each of its rows against what is there now.",
    tells=Tells.LITTLE,
)
DMARC_REPORT = OtherKind(
    "dmarc-report",
    "This is a DMARC report, not a bounce: it counts messages by what SPF and DKIM said of them, also those that were "
    "taken.",
    tells=Tells.LITTLE,
)

OTHER_KINDS: tuple[OtherKind, ...] = (
    OtherKind(
        "harmless",
        "This line reports no failure: it notes what was seen, and the mail goes on.",
        (
            "msgpipeline: no check action",
            "lost connection after connect from {host}",
            "lost connection after ehlo from {host}",
            "lost connection after helo from {host}",
            "lost connection after auth from {host}",
            "lost connection after unknown from {host}",
            "lost connection after mail from {host}",
            "lost connection after rcpt from {host}",
            "lost connection after rset from {host}",
            "verify=fail, cipher=",
            "untrusted tls connection established to {host}",
            "anonymous tls connection established to {host}",
            "tlsa record not found (dane.tlsa-record-not-found)",
            "but it is not enforced, continuing",
            "continuing in clear text because we are in opportunisticinsecure mode",
        ),
    ),
    OtherKind(
        "mailbox-full",
        "The recipient's mailbox is full, or the message is beyond its quota. Only the recipient can help.",
        (
            "mailbox full",
            "mailbox is full",
            "over quota",
            "quota exceeded",
            "exceeds allowed size",
            "mailbox exceeds",
            "mailbox size limit",
            "insufficient system storage",
            "out of storage",
            "over the allowed quota",
            "overquota",
        ),
        ("2.2",),
    ),
    OtherKind(
        "user-unknown",
        "The receiving server does not know the recipient. The address is mistyped or no longer exists.",
        (
            "user unknown",
            "unroutable email address",
            "unknown user",
            "no such user",
            "user does not exist",
            "user doesn't exist",
            "this user doesn't have a",
            "invalid user address",
            "mailbox unavailable",
            "no such recipient",
            "recipient not found",
            "invalid recipient",
            "unknown recipient",
            "recipientnotfound",
            "address rejected: user unknown",
            "mailbox not found",
            "user not found",
            "invalid mailbox",
            "email account that you tried to reach does not exist",
            "no mailbox here by that name",
            "does not like recipient. remote host said: 550 5.1.1",
        ),
        ("1.1", "1.0", "1.3", "1.6"),
    ),
    OtherKind(
        "account-disabled",
        "The recipient's account is locked, suspended or disabled. Only the recipient or their provider can help.",
        (
            "account has been disabled",
            "account is disabled",
            "account is locked",
            "account that you tried to reach is disabled",
            "account disabled",
            "mailbox is frozen",
            "mailbox disabled",
            "has been suspended",
            "account suspended",
            "is inactive",
        ),
        ("2.1",),
    ),
    OtherKind(
        "address-moved",
        "The recipient has moved to another address.",
        ("has moved to", "no longer on server", "has been replaced by", "recipient has moved"),
    ),
    OtherKind(
        "spam-refused",
        "The receiver takes the message for spam or refuses its content.",
        (
            "unsolicited bulk",
            "due to spam classification",
            "rejected by spam filter",
            "as spam",
            "is spam",
            "- spam",
            "spam message",
            "spam detected",
            "spam firewall",
            "spam & virus firewall",
            "spam score",
            "spam content",
            "considered spam",
            "blacklisted url",
            "message content rejected",
            "bulk email filter",
            "ube,",
            "mail rejete",
            "contains a virus",
            "content rejected",
            "infected:",
            "unsolicited mail",
            "content presents a potential security issue",
        ),
        ("6.0",),
    ),
    OtherKind(
        "client-blocked",
        "The receiver blocks the sending address, by a list of its own or a public one.",
        (
            "spamhaus.org",
            "spamcop.net",
            "is blocked",
            "service unavailable; client host {address} blocked",
            "client host {address} blocked",
            "blocked ip",
            "has been blacklisted",
            "black listed",
            "blocked using",
            "ip name was rejected",
            "my name was rejected",
            "invalid domain name",
        ),
    ),
    OtherKind(
        "relay-denied",
        "The server does not take mail for this recipient's domain from this sender: the message reached the wrong "
        "server, or the sender did not log in.",
        (
            "relay access denied",
            "relaying denied",
            "not configured to relay",
            "relay not permitted",
            "unable to relay",
        ),
    ),
    OtherKind(
        "login-required",
        "The recipient or its server takes mail only from senders that are logged in or listed.",
        (
            "authentication required",
            "unauthenticated senders not allowed",
            "authentication is required",
            "unrecognized authentication type",
            "authentication unsuccessful",
            "resolver.rst.authrequired",
        ),
    ),
    OtherKind(
        "too-many",
        "The sender was too fast, opened too many connections or named too many recipients.",
        (
            "too many recipients",
            "too many connections",
            "too many concurrent",
            "frequency limited",
            "rate limit",
            "rate limited",
            "rate limiting",
            "too many mails",
            "sender rejected. please see",
            "sending too fast",
            "too many messages",
            "too much mail",
            "thread limit exceeded",
            "has exceeded threshold",
            "receiving mail at a rate",
            "receiving mail too quickly",
        ),
        ("4.5", "5.3"),
    ),
    OtherKind(
        "greylisted",
        "The receiver defers every sender that it does not know yet and takes the message at the next attempt.",
        (
            "greylisted",
            "greylisting",
            "greylist ",
            "graylisted",
            "graylisting",
            "try again in {number} seconds",
            "please come back later",
        ),
    ),
    OtherKind(
        "message-size",
        "The message is larger than the receiver takes.",
        (
            "message size exceeds",
            "message too large",
            "message too big",
            "exceeds size limit",
            "maximum message size",
            "exceeds fixed maximum",
            "message file too big",
        ),
        ("3.4", "2.3"),
    ),
    OtherKind(
        "message-format",
        "The receiver objects to the form of the message or of a header in it.",
        (
            "improper use of 8-bit",
            "multiple addresses in from",
            "header error",
            "domain is invalid. please provide a valid from",
            "not rfc 5322 compliant",
            "rfc 5322",
            "duplicate header",
        ),
        ("6.1", "6.2", "6.5", "6.6", "6.9"),
    ),
    OtherKind(
        "mail-loop",
        "The message went round in a circle until a server counted too many hops.",
        ("too many hops", "hop count exceeded", "mail loop", "routing loop"),
        ("4.6",),
    ),
    OtherKind(
        "system-error",
        "A server had a fault of its own. The text names it, as far as it says.",
        (
            "could not load drd",
            "service refused, please try later",
            "queue file write error",
            "temporary server error",
            "4.3.0 {gap}temporary lookup failure",
            "internal error",
            "i/o error",
            "insufficient permission",
            "local configuration error",
            "command died with status",
            "can't create output",
        ),
        ("3.0", "3.5", "2.0", "3.2"),
    ),
    OtherKind(
        "protocol-error",
        "The two servers did not agree on the SMTP dialogue.",
        ("improper sequence of commands", "protocol violation", "syntax error", "command not recognized"),
        ("5.0", "5.1", "5.2", "5.4"),
    ),
    OtherKind(
        "refused",
        "The receiver refused the message by a rule of its own.",
        ("access denied", "rejected", "not authorized", "policy", "prohibited", "refused"),
        ("7.0", "7.1", "7.9"),
        Tells.REFUSAL,
    ),
)
