"""Patterns for texts of mail systems: literal words with bounded holes, found in linear time.

    450 4.4.317 {gap}mx hosts of {domain} failed mta-sts validation

A template is compared with text that is flat (one line, single spaces) and folded to lower case. It begins with a
literal; between two literals stands one hole. There is no backtracking: a hole takes what its class allows and the
next literal must follow, so a try at one place costs at most the bounded length of its holes, the places are those
where the first literal stands, and of these at most TRIES_MAX are tried. Whatever the text, the work is bounded by
its length times a constant.

| hole | takes |
|---|---|
| `{host}` | a name: letters, digits, `.`, `-`, `_`; quotes or brackets around it are skipped |
| `{domain}` | a name with a dot in it, likewise |
| `{address}` | an IPv4 or IPv6 address, likewise |
| `{word}` | up to 100 characters without spaces, brackets, quotes, commas and colons |
| `{number}` | digits |
| `{gap}` | up to GAP_CHARACTERS_MAX characters, as few as possible |
"""

import re
from functools import cache
from types import MappingProxyType

import msgspec

GAP_CHARACTERS_MAX = 200
TRIES_MAX = 200
FIRST_LITERAL_CHARACTERS_MIN = 3

_HOLE = re.compile(r"\{([a-z]+)\}")
_GAP = "gap"
_CLASSES = MappingProxyType(
    {
        "host": re.compile(r"['\"<\[(]?([a-z0-9._-]{1,255})['\">\])]?"),
        "domain": re.compile(r"['\"<\[(]?([a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){1,30}\.?)['\">\])]?"),
        "address": re.compile(r"['\"<\[(]?([0-9a-f.:]{3,45})['\">\])]?"),
        "word": re.compile(r"['\"<\[(]?([^\s'\"<>\[\](),:;]{1,100})['\">\])]?"),
        "number": re.compile(r"([0-9]{1,12})"),
    }
)
HOLES = frozenset(_CLASSES) | {_GAP}


class Folded(msgspec.Struct, frozen=True):
    """A flat text and the same text in lower case, character for character."""

    text: str
    lowered: str


class Template(msgspec.Struct, frozen=True):
    """A first literal, then pairs of a hole and the literal behind it (empty at the end of a template)."""

    source: str
    first: str
    rest: tuple[tuple[str, str], ...]
    needle: str


class Match(msgspec.Struct, frozen=True):
    """Where a template stands in a text, and what its named holes hold, in the case of the text."""

    start: int
    end: int
    captures: tuple[tuple[str, str], ...]

    def capture(self, *names: str) -> str:
        """Return what the first of these holes holds, or an empty string."""
        return next((value for name in names for hole, value in self.captures if hole == name), "")


def folded(flat: str) -> Folded:
    """Return `flat` with its lower case; where lower case has another length, only ASCII is folded."""
    lowered = flat.lower()
    if len(lowered) != len(flat):
        lowered = "".join(sign.lower() if sign.isascii() else sign for sign in flat)
    return Folded(flat, lowered)


@cache
def template(source: str) -> Template:
    """Return the template that `source` spells; raises ValueError where it is not one."""
    words = _HOLE.split(source)
    first, pairs = words[0], tuple(zip(words[1::2], words[2::2], strict=True))
    unknown = [hole for hole, _ in pairs if hole not in HOLES]
    if unknown:
        raise ValueError(f"{source!r}: unknown hole {unknown[0]!r}")
    if len(first) < FIRST_LITERAL_CHARACTERS_MIN or source != source.lower():
        raise ValueError(f"{source!r}: begin with three characters at least, all in lower case")
    if any(not literal for _, literal in pairs[:-1]) or (pairs and pairs[-1] == (_GAP, "")):
        raise ValueError(f"{source!r}: a literal stands between two holes, and a gap ends nothing")
    needle = max((first, *(literal for _, literal in pairs)), key=len)
    return Template(source, first, pairs, needle)


def find(wanted: Template, examined: Folded) -> Match | None:
    """Return the first place where the template stands in the text, or None."""
    lowered = examined.lowered
    if wanted.needle not in lowered:
        return None
    start = -1
    for _ in range(TRIES_MAX):
        start = lowered.find(wanted.first, start + 1)
        if start < 0:
            return None
        found = _match(wanted, examined, start)
        if found is not None:
            return found
    return None


def _match(wanted: Template, examined: Folded, start: int) -> Match | None:
    lowered = examined.lowered
    position = start + len(wanted.first)
    captures: list[tuple[str, str]] = []
    for hole, literal in wanted.rest:
        if hole == _GAP:
            place = lowered.find(literal, position, position + GAP_CHARACTERS_MAX + len(literal))
            if place < 0:
                return None
            position = place + len(literal)
            continue
        taken = _CLASSES[hole].match(lowered, position)
        if taken is None:
            return None
        end = next((at for at in (taken.end(), taken.end(1)) if lowered.startswith(literal, at)), None)
        if end is None:
            return None
        captures.append((hole, examined.text[taken.start(1) : taken.end(1)].rstrip(".:")))
        position = end + len(literal)
    if not (_is_boundary(lowered, start) and _is_boundary(lowered, position)):
        return None
    return Match(start, position, tuple(captures))


def _is_boundary(lowered: str, position: int) -> bool:
    """Tell whether a word begins or ends at `position`: no letter or digit on both sides."""
    if not 0 < position < len(lowered):
        return True
    return not (lowered[position - 1].isalnum() and lowered[position].isalnum())
