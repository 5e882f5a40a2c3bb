"""What the header of a mail that arrived tells of the system that sent it: its address, its HELO name, its DKIM selectors.

| field | tells |
|---|---|
| Received-SPF | `client-ip=` and `helo=` of whoever handed the mail to the receiver (RFC 7208 section 9.1) |
| Received | `from HELO (NAME [ADDRESS])`, where there is no Received-SPF: the topmost with a public address |
| DKIM-Signature | `d=` and `s=` (RFC 6376 section 3.5) |

A header is what receivers on the way wrote, and whoever sent the mail may have written what is below: nothing of it is a
fact, and all of it is looked up.
"""

import ipaddress
import re
from collections.abc import Iterable, Iterator

import msgspec

from mxproof.formats.address_scope import special_range
from mxproof.formats.names import canonical, is_host

HEADER_SELECTORS_MAX = 8
_SPF = "received-spf"
_RECEIVED = "received"
_SIGNATURE = "dkim-signature"
_CLIENT = r"client-ip=\s*\"?([0-9A-Fa-f.:]{2,45})"
_HELO = r"helo=\s*\"?([^\s;\"]{1,255})"
_FROM = r"from\s+(\S{1,255})\s"
_ADDRESS = r"(?i)\[(?:IPv6:)?([0-9A-Fa-f.:]{2,45})\]"
_TAG = r"(?:\A|;)\s*([ds])\s*=\s*([^;\s]{1,255})"
_FROM_CHARACTERS_MAX = 1000


class SendingHost(msgspec.Struct, frozen=True, omit_defaults=True):
    """A host that sends mail: its address, and the name that it gives in EHLO, empty where that is not known."""

    address: str
    helo: str = ""


Fields = Iterable[tuple[str, str]]
"""Header fields from the top down: names in lower case, values unfolded."""


def sending_host(fields: Fields) -> SendingHost | None:
    """Return who handed the mail to its receiver, None where no field tells of a public address."""
    kept = tuple(fields)
    for name, value in kept:
        if name == _SPF and (found := _host(re.search(_CLIENT, value), re.search(_HELO, value))) is not None:
            return found
    for name, value in kept:
        if name == _RECEIVED:
            said = re.match(_FROM, value)
            behind = _before_by(value[said.end() - 1 :]) if said else ""
            found = _host(re.search(_ADDRESS, behind), said)
            if found is not None:
                return found
    return None


def _before_by(text: str) -> str:
    """Return what a Received field says of the client, before it names the server."""
    return text[:_FROM_CHARACTERS_MAX].partition(" by ")[0]


def selectors_for(fields: Fields, domain: str) -> tuple[str, ...]:
    """Return the selectors of the signatures by `domain` itself, each once."""
    return tuple(dict.fromkeys(_selectors(fields, domain)))[:HEADER_SELECTORS_MAX]


def _selectors(fields: Fields, domain: str) -> Iterator[str]:
    for name, value in fields:
        if name == _SIGNATURE:
            tags = dict(reversed(re.findall(_TAG, value)))  # of a tag that stands twice the first
            if canonical(tags.get("d", "")) == domain and tags.get("s"):
                yield canonical(tags["s"])


def _host(address: re.Match[str] | None, helo: re.Match[str] | None) -> SendingHost | None:
    if address is None:
        return None
    try:
        known = str(ipaddress.ip_address(address[1]))
    except ValueError:
        return None
    special = special_range(known)
    if special is not None and not special.is_example:
        return None
    name = canonical(helo[1].strip("()[],")) if helo is not None else ""
    return SendingHost(known, name if is_host(name) and "." in name and not name[-1].isdigit() else "")
