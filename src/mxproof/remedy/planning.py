"""From evidence to the plan: search ways, order each through time, rehearse it, and say what it costs.

    plan_for(evidence, now, ...) -> Plan

Ways are ranked by what is lost for good (hosts, addresses), then by whether nobody suffers meanwhile, by how soon every
sender delivers, and by the work. Of ways that do the same kinds of things at different hosts only the best is kept, and
none that does all that another does and something besides.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from mxproof.evidence import Evidence
from mxproof.judge.checks.seen import served_policy
from mxproof.judge.senders import SENDERS, Traits
from mxproof.mail.change import Change, Configure, PresentCertificate, Publish, ServePolicy, Withdraw
from mxproof.mail.memory import SenderMemory
from mxproof.remedy.apply import Assumption, Supposition, apply
from mxproof.remedy.deed import deed_of
from mxproof.remedy.judgement import Judge, JudgedWorld
from mxproof.remedy.measure import DomainPart, MeasureKind, parts_of, together
from mxproof.remedy.plan import (
    PLAN_VERSION,
    Cost,
    Obstacle,
    Plan,
    SearchExtent,
    SenderOutcome,
    Shortening,
    VerifiedSender,
    WayOut,
)
from mxproof.remedy.rehearsal.bridge import bridged
from mxproof.remedy.rehearsal.edit import edits
from mxproof.remedy.rehearsal.order import Order, naive
from mxproof.remedy.rehearsal.telling import rehearsed, restored_s, steps_of
from mxproof.remedy.relief import relief_for
from mxproof.remedy.search.goal import Wanted, wanted_of
from mxproof.remedy.search.way_search import Measures, Search, SearchOptions, search

WAYS_MAX = 5
"""Ways that a plan holds."""
SHORT_MAX_AGE_S = 86_400
"""The max_age to have before a change: the least that a domain with a policy should go down to for a while."""
_NO_OPTIONS = SearchOptions()


def plan_for(
    evidence: Evidence,
    *,
    now: datetime,
    memories: tuple[SenderMemory, ...] = (),
    senders: Sequence[Traits] = SENDERS,
    options: SearchOptions = _NO_OPTIONS,
) -> Plan:
    """Return the ways after which every one of `senders` that decides does what `options` want of it."""
    judge = Judge(evidence, now, memories, senders)
    before = judge.after(())
    wanted = wanted_of(before.domain, judge.senders, before.deliveries, memories, options.goal)
    reached = _is_met(wanted, before)
    found = search(judge, options) if not reached else Search((), 0, 0, stopped=False)
    ways = sorted((_way(judge, wanted, found, one) for one in _apart(found.ways)), key=_rank)
    return Plan(
        schema_version=PLAN_VERSION,
        domain=evidence.domain,
        judged_at=now,
        goal=options.goal,
        reached=reached,
        before=tuple(SenderOutcome(one.id, one.outcome) for one in before.deliveries),
        undecided=tuple(one.id for one in before.deliveries if not one.decides),
        ways=tuple(ways[:WAYS_MAX]),
        impossible=() if reached or ways else _obstacles(judge, wanted, before, options),
        search=SearchExtent(found.complete_to, found.judged, found.stopped),
        relief=None if reached else relief_for(judge),
    )


def _is_met(wanted: Sequence[Wanted], state: JudgedWorld) -> bool:
    return all(one.is_met(delivery) for one, delivery in zip(wanted, state.deliveries, strict=True))


def _apart(ways: Sequence[Measures]) -> list[Measures]:
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


def _way(judge: Judge, wanted: Sequence[Wanted], found: Search, measures: Measures) -> WayOut:
    changes = together(measures)
    made = edits(changes)
    order, unthinking = bridged(judge, made), naive(judge, made)
    after = judge.after(changes)
    restored = restored_s(order.timeline, wanted, after.applied.waited_s)
    assumed = (*after.applied.assumed, *_of_time(order), *_renewed(judge, order))
    return WayOut(
        kinds=tuple(dict.fromkeys(one.kind for one in measures)),
        size=len(measures),
        changes=changes,
        cost=_cost(judge, measures, changes, len(after.applied.assumed), restored),
        wait_s=restored if restored is not None else order.timeline[-1].from_s,
        verified=tuple(VerifiedSender(one.id, one.outcome, one.security) for one in after.deliveries),
        steps=steps_of(order, restored),
        assumed=assumed,
        rehearsal=rehearsed(order),
        naive=rehearsed(unthinking),
        shortening=_shortening(judge, wanted, changes, restored),
        is_safe=order.is_safe,
        is_smallest=len(measures) <= found.complete_to + 1 and not found.stopped,
        deeds=tuple(deed_of(one, judge.after(()).domain) for one in measures),
    )


def _shortening(
    judge: Judge, wanted: Sequence[Wanted], changes: Sequence[Change], restored: int | None
) -> Shortening | None:
    """Rehearse the way for a domain that has served its policy with a shorter max_age for long enough."""
    served = served_policy(judge.after(()).domain)
    written = any(isinstance(one, ServePolicy) for one in changes)
    waited = written and (restored is None or restored > SHORT_MAX_AGE_S)
    if served is None or not waited or served.max_age_s <= SHORT_MAX_AGE_S:
        return None
    shorter = ServePolicy(judge.evidence.domain, msgspec.structs.replace(served, max_age_s=SHORT_MAX_AGE_S))
    sooner = Judge(apply((shorter,), judge.evidence).evidence, judge.now, (), judge.senders)
    order = bridged(sooner, edits(changes))
    return Shortening(SHORT_MAX_AGE_S, served.max_age_s, restored_s(order.timeline, wanted))


def _of_time(order: Order) -> tuple[Assumption, ...]:
    """Return what is supposed of caches wherever records were altered."""
    records = [
        change.name
        for timed in order.schedule
        for change in timed.edit.changes
        if isinstance(change, Publish | Withdraw)
    ]
    if not records:
        return ()
    names = dict.fromkeys(records)
    return (
        *(Assumption(Supposition.TTL, name) for name in names),
        Assumption(Supposition.SECONDARY_LAG, next(iter(names))),
    )


def _renewed(judge: Judge, order: Order) -> tuple[Assumption, ...]:
    """Return the certificates that end before the order does: the rehearsal takes them for renewed in time."""
    domain = judge.after(()).domain
    last = judge.now + timedelta(seconds=order.timeline[-1].from_s)
    shown = [
        (f"{host.name} {one.address}", session.chain)
        for host in domain.hosts
        for one in host.endpoints
        for session in one.sessions
    ]
    shown += [(f"{domain.policy_host.name} {one.address}", one.chain) for one in domain.policy_host.fetches]
    ending = [
        subject
        for subject, chain in shown
        if chain is not None and chain.leaf is not None and judge.now < chain.leaf.not_after < last
    ]
    return tuple(Assumption(Supposition.RENEWED, one) for one in dict.fromkeys(ending))


def _cost(
    judge: Judge, measures: Measures, changes: Sequence[Change], assumptions: int, restored: int | None
) -> Cost:
    hosts = {one.name for one in judge.after(()).domain.hosts}
    left = {one.name for one in judge.after(changes).domain.hosts}
    kinds = [one.kind for one in measures]
    return Cost(
        records=sum(isinstance(one, Publish | Withdraw) for one in changes),
        policies=sum(isinstance(one, ServePolicy) for one in changes),
        certificates=len({one.addresses for one in changes if isinstance(one, PresentCertificate)}),
        servers=len({one.addresses for one in changes if isinstance(one, Configure)}),
        hosts_fewer=max(len(hosts) - len(left), 0),
        addresses_fewer=kinds.count(MeasureKind.DROP_ADDRESS),
        assumptions=assumptions,
        restored_s=restored,
    )


def _rank(way: WayOut) -> tuple[object, ...]:
    cost = way.cost
    work = cost.certificates + cost.servers, cost.policies, cost.records
    lost = cost.hosts_fewer + cost.addresses_fewer
    late = cost.restored_s is None, cost.restored_s or 0
    return lost, not way.is_safe, late, work, repr(way.kinds)


def _obstacles(
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
    smallest = min(_apart(freely.ways), key=_work)
    return tuple(sorted(parts_of(together(smallest)) & options.keep))
