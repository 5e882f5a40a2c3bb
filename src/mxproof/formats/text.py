"""Words from outside, made safe for a terminal, a log, a page or a metric."""

import unicodedata
from collections.abc import Iterable

SAFE_CHARACTERS_MAX = 500
WORDS_LISTED_MAX = 20
NONE = "none"

_UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def safe(text: str | bytes, *, limit: int = SAFE_CHARACTERS_MAX) -> str:
    r"""Return `text` with every character that could steer a terminal or hide others written as an escape.

    Control, format (bidirectional overrides, zero-width), surrogate, private and unassigned characters become
    `\xNN` or `\uNNNN`; longer text ends in `…` after `limit` characters. The result never holds a line break.
    """
    decoded = text.decode("utf-8", "backslashreplace") if isinstance(text, bytes) else text
    cut = decoded[:limit]
    if not cut.isascii() or not cut.isprintable():
        cut = "".join(_escaped(character) for character in cut)
    return cut + "…" if len(decoded) > limit else cut


def listed(names: Iterable[str]) -> str:
    """Return names in a row without repetition, `none` where there is none.

    Cut after the twentieth, and each after SAFE_CHARACTERS_MAX, for policies and certificates may hold thousands.
    """
    unique = list(dict.fromkeys(names))
    more = [f"{len(unique) - WORDS_LISTED_MAX} more"] if len(unique) > WORDS_LISTED_MAX else []
    return ", ".join([*map(_cut, unique[:WORDS_LISTED_MAX]), *more]) or NONE


def _cut(name: str) -> str:
    return name if len(name) <= SAFE_CHARACTERS_MAX else name[:SAFE_CHARACTERS_MAX] + "…"


def _escaped(character: str) -> str:
    if unicodedata.category(character) not in _UNSAFE_CATEGORIES:
        return character
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
