"""Whether something may be published: judged with every modelled sender, fresh or with an old policy, before it is done.

| permission | when |
|---|---|
| granted | nobody fares worse at any moment, and nobody refuses mail that a policy in mode enforce would mend |
| refused | a sender that decides refuses, or may, once it is made or while caches and senders hold what is older |
| unclear | what a sender that decides would do could not be found out |

What no sender looks at needs no permission: while no record announces a policy, its host and its text are nobody's business
(RFC 8461 section 3.1). What is judged then is the record, once the policy is served.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from mxproof.evidence import Evidence, Kind, TxtRecord
from mxproof.formats.mtasts import Mode
from mxproof.judge.senders import SENDERS, Traits
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.change import TxtValue
from mxproof.mail.memory import Memory, SenderMemory
from mxproof.publish.state import PublishedState
from mxproof.publish.step import PublicationStep, StepName, owner_of, steps_to
from mxproof.remedy.judgement import SECONDARY_LAG_S
from mxproof.remedy.planned import PlannedState
from mxproof.remedy.planned_zone import PlannedZone
from mxproof.remedy.preflight import PlannedSender, Preflight, preflight
from mxproof.world.world import TTL_UNSAID_S, RRset


class Permission(StrEnum):
    """Whether it may be published."""

    GRANTED = "granted"
    REFUSED = "refused"
    UNCLEAR = "unclear"


class PublicationJudgement(msgspec.Struct, frozen=True):
    """The permission with what it rests on; `refusing` are senders that refuse today and would go on to, by their names."""

    permission: Permission
    preflight: Preflight
    refusing: tuple[str, ...] = ()

    def wait_s(self) -> int | None:
        """Return how long the safe order takes from its first step on, None where there is none."""
        order = self.preflight.order
        return order[-1].wait_until_s if order else None


def planned_of(state: PublishedState, evidence: Evidence) -> PlannedState:
    """Return a state as one that is planned: its record in place of that which stands at the end of its aliases."""
    announcing = next((one for one in steps_to(state) if one.step is StepName.ID), None)
    zones = () if announcing is None else (_zone(announcing, evidence),)
    return PlannedState(zones=zones, policy=state.policy_value(), supposes=False)


def judged(
    state: PublishedState,
    evidence: Evidence,
    *,
    now: datetime,
    older: Sequence[PublishedState] = (),
    senders: Sequence[Traits] = SENDERS,
    lag_s: int = SECONDARY_LAG_S,
) -> PublicationJudgement:
    """Judge the publication of `state`, for senders that may hold the policies of `older` states as just fetched."""
    memories: tuple[SenderMemory, ...] = tuple(
        Memory(one.policy.encode(), now, one.id or None) for one in older if one.policy
    )
    made = preflight(
        planned_of(state, evidence), evidence, now=now, memories=memories, senders=senders, lag_s=lag_s
    )
    if any(one.outcome is not Verdict.UNKNOWN for one in made.worse):
        return PublicationJudgement(Permission.REFUSED, made)
    refusing = _refusing(state, made)
    if refusing:
        return PublicationJudgement(Permission.REFUSED, made, refusing)
    unclear = any(one.decides and one.outcome is Verdict.UNKNOWN for one in made.after)
    return PublicationJudgement(Permission.UNCLEAR if made.worse or unclear else Permission.GRANTED, made)


def _zone(step: PublicationStep, evidence: Evidence) -> PlannedZone:
    name, record = owner_of(step, evidence), step.record
    if not isinstance(record, TxtValue):
        gone = PlannedZone((), None)
        gone.without(name, Kind.TXT)
        return gone
    text = TxtRecord(record.octets())
    return PlannedZone([RRset(name, Kind.TXT.value, (text,), TTL_UNSAID_S)], None)


def _refusing(state: PublishedState, made: Preflight) -> tuple[str, ...]:
    """Return who refuses in mode enforce before and after, where nobody is helped by it."""
    policy = state.policy_value()
    if policy is None or policy.mode is not Mode.ENFORCE or _helps(made.before, made.after):
        return ()
    return tuple(one.name for one in made.after if one.decides and one.outcome is Verdict.REFUSED)


def _helps(before: Sequence[PlannedSender], after: Sequence[PlannedSender]) -> bool:
    pairs = zip(before, after, strict=True)
    return any(one.decides and _is_helped(one, then) for one, then in pairs)


def _is_helped(before: PlannedSender, after: PlannedSender) -> bool:
    """Tell whether a sender that does not deliver comes to."""
    return before.outcome is not Verdict.DELIVERS and after.outcome is Verdict.DELIVERS
