"""One way out of a single measure, found at the price of a few judgements: what a check can afford to look for.

    one_way(evidence, now, memories) -> SingleWay | None

`planning` searches all ways, and orders them through time, for up to half a second; most faults have a single measure that
mends them, which a few thousandths of a second find. Where there is none among the first SINGLES_MAX that bear on what
senders refuse for, nothing is said here, and the whole search is for whoever asks for it.
"""

from datetime import datetime

import msgspec

from mxproof.evidence import Evidence
from mxproof.judge.report import Delivery
from mxproof.judge.senders import SENDERS
from mxproof.mail.memory import SenderMemory
from mxproof.remedy.deed import Deed, deed_of
from mxproof.remedy.judgement import Judge
from mxproof.remedy.measure import Measure, MeasureKind
from mxproof.remedy.search.candidate import candidates
from mxproof.remedy.search.goal import Goal, wanted_of

SINGLES_MAX = 8
_LOSING = frozenset({MeasureKind.RETIRE_HOST, MeasureKind.DROP_ADDRESS, MeasureKind.WAIT})
"""Measures after which there is less than before, or nothing is mended but by waiting: named only for want of others."""


class SingleWay(msgspec.Struct, frozen=True):
    """A measure that is a way out by itself, and what it comes to."""

    measure: Measure
    deed: Deed


def one_way(evidence: Evidence, *, now: datetime, memories: tuple[SenderMemory, ...]) -> SingleWay | None:
    """Return a measure after which every sender that decides delivers, None where none was found at this price."""
    judge = Judge(evidence, now, memories, SENDERS)
    before = judge.after(())
    wanted = wanted_of(before.domain, judge.senders, before.deliveries, memories, Goal.DELIVERS)

    def is_met(place: int, delivery: Delivery) -> bool:
        return wanted[place].is_met(delivery)

    failing = [
        delivery for one, delivery in zip(wanted, before.deliveries, strict=True) if not one.is_met(delivery)
    ]
    if not failing:
        return None
    found = [one for one in candidates(before.domain, failing, memories, secure=False) if one.changes]
    tried = sorted(found, key=lambda one: one.kind in _LOSING)[:SINGLES_MAX]
    way = next((one for one in tried if judge.first_unmet(one.changes, is_met) is None), None)
    return None if way is None else SingleWay(way, deed_of(way, before.domain))
