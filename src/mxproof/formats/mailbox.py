"""A mail address as somebody types it who wants mail to go there (RFC 5321 section 4.1.2)."""

import re

import msgspec

from mxproof.formats.errors import FormatError, Objection, shown
from mxproof.formats.names import Domain, is_address, parse_domain

LOCAL_PART_CHARACTERS_MAX = 64
"""RFC 5321 section 4.5.3.1.1."""

_SOURCE = "RFC 5321 section 4.1.2"
_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_DOT_STRING = re.compile(rf"{_ATEXT}(?:\.{_ATEXT})*\Z")


class Mailbox(msgspec.Struct, frozen=True):
    """A mail address; the local part is a dot-string and means what its server makes of it, case and all."""

    local_part: str
    domain: Domain

    def __str__(self) -> str:
        """Write it as it stands in an envelope and in a header, without angle brackets."""
        return f"{self.local_part}@{self.domain.name}"


def parse_mailbox(text: str) -> Mailbox:
    """Return the mail address in `text`, whose domain may be spelt in U-labels.

    Raises FormatError for anything else: no `@`, quoted strings and characters beyond ASCII before it (which need
    SMTPUTF8, RFC 6531), and an address literal behind it, which has no MX.
    """
    local, at, domain = text.strip().rpartition("@")
    if not at:
        raise _refusal("mailbox-no-at", "no @ in it; an address such as you@example.com was expected", text)
    if is_address(domain) or domain.startswith("["):
        raise _refusal(
            "mailbox-literal", "an address literal has no MX; a domain was expected after the @", text
        )
    if not local.isascii():
        raise _refusal(
            "mailbox-smtputf8", "what stands before the @ needs SMTPUTF8; ASCII was expected", text
        )
    if len(local) > LOCAL_PART_CHARACTERS_MAX or not _DOT_STRING.match(local):
        what = f"letters, digits and signs, at most {LOCAL_PART_CHARACTERS_MAX}, were expected before the @"
        raise _refusal("mailbox-local-part", what, text)
    return Mailbox(local, parse_domain(domain))


def _refusal(rule: str, message: str, text: str) -> FormatError:
    return FormatError("mail address", Objection(rule, message, 0, _SOURCE, shown(text)))
