"""Bounces that come back to the address that the mails of a sender test are from: the fields of their status, and nothing else."""

from collections.abc import Callable
from datetime import datetime

from mxproof.formats.bounce.dsn import delivery_statuses
from mxproof.formats.bounce.mime import parse_mail
from mxproof.judge.senders.inference.observation import SeenBounce, SeenRecipient

BOUNCE_BYTES_MAX = 64 * 1024
"""Of a bounce no more is read: its status stands before the mail that it returns."""
BOUNCED_RECIPIENTS_MAX = 20
_WORD_CHARACTERS_MAX = 320
_DIAGNOSTIC_CHARACTERS_MAX = 1000


def bounce_of(message: bytes, at: datetime, client: str, is_ours: Callable[[str], bool]) -> SeenBounce | None:
    """Return what a mail says became of other mail (RFC 3464); None where it says nothing of recipients that are `is_ours`."""
    ours = [
        (one.reporting_mta, each)
        for one in delivery_statuses(parse_mail(message, limit=BOUNCE_BYTES_MAX))
        for each in one.recipients
        if len(each.address) <= _WORD_CHARACTERS_MAX and is_ours(each.address)
    ]
    if not ours:
        return None
    recipients = tuple(
        SeenRecipient(
            each.address,
            str(each.action),
            each.status,
            each.remote_mta[:_WORD_CHARACTERS_MAX],
            each.diagnostic[:_DIAGNOSTIC_CHARACTERS_MAX],
        )
        for _, each in ours[:BOUNCED_RECIPIENTS_MAX]
    )
    by, _ = ours[0]
    return SeenBounce(at, client, by[:_WORD_CHARACTERS_MAX], recipients)
