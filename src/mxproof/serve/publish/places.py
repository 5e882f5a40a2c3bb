"""Who may be connected: so many in all, so many of one network, and where it is full, who makes room for the next.

It is the network that has most places that gives one back, and there the connection that has waited longest: whoever holds many and says
nothing, whether handshakes are half open, requests come byte by byte or connections are kept for later. A sender, which comes once or
twice and is served, is the last to go.
"""

import ipaddress
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Guest = TypeVar("Guest", bound=Hashable)

_IPV6_NETWORK_BITS = 64


class Places(Generic[Guest]):
    """Guests by network, each in the order in which they were last served; networks by how many places they have."""

    def __init__(self, in_all: int, of_a_network: int) -> None:
        self.in_all = in_all
        self.of_a_network = of_a_network
        self._network: dict[Guest, str] = {}
        self._guests: dict[str, OrderedDict[Guest, None]] = {}
        self._by_size: dict[int, OrderedDict[str, None]] = {}
        self._largest = 0

    def __len__(self) -> int:
        """Return how many places are taken."""
        return len(self._network)

    def taken_from(self, network: str) -> Guest | None:
        """Return who has to go before another one of `network` may come, None where there is room."""
        if len(self._guests.get(network, ())) >= self.of_a_network:
            return next(iter(self._guests[network]))
        if len(self._network) < self.in_all:
            return None
        return next(iter(self._guests[next(iter(self._by_size[self._largest]))]))

    def enter(self, guest: Guest, network: str) -> None:
        """Take a place."""
        same = self._guests.setdefault(network, OrderedDict())
        self._network[guest] = network
        same[guest] = None
        self._resize(network, len(same) - 1, len(same))

    def served(self, guest: Guest) -> None:
        """Count a guest's waiting anew; nothing where it has left."""
        network = self._network.get(guest)
        if network is not None:
            same = self._guests[network]
            same.move_to_end(guest)
            self._by_size[len(same)].move_to_end(network)

    def leave(self, guest: Guest) -> None:
        """Give a place back; nothing where it was given back already."""
        network = self._network.pop(guest, None)
        if network is None:
            return
        same = self._guests[network]
        del same[guest]
        self._resize(network, len(same) + 1, len(same))
        if not same:
            del self._guests[network]

    def _resize(self, network: str, before: int, after: int) -> None:
        """Note how many places a network has now, one more or one less than before."""
        if before:
            del self._by_size[before][network]
            if not self._by_size[before]:
                del self._by_size[before]
        if after:
            self._by_size.setdefault(after, OrderedDict())[network] = None
        if after > self._largest or (before == self._largest and before not in self._by_size):
            self._largest = after


def network_of(address: str) -> str:
    """Return the IPv4 address, the /64 of an IPv6 address, or what stands there where it is neither."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _IPV6_NETWORK_BITS), strict=False))
