"""One sender as the detector knows it: its rhythm, and the evidence of silence since its last mail.

The evidence is a cumulative sum (CUSUM) for a fall to a tenth: while time passes it grows by nine tenths of the arrivals expected,
with each arrival it falls by the logarithm of ten, never below nothing. A complete silence and one of nine mails in ten are both
seen by it; the first hardly later than by a test made for it alone.

An arrival is a burst of mail, however many mails are in it: a mail counts for `_WHOLE_AFTER` times what was expected since the
mail before, and for one at most. What is expected is learnt in the same measure, so that it needs no notion of how long a burst
lasts.
"""

from collections.abc import Sequence
from math import exp, inf, log

import msgspec

from mxproof.rhythm.day import DayKind, Voter
from mxproof.rhythm.expectation import NOTHING, Expectation, expectation
from mxproof.rhythm.tail import Tail
from mxproof.rhythm.week import DAYS, HOURS, share

REMAINING_SHARE = 0.1
GAIN = 1.0 - REMAINING_SHARE
LOSS = -log(REMAINING_SHARE)
_WHOLE_AFTER = 4.0
ARRIVALS_COUNTED = _WHOLE_AFTER * log(_WHOLE_AFTER / (_WHOLE_AFTER - 1))
"""So many arrivals there are for each that is counted, where they come by chance alone: some come soon after another."""
BURST_S = 600.0
"""How long a burst lasts where nothing is learnt yet; of a sender that is found to write more often, less."""
_BURST_HOURS = 4
"""After so many hours with mail, less than a day says how long a burst lasts."""
_FORGET_SHARE_DAYS = 90.0
_FORGET_RATE_DAYS = 30.0
_RATE_COUNTS = 50.0
"""A rate is learnt from about so many arrivals at least, however long ago the first of them."""
_BEYOND_MAX = 3 * LOSS
"""Evidence goes no further beyond the threshold, so that a few mails end an alarm."""
_TAIL_AFTER_DAYS = 28
_NOISE_PRIOR = 0.03
_NOISE_PRIOR_WEIGHT = 4000.0
_YOUNG_NOISE = 2.0
"""Days may differ by more than was seen: by as many parts of the days learnt, and no more than at the end of the sixth week.

Doubted further, a sender of twenty mails a day known for two weeks would be silent for two and a half days before it was told.
"""
_YOUNG_NOISE_MAX = 0.05
_NOISE_KEPT_A_DAY = 0.995
_NOISE_DAYS_USUAL = 0.5
"""How likely a day has to be a usual one, for good and bad days to be learnt from it."""
_SURPRISE_MAX = 16.0
_HOUR_S = 3600
_SILENCE_EXPECTED = 12.0
"""About what an alarm takes: how many days that are tells how far good and bad ones level out."""
_NOISE_DOUBTED = 1.0
"""How much of good and bad days a threshold allows for beforehand; the rest is learnt from peaks."""
_MUCH_NOISE_DOUBTED = 2.0
"""Days that differ much have worse ones than a variance tells."""
_KNOWN_MIN = 3.0
_YOUNG_DAYS = 4.0
"""A threshold is raised by as many parts of the days learnt."""
_ALARMED_DAYS_MAX = 28
"""After so long an alarm, what still comes is the new rhythm."""


class SenderRhythm(msgspec.Struct, eq=False):
    """What is learnt of one sender, and how it stands now."""

    name: str
    first_s: float
    last_s: float = -inf
    since_s: float = -inf
    counts: list[float] = msgspec.field(default_factory=lambda: [0.0] * HOURS)
    total: float = 0.0
    arrivals_ever: float = 0.0
    learnt_days: int = 0
    rate_counts: float = 0.0
    rate_days: float = 0.0
    rate_a_day: float = 0.0
    expectation: Expectation = NOTHING
    _passed: tuple[float, float] = (0.0, 0.0)
    today: dict[int, float] = {}
    empty_days: int = 0
    tail: Tail = msgspec.field(default_factory=Tail)
    threshold: float = inf
    _evidence_max: float = inf
    _noise: float = 0.0
    _noise_weight: float = 0.0
    _known: float = 30.0
    _stretch: float = 1.0
    watched: bool = False
    alarmed: bool = False
    alarmed_days: int = 0
    judged_days: int = 0
    evidence: float = 0.0
    expected_since: float = 0.0
    since_mail: float = 0.0
    gap: float = 0.0
    gap_free: float = 0.0
    peak: tuple[float, float, float] = (0.0, 0.0, 0.0)
    peaks: int = 0
    peaks_total: int = 0
    day_expected: float = 0.0
    day_free: float = 0.0
    day_arrivals: float = 0.0
    before_expected: float = 0.0
    before_arrivals: float = 0.0
    before_usual: bool = False
    burst_s: float = BURST_S

    def __post_init__(self) -> None:
        if self.last_s == -inf:
            self.last_s = self.since_s = self.first_s

    def begin_at(self, clock: float) -> None:
        """Let time begin at `clock` without having passed until there."""
        self._passed = self.expectation.until(clock)

    def pass_time(self, clock: float) -> None:
        """Let time pass until `clock`."""
        before, before_free = self._passed
        self._passed = reached, reached_free = self.expectation.until(clock)
        expected, free = reached - before, reached_free - before_free
        evidence = self.evidence + GAIN * expected
        self.evidence = min(self._evidence_max, evidence)
        self.expected_since += expected
        self.since_mail += expected
        self.gap += expected
        self.gap_free += free
        self.day_expected += expected
        self.day_free += free

    def due_at(self) -> float:
        """Return the hour of the clock within which a silence that goes on would pass the threshold, or now where it has."""
        missing = max(0.0, self.threshold - self.evidence) / GAIN
        return self.expectation.hour_of(self._passed[0] + missing)

    def leave_out(self, expected: float, free: float) -> None:
        """Take back what was expected while nothing was taken."""
        self.evidence = max(0.0, self.evidence - GAIN * expected)
        self.expected_since = max(0.0, self.expected_since - expected)
        self.since_mail = max(0.0, self.since_mail - expected)
        self.gap = max(0.0, self.gap - expected)
        self.gap_free = max(0.0, self.gap_free - free)
        self.day_expected = max(0.0, self.day_expected - expected)
        self.day_free = max(0.0, self.day_free - free)

    def arrive(self, at_s: float, week_hour: int) -> None:
        """Take in a mail: the evidence falls, and a peak that it had reached is over where it is down to nothing."""
        if self.watched:
            weight = min(1.0, _WHOLE_AFTER * self.since_mail)
        else:
            if week_hour not in self.today and len(self.today) >= _BURST_HOURS:
                self._learn_burst()
            weight = min(1.0, ((at_s - self.last_s) / self.burst_s) ** 2) if self.arrivals_ever else 1.0
        self.last_s = at_s
        self.since_mail = 0.0
        self.today[week_hour] = self.today.get(week_hour, 0.0) + weight
        self.arrivals_ever += weight
        self.day_arrivals += weight
        before = self.evidence
        if before > self.peak[0]:
            self.peak = (before, self.gap, self.gap_free)
        after = before - LOSS * weight
        if after > 0.0:
            self.evidence = after
            self.gap *= after / before
            self.gap_free *= after / before
            return
        self.peaks += before > 0.0
        self.evidence = self.expected_since = self.gap = self.gap_free = 0.0
        self.since_s = at_s
        self.alarmed = False

    def considered(self, days: Sequence[tuple[float, DayKind]]) -> float:
        """Return the evidence where today may be a day of another kind, each with its probability."""
        return self._considered(days, self.evidence, self.gap, self.gap_free)

    def _considered(
        self, days: Sequence[tuple[float, DayKind]], evidence: float, gap: float, gap_free: float
    ) -> float:
        scale = self._stretch
        each = [
            (probability, GAIN * kind.scale * ((1 - kind.free) * gap + kind.free * gap_free))
            for probability, kind in days
            if probability > 0.0
        ]
        # Told from the least on: of a long silence of a busy sender every one by itself is too unlikely for a float.
        least = min(told for _, told in each)
        likely = sum(probability * exp((least - told) / scale) for probability, told in each)
        return evidence - min(evidence, GAIN * gap) + least - scale * log(likely)

    def voter(self) -> Voter:
        """Return what it says of today."""
        return Voter(
            self.day_expected, self.day_free, self.day_arrivals, self.before_expected, self.before_arrivals
        )

    def close_day(self, days: Sequence[tuple[float, DayKind]], *, learn: bool) -> None:
        """Learn from the day that has ended: its highest peak, its counts and its rate.

        A day without mail is learnt when mail comes again: one that belongs to an endless silence never is.
        """
        if self.watched:
            self.evidence = max(0.0, min(self.evidence, self.considered(days)))
            self.judged_days += 1
            if self.peaks and not self.alarmed:
                if self.learnt_days >= _TAIL_AFTER_DAYS:
                    self.tail.add(
                        self._level(max(0.0, min(self.peak[0], self._considered(days, *self.peak))))
                    )
                self.peaks_total += self.peaks
            is_usual = days[0][0] > _NOISE_DAYS_USUAL and not self.alarmed
            if is_usual and self.before_usual:
                self._learn_noise()
            self.before_usual = is_usual
            self.peak = (max(0.0, min(self.peak[0], self._considered(days, *self.peak))), 0.0, 0.0)
        elif self.today:
            self._learn_burst()
        if self.peaks:
            self.peak, self.peaks = (0.0, 0.0, 0.0), 0
        self.alarmed_days = self.alarmed_days + 1 if self.alarmed else 0
        if learn and not 0 < self.alarmed_days <= _ALARMED_DAYS_MAX:
            self.empty_days += 1
            if self.today:
                self._learn_counts(self.empty_days)
                self.empty_days = 0
        self.today = {}
        self.gap = self.gap_free = 0.0
        self.before_expected, self.before_arrivals = self.day_expected, self.day_arrivals
        self.day_expected = self.day_free = self.day_arrivals = 0.0

    def _learn_counts(self, days: int) -> None:
        kept = 0.5 ** (days / _FORGET_SHARE_DAYS)
        came = sum(self.today.values())
        self.counts = [kept * old for old in self.counts]
        for week_hour, new in self.today.items():
            self.counts[week_hour] += new
        self.total = kept * self.total + came
        self.learnt_days += days
        slow = max(_FORGET_RATE_DAYS, _RATE_COUNTS / max(self.rate_a_day, 0.01))
        kept = 0.5 ** (days / slow)
        self.rate_counts = kept * self.rate_counts + came
        self.rate_days = kept * self.rate_days + (1 - kept) / (1 - 0.5 ** (1 / slow))
        self.rate_a_day = self.rate_counts / self.rate_days

    def learn(self, everybody: tuple[float, ...], clock: float) -> None:
        """Work out the arrivals expected in each hour of the week from now on, and how far silence usually goes."""
        a_week = DAYS * self.rate_a_day
        self.expectation = expectation([a_week * part for part in share(self.counts, everybody)])
        self.begin_at(clock)
        self.tail.learn(self.peaks_total / max(1, self.judged_days))

    def _learn_burst(self) -> None:
        """Learn how soon after another a mail is one of the same burst, before a rhythm is known: a fourth of the usual time between two."""
        by_hour = self.today.values()
        an_hour = sum(count * count for count in by_hour) / sum(by_hour)
        self.burst_s = min(self.burst_s, _HOUR_S / (_WHOLE_AFTER * an_hour))

    def _learn_noise(self) -> None:
        """Learn how far good and bad days differ: the variance beyond chance, as a share of the square of what is expected.

        It is told by how far a day differs from the one before: what is expected may be wrong for both, while a rate is learnt.
        """
        expected, before = self.day_expected, self.before_expected
        came = self.day_arrivals + self.before_arrivals
        if min(expected, before) < 1.0 or came <= 0.0:
            return
        level = came / (expected + before)
        by_chance = (1 / expected + 1 / before) / level
        difference = (self.day_arrivals / expected - self.before_arrivals / before) / level
        surprise = min(difference**2, _SURPRISE_MAX * (by_chance + 0.2))
        weight = 1 / (by_chance / 2 + 0.05) ** 2
        self._noise = _NOISE_KEPT_A_DAY * self._noise + weight * (surprise - by_chance) / 2
        self._noise_weight = _NOISE_KEPT_A_DAY * self._noise_weight + weight

    def allow(self, alarms_a_year: float) -> None:
        """Set the threshold that is passed by chance so many times a year.

        A rate that was learnt from `n` arrivals, or that differs from day to day with a variance of 1/n, is not silent for `g`
        expected ones as rarely as exp(-g) but as (1 + g/n)^-n.
        """
        noise = (self._noise + _NOISE_PRIOR_WEIGHT * _NOISE_PRIOR) / (
            self._noise_weight + _NOISE_PRIOR_WEIGHT
        )
        days = max(1.0, _SILENCE_EXPECTED / max(self.rate_a_day, 1e-3))
        noise = max(noise, 0.0) + min(_YOUNG_NOISE_MAX, _YOUNG_NOISE / self.learnt_days)
        doubted = noise * (_NOISE_DOUBTED + _MUCH_NOISE_DOUBTED * noise) / days
        self._known = max(1 / (1 / max(self.rate_counts, 5.0) + doubted), _KNOWN_MIN)
        level = self.tail.threshold(365.0, alarms_a_year) * (1 + _YOUNG_DAYS / self.learnt_days)
        self.threshold = self._known * (exp(min(level / self._known, 5.0)) - 1)
        self._stretch = max(1.0, self.threshold / level)
        self._evidence_max = self.threshold + _BEYOND_MAX

    def _level(self, evidence: float) -> float:
        """Return the evidence as if rate and days were known."""
        return self._known * log(1 + evidence / self._known)

    def chance(self, evidence: float) -> float:
        """Return the probability that a usual day shows as much silence."""
        return self.tail.chance(self._level(evidence))
