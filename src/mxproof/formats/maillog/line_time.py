"""When a line was written: RFC 3164, RFC 5424 and other forms of ISO 8601, or seconds since 1970.

RFC 3164 has neither a year nor a zone. Such a time is given within the year 2000, which has a 29th of February, and whoever knows
when a file ended says which year it was. A time at which nothing can have been written is none: a clock that was not set yet begins
in 1970, and what is no time at all may read as one of the year 9999.
"""

import re
from datetime import UTC, datetime, tzinfo
from functools import cache

import msgspec

_MONTHS = {
    month: number
    for number, month in enumerate(
        (b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"), 1
    )
}
_BSD = re.compile(rb"(?:<\d{1,3}>)?([A-Z][a-z]{2}) +(\d{1,2}) (?:(\d{4}) )?(\d\d):(\d\d):(\d\d)")
_ISO = re.compile(
    rb"(?:<\d{1,3}>\d? ?)?(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))? ?(Z|[+-]\d\d:?\d\d(?!\d))?"
)
_BEHIND = re.compile(
    rb"(?:(?<![0-9A-Za-z])|(?<=\dm))(?:[A-Z][a-z]{2} +\d{1,2} (?:\d{4} )?\d\d:\d\d:\d\d|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)"
)
"""Where a time begins that has something before it: the name of a container, a weekday, a bracket, a quote, colours of a terminal."""
_BEHIND_BYTES = 80
_EPOCH = re.compile(rb"(\d{9,11})(?:\.(\d{1,9}))?(?=\s|$)")
WRITTEN_FROM_S = datetime(1980, 1, 1, tzinfo=UTC).timestamp()
WRITTEN_UNTIL_S = datetime(2200, 1, 1, tzinfo=UTC).timestamp()
"""Nothing was written before the one, nor will be from the other on, as far as is read here."""
_HOURS_KNOWN_MAX = 10_000
_BSD_BYTES = len(b"Jan  1 00:00:00")
_BSD_HOUR_BYTES = len(b"Jan  1 00:")
_HOUR_S = 3600
_MINUTES = range(60)


class LineTime(msgspec.Struct, frozen=True, gc=False):
    """A time: seconds since 1970, or, where the year is `unknown`, those of a local time in the year 2000 as if it were UTC."""

    at_s: float
    year_unknown: bool = False


class LineTimes:
    """Reads the times of lines; those without a zone are local times of `zone`, of this machine where it is None."""

    def __init__(self, zone: tzinfo | None = None) -> None:
        self._zone = zone
        self._hours: dict[tuple[int, int, int, int], float] = {}
        self._bsd_hours: dict[bytes, float] = {}
        self._seconds = _seconds_of_an_hour()
        self._years: dict[tuple[int, int], float] = {}

    def of(self, line: bytes) -> LineTime | None:
        """Return when a line was written, or None where it does not say so at its beginning or near it."""
        found = self._at_beginning(line)
        if found is None and (behind := _BEHIND.search(line[:_BEHIND_BYTES])) is not None and behind.start():
            found = self._at_beginning(line[behind.start() :])
        return found if found is None or found.year_unknown else written_at(found.at_s)

    def _at_beginning(self, line: bytes) -> LineTime | None:
        try:
            begin = self._bsd_hours.get(line[:_BSD_HOUR_BYTES])
            if (
                begin is not None
                and (second := self._seconds.get(line[_BSD_HOUR_BYTES:_BSD_BYTES])) is not None
            ):
                return LineTime(begin + second, year_unknown=True)
            if found := _BSD.match(line):
                return self._bsd(found, line)
            if found := _ISO.match(line):
                return self._iso(found)
        except (KeyError, ValueError):
            return None
        if found := _EPOCH.match(line):
            return LineTime(float(found[0]))
        return None

    def _bsd(self, found: re.Match[bytes], line: bytes) -> LineTime | None:
        month, day, year, hour, minute, second = found.groups()
        if year is not None:
            begin = self.local(int(year), _MONTHS[month], int(day), int(hour))
            return LineTime(begin + 60 * int(minute) + int(second))
        begin = datetime(2000, _MONTHS[month], int(day), int(hour), tzinfo=UTC).timestamp()
        if found.end() == _BSD_BYTES:
            if len(self._bsd_hours) >= _HOURS_KNOWN_MAX:
                self._bsd_hours.clear()
            self._bsd_hours[line[:_BSD_HOUR_BYTES]] = begin
        if int(minute) not in _MINUTES:
            return None
        return LineTime(begin + 60 * int(minute) + int(second), year_unknown=True)

    def _iso(self, found: re.Match[bytes]) -> LineTime:
        year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
        fraction = float(b"0." + found[7]) if found[7] else 0.0
        zone = found[8]
        if zone is None:
            return LineTime(self.local(year, month, day, hour) + 60 * minute + second + fraction)
        offset = (
            0 if zone == b"Z" else (60 * int(zone[1:3]) + int(zone[-2:])) * (-1 if zone[:1] == b"-" else 1)
        )
        key = (year, month, day, hour + 100)
        begin = self._hours.get(key)
        if begin is None:
            begin = datetime(year, month, day, hour, tzinfo=UTC).timestamp()
            self._remember(key, begin)
        return LineTime(begin + 60 * (minute - offset) + second + fraction)

    def local(self, year: int, month: int, day: int, hour: int) -> float:
        """Return when an hour of local time began, in seconds since 1970."""
        key = (year, month, day, hour)
        begin = self._hours.get(key)
        if begin is None:
            local = datetime(year, month, day, hour, tzinfo=self._zone)
            begin = local.timestamp()
            self._remember(key, begin)
        return begin

    def _remember(self, key: tuple[int, int, int, int], begin: float) -> None:
        if len(self._hours) >= _HOURS_KNOWN_MAX:
            self._hours.clear()
        self._hours[key] = begin

    def in_year(self, at_s: float, year: int) -> float:
        """Return the seconds since 1970 of a time whose year was unknown."""
        hour, rest = divmod(at_s, _HOUR_S)
        key = (int(hour), year)
        begin = self._years.get(key)
        if begin is None:
            at = datetime.fromtimestamp(at_s, UTC)
            day = 28 if (at.month, at.day) == (2, 29) and year % 4 else at.day
            begin = self.local(year, at.month, day, at.hour)
            if len(self._years) >= _HOURS_KNOWN_MAX:
                self._years.clear()
            self._years[key] = begin
        return begin + rest


def written_at(at_s: float) -> LineTime | None:
    """Return a time in seconds since 1970, None where nothing can have been written then."""
    return LineTime(float(at_s)) if WRITTEN_FROM_S <= at_s < WRITTEN_UNTIL_S else None


@cache
def _seconds_of_an_hour() -> dict[bytes, int]:
    """Return the seconds by `MM:SS`, a leap second among them."""
    return {
        b"%02d:%02d" % (minute, second): 60 * minute + second for minute in _MINUTES for second in range(61)
    }
