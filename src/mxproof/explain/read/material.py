"""What a bounce, a log or a header says, taken apart but not yet judged."""

from datetime import datetime
from enum import StrEnum

import msgspec

from mxproof.formats.bounce.authres import AuthResults
from mxproof.formats.bounce.dsn import RecipientStatus
from mxproof.formats.dkim import Signature


class MaterialForm(StrEnum):
    """What was given."""

    BOUNCE = "bounce"
    MESSAGE = "message"
    """A message that is no bounce, or its header: what was found out about its sender stands in it."""
    LOG = "log"
    LINES = "lines"
    """Bare text: pasted SMTP replies."""
    TLS_REPORT = "tls-report"
    NOTHING = "nothing"


class StatementPlace(StrEnum):
    """Where a statement stands, the most reliable first."""

    DIAGNOSTIC = "diagnostic"
    """The Diagnostic-Code of a recipient (RFC 3464 section 2.3.6)."""
    LOG = "log"
    """A log line that tells how an attempt came out."""
    NOTE = "note"
    """A log line that was written on the way there, or that stands beside the log."""
    LINE = "line"
    NOTICE = "notice"
    """The prose of a bounce."""
    TRANSCRIPT = "transcript"
    """Lines of the remote server in the transcript of a session that may have had several recipients."""


class Notification(StrEnum):
    """What a message is, by its own fields and parts, where it reports no failure."""

    RECEIPT = "receipt"
    COMPLAINT = "complaint"
    DELIVERY = "delivery"
    AUTOMATIC_REPLY = "automatic-reply"
    DMARC_REPORT = "dmarc-report"


class Statement(msgspec.Struct, frozen=True):
    """A flat text, and the recipient it is about; an empty address is a text about all of them.

    `attempt` is the number of the attempt that a log line belongs to, the latest with the highest, 0 where to none.
    """

    place: StatementPlace
    text: str
    recipient: str = ""
    attempt: int = 0


class Material(msgspec.Struct, frozen=True, kw_only=True):
    """All that was given, by place. `marks` is text that tells the reporting system apart, in lower case.

    `program` is the one that wrote the log (`LogLine`); `sender_domain` is the domain of the author or envelope sender; `attempts` the times of attempts in order; `tls_report` is the JSON of a TLS report. Where `is_mail` is false, nothing in a bare text speaks of mail.
    """

    form: MaterialForm
    statements: tuple[Statement, ...] = ()
    recipients: tuple[RecipientStatus, ...] = ()
    auth: tuple[AuthResults, ...] = ()
    signatures: tuple[Signature, ...] = ()
    reporting_host: str = ""
    marks: str = ""
    program: str = ""
    sender_domain: str = ""
    notification: Notification | None = None
    arrived: datetime | None = None
    attempts: tuple[datetime, ...] = ()
    delay_s: int | None = None
    is_mail: bool = True
    tls_report: bytes = b""
    has_markup_unread: bool = False
    """Whether a bounce has parts in HTML that were left aside."""
