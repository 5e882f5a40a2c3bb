"""Records looked up: as a validating resolver would, and as an authoritative name server would.

The theory is that of RFC 1034 section 4.3.2: the zone of a name is the one with the longest matching origin, aliases are
followed to their end, a name exists if it or one below it has a record (RFC 8020), and an answer is secure if every zone
it was taken from is. What is in no zone is in an unsigned root. The resolver knows all zones by itself. A server leads
to a zone below its own with what its own has at or below that zone's origin, or else with the NS records and addresses
that the zone has itself.
"""

from collections.abc import Iterator
from functools import lru_cache

import msgspec

from mxproof.evidence import AddressRecord, MxRecord, NameRecord, OtherRecord
from mxproof.formats.names import bare_address
from mxproof.world.world import SOA_TIMERS, DnsFault, ResolverFault, RRset, ZoneContents

LINKS_MAX = 16
"""Aliases that the resolver follows; where more follow, as in every loop, its answer is SERVFAIL."""
ROOT = "."
NOERROR, NXDOMAIN, SERVFAIL, REFUSED = "NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED"

_TABLES_KEPT_MAX = 64
_ADDRESS_TYPES = ("A", "AAAA")
_Key = tuple[str, str]


class Resolution(msgspec.Struct, frozen=True):
    """What a look-up came to: `aliases` on the way, then `found`; the `soa` beside a negative answer (RFC 2308).

    `led` are the NS records by which a server leads to the zone below, with `glue`, in place of an answer.
    """

    rcode: str
    aliases: tuple[RRset, ...] = ()
    found: RRset | None = None
    soa: RRset | None = None
    secure: bool = False
    fault: DnsFault | None = None
    led: RRset | None = None
    glue: tuple[RRset, ...] = ()


class RecordTable:
    """The records of some zones, ready to be looked up."""

    def __init__(self, zones: tuple[ZoneContents, ...]) -> None:
        self._zones = {zone.name: zone for zone in reversed((*zones, ZoneContents(ROOT)))}
        self._soas = {zone.name: _soa(zone) for zone in self._zones.values()}
        self._rrsets: dict[_Key, RRset] = {}
        self._names: set[str] = set()
        self._leading: dict[str, dict[_Key, RRset]] = {}
        cuts = frozenset(zone.name for zone in zones if any(_is_apex_ns(zone, one) for one in zone.rrsets))
        for rrset in self._soas.values():
            self._add(rrset)
        for zone in zones:
            for rrset in zone.rrsets:
                cut = next(
                    (one for one in _and_above(rrset.name) if one in cuts or one == zone.name), zone.name
                )
                if cut == zone.name:
                    self._add(rrset)
                else:
                    self._leading.setdefault(cut, {})[rrset.name, rrset.type] = rrset

    def resolve(self, name: str, kind: str, faults: tuple[ResolverFault, ...] = ()) -> Resolution:
        """Look `name` up as a validating resolver with these faults does."""
        struck = {(one.name, one.type): one.fault for one in faults}
        aliases: list[RRset] = []
        secure = True
        fault: DnsFault | None = None
        for _ in range(LINKS_MAX + 1):
            zone = self._zone(name)
            secure = secure and zone.secure
            fault = fault or struck.get((name, kind)) or struck.get((name, ""))
            rrset = self._rrsets.get((name, kind))
            if rrset is not None and rrset.records:
                return Resolution(NOERROR, tuple(aliases), rrset, None, secure, fault)
            alias = self._rrsets.get((name, "CNAME"))
            if alias is None or not alias.records:
                rcode = NOERROR if name in self._names else NXDOMAIN
                return Resolution(rcode, tuple(aliases), None, self._soas[zone.name], secure, fault)
            aliases.append(alias)
            name = _target(alias)
        return Resolution(SERVFAIL, fault=fault)

    def held(self, name: str, kind: str, origins: frozenset[str]) -> Resolution:
        """Look `name` up as an authoritative server of the zones at `origins` does, which follows no alias.

        A name outside of them is REFUSED, as servers without recursion commonly say; one in a zone below them is led to.
        """
        zone = self._zone(name)
        if zone.name not in origins:
            return self._led(zone.name, origins)
        for type_found in dict.fromkeys((kind, "CNAME")):
            rrset = self._rrsets.get((name, type_found))
            if rrset is not None and rrset.records:
                return (
                    Resolution(NOERROR, found=rrset)
                    if type_found == kind
                    else Resolution(NOERROR, aliases=(rrset,))
                )
        rcode = NOERROR if name in self._names else NXDOMAIN
        return Resolution(rcode, soa=self._soas[zone.name])

    def _led(self, zone: str, origins: frozenset[str]) -> Resolution:
        """Return what leads from the nearest of `origins` above `zone` down towards it (RFC 1034 section 4.3.2 step 3b)."""
        below = [one for one in _and_above(zone) if one in self._zones]
        above = next((place for place, one in enumerate(below) if one in origins), None)
        if above is None:
            return Resolution(REFUSED)
        cut = below[above - 1]
        own = self._leading.get(cut, {})
        led = own.get((cut, "NS")) or self._rrsets.get((cut, "NS"))
        if led is None:
            return Resolution(REFUSED)
        held = own or self._rrsets
        targets = [record.name for record in led.records if isinstance(record, NameRecord)]
        glue = (held.get((one, kind)) for one in targets if cut in _and_above(one) for kind in _ADDRESS_TYPES)
        return Resolution(NOERROR, led=led, glue=tuple(one for one in glue if one is not None))

    def addresses(self, name: str) -> tuple[str, ...]:
        """Return every address that the records give for `name`, through its aliases."""
        found = (self.resolve(name, kind).found for kind in _ADDRESS_TYPES)
        return tuple(address for rrset in found if rrset is not None for address in _addresses(rrset))

    def types_at(self, name: str) -> frozenset[str]:
        """Return the types of the records that stand at `name`."""
        return frozenset(kind for (one, kind), rrset in self._rrsets.items() if one == name and rrset.records)

    def all_addresses(self) -> frozenset[str]:
        """Return every address that stands in a record."""
        held = (rrset for (_, kind), rrset in self._rrsets.items() if kind in _ADDRESS_TYPES)
        return frozenset(address for rrset in held for address in _addresses(rrset))

    def literal_exchanges(self) -> frozenset[str]:
        """Return every address that stands in an MX record in place of a name."""
        held = (rrset.records for (_, kind), rrset in self._rrsets.items() if kind == "MX")
        named = (
            bare_address(one.exchange) for records in held for one in records if isinstance(one, MxRecord)
        )
        return frozenset(address for address in named if address is not None)

    def origin_of(self, name: str) -> str:
        """Return the zone that `name` is in."""
        return self._zone(name).name

    def origins_of(self, server: str) -> frozenset[str]:
        """Return the zones whose NS records, or those that lead to them, name `server`."""
        return frozenset(zone for zone in self._zones if server in self._servers(zone))

    def server_addresses(self) -> frozenset[str]:
        """Return the addresses of all names that NS records name."""
        owners = {name for name, kind in self._rrsets if kind == "NS"}
        targets = {target for owner in owners for target in self._servers(owner)}
        return frozenset(address for target in targets for address in self.addresses(target))

    def _servers(self, owner: str) -> frozenset[str]:
        found = (self._rrsets.get((owner, "NS")), self._leading.get(owner, {}).get((owner, "NS")))
        records = (record for rrset in found if rrset is not None for record in rrset.records)
        return frozenset(record.name for record in records if isinstance(record, NameRecord))

    def _add(self, rrset: RRset) -> None:
        """Add `rrset`, joining it to one of the same name and type."""
        key = (rrset.name, rrset.type)
        known = self._rrsets.get(key)
        records = (*known.records, *rrset.records) if known is not None else rrset.records
        self._rrsets[key] = msgspec.structs.replace(rrset, records=tuple(dict.fromkeys(records)))
        self._names.update(_and_above(rrset.name))

    def _zone(self, name: str) -> ZoneContents:
        return next(self._zones[one] for one in _and_above(name) if one in self._zones)


@lru_cache(maxsize=_TABLES_KEPT_MAX)
def record_table(zones: tuple[ZoneContents, ...]) -> RecordTable:
    """Return the table of `zones`, made once for all questions of one world."""
    return RecordTable(zones)


def _soa(zone: ZoneContents) -> RRset:
    suffix = "invalid." if zone.name == ROOT else f"{zone.name}."
    text = f"ns.{suffix} hostmaster.{suffix} {zone.serial} {SOA_TIMERS}"
    return RRset(zone.name, "SOA", (OtherRecord(text),))


def _is_apex_ns(zone: ZoneContents, rrset: RRset) -> bool:
    return rrset.type == "NS" and rrset.name == zone.name and bool(rrset.records)


def _target(alias: RRset) -> str:
    record = alias.records[0]
    assert isinstance(record, NameRecord), "a CNAME record is one name"
    return record.name


def _addresses(rrset: RRset) -> Iterator[str]:
    return (record.address for record in rrset.records if isinstance(record, AddressRecord))


def _and_above(name: str) -> Iterator[str]:
    """Yield `name` and every name above it, the root last."""
    while name not in {"", ROOT}:
        yield name
        name = name.partition(".")[2]
    yield ROOT
