"""When somebody may be told: quiet hours, maintenance, and the times of digests, in the time zone of whoever reads."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo

import msgspec

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAYS_A_WEEK = len(WEEKDAYS)
_MINUTES_A_DAY = 24 * 60
_SPAN = re.compile(r"(?:([a-z,-]+) +)?(\d\d):(\d\d)-(\d\d):(\d\d)", re.ASCII)
_HOLDS_MAX = 2 * _DAYS_A_WEEK


class QuietHours(msgspec.Struct, frozen=True):
    """A span of the day, in minutes from midnight, that begins on each of `weekdays` (0 is Monday) and may pass midnight."""

    weekdays: frozenset[int]
    begins: int
    ends: int


class Maintenance(msgspec.Struct, frozen=True):
    """A time in which trouble of these domains is expected; no domains mean all of them."""

    domains: frozenset[str]
    begins: datetime
    ends: datetime

    def covers(self, domain: str, at: datetime) -> bool:
        """Tell whether trouble of this domain is expected then."""
        return self.begins <= at < self.ends and (not self.domains or domain in self.domains)


def parse_quiet_hours(text: str) -> QuietHours:
    """Return what `22:00-07:00`, `mon-fri 18:00-08:00` or `sat,sun 00:00-24:00` means; raises ValueError."""
    found = _SPAN.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError(f"{text!r}; expected hours such as 22:00-07:00 or sat,sun 00:00-24:00")
    begins, ends = _minutes(found[2], found[3], text), _minutes(found[4], found[5], text)
    if begins in (ends, _MINUTES_A_DAY):
        raise ValueError(f"{text!r} is no span of time; a whole day is 00:00-24:00")
    days = frozenset(range(_DAYS_A_WEEK)) if found[1] is None else frozenset(_weekdays(found[1], text))
    return QuietHours(days, begins, ends)


def parse_time_of_day(text: str) -> time:
    """Return what `07:30` means; raises ValueError."""
    found = re.fullmatch(r"(\d\d):(\d\d)", text, re.ASCII)
    if found is None or _minutes(found[1], found[2], text) == _MINUTES_A_DAY:
        raise ValueError(f"{text!r}; expected a time of the day such as 07:30")
    return time(int(found[1]), int(found[2]))


def told_at(
    domain: str,
    now: datetime,
    *,
    quiet: Sequence[QuietHours],
    maintenance: Iterable[Maintenance],
    zone: tzinfo | None,
) -> datetime:
    """Return when news of a domain may be told at the earliest."""
    windows = tuple(maintenance)
    at = now
    for _ in range(_HOLDS_MAX):
        ends = [one.ends for one in windows if one.covers(domain, at)]
        ends += [end for one in quiet if (end := _quiet_until(one, at, zone)) is not None]
        if not ends:
            break
        at = max(ends)
    return at


def next_time_of_day(now: datetime, at: time, zone: tzinfo | None, weekday: int | None) -> datetime:
    """Return when it is next that time of the day, on that weekday where one is given; later than `now`."""
    today = now.astimezone(zone).date()
    for days in range(_DAYS_A_WEEK + 1):
        day = today + timedelta(days=days)
        if weekday in (None, day.weekday()):
            found = _local(datetime.combine(day, at), zone)
            if found > now:
                return found
    raise AssertionError("each weekday is within a week")


def _quiet_until(hours: QuietHours, at: datetime, zone: tzinfo | None) -> datetime | None:
    """Return when quiet hours end that hold at this moment."""
    today = at.astimezone(zone).date()
    for day in (today, today - timedelta(days=1)):
        if day.weekday() not in hours.weekdays:
            continue
        midnight = datetime.combine(day, time())
        length = (hours.ends - hours.begins) % _MINUTES_A_DAY or _MINUTES_A_DAY
        begins = midnight + timedelta(minutes=hours.begins)
        until = _local(begins + timedelta(minutes=length), zone)
        if _local(begins, zone) <= at < until:
            return until
    return None


def _local(wall: datetime, zone: tzinfo | None) -> datetime:
    """Return the moment at which clocks of that zone show `wall`."""
    return (wall.astimezone() if zone is None else wall.replace(tzinfo=zone)).astimezone(UTC)


def _minutes(hours: str, minutes: str, text: str) -> int:
    found = int(hours) * 60 + int(minutes)
    if int(minutes) >= 60 or found > _MINUTES_A_DAY:
        raise ValueError(f"{text!r}: {hours}:{minutes} is no time of the day")
    return found


def _weekdays(text: str, whole: str) -> Iterable[int]:
    for part in text.split(","):
        first, is_span, last = part.partition("-")
        if not is_span:
            last = first
        if first not in WEEKDAYS or last not in WEEKDAYS:
            raise ValueError(f"{whole!r}: {part!r} is no day; expected {', '.join(WEEKDAYS)}")
        begin, end = WEEKDAYS.index(first), WEEKDAYS.index(last)
        yield from (day % _DAYS_A_WEEK for day in range(begin, begin + (end - begin) % _DAYS_A_WEEK + 1))
