"""A report that comes back: the mail in which a mail system says that it could not deliver it (RFC 3464), read.

Only one that says `failed` and gives the report back, or its header, is such a mail. One that waits, an answer by a person or a
machine, and a bounce of other mail are none. Which report it was is told by its Message-ID, which is the id of the report and known
to nobody else but its recipient.
"""

import re
from typing import Final

import msgspec

from mxproof.formats.bounce.dsn import Action, delivery_statuses
from mxproof.formats.bounce.mime import Part, parse_mail, part_bytes

RETURNED_MAIL_BYTES_MAX: Final = 4 * 1024 * 1024
"""Most mail servers return no more than a header, others all of it."""

_RETURNED_TYPES: Final = frozenset(
    {
        "message/rfc822",
        "message/global",
        "text/rfc822-headers",
        "message/rfc822-headers",
        "message/global-headers",
    }
)
_HEAD_BYTES_MAX: Final = 64 * 1024
_MESSAGE_ID: Final = re.compile(
    rb"^message-id:[ \t]*(?:\n[ \t]+)?<([\x21-\x7e]{1,255})>", re.IGNORECASE | re.MULTILINE
)


class ReturnedReport(msgspec.Struct, frozen=True):
    """The id of a report that came back, and why, in the words of the mail system that refused it."""

    report_id: str
    said: str


def returned_report(data: bytes) -> ReturnedReport | None:
    """Return which report a mail gives back, None for a mail that gives none back."""
    mail = parse_mail(data, limit=RETURNED_MAIL_BYTES_MAX)
    recipients = (each for one in delivery_statuses(mail) for each in one.recipients)
    failed = next((one for one in recipients if one.action is Action.FAILED), None)
    if failed is None:
        return None
    found = next(filter(None, map(_message_id, mail.parts)), "")
    return ReturnedReport(found, failed.diagnostic or failed.status or "undeliverable") if found else None


def _message_id(part: Part) -> str:
    """Return the Message-ID of a message that is given back, empty for any other part."""
    if part.media_type not in _RETURNED_TYPES:
        return ""
    head = part_bytes(part)[:_HEAD_BYTES_MAX].replace(b"\r\n", b"\n").lstrip(b"\n").partition(b"\n\n")[0]
    found = _MESSAGE_ID.search(head)
    return found[1].decode("ascii") if found else ""
