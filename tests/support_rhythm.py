"""Small worlds of mail for the tests of the silence alarm: senders that write at known rates, from one seed."""

import random
from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from mxproof.rhythm.alarm import Alarm
from mxproof.rhythm.detector import Detector, FalseAlarms

HOUR_S = 3600
DAY_S = 24 * HOUR_S
BEGIN_S = datetime(2025, 1, 6, tzinfo=UTC).timestamp()
"""A Monday."""
ZONE = ZoneInfo("Europe/Berlin")

Mails = list[tuple[float, str]]


def utc_hour_of_week(hour: int) -> int:
    """Return the hour of the week in UTC of an hour since 1970, which was a Thursday."""
    return (hour + 72) % 168


def local_hour_of_week(hour: int) -> int:
    """Return the hour of the week in Berlin, where the clock changes."""
    at = datetime.fromtimestamp(hour * HOUR_S, UTC).astimezone(ZONE)
    return at.weekday() * 24 + at.hour


def steady(rates: dict[str, float], days: int, seed: int = 1) -> Mails:
    """Return mails of senders that write at so many a day, round the clock, each by chance alone."""
    chance = random.Random(seed)
    mails = []
    for name, rate in rates.items():
        at_s = BEGIN_S
        while (at_s := at_s + chance.expovariate(rate / DAY_S)) < BEGIN_S + days * DAY_S:
            mails.append((at_s, name))
    return sorted(mails)


def without(mails: Mails, name: str, from_day: float, until_day: float = 1e9) -> Mails:
    """Return the mails without those of a sender between two days."""
    begin, end = BEGIN_S + from_day * DAY_S, BEGIN_S + until_day * DAY_S
    return [one for one in mails if one[1] != name or not begin <= one[0] < end]


def gap(mails: Mails, from_day: float, until_day: float) -> Mails:
    """Return the mails without those of anybody between two days."""
    begin, end = BEGIN_S + from_day * DAY_S, BEGIN_S + until_day * DAY_S
    return [one for one in mails if not begin <= one[0] < end]


def rung(mails: Iterable[tuple[float, str]], days: float, alarms_a_year: float = 1.0) -> list[Alarm]:
    """Return the alarms over some days of mail."""
    detector = Detector(utc_hour_of_week, FalseAlarms(alarms_a_year))
    return [*detector.feed(mails), *detector.until(BEGIN_S + days * DAY_S)]


def day_of(moment: datetime) -> float:
    """Return the day since the beginning on which something was."""
    return (moment.timestamp() - BEGIN_S) / DAY_S
