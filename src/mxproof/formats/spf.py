"""SPF records (RFC 7208), only as far as they make a receiver look up further records.

    record    = "v=spf1" *( 1*SP term ) *SP                          RFC 7208 section 4.5
    term      = [ qualifier ] mechanism / modifier
    mechanism = name [ ":" domain-spec ] [ "/" length ]

What a record allows is not judged here, and what breaks the grammar is passed over.
"""

import re

import msgspec

from mxproof.formats.names import canonical

RECORD_CHARACTERS_MAX = 16 * 1024
LOOKUPS_MAX = 10
"""Terms of one evaluation that may cause a look-up, those of included records among them (RFC 7208 section 4.6.4)."""

_VERSION = re.compile(r"v=spf1(?: |$)", re.IGNORECASE)
_TERM = re.compile(r"[-+?~]?(include:|redirect=|all$|(?:a|mx|ptr|exists)(?=[:/]|$))(\S*)", re.IGNORECASE)
_MACRO = "%"


class Lookup(msgspec.Struct, frozen=True):
    """A term that causes a look-up; `name` is the domain whose SPF record it fetches, empty where it fetches none."""

    term: str
    name: str = ""


def is_spf(text: bytes) -> bool:
    """Tell whether a TXT record is an SPF record (RFC 7208 section 4.5)."""
    return _VERSION.match(_decoded(text)) is not None


def lookups(text: bytes) -> tuple[Lookup, ...]:
    """Return the terms of an SPF record that cause look-ups, in the order of evaluation.

    A redirect comes last wherever it stands (RFC 7208 section 6.1), and not at all beside `all` (section 5.1). A name
    with macros depends on the message and so is none that could be asked for.
    """
    found: list[Lookup] = []
    redirect: Lookup | None = None
    ended = False
    for word in _decoded(text).split(" ")[1:]:
        term = _TERM.fullmatch(word)
        if term is None:
            continue
        kind, value = term[1].lower(), term[2]
        if kind == "all":
            ended = True
        elif kind == "redirect=":
            redirect = Lookup(word, _name(value))
        elif not ended:  # terms behind `all` are never evaluated (RFC 7208 section 5.1)
            found.append(Lookup(word, _name(value) if kind == "include:" else ""))
    return (*found, redirect) if redirect is not None and not ended else tuple(found)


def _decoded(text: bytes) -> str:
    return text[:RECORD_CHARACTERS_MAX].decode("ascii", "backslashreplace")


def _name(value: str) -> str:
    return "" if _MACRO in value else canonical(value)
