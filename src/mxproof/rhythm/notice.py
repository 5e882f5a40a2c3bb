"""What is known of a sender, said in few words: its rhythm, and the time in which its silence would be noticed."""

from collections.abc import Sequence
from math import inf
from statistics import median

import msgspec

from mxproof.rhythm.sender import GAIN, SenderRhythm
from mxproof.rhythm.week import DAYS, HOURS, HOURS_A_DAY

_MIDDLE_SHARE = 0.8
_DAY_LEAST_SHARE = 0.5 / DAYS


class KnownSender(msgspec.Struct, frozen=True):
    """A sender that is watched.

    `a_day`: arrivals, in which a burst is one; `days`: days of the week with a fair share of it, Monday 0; `hours`: the first and
    the last hour of the day between which four fifths of it lie; `noticed_h`: hours after which a silence that begins now would be
    noticed, in the median over the hours of a week, `noticed_max_h` where it begins at the worst one.
    """

    name: str
    a_day: float
    days: tuple[int, ...]
    hours: tuple[int, int]
    noticed_h: float
    noticed_max_h: float


def known_sender(one: SenderRhythm) -> KnownSender:
    """Return what is known of a sender that is watched."""
    expected = one.expectation.by_hour
    whole = sum(expected) or 1.0
    by_day = [sum(expected[day * HOURS_A_DAY : (day + 1) * HOURS_A_DAY]) / whole for day in range(DAYS)]
    by_hour = [sum(expected[hour::HOURS_A_DAY]) / whole for hour in range(HOURS_A_DAY)]
    delays = [_noticed(expected, one.threshold, begin) for begin in range(HOURS)]
    return KnownSender(
        one.name,
        one.rate_a_day,
        tuple(day for day, part in enumerate(by_day) if part >= _DAY_LEAST_SHARE),
        _middle(by_hour),
        median(delays),
        max(delays),
    )


def _noticed(expected: Sequence[float], threshold: float, begin: int) -> float:
    """Return the hours from an hour of the week on until a silence passes the threshold."""
    a_week = GAIN * sum(expected)
    if a_week <= 0.0 or threshold == inf:
        return inf
    weeks = int(threshold / a_week)
    left = threshold - weeks * a_week
    for passed in range(HOURS + 1):
        gain = GAIN * expected[(begin + passed) % HOURS]
        if gain >= left:
            return weeks * HOURS + passed + left / gain if gain else float(weeks * HOURS + passed)
        left -= gain
    return float((weeks + 1) * HOURS)


def _middle(by_hour: list[float]) -> tuple[int, int]:
    """Return the shortest span of hours of a day, perhaps over midnight, that holds most of the mail."""
    for length in range(1, HOURS_A_DAY):
        sums = [
            sum(by_hour[(first + n) % HOURS_A_DAY] for n in range(length)) for first in range(HOURS_A_DAY)
        ]
        best = max(range(HOURS_A_DAY), key=sums.__getitem__)
        if sums[best] >= _MIDDLE_SHARE:
            return best, (best + length) % HOURS_A_DAY
    return 0, 0
