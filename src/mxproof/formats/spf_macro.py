"""Macros of SPF (RFC 7208 section 7): names that depend on the message, checked when read and expanded when evaluated.

domain-spec  = macro-string ( "." toplabel [ "." ] / macro-expand )
macro-string = *( macro-expand / %x21-24 / %x26-7E )
macro-expand = "%{" letter [ digits ] [ "r" ] *delimiter "}"  /  "%%"  /  "%_"  /  "%-"
letter       = s l o d i p h, and c r t in explanations only
delimiter    = "." "-" "+" "," "/" "_" "="
"""

import re
from collections.abc import Callable
from functools import lru_cache

import msgspec

from mxproof.formats.names import canonical

NAME_CHARACTERS_KEPT_MAX = 253
"""Where an expansion is longer, labels are dropped from its left (RFC 7208 section 7.3)."""

_SPECS_KEPT_MAX = 256
_EXPAND = re.compile(r"%(?:\{([slodiphv])([0-9]*)(r?)([-.+,/_=]*)\}|([%_-]))", re.IGNORECASE)
_MACRO_STRING = re.compile(
    r"(?:%(?:\{[slodiphcrtv](?:0*[1-9][0-9]*)?r?[-.+,/_=]*\}|[%_-])|[!-$&-~])*", re.IGNORECASE
)
_TOP_LABEL = re.compile(r"\.(?:[0-9A-Za-z]*[A-Za-z][0-9A-Za-z]*|[0-9A-Za-z]+-[0-9A-Za-z-]*[0-9A-Za-z])\.?\Z")
_ENDS_IN_MACRO = re.compile(r"%(?:\{[^}]*\}|[%_-])\Z")
_ONLY_IN_EXPLANATIONS = re.compile(r"%\{[crt]", re.IGNORECASE)
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ESCAPES = {"%": "%", "_": " ", "-": "%20"}

Letters = Callable[[str], str | None]
"""What a letter stands for; None where that is not known."""


class DomainSpec(msgspec.Struct, frozen=True):
    """A name as written, valid by the grammar."""

    text: str

    @property
    def has_macro(self) -> bool:
        """Tell whether the name depends on the message."""
        return "%" in self.text

    @property
    def plain(self) -> str:
        """Return the canonical name, empty where it depends on the message."""
        return "" if self.has_macro else canonical(self.text)

    def expanded(self, letters: Letters) -> str | None:
        """Return the canonical name that is meant, None where a letter in it is not known."""
        if not self.has_macro:
            return shortened(canonical(self.text))
        parts: list[str] = []
        end = 0
        for found in _EXPAND.finditer(self.text):
            parts.append(self.text[end : found.start()])
            end = found.end()
            if found[5]:
                parts.append(_ESCAPES[found[5]])
                continue
            value = letters(found[1].lower())
            if value is None:
                return None
            made = _transformed(value, found[2], found[3], found[4])
            parts.append(_escaped(made) if found[1].isupper() else made)
        return shortened(canonical("".join((*parts, self.text[end:]))))


@lru_cache(maxsize=_SPECS_KEPT_MAX)
def parse_domain_spec(text: str) -> DomainSpec | None:
    """Return the name that `text` writes, None where it is none by the grammar."""
    is_whole = is_macro_string(text) and not _ONLY_IN_EXPLANATIONS.search(text)
    ends = _TOP_LABEL.search(text) or _ENDS_IN_MACRO.search(text)
    return DomainSpec(text) if is_whole and ends else None


def is_macro_string(text: str) -> bool:
    """Tell whether `text` is a macro-string."""
    return _MACRO_STRING.fullmatch(text) is not None


def shortened(name: str) -> str:
    """Return `name` without as many of its first labels as make it too long."""
    while len(name) > NAME_CHARACTERS_KEPT_MAX and "." in name:
        name = name.partition(".")[2]
    return name


def _escaped(value: str) -> str:
    """Return a value with all but the unreserved characters escaped (RFC 3986 section 2.3), as upper-case letters ask."""
    return "".join(
        one if one in _UNRESERVED else "".join(f"%{byte:02X}" for byte in one.encode("utf-8", "replace"))
        for one in value
    )


def _transformed(value: str, digits: str, reverse: str, delimiters: str) -> str:
    """Split at the delimiters, turn round, keep the last so many, and join with dots (RFC 7208 section 7.3)."""
    parts = re.split(f"[{re.escape(delimiters or '.')}]", value)
    if reverse:
        parts.reverse()
    kept = parts[-int(digits) :] if digits else parts
    return ".".join(kept)
