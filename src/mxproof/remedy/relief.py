"""Relief until a way out is made: the same policy in mode testing, which holds nobody to it (RFC 8461 section 5).

It is weaker, and so it is no way out: a sender that goes by it delivers over whatever session there is, and whoever
stands between may strip TLS away unnoticed. Senders that hold the policy of before go by that one until they have
fetched this one. So it is told for whom it helps, and from when, as the rehearsal of it has it.
"""

import msgspec

from mxproof.formats.mtasts import Mode
from mxproof.judge.checks.mending import announced
from mxproof.judge.checks.seen import served_policy
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.change import ServePolicy
from mxproof.remedy.judgement import Judge
from mxproof.remedy.plan import Relief
from mxproof.remedy.rehearsal.edit import edits
from mxproof.remedy.rehearsal.order import ordered
from mxproof.remedy.rehearsal.timeline import Timeline


def relief_for(judge: Judge) -> Relief | None:
    """Return what mode testing does for senders that fail now, None where it helps none, or harms one."""
    before = judge.after(())
    served = served_policy(before.domain)
    if served is None or served.mode is not Mode.ENFORCE:
        return None
    testing = ServePolicy(judge.evidence.domain, msgspec.structs.replace(served, mode=Mode.TESTING))
    changes = (testing, *announced(before.domain))
    after = judge.after(changes).deliveries
    pairs = [(one, then) for one, then in zip(before.deliveries, after, strict=True) if one.decides]
    helped = tuple(
        then.id
        for one, then in pairs
        if one.outcome is not Verdict.DELIVERS and then.outcome is Verdict.DELIVERS
    )
    order = ordered(judge, edits(changes))
    if not helped or not order.is_safe:
        return None
    weaker = tuple(
        then.id
        for one, then in pairs
        if one.outcome is Verdict.DELIVERS and one.security is not then.security
    )
    return Relief(changes, helped, weaker, _from_s(order.timeline, frozenset(helped)))


def _from_s(timeline: Timeline, helped: frozenset[str]) -> int | None:
    """Return from when on all of them deliver in every state."""
    since: int | None = None
    for moment in timeline[1:]:
        delivers = all(
            one.outcome is Verdict.DELIVERS
            for state in moment.states
            for one in state.deliveries
            if one.id in helped
        )
        since = (moment.from_s if since is None else since) if delivers else None
    return since
