"""All senders together: the mail expected of them, and from when on a gap in everybody's mail is beyond chance.

How long such gaps usually get is learnt as it is of one sender: of each usual day the longest, told in mails that were due. A rhythm
learnt from single senders counts a mail for less that comes soon after another of the same sender; of all together it is one.
"""

from collections.abc import Sequence
from math import exp, inf, log

import msgspec

from mxproof.rhythm.day import DayKind
from mxproof.rhythm.sender import ARRIVALS_COUNTED
from mxproof.rhythm.tail import Tail
from mxproof.rhythm.week import DAYS, HOURS

GAP_DOUBTED = 6.0
"""From so many mails expected of all, a gap in everybody's mail may be one of the log."""
_WITHOUT_FIRST = 5.0
_WITHOUT_TWO = 2.0
"""How much of the expected remains in an outage where the largest sender, or the two largest, are left out."""
_MAILS_UNTIL_READY = 20
"""After so many mails everything can fall silent again."""
_OUTAGE_FACTOR = 1.5
"""A gap that goes so far beyond the threshold is no usual one, and nothing is learnt of it."""
_LEARN_USUAL = 0.5
"""How likely a day has to be a usual one, for gaps to be learnt from it."""
_LEARN_FROM_DAY = 42
_DOUBTED = 1.1
_YOUNG_DAYS = 10
"""The threshold is raised by as many parts of the days that have passed, and so much in any case: what was learnt may be wrong."""
_DAYS_A_YEAR = 365
_LEAST = 1e-300

Gap = Sequence[tuple[float, float]]
"""The mails expected of each sender in a gap, as usual and were it a free day."""


class Everybody(msgspec.Struct, eq=False):
    """What is expected of all in each hour of the week, and how the gap stands in which nobody's mail has come.

    `pending`: mails due until the end of the last whole hour or `part`, the part of this hour at which the count of it begins;
    `since_s`: when anybody's last mail came, in seconds since 1970; `longest`: the longest gap of today, in mails due.
    """

    expected: list[float] = msgspec.field(default_factory=lambda: [0.0] * HOURS)
    threshold: float = inf
    pending: float = 0.0
    part: float = 0.0
    since_s: float = 0.0
    longest: float = 0.0
    mails_until_ready: int = 0
    tail: Tail = msgspec.field(default_factory=Tail)

    def begin_at(self, at_s: float, part: float) -> None:
        """Let a gap begin without a mail before it."""
        self.pending = 0.0
        self.part = part
        self.since_s = at_s

    def due(self, week_hour: int, part: float) -> float:
        """Return the mails expected since anybody's last, until a part of this hour."""
        return self.pending + self.expected[week_hour] * max(0.0, part - self.part)

    def end_hour(self, week_hour: int) -> None:
        """Let this hour pass to its end."""
        self.pending = self.due(week_hour, 1.0)
        self.part = 0.0

    def arrive(self, at_s: float, part: float, due: float) -> None:
        """Let a mail end the gap, in which so many were due."""
        if due > self.longest:
            self.longest = due
        self.mails_until_ready -= 1
        self.pending = 0.0
        self.part = part
        self.since_s = at_s

    def is_long(self, due: float) -> bool:
        """Tell whether a gap would be beyond chance on a usual day, and was not told of."""
        return self.mails_until_ready <= 0 and due > self.threshold

    def told(self) -> None:
        """Tell of no other gap until mail has come again."""
        self.mails_until_ready = _MAILS_UNTIL_READY

    def passed_at(self, hour: int, week_hour: int, part: float, evidence: float) -> float:
        """Return when the evidence passed the threshold that lies behind it now, within this hour, in seconds since 1970."""
        rate = self.expected[week_hour]
        earlier = min(part, (evidence - self.threshold) / rate) if rate else 0.0
        return max((hour + part - earlier) * 3600, self.since_s)

    def close_day(self, usual: float, day: int) -> None:
        """Learn from the longest gap of the day that has ended, where it was likely a usual one."""
        longest, self.longest = self.longest, 0.0
        if day >= _LEARN_FROM_DAY and usual > _LEARN_USUAL and longest <= _OUTAGE_FACTOR * self.threshold:
            self.tail.add(min(longest, self.threshold))

    def learn(self, by_hour: Sequence[float], day: int, alarms_a_year: float) -> None:
        """Expect so many arrivals from now on, and set the threshold that is passed by chance so many times a year."""
        self.expected = [ARRIVALS_COUNTED * one for one in by_hour]
        self.tail.learn(sum(self.expected) / DAYS)
        threshold = self.tail.threshold(_DAYS_A_YEAR, alarms_a_year)
        self.threshold = max(threshold * (_DOUBTED + _YOUNG_DAYS / day), GAP_DOUBTED)


def evidence_of(gap: Gap, days: Sequence[tuple[float, DayKind]]) -> float:
    """Return how far a gap is beyond chance, where today may be a day of another kind; nothing where one or two senders make it.

    On a day with less mail there are fewer gaps too.
    """
    each = sorted((expected for expected, _ in gap), reverse=True)
    whole, free = sum(each), sum(one for _, one in gap)
    if whole - sum(each[:1]) <= _WITHOUT_FIRST or whole - sum(each[:2]) <= _WITHOUT_TWO:
        return 0.0
    likely = 0.0
    for chance, kind in days:
        due = kind.scale * ((1 - kind.free) * whole + kind.free * free)
        likely += chance * due / whole * exp(-ARRIVALS_COUNTED * due)
    return -log(max(likely, _LEAST))
