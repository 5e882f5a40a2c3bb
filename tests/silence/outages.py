"""Outages of everything: when one could be told, and when a detector would tell it that knows how much mail is due.

Such a detector knows the intensity of each sender at each hour, holidays and trends among them, and how far good and bad days
differ, and not which kind of day it is. It rings where a gap in everybody's mail is as rare as the share of false alarms that the
detector under test leaves to everything.
"""

import math
import random

from mxproof.rhythm.detector import EVERYTHING_SHARE
from silence.generator import Nature, Series, World

STEPS_AN_HOUR = 4
LOOKED_H = 48
DAYS_DRAWN = 100


def optimum_outage(series: Series, world: World, begin: float, a_year: float) -> float:
    """Return the hours after which an outage that begins at an hour would be told, `inf` where it would not for LOOKED_H."""
    yearly = sum(map(sum, series.intensity.values())) * 365 / world.days
    threshold = math.log(yearly / (a_year * EVERYTHING_SHARE))
    chance = random.Random(world.seed)
    days = [chance.gammavariate(1 / world.noise, world.noise) for _ in range(DAYS_DRAWN)]
    at = max((hour for hour, _ in series.mails if hour < begin), default=begin)
    due = dict.fromkeys(series.intensity, 0.0)
    while at < min(begin + LOOKED_H, world.days * 24 - 1):
        until = (math.floor(at * STEPS_AN_HOUR) + 1) / STEPS_AN_HOUR
        for name in due:
            due[name] += series.intensity[name][int(at)] * (until - at)
        at = until
        if at > begin and sum(due.values()) > threshold and _surprise(world, due, days) > threshold:
            return at - begin
    return math.inf


def _surprise(world: World, due: dict[str, float], days: list[float]) -> float:
    """Return the logarithm of how rarely none of the mail comes that is due, over what kind of day it may be."""
    likely = 0.0
    for day in days:
        likely += math.exp(
            -sum(
                math.log1p(one.noise * day * due[one.name]) / one.noise
                if one.noise and one.nature not in {Nature.DIGEST, Nature.DAILY}
                else day * due[one.name]
                for one in world.senders
            )
        )
    return -math.log(max(likely / len(days), 1e-300))
