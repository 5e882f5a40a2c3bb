"""DKIM signatures, only as far as they name the key they were made with (RFC 6376 section 3.5).

The key of selector `s` and domain `d` is the TXT record of `s._domainkey.d` (RFC 6376 section 3.6.2.1).
"""

import re

import msgspec

VALUE_CHARACTERS_MAX = 16 * 1024
KEY_LABEL = "_domainkey"
NAME_CHARACTERS_MAX = 253

_SPACE = re.compile(r"\s+")
_NAME = re.compile(
    r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)*"
)


class Signature(msgspec.Struct, frozen=True):
    """Who signed, and with which of its keys."""

    domain: str
    selector: str

    @property
    def key_name(self) -> str:
        """Return the owner name of the key's TXT record."""
        return f"{self.selector}.{KEY_LABEL}.{self.domain}"


def parse_signature(value: str) -> Signature | None:
    """Return what a DKIM-Signature field says of its key, or None where it names none."""
    pairs = [part.partition("=") for part in value[:VALUE_CHARACTERS_MAX].split(";")]
    tags = {name.strip(): _SPACE.sub("", text) for name, equals, text in reversed(pairs) if equals}
    return signature(tags.get("d", ""), tags.get("s", ""))


def signature(domain: str, selector: str) -> Signature | None:
    """Return the signature by this domain with this selector, or None where they make no name of a key."""
    made = Signature(domain.lower().rstrip("."), selector.lower().rstrip("."))
    fits = len(made.key_name) <= NAME_CHARACTERS_MAX
    return made if fits and _NAME.fullmatch(made.domain) and _NAME.fullmatch(made.selector) else None
