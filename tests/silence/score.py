"""Scores of the silence detector over drawn worlds: false alarms, stops found, and how late against the optimum."""

import math
import random
import sys
from statistics import median
from time import process_time

from mxproof.rhythm.alarm import Alarm, Kind
from mxproof.rhythm.detector import Detector, Settings
from silence.generator import BEGIN, local_time, Series, Stop, World, drawn, hour_of_week, made

VERBOSE = len(sys.argv) > 5
BEGIN_S = BEGIN.timestamp()


def alarms(series: Series, days: int, a_year: float) -> list[Alarm]:
    detector = Detector(hour_of_week(), Settings(a_year))
    found = list(detector.feed((BEGIN_S + hour * 3600, name) for hour, name in series.mails))
    found += detector.until(BEGIN_S + days * 86400)
    return found


def hour_of(alarm: Alarm) -> float:
    return (alarm.alarmed_at.timestamp() - BEGIN_S) / 3600


def optimum(series: Series, world: World, stop: Stop, a_year: float) -> float:
    """Return the hours after which a detector that knows the intensity would ring."""
    known = series.intensity[stop.sender]
    yearly = sum(known) * 365 / world.days
    budget = a_year / len(world.senders)
    threshold = math.log(max(yearly / budget, 1.1))
    passed = 0.0
    gain = 1.0 if stop.remaining == 0 else 1 - stop.remaining
    for hour in range(int(stop.hour), len(known)):
        if any(begin <= hour < end for begin, end in world.outages):
            continue
        step = known[hour] * gain * (1.0 if hour > stop.hour else 1 - stop.hour % 1)
        if stop.remaining:
            step -= known[hour] * stop.remaining * -math.log(stop.remaining)
        if passed + step >= threshold:
            return hour + (threshold - passed) / step - stop.hour
        passed += step
    return math.inf


def score(seeds: range, *, hard: bool, a_year: float = 1.0) -> None:
    false = 0
    years = 0.0
    ratios, missed, tried = [], 0, 0
    big_missed = big = 0
    named_in_outage = told = outages = 0
    began = process_time()
    for seed in seeds:
        world = drawn(seed, hard=hard)
        series = made(world)
        found = alarms(series, world.days, a_year)
        years += world.days / 365
        for alarm in found:
            inside = any(begin <= hour_of(alarm) <= end + 12 for begin, end in world.outages)
            if alarm.kind is Kind.EVERYTHING:
                false += not inside
                if not inside:
                    VERBOSE and print("  false everything", seed, alarm.silent_since, alarm.alarmed_at, round(alarm.expected, 1))
                continue
            named_in_outage += inside
            moved = any(one.name == alarm.sender and one.moves_day for one in world.senders)
            false += not inside
            if not inside:
                one = next((s for s in world.senders if s.name == alarm.sender), None)
                VERBOSE and print("  false", seed, alarm.silent_since, alarm.alarmed_at, round(alarm.expected, 1), "moved" if moved else "", one)
        everything = [hour_of(alarm) for alarm in found if alarm.kind is Kind.EVERYTHING]
        total = [sum(known[h] for known in series.intensity.values()) for h in range(world.days * 24)]
        for begin, end in world.outages:
            if begin < 60 * 24 or end - begin < 4 or begin + 4 > world.days * 24 - 1:
                continue
            if sum(total[int(begin) : int(begin) + 4]) < 30:
                continue
            outages += 1
            told += any(begin <= hour <= begin + 4.3 for hour in everything)
        # stops
        chance = random.Random(seed + 77)
        steady = [one for one in world.senders if one.begins_day == 0 and not one.moves_day]
        for number in range(3):
            chosen = chance.sample(steady, 2 if number == 2 and len(steady) > 1 else 1)
            hour = chance.uniform(120 * 24, 250 * 24)
            remaining = 0.1 if number == 1 else 0.0
            stops = tuple(Stop(one.name, hour, remaining, math.inf) for one in chosen)
            stopped = made(world, stops, again=number + 1)
            best = [optimum(stopped, world, stop, a_year) for stop in stops]
            rung = alarms(stopped, world.days, a_year)
            for stop, fastest, one in zip(stops, best, chosen, strict=True):
                if fastest > 60 * 24:
                    continue
                tried += 1
                at = [hour_of(a) for a in rung if a.sender == stop.sender and hour_of(a) >= stop.hour]
                big += one.rate >= 5
                if not at:
                    missed += 1
                    big_missed += one.rate >= 5
                    VERBOSE and print("  missed", seed, stop, one, round(fastest, 1))
                else:
                    ratios.append((at[0] - stop.hour) / max(fastest, 0.25))
                    if ratios[-1] > 2.5:
                        VERBOSE and print("  late", seed, round(ratios[-1], 1), round(fastest, 1), round(at[0] - stop.hour, 1), round(sum(x.rate * x.burst for x in world.senders)), len(world.senders), one, "stop", local_time(int(stop.hour)), stop.remaining, len(stops))
    ratios.sort()
    print(
        f"{'hard' if hard else 'ordinary'} at {a_year}: false {false / years:.2f} a domain-year, in outages {named_in_outage}, "
        f"outages told {told}/{outages}, found {tried - missed}/{tried}, big missed {big_missed}/{big}, "
        f"ratio median {median(ratios):.2f} p90 {ratios[int(len(ratios) * 0.9)]:.2f} p97 {ratios[int(len(ratios) * 0.97)]:.2f}, "
        f"{process_time() - began:.0f} s"
    )


if __name__ == "__main__":
    first, number, hard = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "hard"
    score(range(first, first + number), hard=hard, a_year=float(sys.argv[4]) if len(sys.argv) > 4 else 1.0)
