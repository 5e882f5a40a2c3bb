"""How senders stand at a moment, worked out of what was kept of a detector: what usually comes when, and what is missing since."""

from collections.abc import Iterable

import msgspec

from mxproof.rhythm.kept import KeptDetector
from mxproof.rhythm.notice import KnownSender, known_sender
from mxproof.rhythm.sender import SenderRhythm
from mxproof.rhythm.week import HOURS

_HOUR_S = 3600


class SenderStanding(msgspec.Struct, frozen=True):
    """A sender that is watched. `by_hour`: arrivals expected in each hour of the week, Monday's first being 0.

    `last_s`: its last mail, in seconds since 1970; `last_hour` and `now_hour`: that and now as hours of the week, with their parts;
    `due`: arrivals that were expected in between. `is_silent` tells that the detector rang.
    """

    known: KnownSender
    by_hour: tuple[float, ...]
    last_s: float
    last_hour: float
    now_hour: float
    due: float
    is_silent: bool


def standing_senders(
    kept: KeptDetector, senders: Iterable[SenderRhythm], now_s: float
) -> list[SenderStanding]:
    """Return those that are watched: who is silent first, then the busiest.

    Hours of the week go on from where the detector stood, so that between a change to or from summer time and the next mail they
    are an hour off.
    """
    found = [_standing(kept, one, now_s) for one in senders if one.watched]
    return sorted(found, key=lambda one: (not one.is_silent, -one.known.a_day, one.known.name))


def _standing(kept: KeptDetector, one: SenderRhythm, now_s: float) -> SenderStanding:
    last, now = (kept.week_hour + at_s / _HOUR_S - kept.hour for at_s in (one.last_s, now_s))
    weeks = -(min(last, 0.0) // HOURS) * HOURS
    due = one.expectation.until(max(last, now) + weeks)[0] - one.expectation.until(last + weeks)[0]
    return SenderStanding(
        known_sender(one), one.expectation.by_hour, one.last_s, last % HOURS, now % HOURS, due, one.alarmed
    )
