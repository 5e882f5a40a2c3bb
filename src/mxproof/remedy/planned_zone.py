"""A zone as it is planned: which records of a type would stand at a name, or that the zone says nothing of it.

| what is planned | what it says |
|---|---|
| a whole zone: it has an SOA record | everything at and below its apex, down to its delegations: what is not there will not be |
| a part of one | the sets of records that it has, each in place of the one of today |

A name that is not there is answered by a wildcard as RFC 4592 section 3.3.1 has it. An alias has no other records beside
it (RFC 1034 section 3.6.2), so that a part with an alias says that all else at this name goes, and a part with any other
record that an alias goes.
"""

from collections.abc import Iterable, Iterator

import msgspec

from mxproof.evidence import Kind
from mxproof.mail.change import RecordValue
from mxproof.remedy.records import KINDS, value_of
from mxproof.world.world import TTL_UNSAID_S, RRset

PLANNABLE = frozenset(KINDS.values()) - {Kind.CAA}
"""The types of records that changes are about and senders look at."""
_APEX_TYPES = frozenset({"NS", "DS"})


class PlannedSet(msgspec.Struct, frozen=True):
    """All records of one type at a name as planned; `ttl_s` None where that is not said."""

    records: tuple[RecordValue, ...]
    ttl_s: int | None = None


_NOTHING = PlannedSet(())


class PlannedZone:
    """The records of one zone, or a part of one where `apex` is None, ready to be looked up."""

    def __init__(self, rrsets: Iterable[RRset], apex: str | None) -> None:
        self.apex = apex
        self._sets: dict[str, dict[Kind, PlannedSet]] = {}
        self._names: set[str] = set()
        self._cuts: set[str] = set()
        for rrset in rrsets:
            self._names.update(_at_and_above(rrset.name))
            if rrset.type in _APEX_TYPES and rrset.name != apex:
                self._cuts.add(rrset.name)
            if rrset.type in PLANNABLE:
                kind = Kind(rrset.type)
                values = tuple(value for one in rrset.records if (value := value_of(kind, one)) is not None)
                here = self._sets.setdefault(rrset.name, {})
                before = here.get(kind, _NOTHING).records
                ttl_s = None if rrset.ttl_s == TTL_UNSAID_S else rrset.ttl_s
                here[kind] = PlannedSet(tuple(dict.fromkeys((*before, *values))), ttl_s)

    def without(self, name: str, kind: Kind) -> None:
        """Plan that nothing of one type stands at a name."""
        self._sets.setdefault(name, {}).setdefault(kind, _NOTHING)

    def said(self, name: str, kind: Kind) -> PlannedSet | None:
        """Return the records planned at this very name, whose alias is not followed; None where nothing is said of them."""
        here = self._sets.get(name, {})
        if self.apex is None:
            return here.get(kind) or self._beside(here, kind)
        if not self._holds(name):
            return None
        if name not in self._names:
            here = next((self._sets.get(one, {}) for one in self._wildcards(name)), {})
        return here.get(kind, _NOTHING)

    def has(self, name: str) -> bool:
        """Tell whether any record is planned at this very name."""
        return any(one.records for one in self._sets.get(name, {}).values())

    def _beside(self, here: dict[Kind, PlannedSet], kind: Kind) -> PlannedSet | None:
        """Return that none stand where an alias cannot be beside what is planned, None where nothing follows."""
        filled = {one for one, planned in here.items() if planned.records}
        excluded = filled if kind is Kind.CNAME else filled & {Kind.CNAME}
        return _NOTHING if excluded else None

    def _holds(self, name: str) -> bool:
        above = list(_at_and_above(name))
        return self.apex in above and self._cuts.isdisjoint(above[: above.index(self.apex)])

    def _wildcards(self, name: str) -> Iterator[str]:
        """Yield the wildcard of the closest name above that is there."""
        closest = next((one for one in _at_and_above(name) if one in self._names), None)
        if closest is not None:
            yield f"*.{closest}"


def _at_and_above(name: str) -> Iterator[str]:
    while name:
        yield name
        name = name.partition(".")[2]
