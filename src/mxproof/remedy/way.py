"""One way out: its order through time, rehearsed, what it costs, and what was supposed for it.

way_out(judge, wanted, found, measures, domain) -> WayOut          rank(way) -> what ways are sorted by
"""

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from mxproof.judge.checks.seen import served_policy
from mxproof.mail.change import Change, Configure, PresentCertificate, Publish, ServePolicy, Withdraw
from mxproof.mail.domain import MailDomain
from mxproof.remedy.apply import Assumption, Supposition, apply
from mxproof.remedy.deed import deed_of
from mxproof.remedy.judgement import Judge
from mxproof.remedy.measure import MeasureKind, together
from mxproof.remedy.plan import Cost, Shortening, VerifiedSender, WayOut
from mxproof.remedy.rehearsal.bridge import bridged
from mxproof.remedy.rehearsal.edit import edits
from mxproof.remedy.rehearsal.order import Order, naive
from mxproof.remedy.rehearsal.retirement import retired
from mxproof.remedy.rehearsal.telling import rehearsed, restored_s, settled_s, steps_of
from mxproof.remedy.search.goal import Wanted
from mxproof.remedy.search.way_search import Measures, Search

SHORT_MAX_AGE_S = 86_400
"""The max_age to have before a change: the least that a domain with a policy should go down to for a while."""


def way_out(
    judge: Judge, wanted: Sequence[Wanted], found: Search, measures: Measures, domain: MailDomain
) -> WayOut:
    """Return `measures` as a way; `domain` is that in which they were proposed, by which their deeds are told."""
    changes = together(measures)
    made = edits(changes)
    order, unthinking = retired(judge, made) or bridged(judge, made), naive(judge, made)
    after = judge.after(changes)
    planned = measures[0].kind is MeasureKind.PLANNED
    waited_s = settled_s(order) if planned else after.applied.waited_s
    restored = restored_s(order.timeline, wanted, waited_s)
    assumed = (*after.applied.assumed, *_of_time(judge, order), *_renewed(judge, order))
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
        shortening=_shortening(judge, wanted, changes, restored, planned=planned),
        is_safe=order.is_safe,
        is_smallest=len(measures) <= found.complete_to + 1 and not found.stopped,
        deeds=tuple(deed_of(one, domain) for one in measures),
    )


def _shortening(
    judge: Judge,
    wanted: Sequence[Wanted],
    changes: Sequence[Change],
    restored: int | None,
    *,
    planned: bool,
) -> Shortening | None:
    """Rehearse the way for a domain that has served its policy with a shorter max_age for long enough."""
    served = served_policy(judge.after(()).domain)
    written = any(isinstance(one, ServePolicy) for one in changes)
    waited = written and (restored is None or restored > SHORT_MAX_AGE_S)
    if served is None or not waited or served.max_age_s <= SHORT_MAX_AGE_S:
        return None
    shorter = ServePolicy(judge.evidence.domain, msgspec.structs.replace(served, max_age_s=SHORT_MAX_AGE_S))
    sooner = Judge(apply((shorter,), judge.evidence).evidence, judge.now, (), judge.senders, judge.lag_s)
    order = bridged(sooner, edits(changes))
    end_s = restored_s(order.timeline, wanted, settled_s(order) if planned else 0)
    return Shortening(SHORT_MAX_AGE_S, served.max_age_s, end_s)


def _of_time(judge: Judge, order: Order) -> tuple[Assumption, ...]:
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
        Assumption(Supposition.SECONDARY_LAG, next(iter(names)), judge.lag_s),
    )


def _renewed(judge: Judge, order: Order) -> tuple[Assumption, ...]:
    """Return the certificates that end before the order does: the rehearsal takes them for renewed in time."""
    made = tuple(change for timed in order.schedule for change in timed.edit.changes)
    domains = [judge.after(()).domain, judge.after(made).domain]
    last = judge.now + timedelta(seconds=order.timeline[-1].from_s)
    shown = [
        (f"{host.name} {one.address}", session.chain)
        for domain in domains
        for host in domain.hosts
        for one in host.endpoints
        for session in one.sessions
    ]
    shown += [
        (f"{domain.policy_host.name} {one.address}", one.chain)
        for domain in domains
        for one in domain.policy_host.fetches
    ]
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


def rank(way: WayOut) -> tuple[object, ...]:
    """Return what ways are sorted by, the best first: what is lost for good, who suffers, how soon, and the work."""
    cost = way.cost
    work = cost.certificates + cost.servers, cost.policies, cost.records
    lost = cost.hosts_fewer + cost.addresses_fewer
    late = cost.restored_s is None, cost.restored_s or 0
    return lost, not way.is_safe, late, work, repr(way.kinds)
