"""MTA-STS taken back as RFC 8461 section 8.3 has it, wherever edits would simply take the record away.

    retired(judge, edits) -> Order | None

    1 a policy with mode none and a small max_age is served        2 a new id calls senders to it
    3 every policy that was served before is over                  4 the record goes, and the policy host

A record that is deleted hides the policy from senders that do not hold it, and from no other. All else that is planned is
done in between, as early as it is safe. What is planned of the policy text itself makes no difference once the record is
gone, and comes last.
"""

from collections.abc import Sequence
from math import ceil

from mxproof.formats.mtasts import LENIENT, Mode, Policy, StsFields, print_record
from mxproof.judge.checks.seen import served_policies
from mxproof.mail.change import Change, Publish, ServePolicy, TxtValue, Withdraw
from mxproof.mail.memory import Memory
from mxproof.remedy.judgement import Judge
from mxproof.remedy.rehearsal.edit import GONE_RANK, POLICY_RANK, RECORD_RANK, Edit, TimedEdit
from mxproof.remedy.rehearsal.order import Order, is_safe, ordered
from mxproof.remedy.rehearsal.timeline import timeline
from mxproof.survey.reading import POLICY_LABEL, STS_LABEL

RETIRING_MAX_AGE_S = 86_400
"""RFC 8461 section 8.3: a small max_age, such as one day."""
RETIRING_ID_SUFFIX = "none"


def retired(judge: Judge, edits: Sequence[Edit]) -> Order | None:
    """Return the edits in such an order; None where they take no MTA-STS record away for good, or it is not safe."""
    domain = judge.after(()).domain
    policies = [one for one in served_policies(domain) if one.mode is not Mode.NONE]
    changes = [change for edit in edits for change in edit.changes]
    record = f"{STS_LABEL}.{domain.name}"
    gone = [one for one in changes if isinstance(one, Withdraw) and one.name == record]
    if not policies or not gone or any(isinstance(one, Publish) and one.name == record for one in changes):
        return None
    none = ServePolicy(domain.name, Policy(Mode.NONE, RETIRING_MAX_AGE_S))
    id_ = f"{domain.at:%Y%m%dT%H%M%S}{RETIRING_ID_SUFFIX}"
    between = Publish(record, TxtValue.of(print_record(StsFields(id_))))
    last = tuple(one for one in changes if _is_of_policy(one, domain.name))
    moving = [
        Edit(edit.rank, kept)
        for edit in edits
        if (kept := tuple(one for one in edit.changes if one not in last))
    ]
    first = (Edit(POLICY_RANK, (none,)), Edit(RECORD_RANK, (*gone, between)))
    moved = ordered(judge, [*first, *moving])
    over_s = max(*(one.max_age_s for one in policies), *_ends_s(judge), moved.schedule[-1].at_s)
    at_end = Edit(GONE_RANK, (Withdraw(record, between.record), *(one for one in last if one not in gone)))
    schedule = (*moved.schedule, TimedEdit(over_s, at_end))
    rehearsed = timeline(judge, schedule)
    return Order(schedule, rehearsed, is_safe=True) if is_safe(judge, rehearsed) else None


def _is_of_policy(change: Change, domain: str) -> bool:
    """Tell whether a change is about the record, the policy text or the addresses of the policy host."""
    if isinstance(change, ServePolicy):
        return True
    names = {f"{STS_LABEL}.{domain}", f"{POLICY_LABEL}.{domain}"}
    return isinstance(change, Publish | Withdraw) and change.name in names


def _ends_s(judge: Judge) -> list[int]:
    """Return in how many seconds each policy ends that senders hold already, 0 among them."""
    held = [one.ends_at(LENIENT) for one in judge.memories if isinstance(one, Memory)]
    return [0, *(ceil((end - judge.now).total_seconds()) for end in held)]
