"""The keys that Postfix looks up: next-hop destinations as transport maps and relayhost write them (postconf(5)).

| key | meaning |
|---|---|
| `example.com` | the MX hosts of a domain |
| `example.com:submission`, `example.com:587` | the same at another port |
| `[mail.example.net]`, `[mail.example.net]:587` | that host; no MX look-up |
| `[192.0.2.1]`, `[ipv6:2001:db8::1]` | an address; it has no policy (RFC 8461 section 3.4) |
| `.example.com` | the parent of a domain that was not found; a policy covers no subdomain (RFC 8461 section 3.4) |
"""

import re

import msgspec

from mxproof.formats.errors import FormatError
from mxproof.formats.names import is_address, parse_domain

SMTP_PORT = 25
PORT_MAX = 65_535
KEY_CHARACTERS_MAX = 1000

_KEY = re.compile(r"(?:\[(?P<host>[^\[\]]+)\]|(?P<domain>[^\[\]:@/\s]+))(?::(?P<port>[A-Za-z0-9-]{1,32}))?\Z")
_SERVICES = {"smtp": SMTP_PORT, "smtps": 465, "submissions": 465, "submission": 587, "lmtp": 24}


class NextHop(msgspec.Struct, frozen=True):
    """A destination with a policy domain: `domain` in A-labels; `bracketed` where its MX records play no part."""

    domain: str
    bracketed: bool = False
    port: int = SMTP_PORT

    def __str__(self) -> str:
        """Write the destination as Postfix does."""
        host = f"[{self.domain}]" if self.bracketed else self.domain
        return host if self.port == SMTP_PORT else f"{host}:{self.port}"


def next_hop(key: str) -> NextHop | None:
    """Return the destination that `key` names, None where no policy can belong to it.

    None stands for parents, address literals, names of one label, unknown services and everything that is no name.
    """
    found = _KEY.match(key) if len(key) <= KEY_CHARACTERS_MAX else None
    if found is None or key.startswith("."):
        return None
    text = found["host"] or found["domain"]
    port = _port(found["port"])
    if port is None or is_address(text) or any(character in text for character in "@/: "):
        return None
    try:
        name = parse_domain(text).name
    except FormatError:
        return None
    return NextHop(name, bracketed=found["host"] is not None, port=port)


def _port(service: str | None) -> int | None:
    if service is None:
        return SMTP_PORT
    if not service.isdigit():
        return _SERVICES.get(service.lower())
    number = int(service)
    return number if 0 < number <= PORT_MAX else None
