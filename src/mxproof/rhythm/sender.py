"""One sender as the detector knows it: its rhythm, and the evidence of silence since its last mail.

The evidence is a cumulative sum (CUSUM) for a fall to a tenth: while time passes it grows by nine tenths of the mails expected,
with each mail that comes it falls by the logarithm of ten, never below nothing. A complete silence and one of nine mails in ten
are both seen by it; the first hardly later than by a test made for it alone.

What passes while nobody else's mail shows that the log is alive is kept apart (`pending`) until somebody's does.
"""

from collections.abc import Sequence
from math import exp, log

from mxproof.rhythm.day import DayKind
from mxproof.rhythm.tail import Tail
from mxproof.rhythm.week import HOURS, share

REMAINING_SHARE = 0.1
_GAIN = 1.0 - REMAINING_SHARE
_LOSS = -log(REMAINING_SHARE)
_FORGET_SHARE_DAYS = 90.0
_FORGET_RATE_DAYS = 30.0
_RATE_COUNTS = 30.0
"""A rate is learnt from about so many mails at least, however long ago the first of them."""
_BEYOND_MAX = 3 * _LOSS
"""Evidence goes no further beyond the threshold, so that a few mails end an alarm."""
DAYS_A_WEEK = 7.0


class SenderRhythm:
    """What is learnt of one sender; counts are of arrivals, in which a burst is one."""

    def __init__(self, name: str, first_s: float) -> None:
        self.name = name
        self.first_s = first_s
        self.last_s = first_s
        self.counts = [0.0] * HOURS
        self.total = 0.0
        self.learnt_days = 0.0
        self.rate_counts = 0.0
        self.rate_days = 0.0
        self.rate_a_day = 0.0
        self.expected = [0.0] * HOURS
        self.today = [0.0] * HOURS
        self.tail = Tail()
        self.threshold = float("inf")
        self.highest = 0.0
        self.peaks = 0
        self.evidence = 0.0
        self.expected_since = 0.0
        self.pending = 0.0
        self.pending_free = 0.0
        self.gap = 0.0
        self.gap_free = 0.0
        self.day_expected = 0.0
        self.day_expected_free = 0.0
        self.day_arrivals = 0.0
        self.before_expected = self.before_arrivals = 0.0
        self.since_s = first_s
        self.alarmed = False
        self.days_with_peak = 0.0
        self.empty_days = 0
        self.watched_days = 0
        self.peaks_total = 0.0

    def confirm(self) -> None:
        """Count what was pending: somebody else's mail has shown that the log was alive."""
        if self.pending:
            self.evidence = min(self.evidence + _GAIN * self.pending, self.threshold + _BEYOND_MAX)
            self.expected_since += self.pending
            self.gap += self.pending
            self.gap_free += self.pending_free
            self.day_expected += self.pending
            self.day_expected_free += self.pending_free
            self.pending = self.pending_free = 0.0

    def leave_out(self) -> None:
        """Count nothing of what was pending: nothing was taken then."""
        self.pending = self.pending_free = 0.0

    def arrive(self, arrivals: float, at_s: float) -> None:
        """Take in what came: the evidence falls, and a peak that it had reached is over where it is down to nothing."""
        self.confirm()
        self.highest = max(self.highest, self.evidence)
        self.evidence -= _LOSS * arrivals
        self.day_arrivals += arrivals
        self.gap = self.gap_free = 0.0
        if self.evidence <= 0.0:
            self.evidence = 0.0
            self.expected_since = 0.0
            self.since_s = at_s
            self.peaks += 1
        self.last_s = at_s

    def considered(self, days: Sequence[tuple[float, DayKind]]) -> float:
        """Return the evidence where today may be a day of another kind, each with its probability."""
        scale = self.tail.scale
        likely = sum(
            probability
            * exp(-_GAIN * kind.scale * ((1 - kind.free) * self.gap + kind.free * self.gap_free) / scale)
            for probability, kind in days
        )
        return self.evidence - min(self.evidence, _GAIN * self.gap) - scale * log(likely)

    def close_day(self, *, learn: bool, watched: bool) -> None:
        """Learn from the day that has ended: its highest peak, its counts and its rate.

        A day without mail is learnt when mail comes again: one that belongs to an endless silence never is.
        """
        came = any(self.today)
        if learn and not self.alarmed:
            if self.peaks and watched:
                self.tail.add(self.highest)
                self.days_with_peak += 1
                self.peaks_total += self.peaks
            self.empty_days += 1
            if came:
                self._learn_counts(self.empty_days)
                self.empty_days = 0
        if self.peaks:
            self.highest, self.peaks = 0.0, 0
        self.today = [0.0] * HOURS
        self.gap = self.gap_free = 0.0
        self.before_expected, self.before_arrivals = self.day_expected / 2, self.day_arrivals / 2
        self.day_expected = self.day_expected_free = self.day_arrivals = 0.0

    def _learn_counts(self, days: int) -> None:
        kept = 0.5 ** (days / _FORGET_SHARE_DAYS)
        came = sum(self.today)
        self.counts = [kept * old + new for old, new in zip(self.counts, self.today, strict=True)]
        self.total = kept * self.total + came
        self.learnt_days += days
        slow = max(_FORGET_RATE_DAYS, _RATE_COUNTS / max(self.rate_a_day, 0.01))
        kept = 0.5 ** (days / slow)
        self.rate_counts = kept * self.rate_counts + came
        self.rate_days = kept * self.rate_days + (1 - kept) / (1 - 0.5 ** (1 / slow))
        self.rate_a_day = self.rate_counts / self.rate_days

    def learn(self, everybody: list[float]) -> None:
        """Work out the mails expected in each hour of the week, and how far silence usually goes."""
        a_week = DAYS_A_WEEK * self.rate_a_day
        self.expected = [a_week * part for part in share(self.counts, everybody)]
        self.tail.learn(self.peaks_total / self.days_with_peak if self.days_with_peak else 1.0)
