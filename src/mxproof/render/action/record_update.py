"""A step of a plan for name servers: lines of a zone, an nsupdate script (RFC 2136), a patch for the API of PowerDNS.

The last two change a zone only as far as the plan says. The script asks first whether the sets are those that were seen, so that
it changes nothing in a zone that somebody altered meanwhile. The patch has whole sets, as that API takes them.
"""

import msgspec

from mxproof.judge.catalogue.zone_line import absolute, record_data
from mxproof.remedy.step_record import AlteredSet

NEW_TTL_S = 300
"""The time to live of records at a name where none was seen: short, so that the way back is."""


class PatchedRecord(msgspec.Struct, frozen=True):
    """A record as the API of PowerDNS takes it."""

    content: str
    disabled: bool = False


class PatchedSet(msgspec.Struct, frozen=True):
    """A set of records as the API of PowerDNS takes it; `changetype` is REPLACE or DELETE."""

    name: str
    type: str
    ttl: int
    changetype: str
    records: tuple[PatchedRecord, ...]


class ZonePatch(msgspec.Struct, frozen=True):
    """The body of PATCH /api/v1/servers/localhost/zones/ZONE."""

    rrsets: tuple[PatchedSet, ...]


def reversed_sets(sets: tuple[AlteredSet, ...]) -> tuple[AlteredSet, ...]:
    """Return the sets for the way back."""
    return tuple(
        msgspec.structs.replace(
            one, before=one.after, after=one.before, ttl_s=one.before_ttl_s, before_ttl_s=one.ttl_s
        )
        for one in reversed(sets)
    )


def zone_lines(sets: tuple[AlteredSet, ...]) -> str:
    """Return what comes as lines with the time to live that the set has, and what goes as comments before it.

    The records of a set have one time to live (RFC 2181 section 5.2), whatever `$TTL` says where the lines are pasted.
    """
    lines: list[str] = []
    for one in sets:
        owner, kind = absolute(one.name), one.kind.value
        ttl = "" if one.ttl_s is None else f"{one.ttl_s} "
        lines += [
            f"; remove: {owner} {kind} {record_data(record)}"
            for record in one.before
            if record not in one.after
        ]
        lines += [
            f"{owner} {ttl}{kind} {record_data(record)}" for record in one.after if record not in one.before
        ]
    return "\n".join([*lines, ""])


def nsupdate(sets: tuple[AlteredSet, ...]) -> str:
    """Return the script: first what is expected, then what goes, then what comes, in one transaction."""
    expected: list[str] = []
    gone: list[str] = []
    new: list[str] = []
    for one in sets:
        owner, kind, ttl_s = absolute(one.name), one.kind.value, one.ttl_s or NEW_TTL_S
        expected += [f"prereq yxrrset {owner} {kind} {record_data(record)}" for record in one.before] or [
            f"prereq nxrrset {owner} {kind}"
        ]
        gone += [
            f"update delete {owner} {kind} {record_data(record)}"
            for record in one.before
            if record not in one.after
        ]
        new += [
            f"update add {owner} {ttl_s} {kind} {record_data(record)}"
            for record in one.after
            if record not in one.before
        ]
    return "\n".join([*expected, *gone, *new, "send", ""])


def powerdns(sets: tuple[AlteredSet, ...]) -> bytes:
    """Return the patch in JSON, sets that go before those that come."""
    ordered = sorted(sets, key=lambda one: bool(one.after))
    patch = ZonePatch(
        tuple(
            PatchedSet(
                absolute(one.name),
                one.kind.value,
                one.ttl_s or NEW_TTL_S,
                "REPLACE" if one.after else "DELETE",
                tuple(PatchedRecord(record_data(record)) for record in one.after),
            )
            for one in ordered
        )
    )
    return msgspec.json.format(msgspec.json.encode(patch), indent=2) + b"\n"
