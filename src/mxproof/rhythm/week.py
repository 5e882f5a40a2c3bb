"""How a sender's mail is spread over the week: learnt from counts by hour, smoothed by what little is known of it.

A week is 168 hours of local time, Monday's first being 0. The share of an hour is a mean of three: what was counted in that
hour of the week, what the day of the week and the hour of a working or a free day say each for itself, and what all senders
together do. Each counts for as much as there is of it, so that a sender with one mail a week borrows most of its rhythm.
"""

from collections.abc import Sequence

HOURS_A_DAY = 24
DAYS = 7
HOURS = DAYS * HOURS_A_DAY
FIRST_FREE_DAY = 5
SUNDAY = 6

_DAY_COUNTS = 10.0
"""So many mails of all senders stand beside a sender's own where its days are learnt; likewise below."""
_HOUR_COUNTS = 20.0
_EACH_HOUR_COUNTS = 300.0


def share(counts: Sequence[float], everybody: Sequence[float] | None = None) -> list[float]:
    """Return the share of each hour of the week, in sum 1; `counts` and `everybody`'s share are by hour of the week."""
    if everybody is None:
        everybody = [1 / HOURS] * HOURS
    total = sum(counts)
    days = _by_day(counts)
    days_of_all = _by_day(everybody)
    day_share = [
        (day + _DAY_COUNTS * of_all) / (total + _DAY_COUNTS)
        for day, of_all in zip(days, days_of_all, strict=True)
    ]
    hour_share = [_hours(counts, everybody, free=free) for free in (False, True)]
    expected = [
        day_share[hour // HOURS_A_DAY] * hour_share[hour // HOURS_A_DAY >= FIRST_FREE_DAY][hour % HOURS_A_DAY]
        for hour in range(HOURS)
    ]
    whole = sum(expected)
    return [
        (count + _EACH_HOUR_COUNTS * one / whole) / (total + _EACH_HOUR_COUNTS)
        for count, one in zip(counts, expected, strict=True)
    ]


def _by_day(values: Sequence[float]) -> list[float]:
    return [sum(values[day * HOURS_A_DAY : (day + 1) * HOURS_A_DAY]) for day in range(DAYS)]


def _hours(counts: Sequence[float], everybody: Sequence[float], *, free: bool) -> list[float]:
    """Return the share of each hour of a working day, or of a free one, in sum 1."""
    days = range(FIRST_FREE_DAY, DAYS) if free else range(FIRST_FREE_DAY)

    def by_hour(values: Sequence[float]) -> list[float]:
        return [sum(values[day * HOURS_A_DAY + hour] for day in days) for hour in range(HOURS_A_DAY)]

    own, of_all = by_hour(counts), by_hour(everybody)
    all_total = sum(of_all) or 1.0
    own_total = sum(own)
    return [
        (mine + _HOUR_COUNTS * theirs / all_total) / (own_total + _HOUR_COUNTS)
        for mine, theirs in zip(own, of_all, strict=True)
    ]
