"""A detector that has learnt four senders for seven weeks, and what comes then."""

from collections.abc import Callable
from functools import cache

import msgspec

from mxproof.rhythm.alarm import Alarm, AlarmKind
from mxproof.rhythm.detector import Detector
from mxproof.rhythm.everybody import Everybody
from mxproof.rhythm.kept import KeptDetector
from mxproof.rhythm.sender import SenderRhythm
from mxproof.rhythm.week import HOURS
from support_rhythm import BEGIN_S, DAY_S, HOUR_S, Mails, steady, utc_hour_of_week

RATES = {"busy": 48.0, "usual": 30.0, "other": 24.0, "small": 6.0}
LEARNT_DAYS = 49
"""Whole weeks, so that what follows begins on a Monday."""
LEARNT_S = BEGIN_S + LEARNT_DAYS * DAY_S
MAILS = steady(RATES, LEARNT_DAYS + 2)


@cache
def _kept() -> bytes:
    made = Detector(utc_hour_of_week)
    assert list(made.feed(one for one in MAILS if one[0] < LEARNT_S)) == []
    assert list(made.until(LEARNT_S)) == []
    return msgspec.msgpack.encode(made.kept())


def learnt(local_hour: Callable[[int], int] = utc_hour_of_week) -> Detector:
    """Return a detector that has known four senders for seven weeks, at the beginning of a Monday."""
    kept, senders = msgspec.msgpack.decode(_kept(), type=tuple[KeptDetector, list[SenderRhythm]])
    made = Detector(local_hour)
    made.go_on(kept, senders)
    return made


def begun(candidates: dict[str, list[float]] | None = None, senders: int = 0) -> Detector:
    """Return a detector that has begun, with these candidates and so many senders."""
    hour = int(BEGIN_S // HOUR_S)
    made = Detector(utc_hour_of_week)
    kept = KeptDetector(hour, 0, 0, 0.0, BEGIN_S, 0, 0, Everybody(), False, candidates or {})
    made.go_on(kept, [SenderRhythm(f"known{number}", BEGIN_S) for number in range(senders)])
    return made


def evidence(detector: Detector, hours: float) -> dict[str, float]:
    """Return the evidence against each sender so many hours into the week."""
    week = detector.kept()[0].clock // HOURS * HOURS
    for one in detector.watched:
        one.pass_time(week + hours)
    return {one.name: one.evidence for one in detector.watched}


def told(detector: Detector, mails: Mails) -> list[Alarm]:
    """Return the senders' alarms that these mails bring."""
    return [one for one in detector.feed(mails) if one.kind is AlarmKind.SENDER]


def going_on(hours: int, *names: str) -> Mails:
    """Return mails of these senders three times an hour, each in turn."""
    return [
        (LEARNT_S + 1200 * number + 60 * place, name)
        for number in range(3 * hours)
        for place, name in enumerate(names)
    ]
