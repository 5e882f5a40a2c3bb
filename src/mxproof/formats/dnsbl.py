"""Lists of addresses in DNS: the name that is looked up for an address, and what the answer means (RFC 5782).

| answer | means |
|---|---|
| the name does not exist | not listed |
| 127.255.255.0/24 | the list refuses: asked by way of a public resolver, too often, or wrongly (observed: Spamhaus) |
| 127.0.0.1 | the list refuses (observed: URIBL and others); no list has it for an entry (RFC 5782 section 2.1) |
| any other of 127.0.0.0/8 | listed |
| any other address | whoever answers is no list: a domain that was given up, or a resolver with answers of its own |

The codes of Spamhaus: https://www.spamhaus.org/news/article/788/
"""

import ipaddress
from enum import StrEnum
from typing import Final

DEFAULT_LISTS: Final = ("zen.spamhaus.org", "bl.spamcop.net", "psbl.surriel.com")
"""Lists that many receivers ask, and that answer whoever asks by a resolver of their own, and seldom."""
LISTS_MAX: Final = 8
TEST_LISTED: Final = {4: "127.0.0.2", 6: "::ffff:127.0.0.2"}
"""What every list of a family has an entry for (RFC 5782 sections 5 and 2.4)."""
TEST_CLEAR: Final = {4: "127.0.0.1", 6: "::ffff:127.0.0.1"}
"""What no list has an entry for."""
_ENTRIES = ipaddress.IPv4Network("127.0.0.0/8")
_REFUSALS = ipaddress.IPv4Network("127.255.255.0/24")
_REFUSAL = ipaddress.IPv4Address("127.0.0.1")


class DnsblAnswer(StrEnum):
    """What the addresses in an answer mean."""

    LISTED = "listed"
    REFUSED = "refused"
    FOREIGN = "foreign"
    """Not from a list at all."""


def listed_name(address: str, zone: str) -> str:
    """Return the name that is looked up for `address` in a list (RFC 5782 sections 2.1 and 2.4)."""
    return f"{ipaddress.ip_address(address).reverse_pointer.rpartition('.arpa')[0].rpartition('.')[0]}.{zone}"


def read_dnsbl(addresses: tuple[str, ...]) -> DnsblAnswer:
    """Return what the addresses of an answer mean together: one that is no entry spoils them all."""
    found = [ipaddress.ip_address(one) for one in addresses]
    if any(one.version != 4 or one not in _ENTRIES for one in found):
        return DnsblAnswer.FOREIGN
    if any(one in _REFUSALS or one == _REFUSAL for one in found):
        return DnsblAnswer.REFUSED
    return DnsblAnswer.LISTED
