"""Amazon SES notifications: a bounce told as a JSON object (observed: Amazon SES developer guide, SNS contents).

They arrive by mail with the object as the body, sometimes folded by the mail program, and a footer below it.
"""

import msgspec

from mxproof.formats.bounce.dsn import Action, DeliveryStatus, RecipientStatus
from mxproof.formats.bounce.maildate import parse_mail_date

NOTIFICATION_CHARACTERS_MAX = 256 * 1024

_MARK = '{"notificationType":'


class _Recipient(msgspec.Struct, frozen=True, rename="camel"):
    email_address: str = ""
    status: str = ""
    diagnostic_code: str = ""


class _Bounce(msgspec.Struct, frozen=True, rename="camel"):
    bounced_recipients: tuple[_Recipient, ...] = ()
    timestamp: str = ""
    reporting_mta: str = msgspec.field(default="", name="reportingMTA")


class _Notification(msgspec.Struct, frozen=True, rename="camel"):
    notification_type: str
    bounce: _Bounce | None = None


class SesNotification(msgspec.Struct, frozen=True):
    """What a notification is about: `kind` is `Bounce`, `Complaint` or `Delivery`; only a bounce has a report."""

    kind: str
    report: DeliveryStatus


def parse_ses_notification(text: str) -> SesNotification | None:
    """Return the notification that `text` begins with, or None where it is none."""
    if not text.lstrip().startswith(_MARK):
        return None
    body = text.lstrip()[:NOTIFICATION_CHARACTERS_MAX]
    body = body.partition("\n--\n")[0].replace("\r", "").replace("\n", "").rstrip()
    try:
        read = msgspec.json.decode(body, type=_Notification)
    except msgspec.MsgspecError:
        return None
    bounce = read.bounce or _Bounce()
    recipients = tuple(
        RecipientStatus(
            address=recipient.email_address,
            action=Action.FAILED,
            status=recipient.status,
            diagnostic=recipient.diagnostic_code.removeprefix("smtp; "),
            last_attempt=parse_mail_date(bounce.timestamp),
        )
        for recipient in bounce.bounced_recipients
    )
    reporter = bounce.reporting_mta.rpartition(";")[2].strip()
    return SesNotification(read.notification_type, DeliveryStatus(reporter, None, recipients))
