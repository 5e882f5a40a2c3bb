"""Who delivers less protected for a while than before: an order in which all mail arrives may lay it open meanwhile.

Whether an order is safe is a matter of outcomes alone (`order.is_safe`). What is told here stands beside it: between a
TLSA record that goes and the policy that takes its place, mail arrives and nobody is held to a verified session.
"""

from mxproof.judge.report import Delivery
from mxproof.judge.vocabulary import WEAKEST_FIRST, Security, Verdict
from mxproof.remedy.plan import Weakened
from mxproof.remedy.rehearsal.timeline import Moment, Timeline


def weakened(timeline: Timeline) -> tuple[Weakened, ...]:
    """Return each sender that decides and delivered before, with the times at which it does so less protected."""
    return tuple(
        one
        for place, before in enumerate(timeline[0].states[0].deliveries)
        if before.decides and before.outcome is Verdict.DELIVERS
        for one in _times(timeline, place, before)
    )


def _times(timeline: Timeline, place: int, before: Delivery) -> list[Weakened]:
    found: list[Weakened] = []
    joins = False
    for number, moment in enumerate(timeline[1:], 1):
        until_s = timeline[number + 1].from_s if number + 1 < len(timeline) else None
        security = _least(moment, place)
        weaker = security is not None and WEAKEST_FIRST.index(security) < WEAKEST_FIRST.index(before.security)
        if weaker and joins and found[-1].security is security:
            found[-1] = Weakened(before.id, before.security, security, found[-1].from_s, until_s)
        elif weaker:
            found.append(Weakened(before.id, before.security, security, moment.from_s, until_s))
        joins = weaker
    return found


def _least(moment: Moment, place: int) -> Security | None:
    """Return the weakest protection with which the sender delivers in any state, None where it does in none."""
    made = [state.deliveries[place] for state in moment.states]
    known = [one.security for one in made if one.outcome is Verdict.DELIVERS and one.security is not None]
    return min(known, key=WEAKEST_FIRST.index, default=None)
