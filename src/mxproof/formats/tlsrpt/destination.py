"""Where a domain wants its reports: the destinations of a valid record, taken apart (RFC 8460 section 3)."""

import re
from typing import Final

import msgspec

from mxproof.formats.names import canonical

HTTPS_DEFAULT_PORT: Final = 443

_ESCAPE: Final = re.compile(r"%([0-9A-Fa-f]{2})")
_AUTHORITY: Final = re.compile(r"//(\[[^\]]*\]|[^/?#:]*)(?::([0-9]{1,5}))?([^#]*)")


class MailDestination(msgspec.Struct, frozen=True):
    """A mailbox; `uri` is what the record says, `address` the address in it without escapes."""

    uri: str
    address: str

    @property
    def host(self) -> str:
        """The domain of the mailbox."""
        return self.address.rpartition("@")[2]


class WebDestination(msgspec.Struct, frozen=True):
    """A place that reports are posted to; `host` is a name, or an address without brackets."""

    uri: str
    host: str
    port: int
    target: str


ReportDestination = MailDestination | WebDestination


def report_destination(uri: str) -> ReportDestination:
    """Return what a URI of a valid record names."""
    scheme, _, rest = uri.partition(":")
    if scheme.lower() == "mailto":
        local, _, domain = rest.partition("?")[0].rpartition("@")
        # Headers and a body that the URI may name (RFC 6068 section 2) are the reporter's own.
        plain = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), local)
        return MailDestination(uri, f"{plain}@{canonical(domain)}")
    found = _AUTHORITY.match(rest)
    assert found is not None, "a destination of a valid record has a host"
    target = found[3] if found[3].startswith("/") else f"/{found[3]}"
    host = canonical(found[1].removeprefix("[").removesuffix("]"))
    return WebDestination(uri, host, int(found[2] or HTTPS_DEFAULT_PORT), target)
