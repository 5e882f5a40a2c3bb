"""Whether changes mend: every sender judged on the evidence as it is, and as it would be.

| standing | when |
|---|---|
| mends | some sender did not deliver, and after the changes every one that decides does |
| secures | all deliver, before and after, and some do so better protected |
| helps | some deliver that did not, none fares worse, and some still do not |
| idle | nobody fares better or worse |
| harms | somebody fares worse, or delivers less protected than before |
| unknown | what the changes leave unseen decides for somebody whose verdict was known |

Only `mends` may be printed as the way to mend a fault that stops mail, and only `secures` as one to protection; a
finding that stops nobody needs neither. How well mail is protected counts from delivery without TLS up to DANE.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from mxproof.evidence import Evidence, Question
from mxproof.judge.faring import is_protected_more, is_worse
from mxproof.judge.report import Delivery
from mxproof.judge.senders import SENDERS, Traits
from mxproof.judge.vocabulary import Remedied, Verdict
from mxproof.mail.change import Change
from mxproof.mail.memory import SenderMemory
from mxproof.remedy.apply import Assumption, apply
from mxproof.remedy.judgement import Judge


class Verified(msgspec.Struct, frozen=True):
    """Changes with what every sender does before and after them; both in the order of the senders."""

    changes: tuple[Change, ...]
    standing: Remedied
    before: tuple[Delivery, ...]
    after: tuple[Delivery, ...]
    unseen: tuple[Question, ...]
    assumed: tuple[Assumption, ...]

    def worse(self) -> tuple[str, ...]:
        """Return the ids of the senders that fare worse."""
        pairs = zip(self.before, self.after, strict=True)
        return tuple(after.id for before, after in pairs if is_worse(before, after))


def verified(
    changes: Sequence[Change],
    evidence: Evidence,
    *,
    now: datetime,
    memories: tuple[SenderMemory, ...] = (),
    senders: Sequence[Traits] = SENDERS,
) -> Verified:
    """Judge `changes`, applied to `evidence`, for senders that hold `memories`; what is waited for goes by before."""
    judge = Judge(evidence, now, memories, senders)
    before = judge.deliveries(evidence, now, memories)
    return verified_after(before, changes, judge)


def verified_after(before: tuple[Delivery, ...], changes: Sequence[Change], judge: Judge) -> Verified:
    """Judge `changes` where what every sender of `judge` does `before` them is known."""
    applied = apply(changes, judge.evidence)
    at = judge.now + timedelta(seconds=applied.waited_s)
    after = judge.deliveries(applied.evidence, at, judge.memories)
    return Verified(tuple(changes), _standing(before, after), before, after, applied.unseen, applied.assumed)


def _standing(before: Sequence[Delivery], after: Sequence[Delivery]) -> Remedied:
    pairs = [(one, then) for one, then in zip(before, after, strict=True) if one.decides]
    if any(is_worse(one, then) for one, then in pairs):
        return Remedied.HARMS
    if any(then.outcome is Verdict.UNKNOWN is not one.outcome for one, then in pairs):
        return Remedied.UNKNOWN
    changed = any(one.outcome is not then.outcome for one, then in pairs)
    if any(then.outcome is not Verdict.DELIVERS for _, then in pairs):
        return Remedied.HELPS if changed else Remedied.IDLE
    if changed:
        return Remedied.MENDS
    return Remedied.SECURES if any(is_protected_more(one, then) for one, then in pairs) else Remedied.IDLE
