"""How a sender's mail is spread over the week: learnt from counts by hour, smoothed by what little is known of it.

A week is 168 hours of local time, Monday's first being 0. The share of an hour is a mean of three: what was counted in that
hour of the week, what the day of the week and the hour of a working or a free day say each for itself, and what all senders
together do. Each counts for as much as there is of it, so that a sender with one mail a week borrows most of its rhythm.
"""

from collections.abc import Sequence
from functools import lru_cache

HOURS_A_DAY = 24
DAYS = 7
HOURS = DAYS * HOURS_A_DAY
FIRST_FREE_DAY = 5
SUNDAY = 6
_WORKING = range(FIRST_FREE_DAY)
_FREE = range(FIRST_FREE_DAY, DAYS)

_DAY_COUNTS = 10.0
"""So many mails of all senders stand beside a sender's own where its days are learnt; likewise below."""
_HOUR_COUNTS = 20.0
_EACH_HOUR_COUNTS = 300.0


def share(counts: Sequence[float], everybody: tuple[float, ...] = (1 / HOURS,) * HOURS) -> list[float]:
    """Return the share of each hour of the week, in sum 1; `counts` and `everybody`'s share are by hour of the week."""
    total = sum(counts)
    days_of_all, *hours_of_all = _spread(everybody)
    day_share = [
        (day + _DAY_COUNTS * of_all) / (total + _DAY_COUNTS)
        for day, of_all in zip(_by_day(counts), days_of_all, strict=True)
    ]
    working, free = (
        _hour_share(_by_hour(counts, days), of_all)
        for days, of_all in zip((_WORKING, _FREE), hours_of_all, strict=True)
    )
    expected = [
        part * hour
        for day, part in enumerate(day_share)
        for hour in (working if day < FIRST_FREE_DAY else free)
    ]
    scale = _EACH_HOUR_COUNTS / sum(expected)
    whole = total + _EACH_HOUR_COUNTS
    return [(count + scale * one) / whole for count, one in zip(counts, expected, strict=True)]


@lru_cache(4)
def _spread(everybody: tuple[float, ...]) -> tuple[list[float], list[float], list[float]]:
    """Return what falls on each day, and on each hour of working and of free days; worked out once for all senders."""
    return _by_day(everybody), _by_hour(everybody, _WORKING), _by_hour(everybody, _FREE)


def _by_day(values: Sequence[float]) -> list[float]:
    return [sum(values[begin : begin + HOURS_A_DAY]) for begin in range(0, HOURS, HOURS_A_DAY)]


def _by_hour(values: Sequence[float], days: range) -> list[float]:
    columns = (values[day * HOURS_A_DAY : (day + 1) * HOURS_A_DAY] for day in days)
    return [sum(column) for column in zip(*columns, strict=True)]


def _hour_share(own: Sequence[float], of_all: Sequence[float]) -> list[float]:
    """Return the share of each hour of such a day, in sum 1."""
    borrowed = _HOUR_COUNTS / (sum(of_all) or 1.0)
    whole = sum(own) + _HOUR_COUNTS
    return [(mine + borrowed * theirs) / whole for mine, theirs in zip(own, of_all, strict=True)]
