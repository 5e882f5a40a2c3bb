"""Which addresses can be reached from everywhere: the special-purpose address registries of IANA, and what they lack.

An address that a registry calls not globally reachable belongs to this machine, to this network, to nobody or to the
examples in a book (RFC 6890 section 2, RFC 8190). `special_range` is the one law about them: what asks goes by it before
it connects, and what judges names what it says.

| address | judged by |
|---|---|
| in a row of `RANGES` | the most specific row that holds it |
| `::ffff:0:0/96` and `::ffff:0:0:0/96`, mapped and translated | the IPv4 address in it |
| `64:ff9b::/96`, NAT64 | the IPv4 address in it, so that a host behind DNS64 reaches what is public |
| `64:ff9b:1::/96`, local NAT64 | the same; the rest of 64:ff9b:1::/48 by its row, for where it embeds is not known |
| `2002::/16`, 6to4 | the IPv4 address in it |
| `2001::/32`, Teredo | server and client in it, and never public: its row has the word of 2001::/23 |
| any other | public |

The registries are those of November 2026. What is not in them and is no host either stands in `RANGES` with the RFC
that says so: multicast, site-local and IPv4-compatible addresses.
"""

import ipaddress
from functools import cache, lru_cache
from types import MappingProxyType

import msgspec

ADDRESSES_CACHED_MAX = 4096
NETWORK_LENGTHS = MappingProxyType({4: 24, 6: 48})
"""Prefixes that are routed as one: longer ones are taken by few networks."""

IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class SpecialRange(msgspec.Struct, frozen=True):
    """A row of a registry: the range in canonical text, what it is for, and where that is written."""

    network: str
    purpose: str
    rfc: str
    is_public: bool = False
    """Whether the registry calls it globally reachable."""
    is_example: bool = False
    """Whether it is there for documentation: worlds that are made up are made of it."""

    def __str__(self) -> str:
        """Name the range as one looks it up: `10.0.0.0/8 (private use, RFC 1918)`."""
        return f"{self.network} ({self.purpose}, {self.rfc})"


def _row(network: str, purpose: str, rfc: int, **marks: bool) -> SpecialRange:
    return SpecialRange(network, purpose, f"RFC {rfc}", **marks)


RANGES = (
    _row("0.0.0.0/8", "this network", 791),
    _row("10.0.0.0/8", "private use", 1918),
    _row("100.64.0.0/10", "shared address space of carriers", 6598),
    _row("127.0.0.0/8", "loopback", 1122),
    _row("169.254.0.0/16", "link-local", 3927),
    _row("172.16.0.0/12", "private use", 1918),
    _row("192.0.0.0/24", "IETF protocol assignments", 6890),
    _row("192.0.0.0/29", "IPv4 service continuity", 7335),
    _row("192.0.0.8/32", "IPv4 dummy address", 7600),
    _row("192.0.0.9/32", "port control protocol anycast", 7723, is_public=True),
    _row("192.0.0.10/32", "TURN anycast", 8155, is_public=True),
    _row("192.0.0.170/31", "discovery of NAT64", 7050),
    _row("192.0.2.0/24", "documentation", 5737, is_example=True),
    _row("192.31.196.0/24", "AS112", 7535, is_public=True),
    _row("192.52.193.0/24", "automatic multicast tunnelling", 7450, is_public=True),
    _row("192.88.99.2/32", "6a44 relay anycast", 6751),
    _row("192.168.0.0/16", "private use", 1918),
    _row("192.175.48.0/24", "direct delegation of AS112", 7534, is_public=True),
    _row("198.18.0.0/15", "benchmarking", 2544),
    _row("198.51.100.0/24", "documentation", 5737, is_example=True),
    _row("203.0.113.0/24", "documentation", 5737, is_example=True),
    _row("224.0.0.0/4", "multicast", 5771),
    _row("240.0.0.0/4", "reserved", 1112),
    _row("255.255.255.255/32", "limited broadcast", 8190),
    _row("::/96", "IPv4-compatible addresses, given up", 4291),
    _row("::/128", "the unspecified address", 4291),
    _row("::1/128", "loopback", 4291),
    _row("64:ff9b:1::/48", "local translation between IPv4 and IPv6", 8215),
    _row("100::/64", "discard-only", 6666),
    _row("100:0:0:1::/64", "dummy IPv6 prefix", 9780),
    _row("2001::/23", "IETF protocol assignments", 2928),
    _row("2001::/32", "Teredo", 4380),
    _row("2001:1::1/128", "port control protocol anycast", 7723, is_public=True),
    _row("2001:1::2/128", "TURN anycast", 8155, is_public=True),
    _row("2001:1::3/128", "service registration anycast", 9665, is_public=True),
    _row("2001:2::/48", "benchmarking", 5180),
    _row("2001:3::/32", "automatic multicast tunnelling", 7450, is_public=True),
    _row("2001:4:112::/48", "AS112", 7535, is_public=True),
    _row("2001:10::/28", "ORCHID, given up", 4843),
    _row("2001:20::/28", "ORCHIDv2", 7343, is_public=True),
    _row("2001:30::/28", "drone remote identification", 9374, is_public=True),
    _row("2001:db8::/32", "documentation", 3849, is_example=True),
    _row("2620:4f:8000::/48", "direct delegation of AS112", 7534, is_public=True),
    _row("3fff::/20", "documentation", 9637, is_example=True),
    _row("5f00::/16", "segment routing", 9602),
    _row("fc00::/7", "unique local addresses", 4193),
    _row("fe80::/10", "link-local", 4291),
    _row("fec0::/10", "site-local, given up", 3879),
    _row("ff00::/8", "multicast", 4291),
)
"""The rows of both registries and, without a row there, what is no public host; those whose address is in another
place (`_embedded`) are left out."""


@cache
def _by_specificity(version: int) -> tuple[tuple[int, int, SpecialRange], ...]:
    """Return the rows of a family as (prefix, bits behind it, row), the most specific first."""
    found = []
    for row in RANGES:
        begin, _, length = row.network.partition("/")
        if (":" in begin) is (version == 6):
            bits_behind = _BITS[version] - int(length)
            found.append((int(ipaddress.ip_address(begin)) >> bits_behind, bits_behind, row))
    return tuple(sorted(found, key=lambda one: one[1]))


_BITS = MappingProxyType({4: 32, 6: 128})
_LOW_32 = 0xFFFF_FFFF
_EMBEDDING = (
    (0x0000_0000_0000_0000_0000_FFFF, 32, 0),
    (0x0000_0000_0000_0000_FFFF_0000, 32, 0),
    (0x0064_FF9B_0000_0000_0000_0000, 32, 0),
    (0x0064_FF9B_0001_0000_0000_0000, 32, 0),
    (0x2002, 112, 80),
)
"""Where IPv6 addresses hold an IPv4 address: the prefix, the bits behind it, and the bits behind the IPv4 address (RFC
4291 section 2.5.5.2, RFC 2765 section 2.1, RFC 6052 section 2.1, RFC 8215 section 5, RFC 3056 section 2)."""
_TEREDO = 0x2001_0000


@lru_cache(maxsize=ADDRESSES_CACHED_MAX)
def special_range(address: str) -> SpecialRange | None:
    """Return the range that keeps `address`, in text, from being a public one; None where it is public.

    A scope (`fe80::1%eth0`) is part of the text and changes nothing. Raises ValueError for what is no address.
    """
    parsed = ipaddress.ip_address(address)
    number = int(parsed)
    if parsed.version == 4:
        return _range_of(number, 4)
    for embedded in _embedded(number):
        found = _range_of(embedded, 4)
        if found is not None:
            return found
    if any(number >> bits_behind == prefix for prefix, bits_behind, _ in _EMBEDDING):
        return None
    return _range_of(number, 6)


def routed_network(address: str) -> IpNetwork:
    """Return the network that `address` is routed with, which goes when its line or its router does."""
    length = NETWORK_LENGTHS[6 if ":" in address else 4]
    return ipaddress.ip_network((address, length), strict=False)


def is_example(address: str) -> bool:
    """Tell whether `address` is one for documentation, which stands for a public one in a world that is made up."""
    found = special_range(address)
    return found is not None and found.is_example


def _embedded(number: int) -> tuple[int, ...]:
    """Return the IPv4 addresses in an IPv6 address; those of Teredo are server and client (RFC 4380 section 4)."""
    if number >> 96 == _TEREDO:
        return number >> 64 & _LOW_32, ~number & _LOW_32
    return tuple(
        number >> behind & _LOW_32
        for prefix, bits_behind, behind in _EMBEDDING
        if number >> bits_behind == prefix
    )


def _range_of(number: int, version: int) -> SpecialRange | None:
    row = next((row for prefix, behind, row in _by_specificity(version) if number >> behind == prefix), None)
    return None if row is None or row.is_public else row
