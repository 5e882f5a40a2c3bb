"""What each step of a way does to whole sets of records, and the way back from it.

A set is all records of one type at one name: what an API or a signed zone replaces as one. The state before a step is that
of the evidence with every earlier step made.
"""

from collections.abc import Iterator, Sequence

import msgspec

from mxproof.evidence import Evidence, Kind
from mxproof.judge.checks.seen import served_policy
from mxproof.mail.assemble import assemble
from mxproof.mail.change import Change, Publish, RecordValue, ServePolicy, Withdraw
from mxproof.remedy.apply import apply
from mxproof.remedy.full_ttl import with_full_ttls
from mxproof.remedy.records import KINDS, RecordFacts


class AlteredSet(msgspec.Struct, frozen=True):
    """All records of one type at one name, before a step and after it; a time to live is None where it is not known.

    `ttl_s` is that of the records after the step, `before_ttl_s` that of those before it.
    """

    name: str
    kind: Kind
    before: tuple[RecordValue, ...]
    after: tuple[RecordValue, ...]
    ttl_s: int | None
    before_ttl_s: int | None = None


class ActedStep(msgspec.Struct, frozen=True):
    """A step with the sets that it alters, and the changes that lead back from it.

    `restores_all` is False where the way back is not of records and a policy alone: what a server was set up like, or the
    certificate it had, is for its administrator to keep.
    """

    changes: tuple[Change, ...]
    sets: tuple[AlteredSet, ...]
    back: tuple[Change, ...]
    restores_all: bool


def acted(evidence: Evidence, steps: Sequence[Sequence[Change]]) -> tuple[ActedStep, ...]:
    """Return each of the steps, in their order."""
    evidence = with_full_ttls(evidence)
    made: list[Change] = []
    found: list[ActedStep] = []
    for changes in steps:
        before = apply(tuple(made), evidence).evidence
        made += changes
        back = tuple(_back(before, changes))
        whole = all(isinstance(one, Publish | Withdraw | ServePolicy) for one in changes)
        found.append(ActedStep(tuple(changes), tuple(_sets(before, changes)), back, whole))
    return tuple(found)


def _back(before: Evidence, changes: Sequence[Change]) -> Iterator[Change]:
    """Yield what undoes changes, the last one first."""
    domain = assemble(before, before.observed_at())
    for change in reversed(changes):
        match change:
            case Publish(name, record):
                yield Withdraw(name, record)
            case Withdraw(name, record):
                yield Publish(name, record)
            case ServePolicy(name, _, at) if (policy := served_policy(domain)) is not None:
                yield ServePolicy(name, policy, at)
            case _:
                pass


def _sets(before: Evidence, changes: Sequence[Change]) -> Iterator[AlteredSet]:
    known = RecordFacts(before)
    records = [one for one in changes if isinstance(one, Publish | Withdraw)]
    for name, kind in dict.fromkeys(map(_set_of, records)):
        was = known.held(name, kind) or ()
        then = tuple(_altered(was, records, name, kind))
        before_s = known.ttl_s(name, kind)
        planned_s = [
            one.ttl_s for one in records if isinstance(one, Publish) and _set_of(one) == (name, kind)
        ]
        yield AlteredSet(name, kind, was, then, next(filter(None, planned_s), before_s), before_s)


def _altered(
    was: Sequence[RecordValue], changes: Sequence[Publish | Withdraw], name: str, kind: Kind
) -> list[RecordValue]:
    """Return the records with the changes to this very set made, whatever stands at other names."""
    records = list(was)
    for one in changes:
        if _set_of(one) == (name, kind):
            if isinstance(one, Withdraw) and one.record in records:
                records.remove(one.record)
            elif isinstance(one, Publish) and one.record not in records:
                records.append(one.record)
    return records


def _set_of(change: Publish | Withdraw) -> tuple[str, Kind]:
    return change.name, KINDS[type(change.record)]
