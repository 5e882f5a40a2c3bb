"""The way to a planned state: the same planner, with what somebody has in mind as the end of it.

    plan_to(state, evidence, now, ...) -> Plan

| what every sender does in the planned state | ways |
|---|---|
| what is wanted of it | the planned state, in an order that is safe through time |
| not all of it, and measures are found that mend that | the planned state along with them |
| not all of it, and none fares worse than today | the planned state as it is |
| somebody fares worse for good, and nothing mends it | none |

Wanted of a sender is what it insists on in the planned state: who takes the policy back is not held to it. Along with
another certificate go the TLSA records that name it, and along with another policy a new id, where no planned zone says
anything of them. What mends a planned state takes nothing back of it but its policy.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from mxproof.evidence import Evidence, Kind
from mxproof.judge.codes import Code
from mxproof.judge.faring import is_less_sure
from mxproof.judge.report import Delivery
from mxproof.judge.senders import SENDERS, Traits
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.change import Change, PresentCertificate, Publish, ServePolicy, Withdraw
from mxproof.mail.memory import SenderMemory
from mxproof.remedy.apply import Supposition, apply
from mxproof.remedy.full_ttl import with_full_ttls
from mxproof.remedy.judgement import SECONDARY_LAG_S, Judge, JudgedWorld, with_same_servers
from mxproof.remedy.measure import Measure, MeasureKind, together
from mxproof.remedy.plan import PLAN_VERSION, Plan, SearchExtent, SenderOutcome, WayOut
from mxproof.remedy.planned import Planned, PlannedState, planned
from mxproof.remedy.planning import WAYS_MAX, apart, is_met, obstacles
from mxproof.remedy.search.goal import Wanted, wanted_of
from mxproof.remedy.search.way_search import Measures, Search, SearchOptions, search
from mxproof.remedy.way import rank, way_out
from mxproof.survey.reading import STS_LABEL

_NO_OPTIONS = SearchOptions()


def plan_to(
    state: PlannedState,
    evidence: Evidence,
    *,
    now: datetime,
    memories: tuple[SenderMemory, ...] = (),
    senders: Sequence[Traits] = SENDERS,
    options: SearchOptions = _NO_OPTIONS,
    lag_s: int = SECONDARY_LAG_S,
) -> Plan:
    """Return the ways from what is observed to `state`; nothing is to be done where it is there already."""
    ordered = msgspec.structs.replace(state, announces=True, rolls_keys=True)
    made = _with_servers(planned(ordered, with_full_ttls(evidence)))
    judge = Judge(made.evidence, now, memories, senders, lag_s)
    before, target = judge.after(()), judge.after(made.changes)
    wanted = wanted_of(target.domain, judge.senders, target.deliveries, (), options.goal)
    base = Measure(MeasureKind.PLANNED, "", made.changes)
    found = _found(judge, wanted, base, target, options) if made.changes else Search((), 0, 0, stopped=False)
    sets = found.ways
    if made.changes and not sets and not _worse(before, target):
        sets = ((base,),)
    ways: list[WayOut] = []
    for one in sets:
        way = way_out(judge, wanted, found, one, target.domain)
        ways.append(msgspec.structs.replace(way, assumed=tuple(dict.fromkeys((*made.assumed, *way.assumed)))))
    reached = not made.changes and not any(map(_is_dark, before.deliveries))
    there = Judge(target.applied.evidence, now, (), senders, lag_s)
    return Plan(
        schema_version=PLAN_VERSION,
        domain=evidence.domain,
        judged_at=now,
        goal=options.goal,
        reached=reached,
        before=tuple(SenderOutcome(one.id, one.outcome) for one in before.deliveries),
        undecided=tuple(one.id for one in before.deliveries if not one.decides),
        ways=tuple(sorted(ways, key=rank)[:WAYS_MAX]),
        impossible=() if reached or ways else obstacles(there, wanted, target, options),
        search=SearchExtent(found.complete_to, found.judged, found.stopped),
        target=made.changes,
    )


def _with_servers(made: Planned) -> Planned:
    """Return it with what servers that were seen are supposed to show to names that senders come by only then."""
    applied = with_same_servers(apply(made.changes, made.evidence))
    known = made.evidence.answers
    new = [(one, answer) for one, answer in applied.evidence.answers.items() if one.kind is Kind.SMTP]
    supposed = (one for one in applied.assumed if one.what is Supposition.SAME_SERVER)
    evidence = made.evidence.with_answers((one, answer) for one, answer in new if one not in known)
    return Planned(evidence, made.changes, (*made.assumed, *supposed))


def _is_dark(delivery: Delivery) -> bool:
    """Tell whether so little is known of the domain that it may be another one, or there is no network."""
    return delivery.decides and (
        delivery.outcome is Verdict.UNKNOWN or Code.DOMAIN_MISSING in delivery.because
    )


def _found(
    judge: Judge, wanted: Sequence[Wanted], base: Measure, target: JudgedWorld, options: SearchOptions
) -> Search:
    """Return the planned state where it does, and else what mends it, looked for in the world that it leads to."""
    if is_met(wanted, target):
        return Search(((base,),), 1, 1, stopped=False)
    there = Judge(target.applied.evidence, judge.now, (), judge.senders, judge.lag_s)
    found = search(there, options)
    sets: list[Measures] = [(base, *one) for one in apart(found.ways)]
    holding = tuple(
        one for one in sets if _is_kept(base.changes, one[1:]) and is_met(wanted, judge.after(together(one)))
    )
    return msgspec.structs.replace(found, ways=holding)


def _worse(before: JudgedWorld, target: JudgedWorld) -> bool:
    pairs = zip(before.deliveries, target.deliveries, strict=True)
    return any(one.decides and is_less_sure(one.outcome, then.outcome) for one, then in pairs)


def _is_kept(changes: Iterable[Change], measures: Measures) -> bool:
    """Tell whether `measures` take back none of the planned records but that of the policy, and no certificate."""
    more = {change for one in measures for change in one.changes}
    certified = {(one.service, one.host) for one in more if isinstance(one, PresentCertificate)}
    for one in changes:
        match one:
            case ServePolicy():
                continue
            case Publish(name, record) if not name.startswith(f"{STS_LABEL}."):
                if Withdraw(name, record) in more:
                    return False
            case Withdraw(name, record) if not name.startswith(f"{STS_LABEL}."):
                if Publish(name, record) in more:
                    return False
            case PresentCertificate(service, host) if (service, host) in certified:
                return False
            case _:
                continue
    return True
