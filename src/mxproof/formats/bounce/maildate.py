"""Dates as mail systems write them, read to aware datetimes in UTC.

Read are RFC 5322 section 3.3 with its obsolete forms (section 4.3), RFC 3339 and the logs that look like it, and the
`11/21/2026 9:14:02 AM` of Microsoft's reports, which is month first and UTC. A syslog stamp has no year and stays
unread.
"""

import re
from datetime import UTC, datetime, timedelta, timezone

DATE_CHARACTERS_MAX = 80

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ZONES_H = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
_LONG_CENTURY_YEARS = 50

_INTERNET = re.compile(
    r"(\d{1,2})\s{1,4}([A-Za-z]{3})\s{1,4}(\d{2,4})\s{1,4}(\d{1,2}):(\d\d)(?::(\d\d))?(?:\s{1,4}([+-]\d{4}|[A-Z]{1,5}))?"
)
_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(Z|\s?[+-]\d\d:?\d\d)?", re.IGNORECASE
)
_MONTH_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d\d):(\d\d) ([AP])M\b")


def parse_mail_date(text: str) -> datetime | None:
    """Return the first date in `text` as UTC, or None where there is none that can be read.

    Without a zone the date counts as UTC, as `-0000` does (RFC 5322 section 3.3).
    """
    text = text[:DATE_CHARACTERS_MAX]
    try:
        if found := _INTERNET.search(text):
            return _internet(found)
        if found := _ISO.search(text):
            return _iso(found)
        if found := _MONTH_FIRST.search(text):
            return _month_first(found)
    except (ValueError, OverflowError):
        return None
    return None


def _internet(found: re.Match[str]) -> datetime | None:
    day, month, year, hour, minute, second, zone = found.groups()
    if month.lower() not in _MONTHS:
        return None
    return _utc(
        (_full_year(year), _MONTHS.index(month.lower()) + 1, int(day)),
        (int(hour), int(minute), int(second or 0)),
        _offset(zone or ""),
    )


def _iso(found: re.Match[str]) -> datetime:
    year, month, day, hour, minute, second, zone = found.groups()
    date = (int(year), int(month), int(day))
    return _utc(date, (int(hour), int(minute), int(second)), _offset((zone or "").strip().replace(":", "")))


def _month_first(found: re.Match[str]) -> datetime:
    month, day, year, hour, minute, second, half = found.groups()
    hours = int(hour) % 12 + (12 if half == "P" else 0)
    return _utc((int(year), int(month), int(day)), (hours, int(minute), int(second)), timedelta(0))


def _full_year(text: str) -> int:
    """Return a year of two, three or four digits in full (RFC 5322 section 4.3)."""
    year = int(text)
    if len(text) == 2:
        return year + (2000 if year < _LONG_CENTURY_YEARS else 1900)
    return year + 1900 if len(text) == 3 else year


def _offset(zone: str) -> timedelta:
    """Return how far `zone` is ahead of UTC; an unknown name counts as UTC (RFC 5322 section 4.3)."""
    if zone[:1] in ("+", "-"):
        ahead = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:5]))
        return -ahead if zone[0] == "-" else ahead
    return timedelta(hours=_ZONES_H.get(zone, 0))


def _utc(date: tuple[int, int, int], time: tuple[int, int, int], ahead: timedelta) -> datetime:
    hour, minute, second = time
    local = datetime(*date, hour, minute, min(second, 59), tzinfo=timezone(ahead))
    return local.astimezone(UTC)
