"""Which templates can stand in a text at all: found by one word of each, so that hundreds cost as little as a few.

The words of a text are its runs of ASCII letters and digits. The longest literal of a template (its needle) stands whole
in every text that the template matches, so that a word within it, bounded on both sides, is a word of that text. Each
template is kept under the one that the fewest templates share; only those whose word the text has are looked for.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar

import msgspec

from mxproof.explain.match.template import Folded, Template

_WORD = re.compile(r"[a-z0-9]+")
_BETWEEN_WORDS = str.maketrans({chr(sign): " " for sign in range(128) if not chr(sign).isalnum()})
_INNER_WORD = re.compile(r"(?<=[^a-z0-9])[a-z0-9]+(?=[^a-z0-9])")

Kept = TypeVar("Kept")


class Needles(msgspec.Struct, Generic[Kept], frozen=True):
    """What is kept for each template, in order of precedence: its place, its needle and the thing itself.

    `by_word` has those that need a word of the text, `always` those whose needle has no whole word.
    """

    by_word: Mapping[str, tuple[tuple[int, str, Kept], ...]]
    always: tuple[tuple[int, str, Kept], ...]


def needles(kept: Iterable[tuple[Template, Kept]]) -> Needles[Kept]:
    """Return the index of `kept`, which stand in order of precedence."""
    entries = [(place, one, _words(one), thing) for place, (one, thing) in enumerate(kept)]
    shared = Counter(word for _, _, words, _ in entries for word in words)
    by_word: dict[str, list[tuple[int, str, Kept]]] = {}
    always: list[tuple[int, str, Kept]] = []
    for place, one, words, thing in entries:
        rarest = min(words, key=lambda word: (shared[word], -len(word)), default=None)
        shelf = always if rarest is None else by_word.setdefault(rarest, [])
        shelf.append((place, one.needle, thing))
    return Needles({word: tuple(those) for word, those in by_word.items()}, tuple(always))


def near(index: Needles[Kept], examined: Folded) -> list[Kept]:
    """Return those whose needle stands in the text, in order of precedence."""
    lowered = examined.lowered
    found = [one for one in index.always if one[1] in lowered]
    words = lowered.translate(_BETWEEN_WORDS).split() if lowered.isascii() else _WORD.findall(lowered)
    for word in index.by_word.keys() & set(words):
        found += [one for one in index.by_word[word] if one[1] in lowered]
    found.sort(key=lambda one: one[0])
    return [thing for _, _, thing in found]


def _words(one: Template) -> tuple[str, ...]:
    """Return the words of the needle that are whole words of every text that the template matches.

    A template begins and ends at the boundary of a word; beside a hole a word may go on.
    """
    text = one.needle
    opens = one.needle == one.first
    closes = one.needle == (one.rest[-1][1] if one.rest else one.first)
    return tuple(_INNER_WORD.findall(f"{' ' if opens else 'x'}{text}{' ' if closes else 'x'}"))
