"""What the lab's resolver knows: the records of a world, looked up as a validating resolver would answer.

The theory is that of RFC 1034 section 4.3.2 with the work of the delegations left out: the zone of a name is the one
with the longest matching origin, aliases are followed to their end, a name exists if it or one below it has a record
(RFC 8020), and an answer is secure if every zone it was taken from is. The root is there and secure, so that names
outside a world do not exist and say so with the AD bit.
"""

from collections.abc import Iterator

import dns.exception
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.reversename
import dns.rrset
import dns.zonefile
import msgspec

from mxproof.lab.world import DnsFault, NameFault, Ptr, World, WorldError, Zone, check_address

CHAIN_MAX = 16
TTL_S = 300

_ADDRESS_TYPES = (dns.rdatatype.A, dns.rdatatype.AAAA)
_REVERSE_ORIGINS = ("in-addr.arpa", "ip6.arpa")
_SOA = "ns.{origin} hostmaster.{origin} {serial} 3600 900 604800 300"

_Key = tuple[dns.name.Name, dns.rdatatype.RdataType]


class Resolution(msgspec.Struct, frozen=True):
    """What a lookup came to; `authority` is the SOA beside a negative answer (RFC 2308 section 3)."""

    rcode: dns.rcode.Rcode
    answer: tuple[dns.rrset.RRset, ...] = ()
    authority: dns.rrset.RRset | None = None
    secure: bool = False
    fault: DnsFault | None = None


class Origin(msgspec.Struct, frozen=True):
    """A zone cut: where a zone begins, its SOA record and whether it is signed."""

    name: dns.name.Name
    soa: dns.rrset.RRset
    secure: bool


class Records:
    """Every record of a world, with the reverse zones, ready for lookup."""

    def __init__(self, world: World) -> None:
        self._origins = [_origin(zone) for zone in _with_infrastructure(world.zones)]
        self._rrsets: dict[_Key, dns.rrset.RRset] = {}
        self._names: set[dns.name.Name] = set()
        self._faults = {_fault_key(fault): fault.fault for fault in world.dns_faults}
        for origin in self._origins:
            self.add(origin.soa)
        for zone in world.zones:
            for rrset in _rrsets(zone):
                self.add(rrset)
        for pointer in _pointers(self._address_rrsets(), world.ptr):
            self.add(pointer)

    def add(self, rrset: dns.rrset.RRset) -> None:
        """Add `rrset`, joining it to one of the same name and type."""
        known = self._rrsets.setdefault((rrset.name, rrset.rdtype), rrset)
        for rdata in rrset:
            known.add(rdata)
        name = rrset.name
        while name not in self._names:
            self._names.add(name)
            if name == dns.name.root:
                break
            name = name.parent()

    def add_tlsa(self, name: str, fields: tuple[int, int, int], association: bytes) -> None:
        """Add a TLSA record; `fields` are usage, selector and matching type."""
        text = " ".join(map(str, fields)) + f" {association.hex()}"
        self.add(dns.rrset.from_text(_parsed(name), TTL_S, "IN", "TLSA", text))

    def addresses(self, name: str) -> tuple[str, ...]:
        """Return every address that the records give for `name`, through its aliases."""
        return tuple(
            rdata.address
            for kind in _ADDRESS_TYPES
            for rrset in self.resolve(_parsed(name), kind).answer
            if rrset.rdtype == kind
            for rdata in rrset
        )

    def all_addresses(self) -> frozenset[str]:
        """Return every address that stands in a record."""
        return frozenset(rdata.address for rrset in self._address_rrsets() for rdata in rrset)

    def origins_of(self, server: str) -> frozenset[dns.name.Name]:
        """Return the zones whose NS records name `server`."""
        name = _parsed(server)
        delegated = (self._rrsets.get((origin.name, dns.rdatatype.NS)) for origin in self._origins)
        return frozenset(
            rrset.name
            for rrset in delegated
            if rrset is not None and any(one.target == name for one in rrset)
        )

    def server_addresses(self) -> frozenset[str]:
        """Return the addresses of all names that NS records name."""
        targets = [
            rdata.target
            for (_, kind), rrset in self._rrsets.items()
            if kind == dns.rdatatype.NS
            for rdata in rrset
        ]
        return frozenset(address for target in targets for address in self.addresses(str(target)))

    def held(
        self, name: dns.name.Name, kind: dns.rdatatype.RdataType, origins: frozenset[dns.name.Name]
    ) -> Resolution:
        """Look `name` up as an authoritative server of the zones at `origins` does, which follows no alias.

        A name outside of them is REFUSED, as servers without recursion commonly say.
        """
        origin = self._origin(name)
        if origin.name not in origins:
            return Resolution(dns.rcode.REFUSED)
        found = self._rrsets.get((name, kind)) or self._rrsets.get((name, dns.rdatatype.CNAME))
        if found is not None:
            return Resolution(dns.rcode.NOERROR, (found,))
        rcode = dns.rcode.NOERROR if name in self._names else dns.rcode.NXDOMAIN
        return Resolution(rcode, authority=origin.soa)

    def resolve(self, name: dns.name.Name, kind: dns.rdatatype.RdataType) -> Resolution:
        """Look `name` up; a chain longer than CHAIN_MAX, and so every loop, is SERVFAIL."""
        answer: list[dns.rrset.RRset] = []
        secure = True
        fault: DnsFault | None = None
        for _ in range(CHAIN_MAX + 1):
            origin = self._origin(name)
            secure = secure and origin.secure
            fault = fault or self._fault(name, kind)
            if (rrset := self._rrsets.get((name, kind))) is not None:
                return Resolution(dns.rcode.NOERROR, (*answer, rrset), None, secure, fault)
            alias = self._rrsets.get((name, dns.rdatatype.CNAME))
            if alias is None:
                rcode = dns.rcode.NOERROR if name in self._names else dns.rcode.NXDOMAIN
                return Resolution(rcode, tuple(answer), origin.soa, secure, fault)
            answer.append(alias)
            name = alias[0].target
        return Resolution(dns.rcode.SERVFAIL, fault=fault)

    def _origin(self, name: dns.name.Name) -> Origin:
        above = (origin for origin in self._origins if name.is_subdomain(origin.name))
        return max(above, key=lambda origin: len(origin.name))

    def _fault(self, name: dns.name.Name, kind: dns.rdatatype.RdataType) -> DnsFault | None:
        return self._faults.get((name, kind)) or self._faults.get((name, dns.rdatatype.ANY))

    def _address_rrsets(self) -> list[dns.rrset.RRset]:
        return [rrset for (_, kind), rrset in self._rrsets.items() if kind in _ADDRESS_TYPES]


def _with_infrastructure(zones: tuple[Zone, ...]) -> Iterator[Zone]:
    yield from zones
    if not any(zone.name == "." for zone in zones):
        yield Zone(name=".", records="", secure=True)
    yield from (Zone(name=origin, records="") for origin in _REVERSE_ORIGINS)


def _origin(zone: Zone) -> Origin:
    name = _parsed(zone.name)
    prefix = "" if name == dns.name.root else str(name)
    soa = dns.rrset.from_text(
        name, TTL_S, "IN", "SOA", _SOA.format(origin=prefix or "invalid.", serial=zone.serial)
    )
    return Origin(name, soa, zone.secure)


def _rrsets(zone: Zone) -> list[dns.rrset.RRset]:
    subject = f"zone {zone.name!r}"
    try:
        rrsets = dns.zonefile.read_rrsets(zone.records, origin=_parsed(zone.name), default_ttl=TTL_S)
    except (dns.exception.DNSException, ValueError) as error:
        raise WorldError(f"{subject}: {error}; expected records in zone file syntax") from None
    for rrset in rrsets:
        if rrset.rdtype in _ADDRESS_TYPES:
            for rdata in rrset:
                check_address(rdata.address, f"{subject}: {rrset.name}")
    return rrsets


def _pointers(rrsets: list[dns.rrset.RRset], overrides: tuple[Ptr, ...]) -> Iterator[dns.rrset.RRset]:
    targets: dict[str, tuple[str, ...]] = {}
    for rrset in rrsets:
        for rdata in rrset:
            targets.setdefault(rdata.address, (str(rrset.name),))
    targets.update((pointer.address, pointer.names) for pointer in overrides)
    for address, names in targets.items():
        if names:
            reverse = dns.reversename.from_address(address)
            texts = [str(_parsed(name)) for name in names]
            yield dns.rrset.from_text_list(reverse, TTL_S, "IN", "PTR", texts)


def _fault_key(fault: NameFault) -> _Key:
    try:
        kind = dns.rdatatype.from_text(fault.type or "ANY")
    except (dns.exception.DNSException, ValueError):
        raise WorldError(
            f"dns_fault {fault.name!r}: type {fault.type!r}; expected a record type such as TXT, or none for all"
        ) from None
    return _parsed(fault.name), kind


def _parsed(name: str) -> dns.name.Name:
    try:
        return dns.name.from_text(name)
    except (dns.exception.DNSException, ValueError) as error:
        raise WorldError(f"name {name!r}: {error}; expected a domain name") from None
