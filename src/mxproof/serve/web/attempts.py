"""How often a password may be tried: by account and by address, in memory that is bounded.

| failures of a key | the next try is heard |
|---|---|
| fewer than FREE_TRIES | at once |
| as many, and each one more | after FIRST_WAIT, and twice as long each time, up to LONGEST_WAIT |

A key is forgotten FORGOTTEN after its last failure. An account that logged in from an address is heard from there whatever others
try with its name elsewhere, so that nobody can be locked out by name. IPv6 counts by the network of 64 bits that one has. A try
counts as failed from when it begins, so that many at once are no way around.
"""

import ipaddress
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

import msgspec

FREE_TRIES: Final = 5
FIRST_WAIT: Final = timedelta(seconds=15)
LONGEST_WAIT: Final = timedelta(minutes=15)
FORGOTTEN: Final = timedelta(hours=1)
ATTEMPT_KEYS_MAX: Final = 10_000
_DOUBLED_MAX = 10
_IPV6_BITS = 64


class _Failures(msgspec.Struct, frozen=True):
    count: int
    last: datetime

    def heard_at(self) -> datetime:
        beyond = self.count - FREE_TRIES
        return (
            self.last
            if beyond < 0
            else self.last + min(FIRST_WAIT * 2 ** min(beyond, _DOUBLED_MAX), LONGEST_WAIT)
        )


class Attempts:
    """What was tried lately."""

    def __init__(self) -> None:
        self._failures: OrderedDict[tuple[str, str], _Failures] = OrderedDict()
        self._known: OrderedDict[tuple[str, str], None] = OrderedDict()

    def begin(self, account: str, address: str, now: datetime) -> timedelta:
        """Count a try; return how long to wait before another is heard, nothing where this one is."""
        where = network_of(address)
        keys = [("address", where)]
        if (account, where) not in self._known:
            keys.append(("account", account))
        heard_at = max((self._failed(key, now).heard_at() for key in keys), default=now)
        if heard_at > now:
            return heard_at - now
        for key in keys:
            self._failures[key] = _Failures(self._failed(key, now).count + 1, now)
            self._failures.move_to_end(key)
        self._bound()
        return timedelta()

    def succeeded(self, account: str, address: str) -> None:
        """Forget the failures of an account and an address, and remember that it logged in from there."""
        where = network_of(address)
        self._failures.pop(("address", where), None)
        self._failures.pop(("account", account), None)
        self._known[(account, where)] = None
        self._known.move_to_end((account, where))
        self._bound()

    def _failed(self, key: tuple[str, str], now: datetime) -> _Failures:
        found = self._failures.get(key)
        return _Failures(0, now - FORGOTTEN) if found is None or now - found.last > FORGOTTEN else found

    def _bound(self) -> None:
        for held in (self._failures, self._known):
            while len(held) > ATTEMPT_KEYS_MAX:
                held.popitem(last=False)


def network_of(address: str) -> str:
    """Return what one client has of an address: all of IPv4, the first 64 bits of IPv6, anything else as it is."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(read, ipaddress.IPv6Address) and read.ipv4_mapped is None:
        return str(ipaddress.ip_network((read, _IPV6_BITS), strict=False))
    return str(getattr(read, "ipv4_mapped", None) or read)
