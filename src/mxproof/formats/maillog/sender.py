"""Whose mail it is, by the name that the client host has in DNS: a known system, or the organisation whose domain it is in."""

from functools import cache
from ipaddress import ip_address

from publicsuffixlist import PublicSuffixList

from mxproof.formats.maillog.systems import SYSTEMS

OTHERS = "others"
"""All senders that are too small or too new for a rhythm of their own, and hosts that have no name."""
_KNOWN_MAX = 50_000
_BY_SUFFIX = {suffix: system for system, suffixes in SYSTEMS for suffix in suffixes}


class SenderNames:
    """The names of senders by those of hosts; what was found is remembered, up to `_KNOWN_MAX` hosts."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def of(self, host: str) -> str:
        """Return the system that a host belongs to, or its organisational domain, or `OTHERS`."""
        found = self._known.get(host)
        if found is None:
            if len(self._known) >= _KNOWN_MAX:
                self._known.clear()
            found = self._known[host] = _sender(host)
        return found


def _sender(host: str) -> str:
    name = host.rstrip(".").lower()
    labels = name.split(".")
    for first in range(len(labels) - 1):
        if system := _BY_SUFFIX.get(".".join(labels[first:])):
            return system
    if len(labels) < 2 or labels[-1].isdigit():
        return OTHERS
    return _suffixes().privatesuffix(name) or OTHERS


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def is_loopback(address: str) -> bool:
    """Tell whether an address is this machine's own, where no sender of another one hands anything in."""
    if not address.startswith(("127.", "::1", "::ffff:127.")):
        return False
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return parsed.is_loopback or (getattr(parsed, "ipv4_mapped", None) or parsed).is_loopback
