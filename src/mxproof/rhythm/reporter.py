"""Reporters: senders whose TLS reports usually come every day (RFC 8460 section 4.1), and one that sends none any more.

Of each reporter is known on which days it reported. How likely a report is on a working day and on a free one is learnt from the last
`MEMORY_DAYS` before the silence; the chance of the silence is that of no report on any of its days. A day counts only where another
reporter shows that reports are taken in. Where all usual reporters are silent, that is an alarm of its own. Reports come late, so
that the last `LATE_DAYS` are not looked at.

The rate of false alarms is kept as far as days are independent of one another; they are not quite, and so nobody is called silent
before `SILENT_DAYS_MIN` days, nor before a silence longer than any before it.
"""

from collections.abc import Collection, Iterable, Mapping
from itertools import pairwise
from math import prod

import msgspec

from mxproof.rhythm.week import DAYS, FIRST_FREE_DAY

LATE_DAYS = 2
SILENT_DAYS_MIN = 3
MEMORY_DAYS = 90
_USUAL_AFTER_DAYS = 14
_USUAL_AFTER_REPORTS = 10
_EPOCH_WEEKDAY = 3
"""1970-01-01 was a Thursday."""
_DAYS_A_YEAR = 365
_FREE_DAYS = (False, True)


class SilentReporter(msgspec.Struct, frozen=True):
    """A reporter without a report since the day `last`, counted from 1970-01-01, by the name of its reports; empty for all of them.

    `expected`: reports that were due since then; `chance`: how likely that silence is where nothing changed.
    """

    name: str
    last: int
    expected: float
    chance: float


class _Usual(msgspec.Struct, frozen=True):
    """A usual reporter: the day of its last report, how likely one is on a working and on a free day, its longest silence before."""

    name: str
    last: int
    likely: tuple[float, float]
    longest: int

    def on(self, day: int) -> float:
        """Return how likely a report of that day is."""
        return self.likely[_is_free(day)]


def silent_reporters(
    days: Mapping[str, Collection[int]], today: int, alarms_a_year: float
) -> list[SilentReporter]:
    """Return who is silent beyond chance, the longest silent first, or all together; `days` are those of each reporter's reports."""
    until = today - LATE_DAYS
    usual = [
        one for name, reported in days.items() if (one := _usual(name, [d for d in reported if d <= today]))
    ]
    if not usual:
        return []
    allowed = alarms_a_year / (_DAYS_A_YEAR * len(usual))
    everybody = _all_silent(usual, until, allowed)
    if everybody is not None:
        return [everybody]
    alive = {day for reported in days.values() for day in reported}
    found = []
    for one in usual:
        silent = [day for day in range(one.last + 1, until + 1) if day in alive]
        chance = prod(1 - one.on(day) for day in silent)
        if len(silent) >= SILENT_DAYS_MIN and until - one.last > one.longest and chance <= allowed:
            found.append(SilentReporter(one.name, one.last, sum(map(one.on, silent)), chance))
    return sorted(found, key=lambda one: (one.last, one.name))


def usual_reporters(days: Mapping[str, Collection[int]], today: int) -> tuple[str, ...]:
    """Return the names of those whose reports usually come, and came within the last `MEMORY_DAYS`."""
    usual = [_usual(name, [day for day in reported if day <= today]) for name, reported in days.items()]
    return tuple(sorted(one.name for one in usual if one is not None and today - one.last <= MEMORY_DAYS))


def _all_silent(usual: list[_Usual], until: int, allowed: float) -> SilentReporter | None:
    """Return the silence of all, told only of several reporters."""
    last = max(one.last for one in usual)
    silent = range(last + 1, until + 1)
    if len(usual) < 2 or len(silent) < SILENT_DAYS_MIN:
        return None
    chance = prod(1 - one.on(day) for one in usual for day in silent)
    if chance > allowed:
        return None
    return SilentReporter("", last, sum(one.on(day) for one in usual for day in silent), chance)


def _usual(name: str, reported: Iterable[int]) -> _Usual | None:
    """Return what is learnt of a reporter, None where it is too new or reports too seldom."""
    every = sorted(set(reported))
    if len(every) < _USUAL_AFTER_REPORTS or every[-1] - every[0] < _USUAL_AFTER_DAYS:
        return None
    last = every[-1]
    memory = range(max(every[0], last - MEMORY_DAYS + 1), last + 1)
    recent = set(every) & set(memory)
    likely = []
    for free in _FREE_DAYS:
        those = [day for day in memory if _is_free(day) is free]
        likely.append((sum(day in recent for day in those) + 0.5) / (len(those) + 1))
    longest = max(later - earlier - 1 for earlier, later in pairwise(every))
    return _Usual(name, last, (likely[0], likely[1]), longest)


def _is_free(day: int) -> bool:
    return (day + _EPOCH_WEEKDAY) % DAYS >= FIRST_FREE_DAY
