"""Scores of the alarm for silent reporters over drawn domains: false alarms, stops found, and after how many days.

`python -m silence.reporters FIRST_SEED NUMBER [RATE]`. Seeds below 200 are for tuning, those from 1000 on for scoring. A reporter
reports on a day if it wrote on it: how likely that is differs by sender, on free days, from week to week and over holidays. Reports
come one or two days late, now and then a week; on some days nothing is taken in at all, and what came then is lost.
"""

import random
import sys
from datetime import UTC, datetime
from statistics import median
from typing import NamedTuple

from mxproof.rhythm.reporter import LATE_DAYS, silent_reporters

YEARS = 2
DAYS = 365 * YEARS
FIRST = (datetime(2025, 1, 1, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).days
JUDGED_FROM = 60
STOPS_A_DOMAIN = 2
LOOKED_AFTER_STOP = 90


class Reporter(NamedTuple):
    """How likely a report is on a working day and on a free one, how much weeks differ, and how often one is late or lost."""

    name: str
    working: float
    free: float
    weeks: float
    late: float
    lost: float
    begins: int


class Reports(NamedTuple):
    """Of each reporter the days reported of, each with the day on which the report came."""

    came: dict[str, list[tuple[int, int]]]

    def known(self, today: int, stopped: str = "", last: int = 0) -> dict[str, list[int]]:
        """Return what is known on a day, where a reporter has sent none since `last`."""
        return {
            name: [day for day, came in days if came <= today and not (name == stopped and day > last)]
            for name, days in self.came.items()
        }


class Found(NamedTuple):
    """How long what was seen is in years, the false alarms, and of each stop after how many days it was told, None for never."""

    years: float
    false: int
    false_of_all: int
    told_after: list[int | None]


def drawn(seed: int) -> tuple[list[Reporter], Reports]:
    """Draw the reporters of a domain, and what they report over the years."""
    chance = random.Random(seed)
    reporters = []
    for number in range(chance.randint(2, 12)):
        working = chance.choice([0.99, 0.97, 0.9, 0.7, 0.4])
        reporters.append(
            Reporter(
                f"reporter{number}.example",
                working,
                working * chance.choice([1.0, 0.95, 0.6, 0.1]),
                chance.choice([0.0, 0.0, 0.3]),
                chance.choice([0.0, 0.02, 0.1]),
                chance.choice([0.0, 0.005, 0.02]),
                chance.choice([0, 0, 0, chance.randint(0, 400)]),
            )
        )
    dead = {
        day
        for _ in range(chance.randint(0, 3))
        for first in [chance.randint(0, DAYS)]
        for day in range(first, first + chance.randint(1, 3))
    }
    came = {one.name: sorted(_reported(one, chance, dead)) for one in reporters}
    return reporters, Reports(came)


def _reported(one: Reporter, chance: random.Random, dead: set[int]) -> list[tuple[int, int]]:
    found = []
    week = 1.0
    for day in range(one.begins, DAYS):
        at = datetime.fromtimestamp((FIRST + day) * 86_400, UTC)
        if day % 7 == 0:
            week = 1 - one.weeks * chance.random()
        is_holiday = (at.month, at.day) in {(1, 1), (5, 1), (12, 24), (12, 25), (12, 26), (12, 31)}
        likely = week * (one.free if at.weekday() >= 5 or is_holiday else one.working)
        if chance.random() >= likely or chance.random() < one.lost:
            continue
        came = day + (chance.randint(3, 7) if chance.random() < one.late else chance.randint(1, LATE_DAYS))
        if came not in dead:
            found.append((FIRST + day, FIRST + came))
    return found


def score(seeds: range, a_year: float = 1.0) -> Found:
    """Look at the reports of each domain every day, and have some reporters stop."""
    years, false, of_all = 0.0, 0, 0
    after: list[int | None] = []
    for seed in seeds:
        reporters, reports = drawn(seed)
        years += (DAYS - JUDGED_FROM) / 365
        told: set[tuple[str, int]] = set()
        for today in range(FIRST + JUDGED_FROM, FIRST + DAYS):
            told |= {(one.name, one.last) for one in silent_reporters(reports.known(today), today, a_year)}
        false += len(told)
        of_all += sum(not name for name, _ in told)
        chance = random.Random(seed + 77)
        daily = [one for one in reporters if one.working * (1 - one.weeks) >= 0.9 and not one.begins]
        for one in chance.sample(daily, min(len(daily), STOPS_A_DOMAIN)):
            last = FIRST + chance.randint(120, DAYS - LOOKED_AFTER_STOP)
            after.append(_told_after(reports, one.name, last, a_year))
    return Found(years, false, of_all, after)


def _told_after(reports: Reports, name: str, last: int, a_year: float) -> int | None:
    for today in range(last + 1, last + LOOKED_AFTER_STOP):
        silent = silent_reporters(reports.known(today, name, last), today, a_year)
        if any(one.name in (name, "") and one.last <= last for one in silent):
            return today - last
    return None


def main(arguments: list[str]) -> None:
    """Print the scores."""
    first, number = int(arguments[0]), int(arguments[1])
    a_year = float(arguments[2]) if len(arguments) > 2 else 1.0
    found = score(range(first, first + number), a_year)
    after = sorted(days for days in found.told_after if days is not None)
    print(
        f"reporters at {a_year}: false {found.false / found.years:.2f} a domain-year ({found.false_of_all} of all reporters), "
        f"stops of daily reporters told {len(after)}/{len(found.told_after)}, "
        f"after {median(after):.0f} days, nine of ten {after[int(len(after) * 0.9)]}"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
