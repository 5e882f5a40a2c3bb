"""What is expected of a sender from one time to another, in one step however far they lie apart.

Times are those of the detector's clock: hours that rise by one with every hour, of which the remainder by 168 is the local hour of
the week. Where local time jumps, the clock jumps with it.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from math import inf

import msgspec

from mxproof.rhythm.week import HOURS, HOURS_A_DAY, SUNDAY


class Expectation(msgspec.Struct, frozen=True):
    """Mails expected by hour of the week, and those of a day on which working people are off; `sums` until each hour."""

    by_hour: tuple[float, ...]
    free_by_hour: tuple[float, ...]
    sums: tuple[float, ...]
    free_sums: tuple[float, ...]

    def until(self, clock: float) -> tuple[float, float]:
        """Return the mails expected from time 0 to `clock`, as usual and were all days free."""
        whole = int(clock)
        weeks, hour = divmod(whole, HOURS)
        part = clock - whole
        return (
            weeks * self.sums[HOURS] + self.sums[hour] + part * self.by_hour[hour],
            weeks * self.free_sums[HOURS] + self.free_sums[hour] + part * self.free_by_hour[hour],
        )

    def hour_of(self, mails: float) -> float:
        """Return the hour of the clock by whose end more than so many mails are expected since time 0."""
        a_week = self.sums[HOURS]
        if a_week <= 0.0 or mails == inf:
            return inf
        weeks, rest = divmod(mails, a_week)
        return weeks * HOURS + min(bisect_right(self.sums, rest) - 1, HOURS - 1)


def expectation(by_hour: Sequence[float]) -> Expectation:
    """Return the expectation of so many mails in each hour of the week; a free day is as Sunday, and never more than usual."""
    sunday = by_hour[SUNDAY * HOURS_A_DAY :]
    free = tuple(min(one, sunday[hour % HOURS_A_DAY]) for hour, one in enumerate(by_hour))
    return Expectation(
        tuple(by_hour), free, tuple(accumulate(by_hour, initial=0.0)), tuple(accumulate(free, initial=0.0))
    )


NOTHING = expectation((0.0,) * HOURS)
