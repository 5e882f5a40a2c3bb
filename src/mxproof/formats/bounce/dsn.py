"""The machine-readable part of a delivery status notification (RFC 3464 section 2).

Read leniently: fields in any order and case, blocks without a blank line between them, comments where none belong,
the fields in the middle of a plain text. A block that has a recipient field is a recipient; what stands before the
first one describes the message. Unknown fields are skipped.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

import msgspec

from mxproof.formats.bounce.maildate import parse_mail_date
from mxproof.formats.bounce.mime import Mail, part_text

DSN_RECIPIENTS_MAX = 200
FIELDS_MAX = 5000
FIELD_CHARACTERS_MAX = 16 * 1024
STATUS_TEXT_CHARACTERS_MAX = 256 * 1024
STATUS_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
"""The media types of the part (RFC 3464 section 2, RFC 6533 section 4)."""

_FIELD = re.compile(r"[ \t]{0,8}([A-Za-z][A-Za-z-]{1,60}):[ \t]*(.*)")
_MAIL_FIELDS = frozenset({"reporting-mta", "received-from-mta", "arrival-date", "original-envelope-id"})
_OPENING_FIELDS = frozenset({"final-recipient", "original-recipient", "action"})
_RECIPIENT_FIELDS = _OPENING_FIELDS | {
    "status",
    "remote-mta",
    "diagnostic-code",
    "last-attempt-date",
    "will-retry-until",
    "x-actual-recipient",
}
_KNOWN_FIELDS = _RECIPIENT_FIELDS | _MAIL_FIELDS
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_DIAGNOSTIC_TYPE = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,40}\s*;\s*")


class Action(StrEnum):
    """What the reporting MTA did for a recipient (RFC 3464 section 2.3.3); UNSTATED where it does not say."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    EXPANDED = "expanded"
    UNSTATED = "unstated"


class RecipientStatus(msgspec.Struct, frozen=True):
    """The fate of one recipient (RFC 3464 section 2.3); an empty string is a field that is not there."""

    address: str = ""
    action: Action = Action.UNSTATED
    status: str = ""
    remote_mta: str = ""
    diagnostic: str = ""
    last_attempt: datetime | None = None


class DeliveryStatus(msgspec.Struct, frozen=True):
    """The report: who makes it, when the message came to it, and its recipients in order."""

    reporting_mta: str = ""
    arrived: datetime | None = None
    recipients: tuple[RecipientStatus, ...] = ()


def delivery_statuses(mail: Mail) -> Iterator[DeliveryStatus]:
    """Yield what the parts of a mail that are made for it say of delivery, in their order."""
    for part in mail.parts:
        if part.media_type in STATUS_TYPES:
            yield parse_delivery_status(part_text(part))


def parse_delivery_status(text: str) -> DeliveryStatus:
    """Return what `text` reports; without a field of RFC 3464 in it the report is empty."""
    mail: dict[str, str] = {}
    groups: list[dict[str, str]] = []
    current = mail
    ended = False
    for name, value in _fields(text[:STATUS_TEXT_CHARACTERS_MAX]):
        if name in _MAIL_FIELDS:
            mail.setdefault(name, value)
            continue
        if name not in _RECIPIENT_FIELDS:
            ended = ended or not name
            continue
        if current is mail or (name in _OPENING_FIELDS and (ended or name in current)):
            if len(groups) == DSN_RECIPIENTS_MAX:
                break
            current = {}
            groups.append(current)
        ended = False
        current.setdefault(name, value)
    return DeliveryStatus(
        reporting_mta=_typed(mail.get("reporting-mta", "")),
        arrived=parse_mail_date(mail.get("arrival-date", "")),
        recipients=tuple(_recipient(group) for group in groups),
    )


def _fields(text: str) -> list[tuple[str, str]]:
    """Return the fields of `text`, unfolded; a nameless field is a blank line, and other lines are no part of one."""
    fields: list[tuple[str, list[str]]] = []
    open_field = False
    for line in text.split("\n", FIELDS_MAX)[:FIELDS_MAX]:
        found = _FIELD.match(line)
        known = found and found.group(1).lower() in _KNOWN_FIELDS
        if found and (known or not line[:1].isspace()):
            fields.append((found.group(1).lower(), [found.group(2).strip()]))
            open_field = True
        elif open_field and line[:1] in (" ", "\t") and line.strip():
            fields[-1][1].append(line.strip())
        else:
            open_field = False
            if not line.strip():
                fields.append(("", []))
    return [(name, " ".join(values)[:FIELD_CHARACTERS_MAX]) for name, values in fields]


def _recipient(group: dict[str, str]) -> RecipientStatus:
    address = next(
        (
            _typed(group[name])
            for name in ("final-recipient", "original-recipient")
            if "@" in group.get(name, "")
        ),
        _typed(group.get("final-recipient", "")),
    )
    status = _STATUS.search(group.get("status", ""))
    return RecipientStatus(
        address=address.strip("<>"),
        action=_action(group.get("action", "")),
        status=status.group(1) if status else "",
        remote_mta=_typed(group.get("remote-mta", "")).strip("[]"),
        diagnostic=_diagnostic(group.get("diagnostic-code", "")),
        last_attempt=parse_mail_date(group.get("last-attempt-date", "")),
    )


def _diagnostic(value: str) -> str:
    kind = _DIAGNOSTIC_TYPE.match(value)
    return value[kind.end() :] if kind else value


def _action(text: str) -> Action:
    """Return the action; `deliverable` is Postfix's word in an address probe (observed)."""
    word = text.lower().partition(" ")[0].strip(";.")
    if word == "deliverable":
        return Action.DELIVERED
    return Action(word) if word in Action.__members__.values() else Action.UNSTATED


def _typed(value: str) -> str:
    """Return the value behind `type;`, without a comment in parentheses (RFC 3464 section 2.1.2)."""
    _, semicolon, behind = value.partition(";")
    bare = (behind if semicolon else value).strip()
    return bare.partition(" (")[0].strip() if not bare.startswith("(") else bare
