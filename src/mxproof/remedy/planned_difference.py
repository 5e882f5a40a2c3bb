"""What a planned state, or a way of a plan, would change of what was observed: a difference like that of two observations.

    planned_difference(changes, evidence, before) -> Difference

Time has no part in it: it is the state once nothing old is held any more. What nobody has seen of it stays unknown, and
what had to be supposed stands beside it.
"""

from collections.abc import Sequence

import msgspec

from mxproof.evidence import Evidence
from mxproof.judge.difference import Difference, Supposed, SupposedFact
from mxproof.judge.differing import difference, seen
from mxproof.judge.senders import SENDERS
from mxproof.judge.vocabulary import Severity
from mxproof.mail.change import Change
from mxproof.remedy.judgement import Judge
from mxproof.remedy.planned import Planned, PlannedState, planned


def planned_difference(made: Planned, observed: Evidence, fail_on: Severity = Severity.ERROR) -> Difference:
    """Return what changes from what was `observed` to the state that the changes of `made` lead to."""
    now = observed.observed_at()
    applied = Judge(made.evidence, now, (), SENDERS).applied(made.changes)
    told = difference(seen(observed), seen(applied.evidence, now=now), fail_on)
    assumed = dict.fromkeys((*made.assumed, *applied.assumed))
    facts = tuple(SupposedFact(str(one.what), one.subject) for one in assumed)
    supposed = Supposed(facts, tuple(map(str, applied.unseen)))
    return msgspec.structs.replace(told, supposed=supposed)


def of_state(state: PlannedState, observed: Evidence) -> Planned:
    """Return the changes to a planned state, along with another policy a new id and with another certificate its records."""
    return planned(msgspec.structs.replace(state, announces=True, rolls_keys=True), observed)


def of_changes(changes: Sequence[Change], observed: Evidence) -> Planned:
    """Return the changes of a way of a plan."""
    return Planned(observed, tuple(changes))
