"""Whether a new sender is one that fell silent, under another name: it took up at once, and writes as much.

A busy new sender is counted for less than it writes until its bursts are known, so that little is asked of it. Of those that write
seldom nothing is concluded but where the new one keeps to the same hours of the week: in their long silences others begin by chance.
"""

from math import exp, log

from mxproof.rhythm.sender import BURST_S, SenderRhythm
from mxproof.rhythm.week import HOURS

MOVED_A_DAY_MIN = 0.3
_FACTOR = 2.0
"""So far at most its mail differs from what was due."""
_SAME_HOURS = 2.0
"""The mean logarithm of how much likelier the hours of the new one are than any others, to be those of the old one."""
_HOUR_S = 3600


def writes_as_much(old: SenderRhythm, new: SenderRhythm) -> bool:
    """Tell whether as much came from the new one as was due of the old one, as far as that can be seen yet."""
    due = old.since_mail
    return due * _seen_share(old) / _FACTOR <= new.arrivals_ever <= due * _FACTOR


def keeps_hours(old: SenderRhythm, new: SenderRhythm) -> bool:
    """Tell whether the new one is often enough that chance is no reason, or writes at just the hours of the old one."""
    if old.rate_a_day >= MOVED_A_DAY_MIN:
        return True
    expected, whole, came = old.expectation.by_hour, sum(old.expectation.by_hour), sum(new.counts)
    if whole <= 0.0 or came <= 0.0:
        return False
    likelier = sum(
        count * log(max(one / whole * HOURS, 1e-3))
        for count, one in zip(new.counts, expected, strict=True)
        if count
    )
    return likelier >= _SAME_HOURS * came


def _seen_share(old: SenderRhythm) -> float:
    """Return how much of so much mail, in its busiest hour, is counted before bursts are known."""
    in_burst = max(old.expectation.by_hour) * BURST_S / _HOUR_S
    if in_burst <= 0.0:
        return 1.0
    return min(1.0, 2 / in_burst**2 * (1 - exp(-in_burst) * (1 + in_burst)))
