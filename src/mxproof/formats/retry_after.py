"""`Retry-After` of an HTTP response (RFC 9110 section 10.2.3): from when a request may be made again."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

RETRY_AFTER_CHARACTERS_MAX: Final = 64
RETRY_AFTER_SECONDS_MAX: Final = 10 * 365 * 86_400
"""What is more is read as this: whoever waits has a bound of its own."""


def retry_after(value: str, now: datetime) -> datetime | None:
    """Return the moment that a value names, in seconds from `now` or as a date (RFC 9110 section 5.6.7), None where it is neither.

    A date that is over is returned as it is.
    """
    text = value.strip()
    if not text or len(text) > RETRY_AFTER_CHARACTERS_MAX or not text.isascii():
        return None
    if text.isdigit():
        return now + timedelta(seconds=min(int(text), RETRY_AFTER_SECONDS_MAX))
    try:
        moment = parsedate_to_datetime(text)
        # The form of asctime has no zone: it is UTC.
        found = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        return min(found, now + timedelta(seconds=RETRY_AFTER_SECONDS_MAX))
    except (ValueError, OverflowError):
        return None
