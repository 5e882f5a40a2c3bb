"""The name space of one world: a root, two top-level domains, `example.com`, `example.net` and the reverse zones.

The root, `com` and `net` are signed, so that a validating resolver can prove that an unsigned zone below them is
unsigned. `example.com` is signed when the world says so; the rest never is.
"""

import ipaddress
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from real.bed.ca import Identity
from real.bed.network import IPV4_PREFIXES, Machine
from real.bed.worlds import DOMAIN, PROVIDER, Exchange, Tlsa, World

TTL_S = 0
"""A daemon holds answers for their TTL, and a domain that is published anew must be seen at once."""
NAME_SERVER = "ns.example"
MISSING_NAME_SERVER = "ns.missing.example"

_IPV6_REVERSE = "8.b.d.0.1.0.0.2.ip6.arpa."


class Zone(msgspec.Struct, frozen=True):
    """One zone: its apex, the zone that delegates it, whether it is signed, and its records in master-file form.

    `disowned` has its delegation name a key that the zone does not have. `secondaries` are name servers beside the first,
    `elsewhere` those that keep it in place of the first.
    """

    apex: str
    parent: str | None
    signed: bool
    records: tuple[str, ...]
    serial: int = 1
    disowned: bool = False
    ttl_s: int = TTL_S
    secondaries: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()

    @property
    def name_servers(self) -> tuple[str, ...]:
        """Return the names of all its name servers."""
        return self.elsewhere or (NAME_SERVER, *self.secondaries)

    def text(self, delegations: Iterable[str]) -> str:
        """Return the master file, with the records that delegate the zones below."""
        head = (
            f"$ORIGIN {self.apex}",
            f"$TTL {self.ttl_s}",
            f"@ SOA {self.name_servers[0]}. hostmaster.example. {self.serial} 3600 600 86400 {self.ttl_s}",
            *(f"@ NS {server}." for server in self.name_servers),
        )
        return "".join(f"{line}\n" for line in (*head, *self.records, *delegations))


def zones(
    world: World, machines: Sequence[Machine], identities: Mapping[Exchange, Identity]
) -> tuple[Zone, ...]:
    """Return all zones of `world`, parents before children."""
    by_host = {machine.host: machine for machine in machines}
    exchanges = tuple(record for one in world.exchanges for record in _exchange(world, one, identities[one]))
    hosted = (*exchanges, *(record for machine in machines for record in addresses(machine)))
    return (
        Zone(".", None, True, addresses(by_host[NAME_SERVER])),
        Zone("com.", ".", True, ()),
        Zone("net.", ".", True, ()),
        Zone(
            f"{DOMAIN}.",
            "com.",
            DOMAIN in world.signed,
            (*_texts(world), *_under(DOMAIN, hosted)),
            disowned=world.disowned,
        ),
        Zone(f"{PROVIDER}.", "net.", PROVIDER in world.signed, _under(PROVIDER, hosted)),
        *reverse_zones(machines),
    )


def reverse_zones(machines: Sequence[Machine]) -> tuple[Zone, ...]:
    """Return the zones that hold the names of all addresses of `machines`."""
    return tuple(Zone(apex, ".", False, _pointers(apex, machines)) for apex in reverse_apexes())


def reverse_apexes() -> tuple[str, ...]:
    """Return the apexes of the reverse zones of all addresses in use."""
    prefixes = (ipaddress.IPv4Network(prefix) for prefix in IPV4_PREFIXES)
    ipv4 = (".".join(reversed(str(prefix.network_address).split(".")[:3])) for prefix in prefixes)
    return (*(f"{name}.in-addr.arpa." for name in ipv4), _IPV6_REVERSE)


def _texts(world: World) -> Iterator[str]:
    yield f'_mta-sts.{DOMAIN}. TXT "v=STSv1; id=20260101T000000;"'
    yield f'_smtp._tls.{DOMAIN}. TXT "v=TLSRPTv1; rua=mailto:tlsrpt@{DOMAIN}"'
    for number in range(world.other_texts):
        yield f'_mta-sts.{DOMAIN}. TXT "site-verification={number:064}"'


def _exchange(world: World, exchange: Exchange, identity: Identity) -> Iterator[str]:
    yield f"{DOMAIN}. MX {exchange.preference} {exchange.mx}."
    if exchange.mx != exchange.host:
        yield f"{exchange.mx}. CNAME {exchange.host}."
    if world.tlsa is not Tlsa.NONE:
        base = exchange.mx if world.tlsa is Tlsa.RIGHT_AT_ALIAS else exchange.host
        yield _tlsa(world.tlsa, base, identity)


def _tlsa(tlsa: Tlsa, base: str, identity: Identity) -> str:
    """Return the TLSA record of one exchange (RFC 7672 section 3.1), or what stands in its place."""
    right = identity.spki_sha256
    match tlsa:
        case Tlsa.UNANSWERED:
            return f"_tcp.{base}. NS {MISSING_NAME_SERVER}."
        case Tlsa.WRONG:
            data = "3 1 1 " + "".join(f"{15 - int(digit, 16):x}" for digit in right)
        case Tlsa.ANCHOR:
            data = f"2 0 1 {identity.association('2 0 1')}"
        case Tlsa.UNUSABLE:
            data = f"1 1 1 {right}"
        case _:
            data = f"3 1 1 {right}"
    return f"_25._tcp.{base}. TLSA {data}"


def _under(apex: str, records: Iterable[str]) -> tuple[str, ...]:
    """Return the records whose owner is `apex` or below."""
    return tuple(record for record in records if f".{record.split()[0]}".endswith(f".{apex}."))


def addresses(machine: Machine) -> tuple[str, ...]:
    """Return the address records of `machine`."""
    return (f"{machine.host}. A {machine.ipv4}", f"{machine.host}. AAAA {machine.ipv6}")


def _pointers(apex: str, machines: Sequence[Machine]) -> tuple[str, ...]:
    named = ((ipaddress.ip_address(a).reverse_pointer, m.host) for m in machines for a in (m.ipv4, m.ipv6))
    return tuple(f"{name}. PTR {host}." for name, host in named if f"{name}.".endswith(apex))
