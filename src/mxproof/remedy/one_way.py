"""The first way out of one kind, found at the price of a few judgements: what a check can afford to look for.

    one_way(evidence, now, memories) -> FirstWay | None

`planning` searches all ways, and orders them through time, for up to half a second; most faults have one measure that
mends them, or one kind of measure at every host that needs it, which a few thousandths of a second find. What takes effect
soonest is tried first, as a plan ranks its ways: a server, then records, then a policy, for which older ones have to end.
Where none of the first SETS_MAX does it, nothing is said here, and the whole search is for whoever asks for it.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from mxproof.evidence import Evidence
from mxproof.judge.report import Delivery
from mxproof.judge.senders import SENDERS
from mxproof.mail.change import Configure, PresentCertificate, ServePolicy
from mxproof.mail.memory import SenderMemory
from mxproof.remedy.deed import Deed, deed_of
from mxproof.remedy.judgement import Judge
from mxproof.remedy.measure import Measure, MeasureKind, together
from mxproof.remedy.search.candidate import candidates
from mxproof.remedy.search.goal import Goal, wanted_of

SETS_MAX = 12
_LOSING = frozenset({MeasureKind.RETIRE_HOST, MeasureKind.DROP_ADDRESS, MeasureKind.WAIT})
"""Measures after which there is less than before, or nothing is mended but by waiting: named only for want of others."""


class FirstWay(msgspec.Struct, frozen=True):
    """Measures of one kind that are a way out by themselves, and what each comes to; none where none was found.

    `is_sought` tells whether there was anything to try.
    """

    measures: tuple[Measure, ...]
    deeds: tuple[Deed, ...]
    is_sought: bool


def one_way(evidence: Evidence, *, now: datetime, memories: tuple[SenderMemory, ...]) -> FirstWay | None:
    """Return measures after which every sender that decides delivers; None where they all do so already."""
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
    tried = sorted(_sets(found), key=_late)[:SETS_MAX]
    way = next((one for one in tried if judge.first_unmet(together(one), is_met) is None), ())
    return FirstWay(way, tuple(deed_of(one, before.domain) for one in way), bool(found))


def _sets(found: Iterable[Measure]) -> Iterator[tuple[Measure, ...]]:
    """Yield each measure by itself, and each kind of them at all hosts."""
    by_kind: dict[MeasureKind, dict[str, Measure]] = {}
    for one in found:
        yield (one,)
        by_kind.setdefault(one.kind, {}).setdefault(one.about, one)
    yield from (tuple(alike.values()) for alike in by_kind.values() if len(alike) > 1)


def _late(measures: tuple[Measure, ...]) -> tuple[bool, int, int]:
    """Return what sets are sorted by: whether something is lost, how late it takes effect, and how many places it needs."""
    made = {type(change) for change in together(measures)}
    late = 2 if ServePolicy in made else 0 if made <= {PresentCertificate, Configure} else 1
    return measures[0].kind in _LOSING, late, len(measures)
