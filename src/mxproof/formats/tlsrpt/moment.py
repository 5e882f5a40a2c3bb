"""The times of a report (RFC 3339, as RFC 8460 section 4.4 has it), and what else is found in their place.

| written | repair |
|---|---|
| `2026-03-01T00:00:00Z`, or with an offset | none |
| the same without a zone | date-no-zone: UTC, as RFC 8460 section 4.1 wants whole days in UTC |
| `2026-03-01T24:00:00Z` | date-form: the next midnight |
| a space for the `T`, `UTC` for the `Z`, no seconds, slashes, no signs at all | date-form |
| a date alone, a date of mail or of C, with the day first between dots, seconds or milliseconds since 1970 | date-form |
| its numbers in a list, the greatest first, or one of these in an object of its own | date-form |
| anything else, or nothing | date-missing: None |
"""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from mxproof.formats.bounce.maildate import parse_mail_date
from mxproof.formats.tlsrpt.repair import Repair

YEAR_MIN: Final = 1970
YEAR_BEYOND: Final = 9999
MOMENT_CHARACTERS_MAX: Final = 100
MOMENTS_CACHED_MAX: Final = 1024

_RFC_3339: Final = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_NO_ZONE: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,9})?", re.ASCII)
_MIDNIGHT: Final = re.compile(r"(\d{4}-\d\d-\d\d)[T ]24:00(?::00)?(?: ?(?:Z|UTC|\+00:00))?", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_EPOCH: Final = re.compile(
    r"(?:/Date\()?(\d{9,10}(?=\d{3}\b|\)|\.|\Z)(?:\.\d{1,6})?)(?:\d{3})?(?:\)/)?", re.ASCII
)
_LOOSE: Final = re.compile(
    r"(?P<day>\d{4}([-/.]?)\d\d\2\d\d)[Tt ]?(?P<clock>\d\d:?\d\d(?::?\d\d(?:[.,]\d{1,9})?)?)?"
    r" ?(?P<zone>[Zz]|UTC|GMT|[+-]\d\d:?\d\d)?(?: ?(?:Z|UTC|GMT))?",
    re.ASCII,
)
_DAY_FIRST: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(.*)", re.ASCII)
_NUMBERS: Final = range(3, 8)
"""How many numbers of a list make a time, from year, month and day to the nanosecond."""
_OF_C: Final = re.compile(
    r"[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) +(?P<day>\d{1,2}) (?P<clock>\d\d:\d\d:\d\d) (?P<year>\d{4})",
    re.ASCII,
)
_NO_DIGITS: Final = re.compile(r"\D")
_UTC_NAMES: Final = frozenset({"Z", "UTC", "GMT"})
_LEAP_SECOND: Final = re.compile(r":60(?=[.Zz+-]|\Z)")


def read_moment(value: object, repairs: set[Repair]) -> datetime | None:
    """Return the time that `value` of JSON is, in UTC; None where it is none."""
    value = _bare(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    text = value.strip() if isinstance(value, str) else ""
    found, repair = _read_once(text)
    if found is None or not YEAR_MIN <= found.year < YEAR_BEYOND:
        repairs.add(Repair.DATE_MISSING)
        return None
    if repair is not None or text != value:
        repairs.add(repair or Repair.DATE_FORM)
    return found


def _bare(value: object) -> object:
    """Return a time out of an object that has it alone, and out of a list of its numbers."""
    if isinstance(value, dict) and len(value) == 1:
        (value,) = value.values()
    if not isinstance(value, list) or len(value) not in _NUMBERS:
        return value
    if not all(type(one) is int and 0 <= one <= YEAR_BEYOND for one in value[:6]):
        return value
    year, month, day, hour, minute, second = (*value[:6], 0, 0, 0)[:6]
    return f"{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"


@lru_cache(maxsize=MOMENTS_CACHED_MAX)
def exact_moment(text: str) -> datetime | None:
    """Return the time that a text is to the letter, in UTC; None where `read_moment` would repair it."""
    repairs: set[Repair] = set()
    found = read_moment(text, repairs)
    return None if repairs else found


@lru_cache(maxsize=MOMENTS_CACHED_MAX)
def _read_once(text: str) -> tuple[datetime | None, Repair | None]:
    """Return the time that a text is, and how it was repaired; most reports are of the same days."""
    try:
        return _read(text) if len(text) <= MOMENT_CHARACTERS_MAX else (None, None)
    except (ValueError, OverflowError):
        return None, None


def _read(text: str) -> tuple[datetime | None, Repair | None]:
    if midnight := _MIDNIGHT.fullmatch(text):
        return datetime.fromisoformat(midnight[1]).replace(tzinfo=UTC) + timedelta(days=1), Repair.DATE_FORM
    if _RFC_3339.fullmatch(text):
        return datetime.fromisoformat(_LEAP_SECOND.sub(":59", text.upper())).astimezone(UTC), None
    if _NO_ZONE.fullmatch(text):
        return datetime.fromisoformat(text.upper()).replace(tzinfo=UTC), Repair.DATE_NO_ZONE
    if day_first := _DAY_FIRST.fullmatch(text):
        text = f"{day_first[3]}-{day_first[2]:0>2}-{day_first[1]:0>2}{day_first[4]}"
    if _DAY.fullmatch(text):
        return datetime.fromisoformat(text).replace(tzinfo=UTC), Repair.DATE_FORM
    if epoch := _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(float(epoch[1]), UTC), Repair.DATE_FORM
    if loose := _LOOSE.fullmatch(text):
        day, clock, zone = loose["day"], loose["clock"] or "00:00", loose["zone"] or "Z"
        written = f"{_NO_DIGITS.sub('', day)}T{clock.replace(':', '')}"
        found = datetime.fromisoformat(written + ("+00:00" if zone.upper() in _UTC_NAMES else zone))
        return found.astimezone(UTC), Repair.DATE_FORM
    if in_c := _OF_C.fullmatch(text):
        text = f"{in_c['day']} {in_c['month']} {in_c['year']} {in_c['clock']} +0000"
    return parse_mail_date(text), Repair.DATE_FORM
