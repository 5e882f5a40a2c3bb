"""The Received fields of a mail that arrived: who took it from whom, how, and when (RFC 5321 section 4.4).

    Received: from NAME (comments) by NAME (comments) with PROTOCOL id ID for <ADDRESS>; DATE

What programs write differs in the comments only, and in where they tell of TLS: that is looked for anywhere. A protocol
that ends in S or SA had TLS (RFC 3848).
"""

import re
from datetime import datetime

import msgspec

from mxproof.formats.bounce.maildate import parse_mail_date

RECEIVED_CHARACTERS_MAX = 4096

_COMMENT = re.compile(r"\([^()]*\)")
_COMMENT_DEPTH_MAX = 5
_CLAUSE = re.compile(r"(?:^|\s)(from|by|with)\s+(\S+)", re.IGNORECASE)
_TLS = re.compile(r"\bTLSv?1(?:[._]([0-3]))?\b", re.IGNORECASE)
_SECURED = re.compile(r"(?:UTF8)?[A-Z]*(?:SMTP|LMTP)SA?\Z")
_ADDRESS = re.compile(r"\[(?:IPv6:)?([0-9A-Fa-f.:]{2,45})\]", re.IGNORECASE)


class ReceivedField(msgspec.Struct, frozen=True):
    """One hop; what a field does not say is empty. `address` is that of the client, where a server writes it."""

    from_name: str
    address: str
    by: str
    protocol: str
    tls_version: str
    at: datetime | None

    @property
    def encrypted(self) -> bool:
        """Tell whether the field says that there was TLS."""
        return bool(self.tls_version) or _SECURED.match(self.protocol) is not None


def parse_received(value: str) -> ReceivedField:
    """Return what the value of a Received field says, as far as it is understood."""
    text = value[:RECEIVED_CHARACTERS_MAX]
    head, _, date = text.rpartition(";")
    plain = head or text
    for _ in range(_COMMENT_DEPTH_MAX):
        plain = _COMMENT.sub(" ", plain)
    clauses = {name.lower(): word for name, word in reversed(_CLAUSE.findall(plain))}
    tls = _TLS.search(text)
    client = _ADDRESS.search(text.partition(" by ")[0])
    return ReceivedField(
        from_name=clauses.get("from", "").lower(),
        address=client[1] if client is not None else "",
        by=clauses.get("by", "").lower(),
        protocol=clauses.get("with", "").upper(),
        tls_version=f"TLSv1.{tls[1] or 0}" if tls is not None else "",
        at=parse_mail_date(date),
    )
