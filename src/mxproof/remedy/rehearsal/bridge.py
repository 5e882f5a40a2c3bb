"""A bridge: the policy that lists old hosts and new ones, where a move has no safe order without it.

    bridged(judge, edits) -> Order

A policy that lists only the new hosts can come neither before their MX records nor after them: senders that go by the
old one refuse the new hosts, those that go by the new one the old hosts. So the union of both is served first, what moves
moves when no sender goes by the old policy any more, and the policy becomes narrow at the end (RFC 8461 section 8.2).

The new policy is a text that is planned, or one that a provider serves where the policy host is to be an alias of its
(RFC 8461 section 8.2): then the policy host moves at the end, with the record.
"""

from collections.abc import Sequence

import msgspec

from mxproof.formats.mtasts import Policy, StsFields, print_record
from mxproof.judge.checks.mending import is_delegated
from mxproof.judge.checks.seen import served_policy
from mxproof.mail.change import Change, Publish, ServePolicy, TxtValue, Withdraw
from mxproof.remedy.judgement import Judge
from mxproof.remedy.rehearsal.edit import POLICY_RANK, RECORD_RANK, Edit
from mxproof.remedy.rehearsal.order import Order, ordered
from mxproof.survey.reading import POLICY_LABEL

BRIDGE_ID_SUFFIX = "bridge"
_ID_CHARACTERS_MAX = 32
"""RFC 8461 section 3.1."""


def bridged(judge: Judge, edits: Sequence[Edit]) -> Order:
    """Return the edits in a safe order, over a bridge where there is none without; else the order without."""
    plain = ordered(judge, edits)
    if plain.is_safe:
        return plain
    before = judge.after(()).domain
    after = judge.after([change for edit in edits for change in edit.changes]).domain
    record = next((one for one in edits if one.rank == RECORD_RANK), None)
    old, new = served_policy(before), served_policy(after)
    if record is None or old is None or new is None or is_delegated(before) or not _of(record, Publish):
        return plain
    union = Policy(new.mode, max(new.max_age_s, old.max_age_s), tuple(dict.fromkeys((*old.mx, *new.mx))))
    between = _bridge_record(record, f"{before.at:%Y%m%dT%H%M%S}")
    others = [one for one in edits if one.rank not in {POLICY_RANK, RECORD_RANK}]
    host_moves = _parts(others, f"{POLICY_LABEL}.{before.name}", at_host=True)
    own = tuple(one.address for one in before.policy_host.fetches) if host_moves else ()
    first = (
        Edit(POLICY_RANK, (ServePolicy(before.name, union, own),)),
        Edit(RECORD_RANK, (*_of(record, Withdraw), between)),
    )
    last = (
        *(one for one in edits if one.rank == POLICY_RANK),
        *host_moves,
        Edit(RECORD_RANK, (Withdraw(between.name, between.record), *_of(record, Publish))),
    )
    moved = ordered(judge, [*first, *_parts(others, f"{POLICY_LABEL}.{before.name}", at_host=False)])
    over = ordered(judge, last, moved.schedule) if moved.is_safe else moved
    return over if over.is_safe else plain


def _of(record: Edit, kind: type[Publish | Withdraw]) -> tuple[Publish | Withdraw, ...]:
    return tuple(one for one in record.changes if isinstance(one, kind))


def _parts(edits: Sequence[Edit], host: str, *, at_host: bool) -> list[Edit]:
    """Return the edits with the record changes at the policy host alone, or with all others."""

    def chosen(change: Change) -> bool:
        return (isinstance(change, Publish | Withdraw) and change.name == host) is at_host

    parts = [Edit(one.rank, tuple(filter(chosen, one.changes))) for one in edits]
    return [one for one in parts if one.changes]


def _bridge_record(record: Edit, otherwise: str) -> Publish:
    """Return the record for the time between, with an id made of the one that is to be, or of the moment."""
    final = next(one for one in record.changes if isinstance(one, Publish))
    text = final.record.text if isinstance(final.record, TxtValue) else ""
    digits = "".join(one for one in text.partition("id=")[2] if one.isalnum()) or otherwise
    id_ = f"{digits[: _ID_CHARACTERS_MAX - len(BRIDGE_ID_SUFFIX)]}{BRIDGE_ID_SUFFIX}"
    return msgspec.structs.replace(final, record=TxtValue.of(print_record(StsFields(id_))))
