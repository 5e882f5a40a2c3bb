"""The name space of one world: a root, two top-level domains, `example.com`, `example.net` and the reverse zones.

The root, `com` and `net` are signed, so that a validating resolver can prove that an unsigned zone below them is
unsigned. `example.com` is signed when the world says so; the rest never is.
"""

import ipaddress
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from real.bed.network import IPV4_PREFIXES, Machine
from real.bed.worlds import DOMAIN, POLICY_HOST, Exchange, Tlsa, World

TTL_S = 60
NAME_SERVER = "ns.example"

_IPV6_REVERSE = "8.b.d.0.1.0.0.2.ip6.arpa."


class Zone(msgspec.Struct, frozen=True):
    """One zone: its apex, the zone that delegates it, whether it is signed, and its records in master-file form."""

    apex: str
    parent: str | None
    signed: bool
    records: tuple[str, ...]
    serial: int = 1

    def text(self, delegations: Iterable[str]) -> str:
        """Return the master file, with the records that delegate the zones below."""
        head = (
            f"$ORIGIN {self.apex}",
            f"$TTL {TTL_S}",
            f"@ SOA {NAME_SERVER}. hostmaster.example. {self.serial} 3600 600 86400 {TTL_S}",
            f"@ NS {NAME_SERVER}.",
        )
        return "".join(f"{line}\n" for line in (*head, *self.records, *delegations))


def zones(world: World, machines: Sequence[Machine], spki_sha256: Mapping[Exchange, str]) -> tuple[Zone, ...]:
    """Return all zones of `world`, parents before children; `spki_sha256` holds the key hash of each exchange."""
    by_host = {machine.host: machine for machine in machines}
    return (
        Zone(".", None, True, addresses(by_host[NAME_SERVER])),
        Zone("com.", ".", True, ()),
        Zone("net.", ".", True, ()),
        Zone(f"{DOMAIN}.", "com.", world.signed, _mail_domain(world, by_host, spki_sha256)),
        Zone("example.net.", "net.", False, _all_under("example.net", machines)),
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


def _mail_domain(
    world: World, by_host: Mapping[str, Machine], spki_sha256: Mapping[Exchange, str]
) -> tuple[str, ...]:
    records = [
        f'_mta-sts.{DOMAIN}. TXT "v=STSv1; id=20260101T000000;"',
        f'_smtp._tls.{DOMAIN}. TXT "v=TLSRPTv1; rua=mailto:tlsrpt@{DOMAIN}"',
        *addresses(by_host[POLICY_HOST]),
    ]
    for exchange in world.exchanges:
        records.append(f"{DOMAIN}. MX {exchange.preference} {exchange.mx}.")
        records.extend(addresses(by_host[exchange.host]))
        if exchange.mx != exchange.host:
            records.append(f"{exchange.mx}. CNAME {exchange.host}.")
        records.extend(_tlsa(world.tlsa, exchange, spki_sha256[exchange]))
    return tuple(records)


def _tlsa(tlsa: Tlsa, exchange: Exchange, spki_sha256: str) -> tuple[str, ...]:
    """Return the TLSA records of one exchange: DANE-EE, SPKI, SHA-256 (RFC 7672 section 3.1.1)."""
    match tlsa:
        case Tlsa.NONE:
            return ()
        case Tlsa.RIGHT:
            name, digest = exchange.host, spki_sha256
        case Tlsa.WRONG:
            name, digest = exchange.host, "".join(f"{15 - int(digit, 16):x}" for digit in spki_sha256)
        case Tlsa.RIGHT_AT_ALIAS:
            name, digest = exchange.mx, spki_sha256
    return (f"_25._tcp.{name}. TLSA 3 1 1 {digest}",)


def _all_under(domain: str, machines: Sequence[Machine]) -> tuple[str, ...]:
    inside = (machine for machine in machines if machine.host.endswith(f".{domain}"))
    return tuple(record for machine in inside for record in addresses(machine))


def addresses(machine: Machine) -> tuple[str, ...]:
    """Return the address records of `machine`."""
    return (f"{machine.host}. A {machine.ipv4}", f"{machine.host}. AAAA {machine.ipv6}")


def _pointers(apex: str, machines: Sequence[Machine]) -> tuple[str, ...]:
    named = ((ipaddress.ip_address(a).reverse_pointer, m.host) for m in machines for a in (m.ipv4, m.ipv6))
    return tuple(f"{name}. PTR {host}." for name, host in named if f"{name}.".endswith(apex))
