"""Scores of the silence detector over drawn worlds: false alarms, stops found, and how late against the optimum.

`python -m silence.score FIRST_SEED NUMBER ordinary|hard [RATE] [v]`. Seeds below 200 are for tuning, those from 1000 on for scoring.
"""

import copy
import math
import random
import sys
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from statistics import median
from time import process_time
from typing import NamedTuple

import msgspec

from mxproof.rhythm.alarm import Alarm, AlarmKind
from mxproof.rhythm.detector import Detector, FalseAlarms
from silence.generator import (
    BEGIN,
    Sender,
    Series,
    Stop,
    World,
    drawn,
    hour_of_week,
    local_time,
    made,
    shape,
)
from silence.outages import optimum_outage

BEGIN_S = BEGIN.timestamp()
STOPS_FROM_DAY, STOPS_UNTIL_DAY = 120, 250
OPTIMUM_MAX_H = 60 * 24
BIG_A_DAY = 5.0
TOLD_WITHIN_H = 4.0
OUTAGE_LOOKED_H = 24.0
OUTAGE_MAILS_MIN = 30.0
HOLIDAY_MAILS_MIN = 10.0
"""So many mails have to be due until then, and so many even on a holiday: with fewer nobody could tell an outage from one."""
OUTAGES_TRIED = 2
BURST_H = 0.1
LATE_H = 12.0


class Score(msgspec.Struct):
    """Sums over worlds; `ratios`: delay against the optimum, of each stop found.

    Of `false`, `moved` were of senders that went on under another name and `late` of the half day after an outage; `beyond`: stops
    that the optimum itself notices after OPTIMUM_MAX_H or never. `could_be_told`: outages that the optimum tells of within
    TOLD_WITHIN_H; `outage_ratios`: delay against it, of those tried. An outage is told where the alarm comes while it lasts, or stood
    already when it began, with no mail in between.
    """

    years: float = 0.0
    false: int = 0
    moved: int = 0
    late: int = 0
    beyond: int = 0
    beyond_found: int = 0
    named_in_outage: int = 0
    outages: int = 0
    told: int = 0
    could_be_told: int = 0
    outage_ratios: list[float] = []
    tried: int = 0
    found: int = 0
    big: int = 0
    big_found: int = 0
    ratios: list[float] = []
    said: list[str] = []


def hour_of(alarm: Alarm) -> float:
    """Return the hour of an alarm since the beginning of the world."""
    return (alarm.alarmed_at.timestamp() - BEGIN_S) / 3600


def optimum(series: Series, world: World, stop: Stop, a_year: float) -> float:
    """Return the hours after which a detector that knows the intensity would ring."""
    known = series.intensity[stop.sender]
    yearly = sum(known) * 365 / world.days
    budget = a_year / len(world.senders)
    threshold = math.log(max(yearly / budget, 1.1))
    passed = 0.0
    for hour in range(int(stop.hour), len(known)):
        if any(begin <= hour < end for begin, end in world.outages):
            continue
        step = known[hour] * (1 - stop.remaining) * (1.0 if hour > stop.hour else 1 - stop.hour % 1)
        if stop.remaining:
            step -= known[hour] * stop.remaining * -math.log(stop.remaining)
        if passed + step >= threshold:
            return hour + (threshold - passed) / step - stop.hour
        passed += step
    return math.inf


class Trial(NamedTuple):
    """What is tried at an hour of a year: that some of its senders stop, or, where `stops` is empty, that everything falls silent."""

    hour: float
    stops: tuple[Stop, ...]
    chosen: tuple[Sender, ...]


class Year(NamedTuple):
    """A world, what came out of it, and what is tried in it, in order of time: the same for every setting."""

    world: World
    series: Series
    trials: tuple[Trial, ...]


@lru_cache(1)
def year(seed: int, *, hard: bool) -> Year:
    """Return the year of a seed, with three ways to stop within it; the last is kept for other settings."""
    world = drawn(seed, hard=hard)
    series = made(world)
    chance = random.Random(seed + 77)
    steady = [one for one in world.senders if one.begins_day == 0 and not one.moves_day]
    trials = []
    for number in range(3):
        chosen = chance.sample(steady, 2 if number == 2 and len(steady) > 1 else 1)
        hour = chance.uniform(STOPS_FROM_DAY * 24, STOPS_UNTIL_DAY * 24)
        stops = [Stop(one.name, hour, 0.1 if number == 1 else 0.0, math.inf) for one in chosen]
        trials.append(Trial(hour, tuple(stops), tuple(chosen)))
    trials += [Trial(hour, (), ()) for hour in _outage_hours(world, series)]
    trials.sort(key=lambda one: one.hour)
    return Year(world, series, tuple(trials))


def score(seeds: range, *, hard: bool, a_year: float = 1.0) -> Score:
    """Try the detector on the years of the seeds."""
    result = Score(ratios=[], said=[], outage_ratios=[])
    for seed in seeds:
        _score_year(result, year(seed, hard=hard), a_year)
    result.ratios.sort()
    result.outage_ratios.sort()
    return result


def _score_year(result: Score, one: Year, a_year: float) -> None:
    detector = Detector(hour_of_week(), FalseAlarms(a_year))
    alarms: list[Alarm] = []
    fed = 0
    mails = [(BEGIN_S + hour * 3600, name) for hour, name in one.series.mails]
    for trial in one.trials:
        until = bisect_left(one.series.mails, (trial.hour, ""), fed)
        alarms += detector.feed(mails[fed:until])
        fed = until
        if trial.stops:
            _stopped(result, copy.deepcopy(detector), one, trial, fed, a_year)
        else:
            _outage(result, copy.deepcopy(detector), one, trial.hour, a_year)
    alarms += detector.feed(mails[fed:])
    alarms += detector.until(BEGIN_S + one.world.days * 86400)
    _false(result, alarms, one.world, one.series, a_year)


def _stopped(result: Score, detector: Detector, year: Year, trial: Trial, fed: int, a_year: float) -> None:
    world, series, stops = year.world, year.series, trial.stops
    best = {stop.sender: optimum(series, world, stop, a_year) for stop in stops}
    remaining = {stop.sender: stop.remaining for stop in stops}
    mails = islice(series.mails, fed, None)
    left = _left(mails, remaining, random.Random(world.seed + fed))
    rung: dict[str, float] = {}
    for alarm in detector.feed((BEGIN_S + h * 3600, name) for h, name in left):
        if alarm.sender in remaining and alarm.sender not in rung:
            rung[alarm.sender] = hour_of(alarm)
            if len(rung) == len(remaining):
                break
    for stop, one in zip(stops, trial.chosen, strict=True):
        fastest = best[stop.sender]
        if fastest > OPTIMUM_MAX_H:
            result.beyond += 1
            result.beyond_found += stop.sender in rung
            continue
        big = one.rate >= BIG_A_DAY
        result.tried += 1
        result.big += big
        where = f"{world.seed} {one.nature} {one.rate:.2f} a day, burst {one.burst:.1f}, noise {one.noise}, of {sum(x.rate * x.burst for x in world.senders):.0f} a day from {len(world.senders)}, stop at {stop.hour:.0f} leaves {stop.remaining}, optimum {fastest:.1f} h"
        if stop.sender not in rung:
            result.said.append(f"missed {where}")
            continue
        result.found += 1
        result.big_found += big
        ratio = (rung[stop.sender] - stop.hour) / max(fastest, 0.25)
        result.ratios.append(ratio)
        if ratio > 2.5:
            known = detector.senders[stop.sender]
            result.said.append(
                f"late {ratio:.1f} {where}; threshold {known.threshold:.1f} scale {known.tail.scale:.1f} known {known._known:.0f} rate {known.rate_a_day:.1f}"
            )


def _left(
    mails: Iterable[tuple[float, str]], remaining: dict[str, float], chance: random.Random
) -> Iterator[tuple[float, str]]:
    """Yield the mails that are left where of some senders only a part of their bursts remains."""
    last: dict[str, tuple[float, bool]] = {}
    for hour, name in mails:
        if name in remaining:
            before, keep = last.get(name, (-1.0, False))
            if hour - before > BURST_H:
                keep = chance.random() < remaining[name]
            last[name] = (hour, keep)
            if not keep:
                continue
        yield hour, name


def _false(result: Score, alarms: list[Alarm], world: World, series: Series, a_year: float) -> None:
    result.years += world.days / 365
    for alarm in alarms:
        at = hour_of(alarm)
        if any(begin <= at <= end for begin, end in world.outages):
            result.named_in_outage += alarm.kind is AlarmKind.SENDER
            continue
        result.false += 1
        result.late += any(end < at <= end + LATE_H for _, end in world.outages)
        one = next((s for s in world.senders if s.name == alarm.sender), None)
        result.moved += bool(one and one.moves_day and at >= one.moves_day * 24)
        result.said.append(
            f"false {world.seed} {alarm.kind} {alarm.silent_since:%a %m-%d %H:%M} {alarm.alarmed_at:%a %m-%d %H:%M} {alarm.expected:.1f} {alarm.chance:.1g} {one}"
        )
    everything = [hour_of(alarm) for alarm in alarms if alarm.kind is AlarmKind.EVERYTHING]
    for begin, end in world.outages:
        if begin < OPTIMUM_MAX_H or end - begin < TOLD_WITHIN_H or not _can_be_told(world, series, begin):
            continue
        result.outages += 1
        last = max((hour for hour, _ in series.mails if hour < begin), default=begin)
        told = any(last <= hour <= begin + TOLD_WITHIN_H for hour in everything)
        result.told += told
        result.could_be_told += optimum_outage(series, world, begin, a_year) <= TOLD_WITHIN_H
        if not told:
            result.said.append(f"outage not told {world.seed} {begin} {end} {everything}")


def _outage_hours(world: World, series: Series) -> list[float]:
    """Return some times at which an outage of everything could be told within TOLD_WITHIN_H, drawn from the seed."""
    chance = random.Random(world.seed + 991)
    drawn_hours = (chance.uniform(OPTIMUM_MAX_H, (world.days - 1) * 24) for _ in range(20 * OUTAGES_TRIED))
    return [
        hour
        for hour in drawn_hours
        if _can_be_told(world, series, hour)
        and not any(begin - 24 < hour < end + 24 for begin, end in world.outages)
    ][:OUTAGES_TRIED]


def _can_be_told(world: World, series: Series, begin: float) -> bool:
    hours = range(int(begin), int(begin + TOLD_WITHIN_H))
    if hours.stop >= world.days * 24:
        return False
    due = sum(series.intensity[one.name][hour] for one in world.senders for hour in hours)
    if due < OUTAGE_MAILS_MIN:
        return False
    as_usual, on_holiday = (
        sum(one.rate * shape(one, local_time(hour), holiday) for one in world.senders for hour in hours)
        for holiday in (False, True)
    )
    return due * on_holiday >= HOLIDAY_MAILS_MIN * as_usual


def _outage(result: Score, detector: Detector, year: Year, hour: float, a_year: float) -> None:
    """Let everything fall silent; whatever then rings has to say so."""
    world = year.world
    best = optimum_outage(year.series, world, hour, a_year)
    alarms = list(detector.until(BEGIN_S + (hour + OUTAGE_LOOKED_H) * 3600))
    everything = [hour_of(one) - hour for one in alarms if one.kind is AlarmKind.EVERYTHING]
    result.outages += 1
    result.named_in_outage += any(one.kind is AlarmKind.SENDER for one in alarms)
    told = any(after <= TOLD_WITHIN_H for after in everything)
    result.told += told
    result.could_be_told += best <= TOLD_WITHIN_H
    result.outage_ratios.append(max(everything[0], 0.25) / best if everything else math.inf)
    if not told:
        result.said.append(
            f"outage not told {world.seed} {hour:.1f}, tried, {everything}, optimum {best:.1f} h"
        )


def main(arguments: list[str]) -> None:
    """Print the scores."""
    first, number, hard = int(arguments[0]), int(arguments[1]), arguments[2] == "hard"
    a_year = float(arguments[3]) if len(arguments) > 3 else 1.0
    began = process_time()
    found = score(range(first, first + number), hard=hard, a_year=a_year)
    if len(arguments) > 4:
        print(*found.said, sep="\n")
    print(
        f"{'hard' if hard else 'ordinary'} at {a_year}: false {found.false / found.years:.2f} a domain-year ({found.moved} moved, {found.late} after an outage), "
        f"named in outages {found.named_in_outage}, outages told {found.told}/{found.outages} (by the optimum {found.could_be_told}), "
        f"delay/optimum median {median(found.outage_ratios):.2f}, nine of ten {found.outage_ratios[int(len(found.outage_ratios) * 0.9)]:.2f}, "
        f"found {found.found}/{found.tried}, big {found.big_found}/{found.big}, "
        f"beyond the optimum's sixty days {found.beyond_found}/{found.beyond}, "
        f"delay/optimum median {median(found.ratios):.2f}, nine of ten {found.ratios[int(len(found.ratios) * 0.9)]:.2f}; "
        f"{process_time() - began:.0f} s"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
