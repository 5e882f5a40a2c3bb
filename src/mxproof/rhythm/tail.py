"""How far silence usually goes: the peaks that the evidence of silence reached while all was well, and what lies beyond.

Were mail as independent as chance can make it, a peak would exceed `x` with a probability falling as `exp(-x)`. Real mail comes
in bursts and on good and bad days, so the fall is learnt: beyond a mark that some of the peaks pass it is taken as exponential
with the mean excess for its scale (peaks over threshold). Of a day with several peaks only the highest is taken, since a bad
day makes many. Few peaks are helped by those that chance alone would show.
"""

from math import exp, log

import msgspec

PEAKS_MAX = 400
_MARK_SHARE = 0.15
"""The share of peaks that passes the mark."""
_CHANCE_PEAKS = 10.0
"""What chance alone says weighs as much as so many peaks beyond the mark."""
_MARK_MIN = 1.0


class Tail(msgspec.Struct, eq=False):
    """The peaks of one sender: the latest `PEAKS_MAX`, and what was learnt of them."""

    _peaks: list[float] = []
    _mark: float = _MARK_MIN
    scale: float = 1.0
    _beyond: float = 1.0
    _a_day: float = 1.0

    def __len__(self) -> int:
        return len(self._peaks)

    def add(self, peak: float) -> None:
        """Take in the highest peak of a day."""
        self._peaks.append(peak)
        if len(self._peaks) > PEAKS_MAX:
            del self._peaks[0]

    def learn(self, peaks_a_day: float) -> None:
        """Work out mark and scale anew; `peaks_a_day`: how many there are on a day."""
        peaks = sorted(self._peaks)
        number = len(peaks)
        peak_days = min(1.0, peaks_a_day) or 1.0
        self._a_day = peak_days
        by_day = max(1.0, peaks_a_day)
        self._mark = (
            max(_MARK_MIN, peaks[int(number * (1 - _MARK_SHARE))]) if number else max(_MARK_MIN, log(by_day))
        )
        excess = [peak - self._mark for peak in peaks if peak > self._mark]
        self.scale = max(1.0, (sum(excess) + _CHANCE_PEAKS) / (len(excess) + _CHANCE_PEAKS))
        by_chance = min(1.0, by_day * exp(-self._mark))
        self._beyond = (len(excess) + by_chance * _CHANCE_PEAKS) / (number + _CHANCE_PEAKS)

    def threshold(self, days_a_year: float, alarms_a_year: float) -> float:
        """Return what evidence is passed `alarms_a_year` times in so many days."""
        passing = max(days_a_year * self._a_day * self._beyond / alarms_a_year, 1.0)
        return self._mark + self.scale * log(passing)

    def chance(self, evidence: float) -> float:
        """Return the probability that a day's peak gets so far."""
        return min(1.0, self._a_day * self._beyond * exp(-(evidence - self._mark) / self.scale))
