"""From evidence to the plan: search ways, order each through time, rehearse it, and say what it costs.

    plan_for(evidence, now, ...) -> Plan

Ways are ranked by what is lost for good (hosts, addresses), then by whether nobody suffers meanwhile, by how soon every
sender delivers, and by the work. Of ways that do the same kinds of things at different hosts only the best is kept, and
none that does all that another does and something besides.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from mxproof.evidence import Evidence
from mxproof.judge.senders import SENDERS, Traits
from mxproof.mail.memory import SenderMemory
from mxproof.remedy.full_ttl import with_full_ttls
from mxproof.remedy.judgement import SECONDARY_LAG_S, Judge, JudgedWorld
from mxproof.remedy.measure import DomainPart, MeasureKind, parts_of, together
from mxproof.remedy.plan import (
    PLAN_VERSION,
    Obstacle,
    Plan,
    SearchExtent,
    SenderOutcome,
)
from mxproof.remedy.relief import relief_for
from mxproof.remedy.search.goal import Wanted, wanted_of
from mxproof.remedy.search.way_search import Measures, Search, SearchOptions, search
from mxproof.remedy.way import rank, way_out

WAYS_MAX = 5
"""Ways that a plan holds."""
_NO_OPTIONS = SearchOptions()


def plan_for(
    evidence: Evidence,
    *,
    now: datetime,
    memories: tuple[SenderMemory, ...] = (),
    senders: Sequence[Traits] = SENDERS,
    options: SearchOptions = _NO_OPTIONS,
    lag_s: int = SECONDARY_LAG_S,
) -> Plan:
    """Return the ways after which every one of `senders` that decides does what `options` want of it.

    `lag_s` is how long the last name server of a zone takes to have a change.
    """
    judge = Judge(with_full_ttls(evidence), now, memories, senders, lag_s)
    before = judge.after(())
    wanted = wanted_of(before.domain, judge.senders, before.deliveries, memories, options.goal)
    reached = is_met(wanted, before)
    found = search(judge, options) if not reached else Search((), 0, 0, stopped=False)
    ways = sorted((way_out(judge, wanted, found, one, before.domain) for one in apart(found.ways)), key=rank)
    return Plan(
        schema_version=PLAN_VERSION,
        domain=evidence.domain,
        judged_at=now,
        goal=options.goal,
        reached=reached,
        before=tuple(SenderOutcome(one.id, one.outcome) for one in before.deliveries),
        undecided=tuple(one.id for one in before.deliveries if not one.decides),
        ways=tuple(ways[:WAYS_MAX]),
        impossible=() if reached or ways else obstacles(judge, wanted, before, options),
        search=SearchExtent(found.complete_to, found.judged, found.stopped),
        relief=None if reached else relief_for(judge),
    )


def is_met(wanted: Sequence[Wanted], state: JudgedWorld) -> bool:
    """Tell whether every sender does what is wanted of it."""
    return all(one.is_met(delivery) for one, delivery in zip(wanted, state.deliveries, strict=True))


def apart(ways: Sequence[Measures]) -> list[Measures]:
    """Return the smallest way of each make, without those that do at one host what others do at all, and else at another."""
    by_kinds: dict[frozenset[MeasureKind], Measures] = {}
    for way in sorted(ways, key=_work):
        by_kinds.setdefault(frozenset(one.kind for one in way), way)
    made = {kinds: frozenset(together(way)) for kinds, way in by_kinds.items()}
    return [
        way
        for kinds, way in by_kinds.items()
        if not (_is_mixed(way) and any(other < kinds for other in by_kinds))
        and not any(other < made[kinds] for other in made.values())
    ]


def _is_mixed(way: Measures) -> bool:
    """Tell whether one host is dealt with otherwise than another: what is altered of one is not altered of all.

    A host that gets another name is the same host still.
    """
    renamed = {MeasureKind.MX_TARGET, MeasureKind.MX_NAME} & {one.kind for one in way}
    counts = {kind: sum(one.kind is kind for one in way if one.about) for kind in {one.kind for one in way}}
    hosts = max(counts.values(), default=0) if renamed else len({one.about for one in way if one.about})
    return any(0 < count < hosts for count in counts.values())


def _work(way: Measures) -> tuple[int, int, str]:
    return len(way), len(together(way)), repr(way)


def obstacles(
    judge: Judge, wanted: Sequence[Wanted], before: JudgedWorld, options: SearchOptions
) -> tuple[Obstacle, ...]:
    """Return what stands against each sender that does not do what is wanted, where no way was found."""
    kept = _kept_from(judge, options)
    unseen = tuple(str(question) for question in before.applied.unseen)
    return tuple(
        Obstacle(one.sender, delivery.outcome, delivery.because, unseen, kept)
        for one, delivery in zip(wanted, before.deliveries, strict=True)
        if not one.is_met(delivery)
    )


def _kept_from(judge: Judge, options: SearchOptions) -> tuple[DomainPart, ...]:
    """Return the parts to be kept that the smallest way would alter, if they might be."""
    if not options.keep:
        return ()
    freely = search(judge, msgspec.structs.replace(options, keep=frozenset()))
    if not freely.ways:
        return ()
    smallest = min(apart(freely.ways), key=_work)
    return tuple(sorted(parts_of(together(smallest)) & options.keep))
