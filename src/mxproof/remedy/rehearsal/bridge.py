"""A bridge: the policy that lists old hosts and new ones, where a move has no safe order without it.

    bridged(judge, edits) -> Order

A policy that lists only the new hosts can come neither before their MX records nor after them: senders that go by the
old one refuse the new hosts, those that go by the new one the old hosts. So the union of both is served first, what moves
moves when no sender goes by the old policy any more, and the policy becomes narrow at the end (RFC 8461 section 8.2).
"""

from collections.abc import Sequence

import msgspec

from mxproof.formats.mtasts import Policy, StsFields, print_record
from mxproof.judge.checks.seen import served_policy
from mxproof.mail.change import Publish, ServePolicy, TxtValue, Withdraw
from mxproof.remedy.judgement import Judge
from mxproof.remedy.rehearsal.edit import POLICY_RANK, RECORD_RANK, Edit
from mxproof.remedy.rehearsal.order import Order, ordered

BRIDGE_ID_SUFFIX = "bridge"
_ID_CHARACTERS_MAX = 32
"""RFC 8461 section 3.1."""


def bridged(judge: Judge, edits: Sequence[Edit]) -> Order:
    """Return the edits in a safe order, over a bridge where there is none without; else the order without."""
    plain = ordered(judge, edits)
    if plain.is_safe:
        return plain
    policy = _policy(edits)
    record = next((one for one in edits if one.rank == RECORD_RANK), None)
    served = served_policy(judge.after(()).domain)
    if policy is None or record is None or served is None:
        return plain
    union = Policy(
        policy.policy.mode,
        max(policy.policy.max_age_s, served.max_age_s),
        tuple(dict.fromkeys((*served.mx, *policy.policy.mx))),
    )
    between = _bridge_record(record)
    first = (
        Edit(POLICY_RANK, (ServePolicy(policy.domain, union),)),
        Edit(RECORD_RANK, (*_of(record, Withdraw), between)),
    )
    last = (
        Edit(POLICY_RANK, (policy,)),
        Edit(RECORD_RANK, (Withdraw(between.name, between.record), *_of(record, Publish))),
    )
    moving = [one for one in edits if one.rank not in {POLICY_RANK, RECORD_RANK}]
    moved = ordered(judge, [*first, *moving])
    over = ordered(judge, last, moved.schedule) if moved.is_safe else moved
    return over if over.is_safe else plain


def _policy(edits: Sequence[Edit]) -> ServePolicy | None:
    found = (one for edit in edits for one in edit.changes if isinstance(one, ServePolicy))
    return next(found, None)


def _of(record: Edit, kind: type[Publish | Withdraw]) -> tuple[Publish | Withdraw, ...]:
    return tuple(one for one in record.changes if isinstance(one, kind))


def _bridge_record(record: Edit) -> Publish:
    """Return the record for the time between, with an id of its own made of the one that is to be."""
    final = next(one for one in record.changes if isinstance(one, Publish))
    text = final.record.text if isinstance(final.record, TxtValue) else ""
    digits = "".join(one for one in text.partition("id=")[2] if one.isalnum())
    id_ = f"{digits[: _ID_CHARACTERS_MAX - len(BRIDGE_ID_SUFFIX)]}{BRIDGE_ID_SUFFIX}"
    return msgspec.structs.replace(final, record=TxtValue.of(print_record(StsFields(id_))))
