"""Mail worlds for the silence detector: what arrives at a domain, hour by hour, from senders of many kinds.

Every world is drawn from its seed. Intensities are known, so that the best possible detector can be computed beside.
"""

import math
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
HOURS_A_DAY = 24
HOLIDAYS = tuple(
    date(year, month, day)
    for year in (2025, 2026)
    for month, day in (
        (1, 1), (4, 18), (4, 21), (5, 1), (5, 29), (6, 9), (10, 3), (12, 24), (12, 25), (12, 26), (12, 31),
    )
)  # fmt: skip


class Nature(StrEnum):
    """When a sender writes."""

    OFFICE = "office"
    PRIVATE = "private"
    CLOCK = "clock"
    DIGEST = "digest"
    DAILY = "daily"


class Sender(NamedTuple):
    """`rate`: bursts a day in the mean; `burst`: mails in one; `noise`: the variance of its good and bad days."""

    name: str
    nature: Nature
    rate: float
    burst: float
    noise: float
    trend: float
    begins_day: int
    hour: int
    moves_day: int


class World(NamedTuple):
    """A domain with its senders, for `days`."""

    seed: int
    days: int
    senders: tuple[Sender, ...]
    outages: tuple[tuple[float, float], ...]
    """Hours between which nothing arrives, or its log is lost."""
    noise: float


class Stop(NamedTuple):
    """From `hour` on, `sender` sends only `remaining` of its mail, until `ends`."""

    sender: str
    hour: float
    remaining: float
    ends: float


def local_time(hour: int) -> datetime:
    """Return the local time of an hour since `BEGIN`."""
    return (BEGIN + timedelta(hours=hour)).astimezone(ZONE)


_OFFICE = [0.02] * 6 + [
    0.1,
    0.4,
    1.0,
    1.5,
    1.6,
    1.4,
    0.9,
    1.1,
    1.4,
    1.3,
    1.1,
    0.7,
    0.3,
    0.2,
    0.1,
    0.08,
    0.05,
    0.03,
]
_PRIVATE = [0.3, 0.15, 0.08, 0.05, 0.05, 0.1, 0.3, 0.7, 0.9, 1.0, 1.0, 1.0, 1.0, 0.9, 0.9, 1.0, 1.1, 1.3, 1.5, 1.7, 1.8, 1.6, 1.2, 0.7]  # fmt: skip
_OFFICE_DAYS = [1.05, 1.1, 1.1, 1.05, 0.9, 0.12, 0.08]
_PRIVATE_DAYS = [1.0, 1.0, 1.0, 1.0, 0.95, 0.95, 1.0]


def shape(sender: Sender, at: datetime, holiday: bool) -> float:
    """Return the intensity relative to the mean one of an hour."""
    day = at.weekday()
    match sender.nature:
        case Nature.OFFICE:
            day = 6 if holiday else day
            return _OFFICE[at.hour] / 0.70 * _OFFICE_DAYS[day] / 0.77
        case Nature.PRIVATE:
            return _PRIVATE[at.hour] / 0.875 * _PRIVATE_DAYS[day] * (0.85 if holiday else 1.0)
        case Nature.CLOCK:
            return 1.0
        case Nature.DIGEST:
            return 168.0 if (day, at.hour) == (sender.hour % 7, sender.hour) else 0.0
        case Nature.DAILY:
            return 24.0 if at.hour == sender.hour else 0.0


def drawn(seed: int, *, hard: bool, days: int = 365) -> World:
    """Draw a world."""
    chance = random.Random(seed)
    a_day = math.exp(chance.uniform(math.log(20), math.log(2000)))
    number = chance.randint(8, 45)
    weights = [1 / (rank + 1) ** chance.uniform(0.8, 1.3) for rank in range(number)]
    kind = chance.choice(["office", "private", "mixed", "mixed"])
    odds = {"office": (0.75, 0.1, 0.15), "private": (0.2, 0.6, 0.2), "mixed": (0.45, 0.3, 0.25)}[kind]
    senders = []
    for rank, weight in enumerate(weights):
        rate = a_day * weight / sum(weights)
        nature = chance.choices([Nature.OFFICE, Nature.PRIVATE, Nature.CLOCK], odds)[0]
        burst = 1.0
        if chance.random() < (0.4 if hard else 0.2):
            burst = chance.uniform(1.5, 6.0)
        if rate < 3 and chance.random() < 0.25:
            nature, burst = (
                (Nature.DIGEST, 1.0) if rate < 0.5 or chance.random() < 0.5 else (Nature.DAILY, 1.0)
            )
            rate = 1 / 7 if nature is Nature.DIGEST else 1.0
        if chance.random() < 0.08:
            nature, rate, burst = Nature.OFFICE, 5 / 7, 1.0
        trend = chance.choice([1.0, 1.0, 1.0, 0.5, 2.0] if hard else [1.0, 1.0, 1.0, 0.8, 1.3])
        senders.append(
            Sender(
                name=f"sender{rank}",
                nature=nature,
                rate=rate / burst,
                burst=burst,
                noise=chance.choice([0.02, 0.05, 0.1, 0.2]) if hard else chance.choice([0.0, 0.02, 0.05]),
                trend=trend,
                begins_day=chance.randint(30, days - 60) if chance.random() < 0.1 else 0,
                hour=chance.randint(6, 10),
                moves_day=chance.randint(120, days) if hard and chance.random() < 0.03 else 0,
            )
        )
    outages = []
    for _ in range(chance.randint(1, 4) if hard else chance.randint(0, 2)):
        begin = chance.uniform(0, days * 24.0)
        outages.append((begin, begin + chance.choice([2, 4, 8, 14, 24])))
    return World(
        seed, days, tuple(senders), tuple(outages), chance.choice([0.01, 0.03, 0.06]) if hard else 0.01
    )


class _Hour(NamedTuple):
    """An hour: its local time, whether it is of a holiday, and whether of the quiet days before the new year."""

    at: datetime
    is_holiday: bool
    is_quiet: bool


@lru_cache(2)
def _hours(days: int) -> list[_Hour]:
    """Return the hours of so many days; the same for every world."""
    times = [local_time(hour) for hour in range(days * HOURS_A_DAY)]
    return [_Hour(at, at.date() in HOLIDAYS, at.month == 12 and at.day > 26) for at in times]


def _known(sender: Sender, hours: list[_Hour]) -> list[float]:
    """Return the intensity of a sender's bursts in each hour, its good and bad days left out."""
    of_week: dict[tuple[int, int, bool], float] = {}
    known = []
    for hour, (at, is_holiday, is_quiet) in enumerate(hours):
        key = (at.weekday(), at.hour, is_holiday)
        part = of_week.get(key)
        if part is None:
            part = of_week[key] = shape(sender, at, is_holiday)
        mean = sender.rate / 24 * sender.trend ** (hour / len(hours)) * part
        if is_quiet and sender.nature is Nature.OFFICE:
            mean *= 0.5
        known.append(mean if hour // HOURS_A_DAY >= sender.begins_day else 0.0)
    return known


class Series(NamedTuple):
    """What a world came out as: by sender, the intensity of bursts in each hour (days' noise left out), and the mails."""

    intensity: dict[str, list[float]]
    mails: list[tuple[float, str]]
    """Hour since `BEGIN`, and the sender's name, in order of time."""


def made(world: World, stops: tuple[Stop, ...] = (), again: int = 0) -> Series:
    """Let the mail of a world arrive; `again` is another seed for the chance in it."""
    chance = random.Random(world.seed * 1_000_003 + again)
    hours = _hours(world.days)
    whole = [chance.gammavariate(1 / world.noise, world.noise) for _ in range(world.days + 2)]
    intensity: dict[str, list[float]] = {}
    mails: list[tuple[float, str]] = []
    for sender in world.senders:
        own_days = (
            [chance.gammavariate(1 / sender.noise, sender.noise) for _ in range(world.days + 2)]
            if sender.noise
            else [1.0] * (world.days + 2)
        )
        mine = [stop for stop in stops if stop.sender == sender.name]
        known = _known(sender, hours)
        is_punctual = sender.nature in {Nature.DIGEST, Nature.DAILY}
        for hour, mean in enumerate(known):
            if mean == 0.0:
                continue
            day = hour // HOURS_A_DAY
            number = (
                int(chance.random() < 0.985)
                if is_punctual
                else _poisson(chance, mean * (own_days[day] * whole[day]))
            )
            name = sender.name
            if sender.moves_day and day >= sender.moves_day:
                name = f"{name}-moved"
            for _ in range(number):
                begin = hour + chance.random()
                if any(stop.hour <= begin < stop.ends and chance.random() >= stop.remaining for stop in mine):
                    continue
                size = 1 if sender.burst == 1.0 else _geometric(chance, sender.burst)
                moment = begin
                for _ in range(size):
                    mails.append((moment, name))
                    moment += chance.expovariate(60)
        intensity[sender.name] = known
    mails = [
        mail
        for mail in mails
        if mail[0] < len(hours) and not any(begin <= mail[0] < end for begin, end in world.outages)
    ]
    mails.sort()
    return Series(intensity, mails)


def _poisson(chance: random.Random, mean: float) -> int:
    if mean > 30:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    limit, product, number = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        number += 1
    return number


def _geometric(chance: random.Random, mean: float) -> int:
    return 1 + int(math.log(1 - chance.random()) / math.log(1 - 1 / mean))


@lru_cache(1)
def hour_of_week() -> Callable[[int], int]:
    """Return what gives the local hour of the week of an hour since 1970."""
    known: dict[int, int] = {}

    def local(hour: int) -> int:
        found = known.get(hour)
        if found is None:
            at = datetime.fromtimestamp(hour * 3600, UTC).astimezone(ZONE)
            found = known[hour] = at.weekday() * HOURS_A_DAY + at.hour
        return found

    return local
